INSERT INTO shoptrack_reports_unit_factors (unit_id, base, factor)
VALUES
    (2, 'g', 62.500 * SCALE);
