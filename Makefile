# The whole surface of TRM-OS for a person at a shell. Every target sets up what it needs first.
PYTHON ?= python3
TRM := .venv/bin/trm
export TRM_HOME ?= $(CURDIR)/.trm
# Where a shell forbids Python to keep compiled code, each of a test run's hundreds of processes would compile it anew.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(TRM_HOME)/cache/python

.PHONY: up down help setup run stop status clean test test-long check format ui bench bench-import bench-audit bench-changes bench-boards bench-tasks bench-decisions bench-search bench-judgement bench-win bench-live bench-dashboard screenshots portable chaos faults

help: ## show this help
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## install everything this machine lacks
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "TRM-OS needs Python 3.11 or newer (PYTHON=python3.12 chooses one); this is " + sys.version.split()[0])'
	@$(PYTHON) stack/bootstrap.py

run: setup ## start the real servers, do the main job, stay up until Ctrl-C (ONCE=1: stop afterwards; REPORT=file.json)
	@exec $(TRM) run $(if $(ONCE),--once) $(if $(REPORT),--report "$(REPORT)")

stop: setup ## stop the running stack
	@$(TRM) stack stop

status: setup ## show each server's health, port and memory
	@$(TRM) stack status

clean: setup ## remove the stack's data; downloaded parts stay (PARTS=1: those as well)
	@$(TRM) stack clean $(if $(PARTS),--parts)

test: setup ## run the tests on real servers of their own, but those of test-long (PYTEST="-n 0 tests/unit": only these, in one process)
	@.venv/bin/pytest --numprocesses 2 -m "not long" $(PYTEST)

test-long: setup ## run the tests that take minutes each: more kills, and a kind of its own on a stack of its own
	@.venv/bin/pytest -m long $(PYTEST)

check: setup ## format, lint, types, import contract, contracts, clients, drift, and workflows against stored histories
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(TRM) ontology compile --check
	@$(TRM) openapi --check
	@$(TRM) containers --check
	@.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@.venv/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/ci.yml
	@.venv/bin/hadolint deploy/images/*.Dockerfile
	@$(TRM) clients --check
	@.venv/bin/yamllint --strict .
	@.venv/bin/python -m stack.lint
	@.venv/bin/pytest --quiet tests/workflows/test_replay.py

format: setup ## format the code and write generated contracts
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
	@$(TRM) ontology compile
	@$(TRM) openapi
	@$(TRM) containers
	@$(TRM) clients

ui: setup ## build and test the dashboard
	@.venv/bin/python -m stack.dashboard

bench: setup ## measure request latency and time to the graph under open-model load
	@.venv/bin/python -m tests.load.recognitions $(BENCH)

bench-import: setup ## measure rows per second of an import and where the time goes (BENCH="--rows 5000 --kill")
	@.venv/bin/python -m tests.load.imports $(BENCH)

bench-audit: setup ## measure time and memory of audit and rebuild at two sizes (BENCH="--people 5000")
	@.venv/bin/python -m tests.load.audit $(BENCH)

bench-changes: setup ## measure what a change costs beside a recognition (BENCH="--count 200 --blocks 3")
	@.venv/bin/python -m tests.load.changes $(BENCH)

bench-boards: setup ## measure lists and boards of a hundred thousand tensions (BENCH="--tensions 20000")
	@.venv/bin/python -m tests.load.boards $(BENCH)

bench-tasks: setup ## measure lists of a hundred thousand tasks (BENCH="--tasks 20000")
	@.venv/bin/python -m tests.load.tasks $(BENCH)

bench-decisions: setup ## measure what a thousand waiting decisions cost (BENCH="--waiting 5000")
	@.venv/bin/python -m tests.load.decisions $(BENCH)

bench-search: setup ## measure how well and how fast search finds (BENCH="--data FOLDER": duplicates of issue reports too)
	@.venv/bin/python -m tests.load.search $(BENCH)

bench-judgement: setup ## measure how good judgement is (BENCH="--data FOLDER": public sets too)
	@.venv/bin/python -m tests.load.judgement $(BENCH)

bench-win: setup ## measure how much the weights of a WIN score matter (BENCH="--draws 500")
	@.venv/bin/python -m tests.load.win $(BENCH)

bench-live: setup ## measure how soon and how surely listeners hear what happens (BENCH="--sockets 50")
	@.venv/bin/python -m tests.load.live $(BENCH)

bench-dashboard: setup ## measure the dashboard's first load, its board, and how soon others see (BENCH="--tensions 500")
	@.venv/bin/python -m tests.load.dashboard $(BENCH)

screenshots: setup ## take a picture of every screen of the running stack (FOLDER=where)
	@.venv/bin/python -m tests.browser.screenshots "$(or $(FOLDER),screenshots)"

portable: setup ## start it on every kind of machine this one can pretend to be, a line for each (PORTABLE="--only root")
	@.venv/bin/python -m tests.portable $(PORTABLE)

chaos: setup ## watch every server die under load and nothing get lost (CHAOS="--seed 7")
	@.venv/bin/python -m tests.faults.chaos $(CHAOS)

faults: setup ## an hour of random kills, stops and ends under everything people do (SEED=7 MINUTES=5)
	@.venv/bin/python -m tests.faults.marathon $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES))

up: setup ## the whole stack in containers (needs Docker with Compose), dashboards of Grafana and Jaeger included
	@$(TRM) containers --secrets
	@docker compose --env-file deploy/containers.env up --build --detach --wait

down: ## stop the containers; their volumes stay
	@docker compose --env-file deploy/containers.env down
