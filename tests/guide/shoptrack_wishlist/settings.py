"""Settings of the wishlist."""

from shoptrack.settings import CommaList, SettingsTable, setting


class WishSettings(SettingsTable):
    """Settings of the wishlist."""

    max_wishes: int = setting(
        1000,
        "SHOPTRACK_WISH_IMPORT_LIMIT",
        ge=1,
        expected="the most wishes of an import, 1 or more",
    )
    shop_host: str = setting("", "SHOPTRACK_WISH_SHOP_HOST", expected="the host name of the shop")
    shop_port: int = setting(
        443, "SHOPTRACK_WISH_SHOP_PORT", ge=1, le=65535, expected="a port, 1 to 65535"
    )
    shop_key: str = setting(
        "", "SHOPTRACK_WISH_SHOP_KEY", secret=True, expected="the key that the shop gave you"
    )
    rooms: CommaList = setting(
        (), "SHOPTRACK_WISH_ROOMS", expected="names of rooms, separated by commas"
    )
