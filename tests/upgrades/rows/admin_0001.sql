INSERT INTO shoptrack_admin_history (at, user_id, username, address, way, action, path, row_id, label, changes)
VALUES
    ('2025-01-31 08:00:00.000000', 1, 'Mio', '192.0.2.1', 'administration', 'changed', 'stores', 1, 'ライフ', '{"name": ["Life", "ライフ"]}');
