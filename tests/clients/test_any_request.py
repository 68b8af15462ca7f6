"""Schemathesis sends whatever the description allows, and what it forbids: no 5xx, no answer that is not described."""

from urllib.request import Request, urlopen

from .conftest import HERE, PYTHON

SEED = "20250401"
SECONDS = "60"  # that are spent on one kind of database, at most
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
)
# They would sign the caller out, and all that comes after them would be a 401.
SIGN_OUT = "^auth_(logout|password|sessions)_"


def test_no_request_fails_the_server_or_is_answered_otherwise_than_described(
    site, credentials, run
):
    header = f"Authorization: {credentials['Authorization']}"
    run(
        *(PYTHON / "st", "--no-color", "run", f"{site}/api/schema/?format=json"),
        *("--header", header, "--exclude-operation-id-regex", SIGN_OUT),
        *("--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"),
        *("--seed", SEED, "--generation-database", "none"),
        *("--max-examples", "20", "--max-time", SECONDS),
        *("--continue-on-failure", "--no-shrink"),
        SCHEMATHESIS_HOOKS="hooks",
        PYTHONPATH=str(HERE),
    )
    with urlopen(Request(f"{site}/api/auth/user/", headers=credentials)) as answer:
        assert answer.status == 200
