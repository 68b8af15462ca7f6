"""What runs on GitHub: the same script as anywhere, with no right that it does not need."""

import re

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


def test_a_change_is_tested_by_the_script_that_tests_it_anywhere():
    steps = WORKFLOWS["test"]["jobs"]["test"]["steps"]
    assert steps[-1] == {"run": "bash .ci/run"}


def test_the_image_is_pushed_once_the_tests_pass_under_the_name_that_compose_pulls():
    image = WORKFLOWS["image"]["jobs"]["image"]
    assert image["needs"] == "test"
    (names,) = (step["with"]["images"] for step in image["steps"] if step.get("id") == "names")
    name = names.replace("${{ vars.CONTAINER_REGISTRY_URL }}/", "")
    assert f"/{name}:${{IMAGE_TAG" in (ROOT / "compose.traefik.yml").read_text()
