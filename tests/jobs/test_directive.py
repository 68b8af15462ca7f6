"""``config.add_job``: what it takes, and what stops the start."""

import re
import subprocess
import sys
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import URL

from shoptrack.jobs.runs import Jobs
from shoptrack.jobs.schedules import Daily, Every
from shoptrack.plugins.plugin_list.plugin_info import PluginList
from shoptrack.settings import ConfigurationError
from shoptrack.testing import make_test_app

from ..core.conftest import plugin  # noqa: F401

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")
PLUGIN = """
    from datetime import timedelta

    def run(run): ...

    def includeme(config):
        config.add_job({arguments})
"""


@pytest.fixture
def start(plugin):  # noqa: F811
    """Return a function that starts an application with plugins, each with a job."""

    def start(*jobs: str, **ini: str):
        names = [
            plugin(f"jobs_plugin_{number}", PLUGIN.format(arguments=arguments))
            for number, arguments in enumerate(jobs)
        ]
        return make_test_app(NOWHERE, names, **ini)

    return start


def test_a_job_has_a_schedule_and_its_plugin(start):
    app = start(
        '"a.hourly", run, every=timedelta(hours=1)',
        '"b.daily", run, at="03:30"',
        shoptrack__time_zone="Europe/Paris",
    )
    jobs = Jobs.of(app.registry)
    assert jobs["a.hourly"].schedule == Every(timedelta(hours=1))
    assert jobs["b.daily"].schedule == Daily(time(3, 30), ZoneInfo("Europe/Paris"))
    assert jobs["b.daily"].package == "jobs_plugin_1"
    brought = {one.name: one.brought for one in PluginList.of(app.registry).plugins}
    assert brought["jobs_plugin_0"]["jobs"] == ["a.hourly"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ('"x", run', "needs either every=timedelta(hours=1), for example, or at='03:30'."),
        ('"x", run, every=timedelta(1), at="03:30"', "needs either every="),
        ('"x", run, every=60', "every=60) needs a timedelta from one second to 365 days"),
        ('"x", run, every=timedelta(0)', "from one second to 365 days, such as timedelta(hours=1)"),
        ('"x", run, every=timedelta(days=366)', "from one second to 365 days"),
        (
            '"x", run, at="3:30"',
            "at='3:30') needs a time of day with hours and minutes, from '00:00'",
        ),
        ('"x", run, at="24:00"', "to '23:59'."),
        ('"x", run, at=330', "at=330) needs a time of day"),
        ('"x", 7, at="03:30"', "needs a function that takes the run, and not 7."),
        (
            '"X y", run, at="03:30"',
            "A job cannot be called 'X y': the name takes lowercase letters",
        ),
        (f'"{"x" * 101}", run, at="03:30"', "has 100 characters at most"),
    ],
)
def test_what_is_wrong_stops_the_start_and_says_what_would_do(start, arguments, sentence):
    with pytest.raises(ConfigurationError, match=re.escape(sentence)):
        start(arguments)


def test_two_jobs_of_one_name_name_both_places(start):
    with pytest.raises(ConfigurationError) as stop:
        start('"a.job", run, at="03:30"', '"a.job", run, every=timedelta(1)')
    assert re.search(
        r"the job 'a.job': .*jobs_plugin_0/__init__.py, line 7 and .*jobs_plugin_1/__init__.py, line 7",
        str(stop.value),
    )


def test_a_server_does_not_import_the_scheduler():
    code = (
        "import sys; from shoptrack.cli import commands, jobs; from sqlalchemy import URL\n"
        "from shoptrack.testing import make_test_app\n"
        "make_test_app(URL.create('sqlite', database='/nowhere/x'), ('shoptrack_auth', 'shoptrack_admin'))\n"
        "print([name for name in sys.modules if 'apscheduler' in name or 'tzlocal' in name])\n"
        "import shoptrack.jobs.worker; print('apscheduler' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\nTrue\n", done.stderr
