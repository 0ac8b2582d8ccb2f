# The commands of README.md. Each may be run twice in a row: a stamp file remembers what is set up already.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/*.po)
STATIC := $(shell find app/static -type f ! -path '*/vendor/*' ! -name '*.br' ! -name '*.gz' ! -name '.*' 2>/dev/null)

RUN_READY := $(VENV)/.run-ready
TEST_READY := $(VENV)/.test-ready
RUN_SYSTEM := $(VENV)/.run-system
TEST_SYSTEM := $(VENV)/.test-system
FRONT := app/static/vendor/htmx.min.js
COMPRESSED := $(VENV)/.compressed
COMPILED := $(VENV)/.compiled

.DEFAULT_GOAL := help
.PHONY: help setup front run test check bench screens catalogues format lock clean

help: ## say what can be done
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: setup ## set up, load the demo if there is no data yet, serve on http://127.0.0.1:8000 (PORT, HOST)
	@exec $(BIN)/python -m tools.serve

test: setup $(TEST_READY) $(TEST_SYSTEM) ## every test: unit, PostgreSQL, browser, accessibility
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: $(TEST_READY) $(FRONT) ## format, lint, types, import contracts, migrations, catalogues, templates
	@$(BIN)/python -m tools.check

bench: setup $(TEST_READY) $(TEST_SYSTEM) ## measure pages and server against the budgets, into bench/results.json
	@$(BIN)/python -m bench.run $(ARGS)

screens: setup $(TEST_READY) $(TEST_SYSTEM) ## a picture of every page, into screens/index.html
	@$(BIN)/python -m tools.screens $(ARGS)

setup: $(RUN_READY) $(RUN_SYSTEM) $(FRONT) $(COMPRESSED) $(COMPILED) ## what running needs

front: $(FRONT) $(COMPRESSED) ## the front-end files of others, and everything static compressed

catalogues: $(TEST_READY) ## read the sentences out of the source into every language's catalogue
	@$(BIN)/python -m tools.catalogues

format: $(TEST_READY) ## put the source into its format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: $(TEST_READY) ## pin every dependency anew (UPGRADE=1 takes newer ones)
	@sh tools/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## forget everything that set-up made; data in instance/ stays
	rm -rf $(VENV) node_modules app/static/vendor screens .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find translations -name '*.mo' -delete
	find app/static \( -name '*.br' -o -name '*.gz' \) -delete

$(RUN_READY): requirements.lock tools/setup_python.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh tools/setup_python.sh requirements.lock
	@touch $@

$(TEST_READY): requirements-dev.lock $(RUN_READY)
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh tools/setup_python.sh requirements-dev.lock
	@touch $@

$(RUN_SYSTEM): tools/system_packages.sh | $(RUN_READY)
	@sh tools/system_packages.sh run
	@touch $@

$(TEST_SYSTEM): tools/system_packages.sh | $(RUN_READY)
	@sh tools/system_packages.sh test
	@touch $@

$(FRONT): package-lock.json tools/setup_front.sh tools/vendor_fonts.py | $(RUN_READY)
	@VENV="$(VENV)" sh tools/setup_front.sh
	@touch $@

$(COMPRESSED): $(STATIC) $(FRONT) | $(RUN_READY)
	@$(BIN)/python -m whitenoise.compress --quiet app/static
	@touch $@

$(COMPILED): $(CATALOGUES) | $(RUN_READY)
	@$(if $(CATALOGUES),$(BIN)/pybabel --quiet compile --directory translations)
	@touch $@
