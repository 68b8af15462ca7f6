#!/usr/bin/env bash
# Try a plugin as a stranger would: with nothing but wheels, in an empty environment outside the checkout.
# Its tests run twice: beside the core alone, and beside users and the administration.
#
# usage: examples/outside.sh PLUGIN WHEELS BIN
#   PLUGIN  its folder; WHEELS  the folder with ShopTrack's wheels; BIN  that of the environment with build and uv
set -euo pipefail
plugin=$(realpath "$1") wheels=$(realpath "$2") bin=$(realpath "$3") project=$PWD

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# What is set for this checkout must not reach the tests, least of all a path to its packages.
unset PYTHONPATH PYTEST_ADDOPTS SHOPTRACK_PLUGINS DATABASE_URL
export VIRTUAL_ENV=$folder/venv CI=true # a test that finds no PostgreSQL fails

install() {
    "$bin/uv" pip install --system-certs --quiet "$@"  # as pip does, also behind a proxy of one's own
}

try() {
    echo "$(basename "$plugin") beside $*:"
    (cd "$folder" && timeout 300 venv/bin/pytest -p no:cacheprovider --quiet)
}

"$bin/uv" venv --quiet --python "$bin/python" "$VIRTUAL_ENV"
install --require-hashes -r "$project/examples/requirements.lock"
"$bin/python" -m build --wheel --no-isolation --outdir "$folder/wheels" "$plugin" > "$folder/build.log" \
    || { cat "$folder/build.log"; exit 1; }
install --no-deps "$wheels"/shoptrack-*.whl "$folder"/wheels/*.whl
cp -r "$plugin/tests" "$plugin/pyproject.toml" "$folder"
try the core alone

install --require-hashes -r "$project/requirements.lock"
install --no-deps "$wheels"/shoptrack_auth-*.whl "$wheels"/shoptrack_admin-*.whl
try users and the administration
