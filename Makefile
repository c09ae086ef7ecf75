# run: start the playground. test: lint, types and all tests. hard: much more bad input than in a test run.
# test-fast: the quick tests of the engine and the application, without servers and browsers.
# sanitize: run the tests of the extension in C with AddressSanitizer and UBSan, where there is a compiler.
# types: check the page's types, where Node is at hand. bench: print the measurements.
# docs: build the guide that the playground serves under /guide. picture: take the pictures of the documentation.
# openapi: lint the OpenAPI document and generate clients from it, where Node is at hand. names: write the types of the tables' names. audit: look for known faults in what is installed. Each sets up what it needs.
PYTHON ?= python3
BIN := .venv/bin
# Where it is set, every server and worker that a test starts would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-fast sanitize hard checks chromium clients page-types lint names types openapi bench docs picture audit clean

run: .venv/.run
	$(BIN)/playground serve

test:
	$(MAKE) --jobs=4 checks
	$(BIN)/pytest --numprocesses auto --dist worksteal

# All that comes before the tests, and may be done at the same time.
checks: lint page-types chromium .venv/.compiled

chromium: .venv/.test
	.ci/chromium

clients: .venv/.test
	-.ci/clients

page-types: clients
	.ci/types

test-fast: .venv/.test
	$(BIN)/pytest --numprocesses auto --dist worksteal -m "not served and not long" tests/engine tests/app tests/playground

hard: .venv/.test
	.ci/chromium
	PLAYGROUND_TESTS=full $(BIN)/pytest --numprocesses auto --dist worksteal tests/inputs tests/page/test_played_with.py

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

sanitize: .venv/.test
	.ci/sanitize

bench: .venv/.bench
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.restarts
	$(BIN)/python -m benchmarks.live
	$(BIN)/python -m benchmarks.inputs
	.ci/chromium
	$(BIN)/python -m benchmarks.page

openapi: .venv/.test
	.ci/clients
	$(BIN)/pytest tests/app/api/test_openapi.py tests/app/api/test_generated_clients.py

docs: .venv/.test
	$(BIN)/properdocs build --config-file docs/site/properdocs.yml

names: .venv/.run
	$(BIN)/python -m tests.golden.names

types:
	npx --yes --package typescript tsc -p jsconfig.json

picture: .venv/.test
	.ci/chromium
	$(BIN)/python -m benchmarks.picture

audit: .venv/.audit
	$(BIN)/python -m pip freeze --exclude-editable > .venv/audited.txt
	$(BIN)/pip-audit --requirement .venv/audited.txt --no-deps --disable-pip --strict

# The tests compiled once, instead of by every process of the first run. Where that fails, the run tells why.
.venv/.compiled: .venv/.test
	-$(BIN)/pytest --collect-only --quiet > $@

clean:
	rm -rf .venv dist artifacts

$(BIN)/python:
	$(PYTHON) -m venv .venv

# A stamp for each set of packages, so that a second call works at once and offline. A later pip resolves in half the time;
# modules are compiled when they are first imported, which most of PyTorch never is.
.venv/.run: EXTRAS :=
.venv/.test: EXTRAS := [test]
.venv/.bench: EXTRAS := [test,bench]
.venv/.audit: EXTRAS := [audit]
.venv/.run .venv/.test .venv/.bench .venv/.audit: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --no-compile --editable '.$(EXTRAS)'
	touch .venv/.run $@
