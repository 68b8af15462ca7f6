"""The command ``shoptrack demo``."""

import sys
from datetime import date
from time import perf_counter

import click

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.cli.demo.loader import DEFAULT_SEED, DemoSummary, load_demo
from shoptrack.cli.demo.scale import HOUSEHOLD_RECORDS
from shoptrack.db.calendar_days import get_today
from shoptrack.db.migrations import check_migrations
from shoptrack.settings import format_url

MAX_RECORDS = 10_000_000  # with 200,000 products in memory
MIN_LAST_DAY = date(1900, 1, 1)


def parse_last_day(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> date | None:
    """Return the ``--until`` day."""
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day. Write it as 2025-12-31.") from None
    if day < MIN_LAST_DAY:
        raise click.BadParameter(f"{value!r} is too early. Name a day from {MIN_LAST_DAY} on.")
    return day


@click.command()
@click.option(
    "--records",
    type=click.IntRange(1, MAX_RECORDS),
    default=HOUSEHOLD_RECORDS,
    show_default=True,
    metavar="N",
    help="Lines of receipts. The default is one household's; more come from more households, products and stores.",
)
@click.option(
    "--until",
    callback=parse_last_day,
    show_default="today",
    metavar="YYYY-MM-DD",
    help="The last day of the two years.",
)
@click.option(
    "--seed",
    type=int,
    default=DEFAULT_SEED,
    show_default=True,
    help="A different number gives different baskets.",
)
@click.pass_obj
def demo(environment: Environment, records: int, until: date | None, seed: int) -> None:
    """Write two years of a household's shopping into a database without shopping data.

    The same options give the same rows. The years end today unless --until is given, so give a day
    to get the same rows tomorrow. Either all rows are written or none.
    """
    started = perf_counter()
    database = environment.database
    bar = click.progressbar(
        length=records, label="Shopping", file=sys.stderr, hidden=not sys.stderr.isatty()
    )
    with exit_on_domain_error():
        check_migrations(environment.registry)
        with database.engine.begin() as connection, bar:
            until = until or get_today(environment.registry)
            filled = load_demo(
                connection, until=until, records=records, seed=seed, progress=bar.update
            )
    name = format_url(database.url)
    click.echo(f"{name} has {format_summary(filled)}. It took {perf_counter() - started:.1f} s.")


def format_summary(filled: DemoSummary) -> str:
    """Return the rows written, as the end of a sentence."""
    households = "1 household" if filled.households == 1 else f"{filled.households:,} households"
    return (
        f"{filled.records:,} shopping records of {households} now: {filled.products:,} products, "
        f"{filled.stores:,} stores, {filled.first_day} to {filled.last_day}"
    )
