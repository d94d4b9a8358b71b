# The two commands of a newcomer: `make demo` and `make test`. Each makes the environment first.
OUT ?= .demo-out
PY := .venv/bin/python

.PHONY: env demo test check unit faults bench bench-speed samples lock clean

env: .venv/.complete

.venv/.complete: requirements.lock pyproject.toml bootstrap.sh
	./bootstrap.sh

demo: env
	@code=0; .venv/bin/scanledger run samples --out $(OUT) || code=$$?; \
	case $$code in 0|10|11) exit 0;; *) exit $$code;; esac

test: check unit

check: env
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

unit: env
	$(PY) -m pytest -n auto --dist loadscope

# SIGKILL, full disks, hostile files and names, on the whole program: some 20 minutes. See docs/reliability.md.
faults: env
	$(PY) -m tests.faults

bench: env
	$(PY) -m bench samples --peers

bench-speed: env
	$(PY) -m bench.speed --networks --peers --plot docs/speed.png

samples: env
	$(PY) -m samples.make

# Needs uv, and the network: pins every package with hashes, without addresses.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --output-file requirements.lock

clean:
	rm -rf .venv .venv-peers build *.egg-info $(OUT)
