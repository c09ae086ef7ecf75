# run: start the playground; test: lint, types and all tests; bench: print the measurements. Each sets up what it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint bench picture clean

run: .venv/.run
	$(BIN)/playground serve

test: lint
	.ci/chromium
	$(BIN)/pytest

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.bench
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/live.py

picture: .venv/.test
	.ci/chromium
	$(BIN)/python benchmarks/picture.py

clean:
	rm -rf .venv dist artifacts

$(BIN)/python:
	$(PYTHON) -m venv .venv

# A stamp for each set of packages, so that a second call works at once and offline.
.venv/.run: EXTRAS :=
.venv/.test: EXTRAS := [test]
.venv/.bench: EXTRAS := [test,bench]
.venv/.run .venv/.test .venv/.bench: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.$(EXTRAS)'
	touch $@
