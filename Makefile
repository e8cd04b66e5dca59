# The commands of the house. `make` alone lists them. All of them make .venv first, if the lock file asks for it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON_OF_VENV := .venv/bin/python
ARGS ?=
SEEDS ?= 500
MINUTES ?= 5

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv/made-from: requirements/dev.txt pyproject.toml .ci/environment
	@.ci/environment

.PHONY: environment
environment: .venv/made-from ## make the virtual environment .venv from requirements/dev.txt

.PHONY: demo
demo: .venv/made-from ## a pair of gateways with a story to look at; ARGS="--help" says more
	@$(PYTHON_OF_VENV) -m services.gateway.demo $(ARGS)

.PHONY: test
test: .venv/made-from ## all tests, real Kafka and PostgreSQL included; ARGS go to pytest
	@.ci/tests $(ARGS)

.PHONY: check
check: .venv/made-from ## style, types and the direction of imports
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

.PHONY: compliance
compliance: .venv/made-from ## the matrix clause -> rule -> event -> endpoint -> test, by what the tests did; ARGS="--json"
	@$(PYTHON_OF_VENV) -m tests.compliance $(ARGS)

.PHONY: bench
bench: .venv/made-from ## measure against limits taken in the same run; ARGS="--help" says more
	@$(PYTHON_OF_VENV) -m bench $(ARGS)

.PHONY: campaign
campaign: .venv/made-from ## the long tests at full length, two at a time; sizes are variables (tests/sizes.py)
	@COUNTERFOIL_CAMPAIGN=1 .ci/tests -m campaign -rP $(ARGS)

.PHONY: simulate
simulate: .venv/made-from ## play SEEDS seeds of the simulated world; a failing one is cut down and told
	@$(PYTHON_OF_VENV) -m tests.simulation --seeds $(SEEDS) $(ARGS)

.PHONY: kill
kill: .venv/made-from ## kill gateways, broker and databases at random for MINUTES minutes, then check everything
	@$(PYTHON_OF_VENV) -m tests.kills --minutes $(MINUTES) $(ARGS)

.PHONY: lock
lock: .venv/made-from ## write the lock files in requirements/ anew from pyproject.toml (needs uv in .venv)
	@test -x .venv/bin/uv || { echo "error: uv is missing; try: .venv/bin/pip install uv" >&2; exit 1; }
	@$(COMPILE) pyproject.toml --output-file requirements/runtime.txt
	@$(COMPILE) pyproject.toml --extra dev --output-file requirements/dev.txt
	@echo hatchling | $(COMPILE) - --constraint requirements/dev.txt --output-file requirements/build.txt

COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url
