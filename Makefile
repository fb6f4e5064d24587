# The two commands of the README: `make demo` and `make test`. Everything else is a part of the second.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
LIBRARY_TESTS := tests/inputs/configs/test_libraries.py tests/rng/libs/test_rare_libs.py tests/rng/test_children_jax.py tests/determinism/test_tensorflow.py

DATA_TESTS := tests/inputs/test_readers.py tests/inputs/test_pointers.py tests/kernel/test_inputs.py tests/kernel/test_http_cell.py tests/bundle/test_recorded_http.py

CHECKPOINT_TESTS := $(addprefix tests/checkpoints/test_,lightning.py transformers.py other_kinds.py notebook.py)

PANEL := src/jupyter_repro/labextension/package.json
PANEL_SOURCES := $(shell find labextension/src labextension/style labextension/schema -type f -not -path '*/__tests__/*') \
  $(addprefix labextension/,package.json core.package.json tsconfig.json)
NODE_MODULES := labextension/node_modules/.package-lock.json

.PHONY: golden
.PHONY: demo test libraries data-libraries stores checkpoints sweeps trackers cluster formats round-trip lint types architecture docs bench truth coverage outputs timing gpu transcript rules clean
.PHONY: panel panel-tests panel-versions browser

demo:
	scripts/demo.sh

test: lint types architecture docs panel-tests browser
	$(BIN)/python -m pytest -n 2 --dist loadscope

# the JupyterLab extension: built here, shipped in the wheel
panel: $(PANEL)

$(PANEL): $(NODE_MODULES) $(PANEL_SOURCES)
	cd labextension && npm run build:prod

$(NODE_MODULES): labextension/package-lock.json
	@command -v npm >/dev/null || { echo "error: the panel is built with npm; hint: install Node.js 20" >&2; exit 1; }
	cd labextension && npm ci --ignore-scripts
	touch $@

panel-tests: $(NODE_MODULES)
	! grep -q '"resolved"' labextension/package-lock.json
	cd labextension && npm run lint:check && npm test

# the wheel in a JupyterLab and a Notebook, in Chromium
browser: $(PANEL)
	scripts/browser.sh .venv-browser

# the same wheel in every JupyterLab and Notebook that it is for
panel-versions: $(STAMP) $(PANEL)
	scripts/panel_versions.sh .venv-panels

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

# what a bundle says in the formats of others, read by their own tools
formats:
	scripts/make_venv.sh .venv-formats
	.venv-formats/bin/python -m pip install --quiet --editable ".[formats]"
	.venv-formats/bin/python -m pytest -q tests/bundle/test_formats.py tests/bundle/test_sigstore.py

# a notebook with torch, pandas, matplotlib, an editable and a git package: exported, verified elsewhere, without a network
round-trip: $(STAMP)
	$(BIN)/python scripts/round_trip.py

# the run catalog against an S3 server of its own
stores:
	scripts/make_venv.sh .venv-stores
	.venv-stores/bin/python -m pip install --quiet --editable ".[stores]"
	.venv-stores/bin/python -m pytest -q tests/store/catalog/test_s3.py

# checkpoints: the callbacks of Lightning and transformers, loaders of torchdata, estimators through skops
checkpoints:
	scripts/make_venv.sh .venv-checkpoints
	.venv-checkpoints/bin/python -m pip install --quiet torch==2.13.0
	.venv-checkpoints/bin/python -m pip install --quiet --editable ".[checkpoints,checkpoint-tests]"
	.venv-checkpoints/bin/python -m pytest -q -n 2 $(CHECKPOINT_TESTS)

# many bundles on a Dask cluster of this machine
cluster:
	scripts/make_venv.sh .venv-cluster
	.venv-cluster/bin/python -m pip install --quiet --editable ".[cluster,dev]"
	.venv-cluster/bin/python -m pytest -q tests/engines/test_dask.py

# runs of MLflow, Weights & Biases, DVC, Hydra, Sacred and datasets beside ours, and the notebook that teaches it
trackers:
	scripts/make_venv.sh .venv-trackers
	.venv-trackers/bin/python -m pip install --quiet --editable ".[trackers]"
	.venv-trackers/bin/python -m pytest -q tests/trackers
	MLFLOW_DISABLE_TELEMETRY=true .venv-trackers/bin/jupyter repro prove notebooks/trackers.ipynb

# sweeps on the engines of others: the same digest from each; and the notebook that teaches them
sweeps:
	scripts/make_venv.sh .venv-sweeps
	.venv-sweeps/bin/python -m pip install --quiet --editable ".[sweeps]"
	scripts/install_slurm.sh
	.venv-sweeps/bin/python -m pytest -q tests/engines/test_executors.py tests/engines/test_slurm.py
	.venv-sweeps/bin/jupyter repro prove notebooks/sweep.ipynb

# the run of training that later ones have to follow, by bits where it was recorded and by its envelope elsewhere
golden: $(STAMP)
	$(BIN)/jupyter-repro golden check goldens/digits_resnet.py
	$(BIN)/jupyter-repro prove notebooks/golden.ipynb

lint: $(STAMP)
	$(BIN)/ruff check src tests benchmarks scripts goldens
	$(BIN)/ruff format --check src tests benchmarks scripts goldens

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
	$(BIN)/python benchmarks/sweep.py

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

timing: $(STAMP)
	$(BIN)/python benchmarks/verify/timing.py --write

gpu: $(STAMP)
	$(BIN)/python benchmarks/gpu/run.py --write

transcript: $(STAMP)
	$(BIN)/python scripts/transcript.py

rules: $(STAMP)
	$(BIN)/python scripts/rules_page.py

clean:
	rm -rf $(VENV) .venv-libraries .venv-data .venv-stores .venv-checkpoints .venv-sweeps .venv-trackers .venv-formats .venv-browser .venv-panels labextension/node_modules labextension/lib src/jupyter_repro/labextension build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
