"""When jobs run. The rest of a worker's time is in the database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shoptrack.jobs.models import JobState, Outcome
from shoptrack.jobs.schedules import Daily, Every
from shoptrack.jobs.states import get_due

NOON = datetime(2028, 2, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (timedelta(hours=1), "every hour"),
        (timedelta(minutes=5), "every 5 minutes"),
        (timedelta(minutes=90), "every 1 hour 30 minutes"),
        (timedelta(days=1), "every day"),
        (timedelta(days=7, seconds=1), "every 7 days 1 second"),
    ],
)
def test_an_interval_is_said_in_words(interval, words):
    assert Every(interval).describe() == words


def test_a_time_of_day_is_said_with_its_zone():
    assert Daily(time(3, 30), BERLIN).describe() == "every day at 03:30 (Europe/Berlin)"


@pytest.mark.parametrize(
    ("lasted", "later"),
    [(timedelta(), 1), (HOUR, 1), (HOUR + timedelta(seconds=1), 2), (2.5 * HOUR, 3)],
)
def test_runs_that_are_due_during_a_run_are_skipped(lasted, later):
    assert Every(HOUR).get_next(NOON, NOON + lasted) == NOON + later * HOUR


def test_a_daily_run_that_lasts_longer_than_a_day_skips_one():
    daily = Daily(time(3, 30), BERLIN)
    begun = datetime(2028, 2, 28, 2, 30, tzinfo=UTC)
    assert daily.get_next(begun, begun + timedelta(hours=25)) == begun + timedelta(days=2)


def test_a_job_with_an_interval_runs_at_once_and_one_with_a_time_waits_for_it():
    assert Every(HOUR).get_first(NOON) == NOON
    assert Daily(time(3, 30), BERLIN).get_first(NOON) == datetime(2028, 3, 1, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"]
)
@pytest.mark.parametrize("at", [time(0), time(1, 45), time(2, 30), time(3, 30), time(23, 59)])
def test_it_runs_once_on_each_day_of_a_year_whatever_the_clock_does(zone, at):
    schedule, zone = Daily(at, ZoneInfo(zone)), ZoneInfo(zone)
    found = []
    instant = datetime(2027, 12, 31, 23, 59, 30, tzinfo=zone).astimezone(UTC)
    for _ in range(366):
        instant = schedule.get_next(instant, instant)
        found.append(instant.astimezone(zone))
    assert [one.date() for one in found] == [date(2028, 1, 1) + timedelta(n) for n in range(366)]
    # All but one at that time by the clock: where it is skipped, the run is as much later.
    assert sum(one.time() != at for one in found) <= 1


def test_on_the_days_of_a_change_it_runs_before_the_clock_is_set():
    schedule = Daily(time(2, 30), BERLIN)
    skipped = schedule.get_first(datetime(2027, 3, 27, 12, tzinfo=UTC))
    assert skipped.astimezone(BERLIN).isoformat() == "2027-03-28T03:30:00+02:00"
    twice = schedule.get_first(datetime(2027, 10, 30, 12, tzinfo=UTC))
    assert twice.astimezone(BERLIN).isoformat() == "2027-10-31T02:30:00+02:00"
    assert schedule.get_next(twice, twice) == datetime(2027, 11, 1, 1, 30, tzinfo=UTC)


def test_a_day_that_a_zone_skips_has_no_run():
    apia = ZoneInfo("Pacific/Apia")  # went from the 29th to the 31st of December 2011
    schedule, instant, days = Daily(time(3, 30), apia), datetime(2011, 12, 28, tzinfo=UTC), []
    for _ in range(4):
        instant = schedule.get_next(instant, instant)
        days.append(instant.astimezone(apia).day)
    assert days == [28, 29, 31, 1]


def make_state(**values) -> JobState:
    common = {
        "name": "test.job",
        "known_at": NOON - 99 * HOUR,
        "outcome": Outcome.SUCCEEDED,
        "attempt": 1,
    }
    return JobState(**common | values)


def test_a_run_that_was_missed_is_due_since_then():
    daily = Daily(time(3, 30), BERLIN)
    yesterday = datetime(2028, 2, 28, 2, 30, tzinfo=UTC)
    state = make_state(started_at=yesterday, ended_at=yesterday)
    assert get_due(state, daily, NOON) == yesterday + timedelta(days=1)
    known = make_state(outcome=Outcome.NONE, attempt=0)  # it never ran, and was known four days ago
    assert get_due(known, daily, NOON) < NOON - timedelta(days=3)


def test_a_job_that_no_worker_knows_has_missed_nothing():
    assert get_due(None, Daily(time(3, 30), BERLIN), NOON) > NOON


def test_what_a_wrong_clock_wrote_stops_no_job():
    future = NOON + timedelta(days=365)
    for state in (
        make_state(started_at=future, ended_at=future),
        make_state(known_at=future, outcome=Outcome.NONE),
        make_state(started_at=NOON - HOUR, ended_at=future),
    ):
        assert get_due(state, Every(HOUR), NOON) == NOON
    soon = NOON + timedelta(seconds=5)  # another worker's clock is fast
    assert get_due(make_state(started_at=soon, ended_at=soon), Every(HOUR), NOON) == soon + HOUR


def test_an_interrupted_run_is_made_up_for_once():
    common = {"outcome": Outcome.RUNNING, "started_at": NOON - HOUR / 2, "locked_until": NOON}
    assert get_due(make_state(**common, attempt=1), Every(HOUR), NOON) == NOON
    assert get_due(make_state(**common, attempt=2), Every(HOUR), NOON) == NOON + HOUR / 2
