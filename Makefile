# Jianyan: everything a person or a machine does with this repository starts here.
# Needed for `make demo`: Python 3.11 or later and the package index, nothing else.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export PORT

# A stamp carries the hash of the requirement file it was made from, so a change of the lock, and
# nothing else, makes the installation run again.
hash = $(shell cksum requirements/$(1).txt | cut -d' ' -f1)
PRODUCTION := $(VENV)/production-$(call hash,production)
DEVELOPMENT := $(VENV)/development-$(call hash,development)

SOURCES := manage.py portal home consultations decisions tests
CATALOGUES := $(wildcard portal/locale/*/LC_MESSAGES/django.po)
COMPILED := $(CATALOGUES:.po=.mo)

.PHONY: help demo test lint format bench scale messages lock clean

help:
	@echo "make demo      the demo city on http://127.0.0.1:$(PORT)/"
	@echo "make test      lint, then every test, with the servers they need"
	@echo "make lint      style, types, templates, import contracts, migrations, translations"
	@echo "make format    put the code into its form"
	@echo "make bench     figures, one a line; ONLY=name for one of them"
	@echo "make scale     figures that take minutes"
	@echo "make messages  collect the texts to translate (needs gettext)"
	@echo "make lock      resolve the requirement files anew"

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)

$(PRODUCTION): | $(BIN)/python
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements/production.txt
	rm -f $(VENV)/production-*
	touch $@

# The lock names every package, so nothing is resolved anew: a release of today changes nothing.
# The development lock holds every production package at the same version.
$(DEVELOPMENT): | $(BIN)/python
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements/development.txt
	rm -f $(VENV)/development-* $(VENV)/production-*
	touch $@ $(PRODUCTION)

%.mo: %.po | $(PRODUCTION)
	$(BIN)/pybabel --quiet compile -i $< -o $@

demo: $(PRODUCTION) $(COMPILED)
	@VENV=$(VENV) sh deploy/demo.sh

# With CI=true the first step installs the Debian packages that the others need.
test: $(DEVELOPMENT)
	$(BIN)/python -m tests.services.packages
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m tests.run

lint: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet portal home consultations decisions
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.lint.requirements
	$(BIN)/python -m tests.lint.messages

format: $(DEVELOPMENT)
	$(BIN)/ruff check --fix-only $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: $(DEVELOPMENT) $(COMPILED)
	@$(BIN)/python -m tests.benchmarks $(ONLY)

scale: $(DEVELOPMENT) $(COMPILED)
	@$(BIN)/python -m tests.benchmarks --scale $(ONLY)

messages: $(DEVELOPMENT)
	$(BIN)/python manage.py makemessages --all --no-wrap --add-location file \
		--ignore .venv --ignore var --ignore staticfiles --ignore tests

lock: | $(BIN)/python
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml $(LOCK) -o requirements/production.txt
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --group dev -c requirements/production.txt \
		-o requirements/development.txt

LOCK := --quiet --universal -p 3.11 --no-emit-index-url --generate-hashes \
	--custom-compile-command "make lock"

clean:
	rm -rf $(VENV) var staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -f $(COMPILED)
