# joinedup: targets a newcomer would guess. Everything runs offline after `make setup`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PEERS := .venv-peers
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SCALE ?= 1
MONTHS ?= 36
OUT ?= demo
PORT ?= 8000
SERVE ?= yes
ASSETS := joinedup_web/nhsuk/vendor/.ready

.PHONY: help setup system assets demo serve test test-full check fix bench bench-disclosure bench-web mutation docs lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@echo "== Setting up $(VENV) (Python packages, checked against their hashes; about a minute the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "joinedup needs Python 3.11 or newer: set PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "== Ready: $(BIN)/joinedup"

$(ASSETS): $(READY) package-lock.json
	@echo "== Fetching the NHS design system (npm, a few seconds)"
	@$(BIN)/python -m joinedup_web.nhsuk.assets .; if [ -d $(@D)/nhsuk ]; then touch $@; fi

assets: $(ASSETS)  ## the design system's CSS and JavaScript, for the workspace

setup: $(READY) $(ASSETS)  ## make .venv with joinedup and all that demo and test need

system: $(READY)  ## install the Debian packages that some tests use (Chromium, mdbtools, poppler), where allowed
	@sh tests/system_packages.sh

demo: setup  ## synthetic North West London: twin, load, journeys, report; then the workspace (SCALE=1 MONTHS=36 OUT=demo SERVE=no)
	@echo "== Running the main job on a synthetic North West London (scale $(SCALE), $(MONTHS) months) in $(OUT)/"
	@# The database is made ready beside the main job, which leaves a core to it now and then.
	@serve=; if [ "$(SERVE)" = yes ] && [ -t 1 ]; then serve=yes; fi; \
	if [ $$serve ]; then $(BIN)/joinedup workspace prepare --lake $(OUT)/lake >/dev/null 2>&1 & fi; \
	$(BIN)/joinedup demo --scale $(SCALE) --months $(MONTHS) --out $(OUT); ended=$$?; \
	wait; [ $$ended = 0 ] || exit $$ended; \
	if [ $$serve ]; then $(BIN)/joinedup serve --lake $(OUT)/lake --port $(PORT); fi

serve: setup  ## the workspace on the demo, in a browser, until Ctrl-C (OUT=demo PORT=8000)
	@$(BIN)/joinedup serve --lake $(OUT)/lake --port $(PORT)

test: setup system  ## the tests of every push (under 20 minutes on two cores)
	@echo "== Running the tests (two processes); tests on ../shared say so when it is absent"
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not full" -rs

test-full: setup  ## every test, the long ones too; resumes where it stopped (RESTART=yes starts afresh)
	@sh tests/system_packages.sh full
	@$(BIN)/python tests/run_full.py $(if $(RESTART),--restart)

check: setup  ## format, lint, types, layers
	@echo "== Format and lint"; $(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@echo "== Types"; $(BIN)/mypy
	@echo "== Layers"; $(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

fix: setup  ## format and mend what a machine can mend
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

bench: setup $(PEERS)/.ready  ## measured figures beside their peers, each with its pass mark (QUICK=yes: small sizes)
	@PYTHONPATH=. $(PEERS)/bin/python -W ignore -m pytest -W ignore tests/unit/disclosure/test_acro.py
	@PYTHONPATH=. $(PEERS)/bin/python -W ignore -m benchmarks.side_by_side
	@$(BIN)/python -m benchmarks.table $(if $(QUICK),--quick)

bench-web: setup  ## the workspace under load: 20 people, 50 requests a second, five minutes each (OUT=demo)
	@$(BIN)/python -m benchmarks.web --lake $(OUT)/lake

bench-disclosure: setup  ## 10,000 tables protected and attacked, 2,000 differencing pairs (eight minutes)
	@$(BIN)/python -m benchmarks.disclosure

mutation: setup  ## change statistics and disclosure line by line and see whether the tests notice (half an hour, sampled)
	@$(BIN)/python -m tests.mutation.run stats disclosure --sample 25 --seed 7

$(PEERS)/.ready: benchmarks/requirements.lock
	@echo "== Setting up $(PEERS) (the peers that bench times)"
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --no-deps --require-hashes -r benchmarks/requirements.lock
	@touch $@

docs: setup  ## regenerate docs/reference from the definitions and the command
	@$(BIN)/python docs/generate.py

lock:  ## resolve requirements.lock anew (needs uv and the package registry)
	@uv pip compile pyproject.toml --all-extras --group test --group lint --group build --group browser \
	  --universal --generate-hashes --no-header --python-version 3.11 --quiet --output-file requirements.lock

clean:  ## remove what the targets above made
	@rm -rf $(OUT) .pytest_cache .mypy_cache .ruff_cache .hypothesis .cache
