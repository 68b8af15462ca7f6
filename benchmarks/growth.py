"""Growth: what the same requests cost ShopTrack as the records become more."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import click

from benchmarks import works
from benchmarks.dataset import Dataset
from benchmarks.footprint import footprint
from benchmarks.peers import SHOPTRACK
from benchmarks.results import Results
from benchmarks.runner import Runner
from benchmarks.server import Server
from benchmarks.works import Work

SIZES = (1_000, works.HOUSEHOLD, works.LARGE, 1_000_000)
FAR_PAGE = 2_000
WHOLE = replace(works.LIST, key="whole-list", title="Whole list")
FIRST = Work("page-1", "Page 1, by cursor", f"{works.RECORDS}?limit={works.PAGE}&count=false")
FAR = replace(FIRST, key="page-far", title=f"Page {FAR_PAGE:,}, by cursor")
MEASURED = (works.RECORD, FIRST, FAR, works.FILTERED, works.CREATE, WHOLE)

NEXT = re.compile(r'<([^>]+)>;[^,]*\brel="?next"?')


def measure(runner: Runner, backend: str, dataset: Dataset, results: Results) -> None:
    """Measure ShopTrack on a database of one size."""
    with runner.serving(SHOPTRACK, dataset) as server:
        measured = [work for work in MEASURED if work is not FAR]
        if dataset.records >= FAR_PAGE * works.PAGE:
            measured.append(_far_page(server, dataset))
        for work in measured:
            if work.connections > 1:
                runner.warm_up(server, dataset, work)
        for turn in range(runner.rounds):
            for work in measured:
                sample = runner.measure(server, dataset, work)
                results.growth[backend, dataset.records, work.key].append(sample)
                click.echo(
                    f"{dataset.backend.title}, {dataset.records:,} records, round {turn + 1} of "
                    f"{runner.rounds}: {work.title}: {sample.milliseconds:,.2f} ms"
                )
    key = backend, dataset.records, SHOPTRACK.key
    results.footprints[key] = footprint(runner, dataset, SHOPTRACK)


def _far_page(server: Server, dataset: Dataset) -> Work:
    """Return the page that comes by following the links to the next one, as a client does."""
    path = FIRST.path
    with server.client(dataset.token) as client:
        for _ in range(FAR_PAGE - 1):
            answer = client.send("GET", path)
            link = NEXT.search(answer.headers["Link"] or "")
            if link is None:
                raise click.ClickException(f"{path} names no next page: {answer.body[:500]!r}")
            address = urlsplit(link[1])
            path = f"{address.path}?{address.query}"
    return replace(FAR, path=path)
