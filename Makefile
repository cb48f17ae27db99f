# Parvis: `make help` lists what can be asked. Needs python3 ≥ 3.11 (with venv) and make; fetches the rest.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

.DEFAULT_GOAL := help
.PHONY: help setup setup-runtime demo demo-reset test test-long lint format bench pictures assets lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r target text; do \
		printf '  make %-12s %s\n' "$$target" "$$text"; done

setup:
	@$(PYTHON) scripts/bootstrap.py

setup-runtime:
	@$(PYTHON) scripts/bootstrap.py --runtime

demo: setup-runtime ## set up everything and serve the demo commune on HOST:PORT (127.0.0.1:8000)
	@exec .venv/bin/python scripts/serve_demo.py

demo-reset: setup-runtime ## the same with fresh data
	@exec .venv/bin/python scripts/serve_demo.py --reset

test: setup ## every lane: lint, types, imports, migrations, SQLite, PostgreSQL, each plugin alone, browser
	@.venv/bin/python scripts/lanes.py

test-long: setup ## the long rounds: concurrency, kills, fuzzing
	@.venv/bin/python scripts/lanes.py long

lint: setup ## the quick checks alone
	@.venv/bin/python scripts/lanes.py quick

format: setup ## put the code in its usual shape
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

bench: setup ## the benchmarks, each figure on a line "name: value unit"
	@.venv/bin/python scripts/lanes.py bench

pictures: setup ## take the pictures of the docs again, by the browser test
	@.venv/bin/python scripts/pictures.py

assets: ## build styles, scripts and fonts again
	@$(PYTHON) scripts/bootstrap.py && PATH="$$PATH:$(CURDIR)/.venv/bin" npm run --silent build

lock: setup ## write the lock files again from pyproject.toml and package.json
	@.venv/bin/python scripts/lock.py

clean: ## remove what was set up and built; the demo's data stay in var/
	@rm -rf .venv node_modules core/ui/static/ui/build plugins/*/static/*/build dist htmlcov
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@find core plugins site tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
