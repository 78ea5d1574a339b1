# Everything a developer types. `make run PORT=8001` chooses the port, `make run PYTHON=python3.12` the Python.

# The first one that is new enough, else python3, which then says in a sentence what is missing.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
IN_VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check format bench reset manage run-environment dev-environment

help:
	@echo 'make run      start the portal with demo data on this machine (PORT=8000)'
	@echo 'make test     all tests (TESTS=tests/tickets for some)'
	@echo 'make check    format, lint, types, imports, templates, migrations, deployment'
	@echo 'make format   put code and templates into the one format'
	@echo 'make bench    measure the speed, write docs/benchmarks.md'
	@echo 'make manage   a management command on the local data: make manage DO="showmigrations"'
	@echo 'make reset    delete the local data'

run-environment:
	@$(PYTHON) partnerdesk/local/environment.py requirements-local.txt

dev-environment:
	@$(PYTHON) partnerdesk/local/environment.py requirements-dev.txt

run: run-environment
	@$(IN_VENV) -m partnerdesk.local run --until-parent-ends

test: dev-environment
	@$(IN_VENV) -m pytest $(TESTS)

check: dev-environment
	@$(IN_VENV) -m partnerdesk.local.check

format: dev-environment
	@.venv/bin/ruff check --quiet --fix-only . ; .venv/bin/ruff format --quiet .
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +

bench: dev-environment
	@$(IN_VENV) -m tests.bench

manage: run-environment
	@$(IN_VENV) -m partnerdesk.local manage $(DO)

reset: run-environment
	@$(IN_VENV) -m partnerdesk.local reset
