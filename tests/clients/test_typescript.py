"""Types that openapi-typescript generates hold for a program that uses them."""

import shutil

from shoptrack_auth.testing import PASSWORD

from .conftest import HERE, NODE


def test_a_program_compiles_and_runs(site, user, run, tmp_path):
    for name in ("client.ts", "package.json", "tsconfig.json"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    description = f"{site}/api/schema/?format=json"
    run(NODE / "openapi-typescript", description, "--output", "schema.d.ts")
    run(NODE / "tsc", "--project", ".")
    said = run("node", "out/client.js", site, user.username, PASSWORD)
    assert said == "all seven resources were used\n"
