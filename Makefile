# Two commands on a fresh machine: make demo, make test. The virtual environment makes itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench fuzz docs pins messages clean

demo: $(READY)
	$(BIN)/regulars demo

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_catalogues.py

bench: $(READY)
	$(BIN)/python -m benchmarks

# Bytes guided by coverage into the readers, for two minutes; what they find is written beside you as crash-… or oom-….
fuzz: $(READY)
	$(BIN)/pip install --quiet '.[fuzz]'
	$(BIN)/python fuzz/reading.py -max_total_time=120

docs: $(READY)
	$(BIN)/python -m regulars.surfaces.sketch
	$(BIN)/python docs/write_reference.py
	$(BIN)/python docs/write_tutorial.py

# New versions of everything, tried out and written down: names and versions only.
pins:
	$(PYTHON) -m venv $(VENV)/pins
	$(VENV)/pins/bin/pip install --quiet --upgrade --editable '.[dev]'
	$(VENV)/pins/bin/pip list --format=freeze --exclude-editable --exclude pip --exclude setuptools > constraints.txt
	rm -rf $(VENV)/pins

# The texts of the source, merged into the catalogues; new ones are left empty for a translator, and the tests say so.
messages: $(READY)
	$(BIN)/python -m tests.catalogues

$(READY): pyproject.toml constraints.txt package-lock.json
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which one with: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis src/regulars/static/vendor
