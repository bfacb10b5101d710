# Two commands matter: `make run` (talk to Daybook in the browser) and `make test`.
# Both need Python 3.11+ and make, nothing else.

SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8765
# One more than the processors: some test always waits for a clock or a browser, but every worker
# first takes seconds to find the tests. Each keeps to neighbouring ones, which share what takes long
# to make, until it takes over some of another's.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(1 + (os.cpu_count() or 1))')
BIN := .venv/bin
# Compiled modules are kept: the tests start many short processes, each of which would compile anew.
unexport PYTHONDONTWRITEBYTECODE
LOCK = $(shell cat requirements.lock pyproject.toml | cksum | cut -d' ' -f1)
DEV_LOCK = $(shell cat requirements-dev.lock pyproject.toml | cksum | cut -d' ' -f1)
BENCH_LOCK = $(shell cat requirements-bench.lock | cksum | cut -d' ' -f1)

.PHONY: run test test-aimock warm lint format lock policies screenshots bench-bank bench-scoring bench-knowledge bench-health clean

run: .venv/run-$(LOCK)
	@if [ -n "$$SLACK_APP_TOKEN" ]; then exec $(BIN)/daybook serve; \
	else exec $(BIN)/daybook try --port $(PORT); fi

test: .venv/dev-$(DEV_LOCK)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

# The faults of a model against an endpoint that is not ours (needs Node 20 and npm).
AIMOCK ?= 1.43.0
test-aimock: .venv/dev-$(DEV_LOCK) build/aimock/node_modules/.bin/llmock
	$(BIN)/pytest tests/aimock/faults.py

build/aimock/node_modules/.bin/llmock:
	npm install --prefix build/aimock --no-audit --no-fund @copilotkit/aimock@$(AIMOCK)

# Compiles every module the tests import, once: in a new environment each worker would do it anew.
warm: .venv/dev-$(DEV_LOCK)
	@$(BIN)/pytest --collect-only >/dev/null

lint: .venv/dev-$(DEV_LOCK)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev-$(DEV_LOCK)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Writes both requirements files anew: hashes for every platform, no index address.
lock: .venv/uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url \
		--group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url \
		--group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	echo 'duckdb>=1.4' | $(BIN)/uv pip compile -q --universal --generate-hashes --no-header \
		--no-emit-index-url --no-annotate - -o requirements-bench.lock

# Typesets the policies that ship as Word and PDF from their Markdown sources (needs Chromium).
policies: .venv/dev-$(DEV_LOCK)
	$(BIN)/python -m tests.knowledge.typeset

# The pictures of docs/screenshots, made by the journey that checks what they show (needs Chromium).
screenshots: .venv/dev-$(DEV_LOCK)
	DAYBOOK_SCREENSHOTS=docs/screenshots $(BIN)/pytest tests/journeys/test_first_day.py

# How fast the bank's records load and answer, on both engines, at the size they are built for
# (SCALE=0.05 to try); writes docs/performance.md. BENCH_DATA names a bank generated before.
SCALE ?= 1.0
bench-bank: .venv/dev-$(DEV_LOCK)
	$(BIN)/python -m tests.bench --scale $(SCALE)

# How fast scores are computed and read, on both engines, with DuckDB beside them (the same SCALE);
# writes docs/performance-scoring.md.
bench-scoring: .venv/bench-$(BENCH_LOCK)
	$(BIN)/python -m tests.bench.scoring --scale $(SCALE)

# How fast policies are taken in and found, beside LangChain's plain Chroma (CLAUSES=5000 to try);
# writes docs/performance-knowledge.md. OBLIQA names a folder of passages and questions to add;
# PART (sync, asking, plain, obliqa or kills) measures that part again.
CLAUSES ?= 100000
bench-knowledge: .venv/dev-$(DEV_LOCK)
	$(BIN)/python -m tests.bench.knowledge --clauses $(CLAUSES) $(addprefix --part ,$(PART))

# What the statement part of the health score tells of who failed, on the table of ratios STATEMENTS names.
STATEMENTS ?= companies.csv
bench-health: .venv/dev-$(DEV_LOCK)
	$(BIN)/python -m tests.bench.health $(STATEMENTS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis

.venv/run-$(LOCK): .venv/uv
	@$(call install,requirements.lock)
	@touch $@

.venv/dev-$(DEV_LOCK): .venv/uv
	@$(call install,requirements-dev.lock)
	@touch $@ .venv/run-$(LOCK)

# What benchmarks alone compare with.
.venv/bench-$(BENCH_LOCK): .venv/dev-$(DEV_LOCK)
	@$(call install,requirements-bench.lock)
	@touch $@

.venv/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Daybook needs Python 3.11 or newer; name it with: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { \
		echo "Python cannot make a virtual environment here; on Debian: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv || echo "uv is not to be had; pip installs instead (slower)"
	@touch $@

# uv where it works, plain pip where it does not; hashes are required either way.
define install
echo "Installing $(1) ..."; \
{ $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $(1) 2>/dev/null \
	|| $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); } \
&& $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
endef
