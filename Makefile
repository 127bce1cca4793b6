# Everything a newcomer, an operator or a CI machine types. Each target sets up what it needs: a machine with Python 3.11 or
# newer, make and git is enough. After the first set-up nothing is fetched any more: stamps say what is there.

PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
READY := .venv/.ready
INTEROP := tests/interop/node_modules/.ready
AXE := tests/browser/node_modules/.ready
RUN := requirements/dev.txt pyproject.toml

.DEFAULT_GOAL := run
.PHONY: help install run test test-all torture check bench matrix lock synapse interop tinydb browser format

help:
	@echo "make run [PORT=8091]   play Kring in your browser / speel Kring in je browser"
	@echo "make install           set up .venv/bin/kring and start nothing / zet .venv/bin/kring klaar en start niets"
	@echo "make matrix            a Matrix server here, with sample people / een Matrix-server hier, met voorbeeldmensen"
	@echo "make test, make check  all tests; style, types and pages / alle tests; stijl, types en pagina's"

install: $(READY)

run: $(READY)
	$(BIN)/kring try $(if $(PORT),--port $(PORT))

test: $(READY) synapse interop tinydb
	$(BIN)/python -m pytest -m "not slow and not torture"

test-all: $(READY) synapse interop tinydb browser
	$(BIN)/python -m pytest

# The long form of the faults that the store must survive: about a quarter of an hour, with the counts.
torture: $(READY)
	$(BIN)/python -m pytest -m torture -s tests

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot.catalogues check
	$(BIN)/python docs/check.py

bench: $(READY)
	$(BIN)/python -m bench

matrix: $(READY) synapse
	$(BIN)/python tests/local_matrix.py

# Write requirements/*.txt anew, at the newest versions that pyproject.toml allows.
lock: $(READY)
	$(BIN)/python requirements/lock.py

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(READY): $(RUN)
	@test -n "$(PYTHON)" || { echo "Kring needs Python 3.11 or newer: install it, or name it (make PYTHON=...)" >&2; exit 2; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { echo "Install the venv module of Python (Debian: python3-venv)" >&2; exit 2; }
	$(PIP) install --quiet --require-hashes --requirement requirements/dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The homeserver of the tests lives in an environment of its own; the script knows what is installed already.
synapse: $(READY)
	$(BIN)/python tests/install_synapse.py

# TinyDB's own tests, which run against our storage; the script knows what was fetched already.
tinydb: $(READY)
	$(BIN)/python tests/install_tinydb_suite.py

# Element's crypto library talks with the bot in the tests where Node is; on a CI machine Node must be there.
interop: $(INTEROP)

ifneq ($(shell command -v npm 2>/dev/null),)
$(INTEROP): tests/interop/package-lock.json
	npm ci --prefix tests/interop --no-audit --no-fund --loglevel=error
	@touch $@
else
$(INTEROP):
	@test -z "$$CI" || { echo "npm is missing: install Node 20 or newer" >&2; exit 2; }
	@echo "No Node here: the tests with Element's crypto library are skipped"
endif

# The page is tried in a real browser, and judged by axe-core; both only in `make test-all`.
browser: $(READY) $(AXE)
	$(BIN)/python tests/install_chromium.py

ifneq ($(shell command -v npm 2>/dev/null),)
$(AXE): tests/browser/package-lock.json
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
else
$(AXE):
	@test -z "$$CI" || { echo "npm is missing: install Node 20 or newer" >&2; exit 2; }
	@echo "No Node here: the page is not judged by axe-core"
endif
