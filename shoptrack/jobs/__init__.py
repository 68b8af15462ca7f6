"""Jobs: work that a worker does regularly, such as deleting what has expired."""

from shoptrack.jobs.models import JobState, Outcome

__all__ = ["JobState", "Outcome"]
