"""The command line as users meet it: results, one clear sentence for what cannot be, exit codes."""

import json
import subprocess
import sys
from importlib import import_module

import pytest
from click.testing import CliRunner

from symfnn.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["derive", *arguments])


def test_article_goes_to_stdout():
    result = run("--notation", "article", "--lang", "zh")
    assert result.exit_code == 0
    assert result.stdout.startswith("# 前馈神经网络")


def test_output_file_and_json(tmp_path):
    target = tmp_path / "out.json"
    result = run("--layers", "4-3-2", "--activation", "relu,softmax", "--loss", "softmax-cross-entropy",
                 "--format", "json", "--unroll", "-o", str(target))  # fmt: skip
    assert result.exit_code == 0
    assert result.stdout == ""
    labels = [f["label"] for f in json.loads(target.read_text(encoding="utf-8"))["formulas"]]
    assert "closed.2" in labels


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--activation", "sigmoyd"], "unknown activation 'sigmoyd'"),
        (["--loss", "mse"], "unknown loss 'mse'"),
        (["--layers", "3--2"], "--layers takes positive widths"),
        (["--layers", "3-0-2"], "positive number of neurons, not 0"),
        (["--layers", "3"], "at least an input and an output layer"),
        (["--layers", "3-2-2", "--activation", "relu,relu,relu,relu"], "4 activations"),
        (["--loss", "softmax-cross-entropy", "--activation", "relu,sigmoid"], "needs softmax"),
        (["--regularizer", "l2"], "needs a loss"),
        (["--loss", "huber", "--regularizer", "l3"], "unknown regularizer 'l3'"),
        (["--loss", "huber", "--regularizer", "l2", "--strength", "-1"], "0 or more"),
        (["--loss", "huber", "--regularizer", "l2", "--strength", "nan"], "0 or more"),
        (["--loss", "huber", "--reduction", "median"], "unknown reduction"),
        (["--unroll"], "needs numbered layers"),
        (["--notation", "other"], "unknown notation"),
        (["-o", "/nowhere/at/all.md"], "cannot write"),
        (["-o", "/"], "cannot write"),
        (["--layers", "3--4-2"], "--layers takes positive widths"),
        (["--layers", "3-2.5-2"], "--layers takes positive widths"),
        (["--layers", ""], "--layers takes positive widths"),
        (["--layers", "2-2", "--activation", "relu,"], "unknown activation ''"),
        (["--activation", "relu,tanh,relu"], "3 activations"),
        (["--loss", "softmax-cross-entropy", "--activation", "sigmoid,relu"], "needs softmax"),
        (["--activation", "relu", "--strength", "1"], "a strength without a regularizer"),
        (["--format", "word"], "Invalid value for '--format'"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(arguments, sentence):
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


def test_pdf_without_an_engine_names_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    result = run("--format", "pdf")
    assert result.exit_code == 2
    assert "texlive-xetex" in result.stderr


def test_quick_work_and_work_without_a_terminal_say_nothing_on_stderr(monkeypatch):
    assert run("--lang", "en").stderr == ""
    monkeypatch.setattr(import_module("symfnn.cli.derive"), "_PATIENCE", 0.0)
    assert run("--layers", "3-2", "--activation", "tanh").stderr == ""


def test_a_sign_of_life_on_a_terminal(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(import_module("symfnn.cli.derive"), "_PATIENCE", 0.0)
    assert "deriving" in run("--layers", "3-2", "--activation", "tanh").stderr


def test_the_module_is_the_command_line():
    found = subprocess.run([sys.executable, "-m", "symfnn", "--help"], capture_output=True, text=True, check=True)
    assert found.stdout.startswith("Usage: python -m symfnn")
