"""Jobs: work that a worker does regularly, such as deleting what has expired.

`shoptrack jobs worker` is a process of its own. Only `shoptrack.jobs.worker` imports APScheduler, so that servers need
no memory for it.
"""

from shoptrack.jobs.runs import JobRun, LockLost

__all__ = ["JobRun", "LockLost"]


def includeme(config):
    """Count the runs of jobs in the metrics."""
    config.include(".metrics")
