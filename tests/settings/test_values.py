from ipaddress import ip_network

import pytest

from shoptrack.settings import ConfigurationError, Settings, Sources


def read(name, value, debug="true"):
    environ = {"SHOPTRACK_DEBUG": debug, "SHOPTRACK_SECRET_KEY": "k" * 32, name: value}
    return Sources(environ=environ, dotenv_path=None).read(Settings)


def refused(name, value):
    with pytest.raises(ConfigurationError) as error:
        read(name, value)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "debug"),
    [("true", True), ("1", True), ("yes", True), ("on", True), ("True", True), ("YES", True)]
    + [
        ("false", False),
        ("0", False),
        ("no", False),
        ("off", False),
        ("False", False),
        ("OFF", False),
    ],
)
def test_debug_is_written_in_these_ways(text, debug):
    for name in ("SHOPTRACK_DEBUG", "DEBUG", "DJANGO_DEBUG"):
        environ = {name: text, "SHOPTRACK_SECRET_KEY": "k" * 32}
        assert Sources(environ=environ, dotenv_path=None).read(Settings).debug is debug


@pytest.mark.parametrize("text", ["maybe", "t", "y", "2", "truee", "None", "app:*"])
def test_debug_is_written_in_no_other_way(text):
    assert (
        f"SHOPTRACK_DEBUG: found '{text}' in the environment. It is neither on nor off. It takes "
        in refused("SHOPTRACK_DEBUG", text)
    )


def test_hosts_are_kept_as_given():
    text = "shop.example.com,.Example.org , *, [::1],192.0.2.7,"
    expected = ("shop.example.com", ".Example.org", "*", "[::1]", "192.0.2.7")
    assert read("SHOPTRACK_ALLOWED_HOSTS", text).allowed_hosts == expected
    assert read("DJANGO_ALLOWED_HOSTS", text).allowed_hosts == expected


def test_hosts_are_this_machines_by_default():
    assert Settings(debug=True).allowed_hosts == ("localhost", "127.0.0.1", "[::1]")


def test_a_list_of_hosts_names_one_at_least():
    assert "SHOPTRACK_ALLOWED_HOSTS: found ',' in" in refused("SHOPTRACK_ALLOWED_HOSTS", ",")


def test_origins_are_none_by_default_but_the_development_servers_in_debug_mode():
    key = "k" * 32
    assert Settings(secret_key=key).cors_allowed_origins == ()
    expected = ("http://localhost:5173", "http://127.0.0.1:5173")
    assert Settings(debug=True).cors_allowed_origins == expected


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("https://shop.example.com/", "https://shop.example.com"),
        ("HTTPS://Shop.Example.com:443", "https://shop.example.com"),
        ("http://shop.example.com:80/", "http://shop.example.com"),
        ("https://shop.example.com:80", "https://shop.example.com:80"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("capacitor://localhost", "capacitor://localhost"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(text, origin):
    assert read("SHOPTRACK_CORS_ALLOWED_ORIGINS", text).cors_allowed_origins == (origin,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("*", "'*' would let any website act"),
        ("null", "'null' is what anybody's sandboxed pages send"),
        ("https://shop.example.com/app", "is no origin: scheme://host"),
        ("shop.example.com", "is no origin"),
        ("https://*.example.com", "is no origin"),
        ("https://shop.example.com?x", "is no origin"),
        ("https://user@shop.example.com", "is no origin"),
        ("https://", "is no origin"),
        ("https://shop.example.com:port", "is no origin"),
        ("https://shop.example.com//", "is no origin"),
    ],
)
def test_what_is_no_origin_is_refused(text, reason):
    message = refused("SHOPTRACK_CORS_ALLOWED_ORIGINS", f"http://localhost:3000, {text}")
    assert reason in message
    assert "'http://localhost:3000'" not in message


def test_proxies_are_networks_and_addresses():
    text = "10.0.0.0/8, 192.0.2.7,2001:db8::/32, ::1"
    expected = ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "::1/128")
    assert read("SHOPTRACK_TRUSTED_PROXIES", text).trusted_proxies == tuple(
        map(ip_network, expected)
    )


def test_no_proxy_is_trusted_by_default():
    assert Settings(debug=True).trusted_proxies == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("*", "anybody could forge the address"),
        ("0.0.0.0/0", "'0.0.0.0/0' would trust everybody"),
        ("::/0", "'::/0' would trust everybody"),
        ("10.0.0.1/8", "write 10.0.0.1 or 10.0.0.0/8"),
        ("traefik", "'traefik' is neither an address nor a network"),
        ("10.0.0.0/33", "'10.0.0.0/33' is neither"),
        ("10.0.0.1:80", "'10.0.0.1:80' is neither"),
    ],
)
def test_what_is_no_network_is_refused(text, reason):
    assert reason in refused("SHOPTRACK_TRUSTED_PROXIES", f"192.0.2.7, {text}")


@pytest.mark.parametrize("text", ["auth admin", "auth,admin", " auth ,\n admin ", "\nauth\nadmin"])
def test_plugins_are_separated_by_spaces_commas_or_line_ends(text):
    assert read("SHOPTRACK_PLUGINS", text).plugins == ("auth", "admin")


def test_no_plugin_is_switched_on_by_default():
    assert Settings(debug=True).plugins == ()


def test_the_body_limit_is_two_and_a_half_mebibytes_by_default():
    assert Settings(debug=True).max_body_size == 2_621_440
    assert read("SHOPTRACK_MAX_BODY_SIZE", "1000").max_body_size == 1000


@pytest.mark.parametrize("text", ["0", "-1", "2.5", "2 MiB", "33554433", "1" * 5000])
def test_a_body_limit_out_of_bounds_is_refused(text):
    message = refused("SHOPTRACK_MAX_BODY_SIZE", text)
    assert "It takes whole bytes, 1 to 33554432." in message
    assert len(message) < 500
