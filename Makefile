PYTHON ?= python3
.PHONY: test demo bench bench-export clean

.venv/bin/python:
	$(PYTHON) -m venv .venv

test: .venv/bin/python
	.venv/bin/python -m pip install -q -e '.[test]'
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m pytest -n 2

demo: .venv/bin/python
	.venv/bin/python -m pip install -q -e '.[demo]'
	mkdir -p build/demo
	.venv/bin/symfnn derive --lang en -o build/demo/article.en.md
	.venv/bin/symfnn derive --lang zh -o build/demo/article.zh.md
	.venv/bin/symfnn derive --lang en --format html -o build/demo/article.en.html
	@echo "derived: build/demo/article.en.md, build/demo/article.zh.md, build/demo/article.en.html"
	@echo "a document with four wrong formulas, and derivations from textbooks:"
	.venv/bin/symfnn check demo/notes.md || test $$? -eq 1
	.venv/bin/symfnn check demo/notes.md --format html -o build/demo/notes.html || test $$? -eq 1
	.venv/bin/symfnn check derivations/ -o build/demo/derivations.txt || test $$? -eq 1
	@tail -n 1 build/demo/derivations.txt
	.venv/bin/python demo/digits.py build/demo

bench: .venv/bin/python
	.venv/bin/python -m pip install -q -e .
	.venv/bin/python benchmarks/derive.py
	.venv/bin/python benchmarks/check_speed.py
	.venv/bin/python benchmarks/mutations.py --limit 300

bench-export: .venv/bin/python
	.venv/bin/python -m pip install -q -e '.[bench]'
	.venv/bin/python benchmarks/export.py

clean:
	rm -rf .venv build
