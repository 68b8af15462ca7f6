"""Load: clients that write and read, one request after the other, and keep count of what they were told."""

import itertools
import time
from collections import Counter
from collections.abc import Callable
from http.client import HTTPException
from threading import Event, Lock, Thread

from .processes import PATIENCE, Answer, Server

BROKEN = 0  # in the place of a status: no answer came


class Load:
    """Clients, each in a thread, that add a store and read one in turn until the block ends.

    :param clients: how many
    :param writes: whether they add stores, or only read
    """

    def __init__(self, server: Server, clients: int = 8, *, writes: bool = True):
        self._server = server
        self._writes = writes
        self._over = Event()
        self._lock = Lock()  # of the counts
        self._threads = [Thread(target=self._run, args=(number,)) for number in range(clients)]
        self.acknowledged: dict[int, str] = {}  # the names of the stores that were added, by id
        self.statuses: Counter[int] = Counter()
        self.in_a_row = 0  # changes and reads that were served since the last refusal
        self.refusals: list[Answer] = []
        self.slowest = 0.0  # seconds

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE + 30)
            assert not thread.is_alive(), "a request hangs"
        print(f"Answers: {dict(self.statuses)}, the slowest after {self.slowest:.2f} s")

    @property
    def answered(self) -> int:
        """Return how many requests were answered."""
        return sum(self.statuses.values()) - self.statuses[BROKEN]

    def wait(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Go on until something is so."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"not so after {seconds} s: {self.statuses}"
            time.sleep(0.02)

    def wait_for_more(self, changes: int) -> None:
        """Go on until so many more stores were added."""
        enough = self.statuses[201] + changes
        self.wait(lambda: self.statuses[201] >= enough)

    def wait_for_calm(self, requests: int = 160) -> None:
        """Go on until so many requests in a row were served."""
        with self._lock:
            self.in_a_row = 0
        self.wait(lambda: self.in_a_row >= requests)

    def _run(self, number: int) -> None:
        client = self._server.client()
        for turn in itertools.count():
            if self._over.is_set():
                break
            try:
                self._turn(client, f"{number}-{turn}")
            except (OSError, HTTPException):
                with self._lock:
                    self.statuses[BROKEN] += 1
                    self.in_a_row = 0
                self._over.wait(0.05)
        client.close()

    def _turn(self, client, name: str) -> None:
        if self._writes:
            store = {"name": name, "location": "Kyoto"}
            answer = self._note(client.request("POST", "/api/stores/", store))
            if answer.status == 201:
                self.acknowledged[answer.json["id"]] = name
        self._note(client.request("GET", "/api/stores/?limit=1&count=false"))

    def _note(self, answer: Answer) -> Answer:
        with self._lock:
            self.statuses[answer.status] += 1
            self.slowest = max(self.slowest, answer.seconds)
            self.in_a_row += 1
            if answer.status >= 300:
                self.refusals.append(answer)
                self.in_a_row = 0
        return answer


def check_refusals(load: Load) -> None:
    """Fail unless every answer that was no success told the client properly to come again."""
    for answer in load.refusals:
        assert answer.status == 503, answer.body
        assert int(answer.headers["Retry-After"]) > 0
        assert list(answer.json) == ["detail", "request_id"]
