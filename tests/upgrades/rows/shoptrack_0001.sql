INSERT INTO categories (name)
VALUES
    ('乳製品'),
    ('Ｍeat');
INSERT INTO units (name)
VALUES
    ('g'),
    ('個');
INSERT INTO manufacturers (name)
VALUES
    ('明治');
INSERT INTO origins (name)
VALUES
    ('北海道');
INSERT INTO stores (name, location)
VALUES
    ('ライフ', '大阪 "駅前"'),
    ('Store', '');
INSERT INTO products (name, category_id, unit_id, manufacturer_id, origin_id)
VALUES
    ('ギュウニュウ', 1, 1, 1, 1),
    ('Beef, raw', 2, 1, NULL, NULL);
INSERT INTO shopping_records (price, purchase_date, store_id, quantity, product_id)
VALUES
    (248, '2024-02-29', 1, 1000.125 * SCALE, 1),
    (1980, '2025-01-31', 2, 0.001 * SCALE, 2),
    (-1, '0001-01-01', 2, -9999999.999 * SCALE, 2);
