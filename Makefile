# setup · run · test · lint · bench · soak · explore · lock: each does what it needs first, so any of them may be the first command.

PYTHON ?= python3
ARGS ?=
KILLS ?= 1000
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --universal

.PHONY: setup run test lint bench soak explore lock development

setup:
	@$(PYTHON) tools/setup.py run

development:
	@$(PYTHON) tools/setup.py dev

# Ctrl-C stops everything that it started. Options go through ARGS: make run ARGS="--port 9000"
run: setup
	@exec $(BIN)/motcua run $(ARGS)

test: development
	@$(BIN)/python tests/support/chromium.py
	@$(BIN)/python tests/support/clamd.py
	@$(BIN)/python tests/support/verapdf.py
	@$(BIN)/python tests/support/softhsm.py
	@$(BIN)/pytest -n logical $(ARGS)

lint: development
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/audit.py

bench: development
	@for file in bench/*.py; do $(BIN)/python "$$file" || exit 1; done

# A desk under load whose processes are killed at random. Takes about three seconds a kill: make soak KILLS=100
soak: development
	@$(BIN)/python tests/load/soak.py --kills $(KILLS) $(ARGS)

# A long walk through the programming interface: make explore ARGS="--seed 7 --cases 50000"
explore: development
	@$(BIN)/python tests/api/long_walk.py $(ARGS)

# New versions of everything within the bounds of requirements/*.in. The locks hold hashes and no registry's address.
lock: development
	@$(LOCK) --upgrade requirements/build.in -o requirements/build.lock
	@$(LOCK) --upgrade requirements/run.in -o requirements/run.lock
	@$(LOCK) --upgrade --constraints requirements/run.lock requirements/dev.in -o requirements/dev.lock
