"""What the reports of `shoptrack_reports` take, as whole HTTP requests: ``make bench-reports``."""
