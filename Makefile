# The verbs of the project; CI runs the same ones. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .cache/uv/bin/uv)
RUN := $(UV) run --no-sync
STAMP := .venv/.synced
OUT ?= out/kz

.PHONY: help setup plan mobile corridors serve test check bench bench-setup bench-steiner bench-plan \
	bench-schedule bench-propagation bench-area bench-cover bench-log bench-tiles bench-service docs format wheel clean

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

mobile: setup  ## 5G over the cities of Kazakhstan into out/mobile
	$(RUN) qamtu mobile kz --out out/mobile --overwrite

corridors: setup  ## mobile service along the roads of Kazakhstan into out/corridors
	$(RUN) qamtu corridors kz --out out/corridors --overwrite

serve: setup  ## the service on this machine, with the plan if there is one
	$(RUN) qamtu serve

test: setup  ## all tests, the installed wheel's too
	$(RUN) pytest -n auto --maxprocesses 4 --dist loadfile

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

# all benchmarks: an hour or more
bench: bench-steiner bench-schedule bench-plan bench-propagation bench-area bench-cover bench-log \
	bench-tiles bench-service  ## all of them

bench-setup: setup
	$(UV) sync --locked --all-extras --group bench

bench-steiner: bench-setup  ## trees against peers, one run
	$(RUN) python -m benchmarks.steiner --out out/benchmarks

bench-schedule: bench-setup  ## phasing against a plain MIP
	$(RUN) python -m benchmarks.schedule --out out/benchmarks

bench-plan: bench-setup  ## made countries of 10,000 to 200,000 settlements
	$(RUN) python -m benchmarks.plan --out out/benchmarks

bench-propagation: bench-setup  ## propagation models against itmlogic and pycraf, in their own environment
	$(RUN) python -m benchmarks.propagation --out out/benchmarks

bench-area: bench-setup  ## the area engine against one path a receiver
	$(RUN) python -m benchmarks.area --out out/benchmarks

bench-cover: bench-setup  ## covers against plain HiGHS, spopt and pycft
	$(RUN) python -m benchmarks.cover --out out/benchmarks

bench-log: bench-setup  ## a million entries of the log: append and proofs
	$(RUN) python -m benchmarks.log --out out/benchmarks

bench-tiles: bench-setup  ## vector tiles of a plan
	$(RUN) python -m benchmarks.tiles --out out/benchmarks

bench-service: bench-setup  ## pages and API under load, with 100,000 records of evidence
	$(RUN) python -m benchmarks.service --out out/benchmarks

clean:  ## caches and results, not the environment
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
