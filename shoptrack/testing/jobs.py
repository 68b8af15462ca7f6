"""Running jobs in tests."""

from collections.abc import Callable

import pytest

from shoptrack.jobs import runs
from shoptrack.jobs.runs import JobFailed, Jobs


@pytest.fixture
def run_job(app) -> Callable[[str], None]:
    """Return a function that runs a job of the application as a worker does: ``run_job("wishlist.forget")``.

    It raises the job's own error.

    :raises LookupError: no plugin has a job of this name
    """

    def run_job(name: str) -> None:
        found = Jobs.of(app.registry)
        if name not in found:
            raise LookupError(f"There is no job {name!r}. There are: {', '.join(sorted(found))}.")
        try:
            state = runs.run_job(app.registry, found[name])
        except JobFailed as error:
            raise (error.__cause__ or error) from None
        if state is not None:
            raise AssertionError(f"The run of {name} since {state.started_at} has not ended.")

    return run_job
