"""A client that openapi-python-client generates works."""

from urllib.request import urlopen

import orjson

from shoptrack_auth.testing import PASSWORD

from .conftest import HERE, PYTHON


def test_a_program_runs(site, user, run, tmp_path):
    description = f"{site}/api/schema/?format=json"
    package = tmp_path / "shoptrack_client"
    generate = ("generate", "--meta", "none", "--config", HERE / "python.yml")
    run(PYTHON / "openapi-python-client", *generate, "--url", description, "--output-path", package)
    generated = {module.stem for module in package.glob("api/*/*.py")}
    assert operations(description) <= generated
    program = (HERE / "client.py", site, user.username, PASSWORD)
    said = run(PYTHON / "python", *program, PYTHONPATH=str(tmp_path))
    assert said == "all seven resources were used\n"


def operations(description: str) -> set[str]:
    """Return the ids of operations. Those that take files only are left out, as python.yml leaves JSON."""
    with urlopen(description) as answer:
        paths = orjson.loads(answer.read())["paths"]
    methods = ("get", "post", "put", "patch", "delete")
    return {
        path[method]["operationId"]
        for path in paths.values()
        for method in methods
        if method in path
        and "application/json"
        in path[method].get("requestBody", {}).get("content", ["application/json"])
    }
