ROWS = [
    "INSERT INTO categories (id, name) VALUES (1, 'Drinks')",
    "INSERT INTO units (id, name) VALUES (1, 'g')",
    "INSERT INTO products (id, name, category_id, unit_id) VALUES (1, 'Tea', 1, 1)",
    "INSERT INTO shoptrack_wishlist_wishes (id, product_id, reason) VALUES (1, 1, 'for guests')",
]


def test_they_go_there_and_back_with_a_wish(check_lineage):
    check_lineage("wishlist", {"wishlist_0001": ROWS})
