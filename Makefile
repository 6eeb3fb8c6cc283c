# Gradwalk: `make run` serves the page, `make test` runs every test. Both set up all that they need.

PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,$(shell command -v $(p))))
TORCH_INDEX_URL ?=
BIN := .venv/bin
PARALLEL ?= --numprocesses=2 --dist=loadscope

.PHONY: run test check bench build container-test clean

run: .venv/installed build
	@exec $(BIN)/gradwalk serve

# two at a time, for each waits more than it works; those of a file stay together, for they share a server.
# The browser tests run apart: their driver keeps an event loop of its own running
test: .venv/test-installed build check
	@$(BIN)/python static/build.py --npm test
	@$(BIN)/python -m pytest $(PARALLEL) --ignore=tests/container --ignore=tests/e2e
	@$(BIN)/python -m pytest $(PARALLEL) tests/e2e

check: .venv/test-installed
	@$(BIN)/ruff format --check app tests benchmarks docs
	@$(BIN)/ruff check app tests benchmarks docs
	@$(BIN)/mypy
	@$(BIN)/python static/build.py --npm run check

# the page; nothing is done when it is newer than its sources
build: .venv/installed
	@$(BIN)/python static/build.py

# builds the image and runs it as compose.yaml does; needs a Docker engine
container-test: .venv/test-installed
	@$(BIN)/python -m pytest tests/container

bench: .venv/test-installed build
	@for bench in benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

# PyTorch first and alone, so that only it comes from TORCH_INDEX_URL
.venv/installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo "Gradwalk needs Python 3.11 or newer on the PATH."; exit 1; }
	@echo "Setting up Gradwalk (PyTorch is large: a few minutes the first time) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet $(if $(TORCH_INDEX_URL),--index-url $(TORCH_INDEX_URL)) "torch>=2.6,<2.14"
	@$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/test-installed: .venv/installed
	@$(BIN)/pip install --quiet --editable '.[test]'
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || ./.ci/install-chromium
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || ./.ci/install-postgresql
	@touch $@

clean:
	rm -rf .venv static/node_modules static/dist
