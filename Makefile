# Every target makes its own .venv first: nothing but Python 3.11 and make is needed.
PYTHON ?= python3
BIN := .venv/bin
# Compiled once, not at every start; a test run starts many programs.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo tour test pictures lint format messages simulate mutants crashes breaks outage soak clean bench coverage image-steps

install: .venv/installed

.venv/installed: pyproject.toml uv.lock .ci/uv.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r .ci/uv.txt
	$(BIN)/uv sync --locked --all-extras --quiet --compile-bytecode
	$(BIN)/python -m compileall -q bot momo
	touch $@

demo: install  ## the playground: sandbox, a Telegram on loopback, the real bot, a page to try them on
	@$(BIN)/python -m bot demo

tour: install  ## the same world played through by a script, printed as a transcript
	$(BIN)/python -m bot tour

test: install
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

coverage: install  ## every line and branch of the client is run by its own tests, or this fails
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -q -n 0 tests/momo tests/contract
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

pictures: install  ## the pictures of README and docs, taken anew by the tests of the page
	PICTURES=1 $(BIN)/python -m pytest -n 0 tests/browser/test_trading.py tests/browser/test_looks.py

SEEDS ?= 1:200
JOBS ?= 2

simulate: install  ## the whole bot on a virtual clock, with faults and kills; SEEDS=FIRST:COUNT
	$(BIN)/python -m tests.simulation $(SEEDS) --jobs $(JOBS)

mutants: install  ## the same, with bugs planted: each must be caught
	$(BIN)/python -m tests.simulation --mutants --jobs $(JOBS)

outage: install  ## an hour without MTN, and one without Telegram, on the virtual clock; writes benchmarks/RESULTS.md
	$(BIN)/python -m tests.simulation.outage

TIMES ?= 50

crashes: install  ## the real program killed at every point of the crash matrix, each TIMES times
	$(BIN)/python -m tests.journeys.crash_points $(TIMES)

breaks: install  ## each countermeasure of docs/safety.md taken out in a copy: its test must fail
	$(BIN)/python -m tests.breaks

bench: install  ## the client and the till held against what they stand on; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.client
	$(BIN)/python -m benchmarks.updates
	$(BIN)/python -m benchmarks.callbacks
	$(BIN)/python -m benchmarks.payments
	$(BIN)/python -m benchmarks.history
	$(BIN)/python -m benchmarks.idle --large

MINUTES ?= 60

soak: install  ## the real program trading steadily with faults for so many MINUTES; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.soak $(MINUTES)

image-steps: install  ## what the Dockerfile does, without an engine, and a trial of the program that comes of it
	$(BIN)/python -m tests.image_steps

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

messages: install  ## the catalogues with exactly the sentences of the code; then translate what is new
	$(BIN)/python -m tests.support.messages

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
