# The two commands of the README: `make demo` and `make test`. Everything else is a part of the second.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
LIBRARY_TESTS := tests/inputs/configs/test_libraries.py tests/rng/libs/test_rare_libs.py tests/rng/test_children_jax.py tests/determinism/test_tensorflow.py

DATA_TESTS := tests/inputs/test_readers.py tests/inputs/test_pointers.py tests/kernel/test_inputs.py tests/kernel/test_http_cell.py

.PHONY: demo test libraries data-libraries stores lint types architecture docs bench truth coverage outputs gpu transcript rules clean

demo:
	scripts/demo.sh

test: lint types architecture docs
	$(BIN)/python -m pytest -n 2 --dist loadscope

# seeds, switches and configurations against libraries that are too large for the first command
libraries:
	scripts/make_venv.sh .venv-libraries
	.venv-libraries/bin/python -m pip install --quiet --editable ".[libraries]"
	.venv-libraries/bin/python -m pytest -q $(LIBRARY_TESTS)

# DVC, readers written in C, clients of the web
data-libraries:
	scripts/make_venv.sh .venv-data
	.venv-data/bin/python -m pip install --quiet --editable ".[data-libraries]"
	.venv-data/bin/python -m pytest -q $(DATA_TESTS)

# the run catalog against an S3 server of its own
stores:
	scripts/make_venv.sh .venv-stores
	.venv-stores/bin/python -m pip install --quiet --editable ".[stores]"
	.venv-stores/bin/python -m pytest -q tests/store/catalog/test_s3.py

lint: $(STAMP)
	$(BIN)/ruff check src tests benchmarks scripts
	$(BIN)/ruff format --check src tests benchmarks scripts

types: $(STAMP)
	$(BIN)/mypy

architecture: $(STAMP)
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/python scripts/check_docs.py
	$(BIN)/python scripts/rules_page.py --check

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/capture.py

$(STAMP): pyproject.toml scripts/make_venv.sh scripts/install_bubblewrap.sh
	scripts/install_bubblewrap.sh
	scripts/make_venv.sh $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable ".[demo,dev]"
	touch $@

truth: $(STAMP)
	$(BIN)/python benchmarks/truth/run.py --sessions 5000 --peer ipyflow --write

coverage: $(STAMP)
	$(BIN)/python benchmarks/coverage/run.py --write

outputs: $(STAMP)
	$(BIN)/python benchmarks/verify/run.py --write

gpu: $(STAMP)
	$(BIN)/python benchmarks/gpu/run.py --write

transcript: $(STAMP)
	$(BIN)/python scripts/transcript.py

rules: $(STAMP)
	$(BIN)/python scripts/rules_page.py

clean:
	rm -rf $(VENV) .venv-libraries .venv-data .venv-stores build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
