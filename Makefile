# Trakdesk: everything a person or a machine does with a checkout. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install run demo check test test-fast test-slow bench shots pictures lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(STAMP) ## Make .venv with everything in it, pinned and hash-checked

$(STAMP): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Trakdesk needs Python 3.11 or newer; name it: make install PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $(STAMP)

run: install ## Open the desk on an embedded database
	@$(BIN)/trakdesk

demo: install ## Open the training mode: a sandbox that cannot touch anything real
	@$(BIN)/trakdesk demo

check: install ## Format, lint, types, import order, fast tests on SQLite: the gate before every commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 4 --dist worksteal -m "not slow and not surface and not second_engine"

test: install ## All tests but the slow group, on both engines
	$(BIN)/pytest -n 4 --dist worksteal -m "not slow"

test-slow: install ## The long proofs: crash storms, full disks, a million rows
	$(BIN)/pytest -n 2 --dist worksteal -m slow

bench: install ## The promised numbers, as ratios against a named reference
	$(BIN)/python -m bench

shots: install ## Draw every screen at 80x24 and 120x40 into shots/
	$(BIN)/python -m tests.surfaces.shots

pictures: install ## Record the training's scenes, and draw the pictures of README and docs from them
	$(BIN)/python -m tests.surfaces.shots.pictures

lock: ## Resolve requirements/*.lock anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements/run.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group dev pyproject.toml -o requirements/dev.lock

clean: ## Remove what was generated
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache shots
