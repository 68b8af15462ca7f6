INSERT INTO job_states (name, known_at, started_at, ended_at, succeeded_at, outcome, error, attempt, successes, failures)
VALUES
    ('auth.purge', '2026-11-30 08:00:00.000000', '2026-11-30 18:30:00.000000', '2026-11-30 18:30:01.000000', NULL, 'failed', 'OSError: x', 1, 0, 1);
INSERT INTO shoptrack_admin_history (at, user_id, username, address, way, job, action, path, row_id, label, changes)
VALUES
    ('2026-11-30 09:00:00.000000', NULL, '', '', 'job', 'household.tick', 'changed', 'stores', 2, 'コープ', '{"name": ["コープ", "コープ"]}');
