"""Which thread does what, where all are busy."""

from ..pserve import PRODUCTION
from .conftest import eventually

THREADS = 8  # as production.ini says


def test_who_asks_for_its_health_waits_for_nobody_else(server, tmp_path):
    prefix = PRODUCTION.read_text().replace("threads = 8", "threads = 8\nurl_prefix = /shop")
    running = server().start(prefix).until_it_answers()
    files = [tmp_path / f"go-{number}" for number in range(THREADS)]
    slow = [running.ask(f"/slow?file={file}") for file in files]
    for file in files:
        eventually(file.with_suffix(".begun").exists, running.said)
    assert running.ask("/healthz").result()[0] == 200
    assert running.ask("/shop/healthz").result()[0] == 200
    waiting = [running.ask("/api/") for _ in range(THREADS + 2)]
    running.until_it_says(f"{THREADS} requests wait for one of {THREADS} threads")
    assert running.ask("/healthz").result()[0] == 200
    for file in files:
        file.touch()
    assert [each.result()[0] for each in slow + waiting] == [200] * (2 * THREADS + 2)
    assert running.said().count("requests wait") == 1  # one line a minute
    assert "queue depth" not in running.said()
