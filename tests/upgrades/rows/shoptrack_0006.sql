INSERT INTO shoptrack_admin_history (at, user_id, username, address, way, action, path, row_id, label, changes)
VALUES
    ('2026-11-30 08:00:00.000000', NULL, '', '', 'command', 'added', 'stores', 2, 'コープ', '{"name": [null, "コープ"]}');
