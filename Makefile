PYTHON ?= python3
.PHONY: test clean

.venv/bin/python:
	$(PYTHON) -m venv .venv

test: .venv/bin/python
	.venv/bin/python -m pip install -q -e '.[test]'
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m pytest -n 2

clean:
	rm -rf .venv build
