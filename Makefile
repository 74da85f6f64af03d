# What a user, a developer and CI run. Needs GNU make, git and Python 3.11 or newer with pip.

PYTHON ?= $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$candidate" && break; done)
BOOTSTRAP := .bootstrap
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PYTHON_DOWNLOADS=never $(BOOTSTRAP)/bin/uv
PIP_COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header
FUZZ := .fuzz
WORKERS ?= 2
SIZE ?= small
EXAMPLES ?= 20

.PHONY: help setup run test check bench faults fuzz restarts lock

help:
	@echo "make run    set everything up and start it at http://127.0.0.1:8000 (PORT changes it)"
	@echo "make setup  the environment only"
	@echo "make test   all tests; says which it skipped and why"
	@echo "make check  lint, types, imports, templates, missing migrations"
	@echo "make bench  the ratios of docs/performance.md (SIZE=small or full); needs PostgreSQL, Redis"
	@echo "make fuzz   schemathesis over the API as each kind of caller (EXAMPLES=20 a call)"
	@echo "make faults kill, wipe and restart what it stands on, and check (SIZE=small, or full)"
	@echo "make restarts  web and worker restarted ten times under load (needs PostgreSQL, Redis)"
	@echo "make lock   compile the lock files anew (after a change in pyproject.toml)"

setup: $(VENV)/.synced

$(BOOTSTRAP)/.ready: requirements-bootstrap.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found." >&2; exit 1; }
	$(PYTHON) -m venv $(BOOTSTRAP)
	$(BOOTSTRAP)/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements-bootstrap.txt
	@touch $@

$(VENV)/.synced: $(BOOTSTRAP)/.ready requirements-dev.txt
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(BOOTSTRAP)/bin/python $(VENV)
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt
	@touch $@

run: setup
	@exec $(BIN)/python manage.py serve --with-parent

test: setup
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

check: setup
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

# In an environment of its own: its plugin would be loaded into every run of the tests.
fuzz: setup $(FUZZ)/.synced
	$(BIN)/python benchmarks/fuzz_api.py $(FUZZ)/bin/st $(EXAMPLES)

$(FUZZ)/.synced: $(BOOTSTRAP)/.ready requirements-fuzz.txt
	@test -x $(FUZZ)/bin/python || $(UV) venv --quiet --python $(BOOTSTRAP)/bin/python $(FUZZ)
	$(UV) pip sync --quiet --python $(FUZZ)/bin/python --require-hashes requirements-fuzz.txt
	@touch $@

bench: setup
	$(BIN)/python -m benchmarks

# Needs the programs of PostgreSQL and Redis; starts its own of both on free ports of 127.0.0.1.
faults: setup
	@exec $(BIN)/python -m tests.faults --size $(SIZE)

restarts: setup
	$(BIN)/python -m tests.ops.restart_under_load

lock: $(BOOTSTRAP)/.ready
	$(PIP_COMPILE) --group bootstrap -o requirements-bootstrap.txt
	$(PIP_COMPILE) pyproject.toml -o requirements.txt
	$(PIP_COMPILE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(PIP_COMPILE) --group fuzz -o requirements-fuzz.txt
