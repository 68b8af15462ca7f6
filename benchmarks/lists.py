"""The administration's lists of many records: ``python -m benchmarks.lists``, or ``make bench-lists``."""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from benchmarks import dataset, machine, markdown
from benchmarks.alone import Asking
from benchmarks.backends import BACKENDS
from benchmarks.dataset import UNTIL, Dataset
from benchmarks.options import backend_option, out_option
from benchmarks.peers import SHOPTRACK
from benchmarks.scaling import copies
from benchmarks.server import Server, serving
from benchmarks.workplace import workplace
from benchmarks.works import Work

RESULT = "RESULTS-lists.md"
GOAL = 150  # milliseconds of processor time, of a list without filters
LIST = "/admin/shopping-records/"
MONTH = f"purchase_date__gte={UNTIL.replace(day=1)}&purchase_date__lte={UNTIL}"
BY_PRODUCT = "ordering=product,-purchase_date,-id"
UNFILTERED = (
    Work("newest", "The newest 50", LIST),
    Work("price", "By price", f"{LIST}?ordering=price"),
    Work("product", "By product", f"{LIST}?{BY_PRODUCT}"),
    Work("product-back", "By product, backwards", f"{LIST}?{BY_PRODUCT.replace('=', '=-')}"),
    Work("store", "By store", f"{LIST}?{BY_PRODUCT.replace('product', 'store')}"),
)
FILTERED = (
    Work("month", "Of a month", f"{LIST}?{MONTH}"),
    Work("month-product", "Of a month, by product", f"{LIST}?{MONTH}&{BY_PRODUCT}"),
    Work("category", "Of a category", f"{LIST}?category_id={{category}}"),
    Work(
        "category-product",
        "Of a category, by product",
        f"{LIST}?category_id={{category}}&{BY_PRODUCT}",
    ),
    Work("none", "Of no price, by product", f"{LIST}?price__gte=2000000000&{BY_PRODUCT}"),
)
SUMS = (
    Work("sums", "Sums of all rows", f"{LIST}sums/"),
    Work("sums-month", "Sums of a month", f"{LIST}sums/?{MONTH}"),
    Work("sums-product", "Sums of a product", f"{LIST}sums/?product_id={{product}}"),
)
HEAD = """# Results of the administration's lists

`make bench-lists` wrote this on {day}: pages of shopping records for a signed-in browser, whole HTTP requests one
after the other, on {number:,} records. Figures are milliseconds for a request. The server and the database are the
processor time of `pserve production.ini` and of PostgreSQL. SQLite works in the server's process. A list without filter
is to take at most {goal} ms of both together; **bold** is what takes more. The wait is the median until the whole page
was there, with the least and the most in brackets.

"""


def measure(server: Server, data: Dataset, asking: Asking) -> Iterator[list[str]]:
    """Yield a row of the table for each page."""
    with server.client(cookie=data.cookie) as browser:
        later = _find_next(browser.send("GET", f"{LIST}?{BY_PRODUCT}").body.decode())
        pages = Work("product-next", "By product, page 2", later)
        for work in (*UNFILTERED, pages, *FILTERED, *SUMS):
            alone = asking.measure(server, browser, data, work)
            if alone.milliseconds is None:
                raise click.ClickException(f"{work.path} answered {alone.status}:\n{server.said()}")
            both = alone.server + alone.database
            text = f"{both:.0f}"
            if both > GOAL and work in (*UNFILTERED, pages):
                text = f"**{text}**"
            waited = alone.milliseconds.text()
            yield [work.title, f"{alone.server:.0f}", f"{alone.database:.0f}", text, waited]


def _find_next(page: str) -> str:
    link = re.search(r'rel="next" href="([^"]*)"', page)
    assert link is not None, "the list has several pages"
    return html.unescape(link[1])


@click.command()
@click.option("--rows", "number", type=click.IntRange(1000), default=1_000_000, show_default=True)
@click.option("--seconds", type=click.FloatRange(0), default=2, show_default=True)
@backend_option
@out_option(RESULT)
def main(number: int, seconds: float, backends: Sequence[str], out: Path) -> None:
    """Measure the administration's lists of many records."""
    facts = machine.description(machine.OURS)
    tables = []
    with workplace() as place:
        facts["Cores"] = str(place.cores)
        for name in backends or BACKENDS:
            with BACKENDS[name](place.folder, place.cores.database) as backend:
                facts[backend.title] = backend.version
                data = dataset.create(backend, number, copies.fill)
                with serving(SHOPTRACK, place.cores.server, data.settings, place.folder) as server:
                    rows = list(measure(server, data, Asking(3, seconds)))
                data.dispose()
                head = ("", "server", "database", "both", "wait")
                tables.append(markdown.section(backend.title, markdown.table(head, rows)))
                click.echo(tables[-1])
    facts["Requests"] = f"{seconds:g} s of each kind, 3 at least, after a first one"
    text = HEAD.format(day=date.today(), number=number, goal=GOAL) + markdown.facts(facts)
    out.mkdir(parents=True, exist_ok=True)
    (out / RESULT).write_text("\n".join([text, *tables]), encoding="utf-8")
    click.echo(f"The whole is in {out / RESULT}.")


if __name__ == "__main__":
    main()
