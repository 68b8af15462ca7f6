"""One's own account."""

from shoptrack_admin.pages import add_page


def show(request) -> dict:
    """Show who is signed in."""
    return {}


def includeme(config):
    """Serve the page to every member of the staff."""
    add_page(
        config, "account", "account/", get=show, template="shoptrack_admin:templates/account.jinja2"
    )
