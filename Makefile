# The verbs of the project; CI runs the same ones. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .cache/uv/bin/uv)
RUN := $(UV) run --no-sync
STAMP := .venv/.synced
OUT ?= out/kz

.PHONY: help setup plan test check bench bench-steiner bench-plan bench-schedule docs format wheel clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

$(UV):
	@echo "uv is not here: installing it from PyPI into .cache/uv"
	$(PYTHON) -m venv .cache/uv
	.cache/uv/bin/python -m pip install --quiet uv

$(STAMP): pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked --all-extras
	$(RUN) qamtu warm
	@touch $(STAMP)

setup: $(STAMP)  ## the environment, from the lock

plan: setup  ## the national plan of Kazakhstan into out/kz
	$(RUN) qamtu plan kz --out $(OUT) --overwrite

test: setup  ## all tests, the installed wheel's too
	$(RUN) pytest

check: setup  ## lint, types, import contracts, docs
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) python docs/generate.py --check

format: setup  ## put the code into its form
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

docs: setup  ## generate the reference pages
	$(RUN) python docs/generate.py

wheel: setup  ## the wheel, with the built country tables
	$(UV) build --wheel

bench: bench-steiner bench-schedule bench-plan  ## all benchmarks (an hour or more)

bench-setup: setup
	$(UV) sync --locked --all-extras --group bench

bench-steiner: bench-setup  ## trees against peers, one run
	$(RUN) python -m benchmarks.steiner --out out/benchmarks

bench-schedule: bench-setup  ## phasing against a plain MIP
	$(RUN) python -m benchmarks.schedule --out out/benchmarks

bench-plan: bench-setup  ## made countries of 10,000 to 200,000 settlements
	$(RUN) python -m benchmarks.plan --out out/benchmarks

clean:  ## caches and results, not the environment
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
