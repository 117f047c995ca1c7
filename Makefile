# Each target makes the virtual environment first if it is missing or out of date.
PYTHON ?= python3
VENV := .venv
EXTRAS ?= gui,dev
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run setup test lint docs bench mutants campaign package translations

run: setup
	$(BIN)/python main.py

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[$(EXTRAS)]"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-deps einops spandrel  # editor_core/models/upscaler.py
	touch $@

test: setup
	$(BIN)/python -m pytest -q -n auto

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy cache editor_core gui main.py

# The pages of docs/ and the reference from the docstrings, in build/site; a warning is an error.
docs: setup
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: setup
	$(BIN)/python tests/benchmarks/run_all.py

# What Krita and GIMP see, projects with very many turns, then the promises: each goes on where it was interrupted.
campaign: setup
	$(BIN)/python tests/campaign/other_programs.py
	$(BIN)/python tests/campaign/many_turns.py 1000
	$(BIN)/python tests/campaign/lost_turns.py
	$(BIN)/python tests/campaign/cache_lies.py
	$(BIN)/python tests/campaign/faults_injected.py
	$(BIN)/python tests/campaign/stops.py
	$(BIN)/python tests/campaign/hostile_files.py
	$(BIN)/python tests/campaign/cancels.py
	$(BIN)/python tests/campaign/endurance.py
	$(BIN)/python tests/campaign/kills_window.py
	$(BIN)/python tests/campaign/kills_command.py
	if $(BIN)/python -c "import ray"; then $(BIN)/python tests/campaign/remote_faults.py; fi

# How many small faults the nearest tests find, of a random sample: make mutants COUNT=300 SEED=1
COUNT ?= 300
mutants: setup
	PYTHONPATH=tests $(BIN)/python -m mutants --count $(COUNT) $(if $(SEED),--seed $(SEED))

# The installer of this system, in dist/. It makes an environment of its own: see packaging/README.md.
package:
	$(PYTHON) packaging/build.py

translations: setup
	$(BIN)/python packaging/translations.py
