INSERT INTO shoptrack_auth_groups (name, name_key)
VALUES
    ('Family', 'family');
INSERT INTO shoptrack_auth_user_groups (user_id, group_id)
VALUES
    (1, 1);
INSERT INTO shoptrack_auth_user_permissions (user_id, permission)
VALUES
    (2, 'stores:view');
INSERT INTO shoptrack_auth_group_permissions (group_id, permission)
VALUES
    (1, 'products:change');
INSERT INTO shoptrack_auth_failures (kind, name_digest, address, at)
VALUES
    ('sign-in', NULL, '192.0.2.1', '2025-01-31 08:00:00.000000');
INSERT INTO shoptrack_auth_password_links (user_id, key_digest, password_version, created_at, expires_at)
VALUES
    (2, 'a1', 1, '2025-01-31 08:00:00.000000', '2025-02-01 08:00:00.000000');
INSERT INTO shoptrack_auth_sign_ins (user_id, password_version, created_at, last_used_at, expires_at, ended_at, address, device, kind, key_digest)
VALUES
    (1, 3, '2025-01-31 08:00:00.000000', '2025-01-31 09:00:00.000000', '2025-02-01 08:00:00.000000', NULL, '192.0.2.1', '', 'browser', 'b2');
