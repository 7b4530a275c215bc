# `make help` lists the commands. On a clean machine, `make run` and `make test` do everything.
.DEFAULT_GOAL := help
.PHONY: help run chat train widget widget-pictures widget-bench platform-pictures teams-package check test nlu-report nlu-compare \
  format lock clean setup

PYTHON := .venv/bin/python
# Tests that need no server.
QUICK := tests/data tests/nlu tests/channels
export PYTHONPATH := .

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## set up, train if the data has changed, and serve on this machine (API=1 opens Rasa's HTTP API too)
	@$(PYTHON) -m scripts.train && exec $(PYTHON) -m scripts.run $(if $(filter 1,$(API)),--api)

chat: setup ## talk to the bot in the terminal
	@$(PYTHON) -m scripts.train && exec $(PYTHON) -m scripts.chat

train: setup ## train the model, if its inputs have changed
	@$(PYTHON) -m scripts.train

widget: setup ## build the website widget: channels/widget/static/aiguilleur.js
	@$(PYTHON) -m scripts.widget

widget-pictures: setup ## take the pictures of docs/widget.md anew
	@$(PYTHON) -m scripts.train && $(PYTHON) -m scripts.widget_pictures

widget-bench: setup ## measure the widget beside others (5 minutes)
	@$(PYTHON) -m scripts.train && $(PYTHON) -m scripts.widget_bench

platform-pictures: setup ## take the pictures of Slack's and Teams' messages anew
	@$(PYTHON) -m scripts.train && $(PYTHON) -m scripts.platform_pictures

teams-package: setup ## make var/aiguilleur-teams.zip: APP_ID=<guid> SITE=https://… (PRIVACY=, TERMS=, DEVELOPER=)
	@$(PYTHON) -m scripts.teams_package

check: setup ## lint, format, types, data: seconds
	@$(PYTHON) -m ruff check . && $(PYTHON) -m ruff format --check . && $(PYTHON) -m mypy
	@$(PYTHON) -m pytest -q $(QUICK)

test: check ## all checks: those of `make check`, and the real servers over HTTP
	@$(PYTHON) -m scripts.train && $(PYTHON) -m pytest --numprocesses 2 --dist loadgroup tests $(QUICK:%=--ignore %)

nlu-report: setup ## measure understanding on voices not heard: docs/nlu/report.md (8 to 10 minutes)
	@TF_CPP_MIN_LOG_LEVEL=3 $(PYTHON) -W ignore -m scripts.nlu.report

nlu-compare: setup ## compare pipelines and nlp.js on the same voices (needs npm; DIET takes half an hour)
	@TF_CPP_MIN_LOG_LEVEL=3 $(PYTHON) -W ignore -m scripts.nlu.compare

format: setup ## mend the format of the code and the typography of the texts
	@$(PYTHON) -m ruff check --fix --quiet . ; $(PYTHON) -m ruff format . && $(PYTHON) -m scripts.typography

lock: setup ## resolve the dependencies anew
	@.venv/bin/uv pip compile --quiet --upgrade --python-version 3.10 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --override requirements.overrides --output-file requirements.lock requirements.in
	@.venv/bin/uv pip compile --quiet --upgrade --python-version 3.10 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --output-file actions/requirements.lock actions/requirements.in

clean: ## remove what the other commands made, conversations included
	@rm -rf .venv .venv-actions .venv-uv .rasa var models/*.tar.gz models/*.inputs \
	  scripts/nlu/nlpjs/node_modules widget/node_modules platforms/node_modules

setup:
	@command -v python3 >/dev/null || { echo "aiguilleur: no python3 on this machine. Install Python 3." >&2; exit 1; }
	@python3 scripts/setup.py
