INSERT INTO categories (name, name_folded)
VALUES
    ('ヨーグルト', 'よーぐると');
