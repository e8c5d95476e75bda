# Two commands do everything on a fresh machine with Python 3.11 or newer, git and make:
#   make book    builds the book into _build/html
#   make test    passes the tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: book all docs check compare refresh lint test coverage test-long schemas lock clean help

help:
	@echo "make book       build the HTML book into _build/html"
	@echo "make all        the same with the one-file book, PDFs and Word summaries in _build/html/downloads"
	@echo "make docs       build the documentation into _build/docs/_build/html"
	@echo "make check      say every mistake in every written file"
	@echo "make compare    say what differs from an earlier edition (ARGS=\"main --format markdown\")"
	@echo "make refresh    fetch the publishers' newest figures"
	@echo "make lint       check the code: habits, form, types, imports, spelling, dependencies"
	@echo "make test       run the tests"
	@echo "make coverage   run the tests and say which lines none of them reached"
	@echo "make test-long  run the tests that take longer"
	@echo "make lock       resolve requirements.lock again"
	@echo "make clean      delete everything generated but the environment"

book: $(READY)
	$(BIN)/placebook build $(ARGS)

all: $(READY)
	$(BIN)/placebook build --formats html,single,pdf,word $(ARGS)

docs: $(READY)
	$(BIN)/jupyter-book build docs --path-output _build/docs -W --keep-going --quiet

check: $(READY)
	$(BIN)/placebook check $(ARGS)

compare: $(READY)
	$(BIN)/placebook compare $(ARGS)

refresh: $(READY)
	$(BIN)/placebook refresh $(ARGS)

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/deptry src
	$(BIN)/deptry tests benchmarks tools --exclude '\.venv' --ignore DEP001,DEP002,DEP004

test: $(READY)
	$(BIN)/python -m pytest -q -m "not long" --numprocesses logical --maxprocesses 8 --dist loadfile $(ARGS)

coverage: $(READY)
	$(MAKE) test ARGS="--cov $(ARGS)"

test-long: $(READY)
	$(BIN)/python -m pytest -q -m long $(ARGS)

schemas: $(READY)
	$(BIN)/placebook schemas

# uv comes from the lock, by its hash, and then installs the rest.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@awk '/^uv==/{on=1} on{print} on&&!/\\$$/{exit}' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.lock
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src # also where Python may not write beside what it reads
	@touch $(READY)

lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --generate-hashes \
	  --no-annotate --custom-compile-command "make lock" \
	  --output-file requirements.lock $(ARGS)

clean:
	rm -rf _build book/places book/counties book/generated book/national dist
