"""The catalogue of this plugin's texts.

In Python they are marked by ``_``, in templates by ``_`` or ``{% trans %}``. What is only known when a page is made,
such as the names of resources or the sentences about a form, passes the filter ``translated``.
"""

from shoptrack.translation import Messages, translate

DOMAIN = "shoptrack_admin"
_ = Messages(DOMAIN)


def say(request, text: str) -> str:
    """Return a text in the language of a request's page."""
    return translate(request.localizer, text, DOMAIN, "shoptrack", "shoptrack_auth")
