# Commune Health Atlas: make run, make test, make bench.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
export ATLAS_STORE ?= .atlas/store

.PHONY: run test check bench clean

run: $(VENV)/.run
	$(BIN)/python -m data demo --if-empty
	$(BIN)/streamlit run app.py --server.port $(PORT) --server.headless true

test: check
	$(BIN)/python -m pytest -n auto --dist loadfile --durations=10 $(PYTEST)

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test
	$(BIN)/python -m bench

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python requirements.txt constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.test: $(VENV)/.run requirements-test.txt requirements-postgres.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	touch $@

clean:
	rm -rf $(VENV) .atlas .pytest_cache .mypy_cache .ruff_cache .hypothesis
