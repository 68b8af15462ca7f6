"""The job that docs/plugins.md shows does what it says."""

from pathlib import Path

import pytest

from shoptrack.jobs.runs import Jobs

from . import unused_units


@pytest.fixture
def add_guide_job(add_job):
    return add_job(unused_units.delete_unused_units, "unused_units.delete")


def test_unused_units_are_deleted(run_job, add_guide_job, make, api, entries):
    make.product(unit_id=make.unit(name="g").id)
    make.unit(name="unused")
    run_job("unused_units.delete")
    assert [unit["name"] for unit in api.get("/api/units/").json] == ["g"]
    (entry,) = entries("units")
    assert (entry.action, entry.label, entry.job) == ("deleted", "unused", "unused_units.delete")


def test_it_is_a_plugin(monkeypatch, build_app):
    monkeypatch.syspath_prepend(Path(__file__).parent)
    assert "unused_units.delete" in Jobs.of(build_app(plugins=("unused_units",)).registry)
