INSERT INTO shoptrack_auth_api_tokens (user_id, name, key_digest, scope, permissions, created_at, expires_at, last_used_at)
VALUES
    (1, '台所', 'c3', 'read', NULL, '2025-01-31 08:00:00.000000', NULL, '2025-01-31 09:00:00.000000'),
    (2, 'script', 'd4', 'write', '["stores:view"]', '2025-01-31 08:00:00.000000', '2026-01-31 08:00:00.000000', NULL);
