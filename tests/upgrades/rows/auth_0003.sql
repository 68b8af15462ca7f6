INSERT INTO shoptrack_auth_sign_ins (user_id, password_version, created_at, last_used_at, expires_at, ended_at, address, device, kind, key_digest, sid)
VALUES
    (2, 1, '2025-01-31 08:00:00.000000', '2025-01-31 09:00:00.000000', '2025-02-01 08:00:00.000000', NULL, '192.0.2.1', '', 'token', NULL, 'c3c3c3c3c3c3c3c3c3c3c3');
