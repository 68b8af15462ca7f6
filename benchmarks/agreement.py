"""Correctness before speed: every peer answers the same requests with the same documents, or nothing is measured."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from benchmarks import works
from benchmarks.client import Answer
from benchmarks.dataset import USERNAME, Dataset
from benchmarks.server import Server
from benchmarks.works import Work


class Disagreement(click.ClickException):
    """Two servers do not do the same, so that their times cannot be compared."""


def check(servers: Sequence[Server], dataset: Dataset, measured: Sequence[Work]) -> None:
    """Ask every server the same.

    :raises Disagreement: an answer is wrong, or two differ
    """
    for server in servers:
        _check_strangers(server, dataset.token)
        if works.SIGN_IN in measured:
            _check_sign_in(server, dataset)
    for work in measured:
        if work is not works.SIGN_IN:
            _check_same(servers, dataset, work)
    dataset.restore()


def _check_strangers(server: Server, token: str) -> None:
    """Refuse a server that answers whoever asks."""
    head, payload, signature = token.split(".")
    forged = f"{head}.{payload}.{signature[::-1]}"
    for shown in (None, "nonsense", forged):
        with server.client(shown) as client:
            status = client.send("GET", works.CATEGORIES.path).status
        if status != 401:
            raise Disagreement(
                f"{server.peer.title} answers {status} to a stranger, not 401.\n{server.said()}"
            )


def _check_sign_in(server: Server, dataset: Dataset) -> None:
    for password, expected in ((dataset.password, 200), ("another", 401)):
        body = json.dumps({"username": USERNAME, "password": password})
        with server.client() as client:
            answer = client.send("POST", works.SIGN_IN.path, body)
        if answer.status != expected:
            raise Disagreement(
                f"{server.peer.title} answers a sign-in with {answer.status}, not {expected}.\n"
                f"{server.said()}"
            )
        if expected == 200:
            _check_token(server, answer.document["access"])


def _check_token(server: Server, token: str) -> None:
    with server.client(token) as client:
        status = client.send("GET", works.CATEGORIES.path).status
    if status != 200:
        raise Disagreement(f"{server.peer.title} answers {status} to its own token.")


def _check_same(servers: Sequence[Server], dataset: Dataset, work: Work) -> None:
    asked = dataset.about(work).about(id=dataset.changed_ids[-1], n=4321)
    said = {}
    for server in servers:
        with server.client(dataset.token) as client:
            answer = client.send(asked.method, asked.path, asked.body)
        if answer.status >= 400:
            raise Disagreement(
                f"{server.peer.title} answers {asked.method} {asked.path} with {answer.status}: "
                f"{answer.body[:500]!r}\n{server.said()}"
            )
        said[server.peer.title] = _told(answer, new=work is works.CREATE)
    for (one, first), (other, second) in pairwise(said.items()):
        if first != second:
            raise Disagreement(
                f"{asked.method} {asked.path}: {one} and {other} differ.\n{_apart(first, second)}"
            )
    if not first[-1]:
        raise Disagreement(f"{asked.method} {asked.path} answers nothing.")


def _told(answer: Answer, *, new: bool) -> tuple[int, str | None, Any]:
    """Return what has to be the same: status, count, and the document without a new row's id."""
    document = answer.document
    if new and isinstance(document, dict):
        document.pop("id", None)
    return answer.status, answer.headers["Total-Count"], document


def _apart(first: tuple, second: tuple) -> str:
    """Return the first difference of two answers, as text with what stands around it."""
    texts = [json.dumps(told, ensure_ascii=False) for told in (first, second)]
    at = next((n for n, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), 0)
    return "\n".join(text[max(0, at - 200) : at + 200] for text in texts)
