# Every target sees to its own set-up: a virtual environment with what requirements.lock pins.
# On Windows, or without make, the same steps as plain commands are in CONTRIBUTING.md.

PYTHON ?= python3
PORT ?= 5006
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: help serve serve-class test lint format bench lock chromium nginx clean

help:
	@echo "make serve    open the dashboard at http://localhost:$(PORT)/app"
	@echo "make serve-class   the same for a class: several processes behind nginx (docs/serving.md)"
	@echo "make test     run every test (needs NEST and a Chromium, and sees to both)"
	@echo "make lint     check style and types        make format   apply the style"
	@echo "make bench    print the benchmark tables   make lock     renew requirements.lock"

serve: $(READY)
	@echo "Glifscope starts at http://localhost:$(PORT)/app (Ctrl-C stops it)"
	BOKEH_RESOURCES=server $(BIN)/panel serve app --port $(PORT) --liveness

# OPTIONS: such as --public https://glif.example.edu; what there is: make serve-class OPTIONS=--help
serve-class: $(READY) nginx
	$(BIN)/python deploy/serve_class.py --port $(PORT) $(OPTIONS)

test: $(READY) chromium nginx
	$(BIN)/python -m pytest --numprocesses=2 --no-loadscope-reorder

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright

format: $(READY)
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

bench: $(READY) chromium
	$(BIN)/python -m tests.benchmarks

# --no-emit-*: a lock file here names packages, versions and hashes, never an address.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	    --fork-strategy fewest --generate-hashes --upgrade --quiet --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links --output-file requirements.lock

chromium:
	@sh tests/browser/chromium.sh

nginx:
	@sh deploy/nginx.sh

clean:
	rm -rf $(VENV)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Python 3.11 or newer is needed; say which with: make PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	    || { rm -rf $(VENV); echo "Python has no venv; on Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
