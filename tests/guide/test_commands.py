"""The command of the plugin."""

from click.testing import CliRunner

from shoptrack.cli import Environment
from shoptrack_wishlist.commands import wishlist


def test_tidying_deletes_past_wishes(environment, wish, api, stop_clock):
    stop_clock("2026-11-30T14:59:59Z")  # a second before December, in Tokyo
    result = CliRunner().invoke(wishlist, ["tidy"], obj=environment)
    assert result.output == "Wishes deleted: 0.\n"
    stop_clock("2026-11-30T15:00:00Z")
    result = CliRunner().invoke(wishlist, ["tidy"], obj=environment)
    assert result.output == "Wishes deleted: 1.\n"
    assert api.get("/api/wishes/").json == []


def test_it_requires_the_plugin(build_app):
    environment = Environment(None)
    environment.registry = build_app(("shoptrack_auth",)).registry
    result = CliRunner().invoke(wishlist, ["tidy"], obj=environment)
    assert "requires the plugin shoptrack_wishlist, which is not enabled" in result.output
    assert result.exit_code == 1
