"""What runs on GitHub: files that it can read, with no right that they do not need."""

import re
import subprocess

import pytest
import yaml

from .conftest import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {file.stem: yaml.safe_load(file.read_text()) for file in FILES}
BY_COMMIT = re.compile(r"uses: [\w-]+/[\w-]+@[a-f0-9]{40} # v\d+\.\d+\.\d+")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_actions_of_others_are_named_by_commit_and_version(file):
    used = re.findall(r"uses: .*", file.read_text())
    assert used
    assert [
        line for line in used if not line.startswith("uses: ./") and not BY_COMMIT.fullmatch(line)
    ] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_nothing_may_write_to_the_repository(name):
    assert WORKFLOWS[name]["permissions"] == {}
    for job in WORKFLOWS[name]["jobs"].values():
        assert job["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_a_job_refers_to_is_there(name):
    jobs = WORKFLOWS[name]["jobs"]
    for job in jobs.values():
        assert job.get("needs", name) in {*jobs, name}
        if called := job.get("uses"):
            # YAML reads the key "on" as true.
            assert "workflow_call" in yaml.safe_load((ROOT / called).read_text())[True]
        steps = job.get("steps", [])
        referred = set(re.findall(r"steps\.(\w+)\.", str(job)))
        assert referred <= {step.get("id") for step in steps}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_its_commands_are_shell(name):
    commands = [
        step["run"]
        for job in WORKFLOWS[name]["jobs"].values()
        for step in job.get("steps", ())
        if "run" in step
    ]
    assert commands
    for command in commands:
        subprocess.run(["bash", "-n"], input=command, text=True, check=True)
        for script in re.findall(r"\.ci/\w+", command):
            subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_the_image_is_pushed_once_the_tests_pass_under_the_name_that_compose_pulls():
    image = WORKFLOWS["image"]["jobs"]["image"]
    assert image["needs"] == "test"
    (names,) = (step["with"]["images"] for step in image["steps"] if step.get("id") == "names")
    name = names.replace("${{ vars.CONTAINER_REGISTRY_URL }}/", "")
    assert f"/{name}:${{IMAGE_TAG" in (ROOT / "compose.traefik.yml").read_text()
