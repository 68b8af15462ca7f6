INSERT INTO shoptrack_auth_users (username, username_key, email, first_name, last_name, password, password_version, is_active, is_staff, is_superuser, joined_at, last_login_at)
VALUES
    ('Mio', 'mio', 'mio@example.com', '美緒', '', '$argon2id$v=19$m=65536,t=3,p=4$I+AFV4DH8KN2wC5v4UHiqA$GjE33vAKiOKIK+GgTKROVFpUnbAm4MRv7rFmekuBe2Y', 3, true, true, true, '2024-01-01 00:00:00.000000', '2025-01-31 23:59:59.999999'),
    ('Ken', 'ken', '', '', '', '!', 1, false, false, false, '2024-01-01 00:00:00.000000', NULL);
INSERT INTO shoptrack_auth_sign_ins (user_id, password_version, created_at, last_used_at, expires_at, ended_at, address, device)
VALUES
    (1, 3, '2025-01-31 08:00:00.000000', '2025-01-31 09:00:00.000000', '2025-02-01 08:00:00.000000', '2025-01-31 10:00:00.000000', '2001:db8::1', 'Firefox');
