# Every target makes its own .venv first: nothing but Python 3.11 and make is needed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install demo tour test lint format simulate mutants clean

install: .venv/installed

.venv/installed: pyproject.toml uv.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv sync --locked --quiet
	touch $@

demo: install  ## the playground: sandbox, a Telegram on loopback, the real bot, a page to try them on
	$(BIN)/python -m bot demo

tour: install  ## the same world played through by a script, printed as a transcript
	$(BIN)/python -m bot tour

test: install
	$(BIN)/python -m pytest -n 3 --dist loadfile

SEEDS ?= 1:200

simulate: install  ## the whole bot on a virtual clock, with faults and kills; SEEDS=FIRST:COUNT
	$(BIN)/python -m tests.simulation $(SEEDS)

mutants: install  ## the same, with bugs planted: each must be caught
	$(BIN)/python -m tests.simulation --mutants

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
