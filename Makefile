# Everything a developer runs. The first target that needs it builds .venv; nothing else is touched.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: run test lint types tests test-clients test-llm bench soak fuzz screenshots snapshots audit lock clean

run: $(STAMP)
	@$(BIN)/lynkr-tui demo

test: lint types tests

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(STAMP)
	$(BIN)/mypy

tests: $(STAMP)
	$(BIN)/pytest --numprocesses auto --dist worksteal --cov --cov-report=term

# Real clients alone; `make test` runs them too. They are installed into .clients on the first call.
test-clients: $(STAMP)
	$(BIN)/pytest -m client --durations=10 tests/clients

# A real small model behind the proxy. Its server is compiled on the first call: eight minutes on
# two cores (CMAKE_BUILD_PARALLEL_LEVEL=1 spares one). `make test` skips these tests.
test-llm: $(STAMP)
	$(BIN)/pytest -m llm tests/llm

bench: $(STAMP)
	$(BIN)/python -m tests.benchmarks

# An hour of a day's work at 50 exchanges a second with every fault mixed in (SECONDS=60 is a taste),
# and then what a request costs once much has gone before it: some minutes.
SECONDS ?= 3600
soak: $(STAMP)
	$(BIN)/python -m tests.soak --seconds $(SECONDS)
	$(BIN)/python -m tests.soak.growth

# Each target for so many seconds; what breaks one is kept in tests/fuzz/found, and run by `make test`.
FUZZ_SECONDS ?= 300
FUZZ := .venv/.fuzz
fuzz: $(FUZZ)
	@for target in sse stream answer body; do \
		$(BIN)/python -m tests.fuzz $$target --seconds $(FUZZ_SECONDS) || exit 1; done

$(FUZZ): $(STAMP)
	-$(BIN)/pip install --quiet --group fuzz
	@touch $@

screenshots: $(STAMP)
	$(BIN)/python -m tests.screenshots

# Keeps the pictures that tests compare each screen with, as they are now. Look before you commit.
snapshots: $(STAMP)
	$(BIN)/pytest --renew-snapshots tests/app/test_pictures.py tests/app/newcomer/test_wizard_pictures.py tests/app/test_themes.py

# Known holes in what is locked. It asks a public database, and fails where that can't be reached.
AUDIT := .venv/.audit
audit: $(AUDIT)
	@$(AUDIT)/bin/pip-audit --strict --no-deps --disable-pip --requirement requirements.lock || { \
		echo "make audit: holes are listed above, or the database could not be asked"; exit 1; }

$(AUDIT): $(STAMP)
	$(PYTHON) -m venv $@
	$@/bin/pip install --quiet pip-audit

# The lock and the licences, after a change of pyproject.toml or to take newer versions.
lock: $(STAMP)
	$(BIN)/python -m tests.lock
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m tests.licences

# What is locked is checked by its hashes. torch is pinned in constraints.txt by its version alone, so
# that a machine without a GPU takes a CPU build; the last line also takes what the lock lacks.
$(STAMP): pyproject.toml constraints.txt requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .clients
