# tamiz: the commands a newcomer needs are `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help env demo test test-long test-cluster check check-fast bench docs lock clean

help:  ## Show these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

env: $(STAMP)  ## Build .venv with everything (needs Python >= 3.11)

$(STAMP): requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v >= (3, 11) else "tamiz needs Python 3.11 or newer, this is %d.%d; try: make env PYTHON=python3.12" % v)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "building .venv: PyTorch is large, allow a few minutes the first time"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/lock.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: env  ## Run the main job on the embedded data set and print figures and the report's path
	@$(BIN)/tamiz demo
	@echo "tamiz is .venv/bin/tamiz; to type just 'tamiz' in this shell: . .venv/bin/activate"

test: env  ## Run the tests, on all cores; a file's tests on one of them
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

test-long: env  ## The tests that take over twenty seconds each
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "long and not cluster"

# Two processes: one that had a Ray of its own cannot join a cluster whose nodes have no token.
test-cluster: env  ## The tests that start Ray nodes, one after another
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m cluster tests/workers/test_ray.py
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m cluster --ignore tests/workers/test_ray.py

check: env  ## Format, lint, types, import contracts, documentation
	@BIN=$(BIN) sh tools/check.sh

check-fast: env  ## The quick half of check, on the whole tree
	@BIN=$(BIN) sh tools/check.sh fast

bench: env  ## Run the benchmarks (long: peers get an environment of their own)
	@$(BIN)/python benchmarks/run_all.py

docs: env  ## Build the documentation into site/
	@$(BIN)/mkdocs build --strict

lock:  ## Renew the hashed pins (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --output-file requirements/lock.txt

clean:  ## Remove what the commands above made
	rm -rf .venv site .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
