"""The command ``shoptrack jobs``: list jobs, run one, or run all that are due."""

from datetime import datetime, timedelta
from difflib import get_close_matches

import click
from pyramid.paster import setup_logging

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.db import calendar_days
from shoptrack.db.migrations import check_migrations
from shoptrack.jobs.models import JobState, Outcome
from shoptrack.jobs.runs import Job, JobFailed, Jobs, run_job
from shoptrack.jobs.states import get_due, read_states
from shoptrack.server import startup
from shoptrack.server.settings import ServerSettings
from shoptrack.settings import Settings

OVERDUE = timedelta(minutes=5)  # a worker would have run the job by then


@click.group(invoke_without_command=True)
@click.pass_context
def jobs(ctx: click.Context) -> None:
    """List the jobs, run one now, or run all that are due."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_jobs)


@jobs.command("list")
@click.pass_obj
def list_jobs(environment: Environment) -> None:
    """List the jobs with their last and next run, in the household's time zone."""
    found = Jobs.of(environment.registry)
    if not found:
        click.echo("There are no jobs. Plugins add them.")
        return
    with exit_on_domain_error():
        check_migrations(environment.registry)
        states = read_states(environment.database)
    now = calendar_days.get_now()
    lines: list[tuple[str, ...]] = [
        ("JOB", "PLUGIN", "SCHEDULE", "LAST RUN", "OUTCOME", "NEXT RUN")
    ]
    lines += [
        _make_line(environment, job, states.get(job.name), now) for _, job in sorted(found.items())
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    for name in sorted(found):
        if name in states and states[name].error:
            click.echo(f"\n{name}: {states[name].error}")
    if any(_is_overdue(job, states.get(job.name), now) for job in found.values()):
        click.echo("\nJobs are overdue. No worker seems to run. Start one: shoptrack jobs worker")


@jobs.command("run")
@click.argument("name")
@click.pass_obj
def run_now(environment: Environment, name: str) -> None:
    """Run the job NAME now, whether it is due or not.

    Exit codes: 0 for success, 1 if the job failed or was running already, and 2 for wrong arguments.
    """
    setup_logging(environment.ini)
    job = _get_job(environment, name)
    with exit_on_domain_error():
        check_migrations(environment.registry)
        try:
            running = run_job(environment.registry, job)
        except JobFailed as error:
            raise click.ClickException(str(error)) from None
    if running is not None:
        since = _format(environment, running.started_at)
        raise click.ClickException(f"{name} was not run: the run since {since} has not ended.")
    click.echo(f"{name} succeeded.")


@jobs.command()
@click.pass_obj
def worker(environment: Environment) -> None:
    """Run jobs when they are due, until SIGTERM.

    Several workers may run at the same time: each run of a job is done by one of them.
    """
    setup_logging(environment.ini)
    settings = ServerSettings.of(environment.registry)
    with exit_on_domain_error():
        startup.wait_for_check(environment.registry, check_migrations, settings.start_seconds)
        # Imported here, so that no other process needs memory for APScheduler.
        from shoptrack.jobs.worker import Worker

        Worker(environment.registry, settings.finish_seconds).run()


def _get_job(environment: Environment, name: str) -> Job:
    found = Jobs.of(environment.registry)
    if name in found:
        return found[name]
    nearest = get_close_matches(name, found, n=1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    raise click.UsageError(
        f"There is no job {name!r}.{hint} There are: {', '.join(sorted(found)) or 'none'}."
    )


def _make_line(
    environment: Environment, job: Job, state: JobState | None, now: datetime
) -> tuple[str, ...]:
    outcome = state.get_outcome(now) if state else Outcome.NONE
    due = get_due(state, job.schedule, now)
    if outcome == Outcome.RUNNING:
        following = "after this run"
    else:
        following = "at once" if due <= now else _format(environment, due)
    return (
        job.name,
        job.package,
        job.schedule.describe(),
        _format(environment, state.started_at if state else None),
        outcome or "-",
        following,
    )


def _is_overdue(job: Job, state: JobState | None, now: datetime) -> bool:
    is_running = state is not None and state.is_locked(now)
    return not is_running and get_due(state, job.schedule, now) < now - OVERDUE


def _format(environment: Environment, at: datetime | None) -> str:
    if at is None:
        return "never"
    return f"{at.astimezone(Settings.of(environment.registry).time_zone):%Y-%m-%d %H:%M:%S}"
