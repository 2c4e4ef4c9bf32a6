"""The commands check, explain and notations as users meet them."""

import json

import fake_checker
import pytest
from click.testing import CliRunner

import symfnn
from symfnn.check import checker
from symfnn.cli import main

RIGHT, WRONG, OPEN = "$a = b$\n", "$a = WRONG$\n", "$a = OPEN$\n"


@pytest.fixture(autouse=True)
def _fake(monkeypatch):
    monkeypatch.setattr(checker, "check_document", fake_checker.check_document)


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def written(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (RIGHT, [], 0),
        (RIGHT, ["--strict"], 0),
        (WRONG, [], 1),
        (OPEN, [], 0),
        (OPEN, ["--strict"], 3),
        (OPEN + "\n" + WRONG, ["--strict"], 1),
        ("<!-- symfnn: expect refuted -->\n\n" + WRONG, ["--strict"], 0),
        ("<!-- symfnn: expect refuted -->\n\n" + RIGHT, [], 1),
        ("<!-- symfnn: ignore -->\n\n" + RIGHT, [], 0),
        ("<!-- symfnn: ignore -->\n\n" + RIGHT, ["--strict"], 3),
        ("nothing", [], 0),
    ],
)
def test_exit_codes(tmp_path, text, options, code):
    result = run("check", written(tmp_path, notes=text) / "notes.md", *options)
    assert result.exit_code == code, result.output


def test_the_report_goes_to_stdout_and_shows_the_place(tmp_path):
    result = run("check", written(tmp_path, notes="so $a = WRONG$\n") / "notes.md")
    lines = result.stdout.splitlines()
    assert lines[0].endswith("notes.md:1:9: refuted[code-wrong]: it says WRONG")
    assert lines[2:4] == ["1 | so $a = WRONG$", "  |         ^^^^^"]
    assert lines[-1] == "1 refuted in 1 document"
    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_verbose_lists_what_is_proved(tmp_path):
    path = written(tmp_path, notes=RIGHT) / "notes.md"
    assert "proved  a = b" in run("check", path, "--verbose").stdout
    assert "proved  a = b" not in run("check", path).stdout


def test_one_formula():
    result = run("check", "--formula", "a = WRONG", "--format", "json")
    (statement,) = json.loads(result.stdout)["documents"][0]["statements"]
    assert (statement["line"], statement["column"], statement["end_column"]) == (1, 1, 10)
    assert result.exit_code == 1


def test_directories_are_walked_in_order_and_once(tmp_path):
    folder = written(tmp_path, b=RIGHT, a=RIGHT)
    (folder / "sub").mkdir()
    (folder / "sub" / "c.tex").write_text("\\[a = b\\]", encoding="utf-8")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "d.md").write_text(WRONG, encoding="utf-8")
    (folder / "table.csv").write_text("$WRONG$", encoding="utf-8")
    (folder / "requirements.txt").write_text("$WRONG$", encoding="utf-8")
    result = run("check", folder, folder / "a.md", "--format", "json")
    names = [document["path"].removeprefix(str(folder)) for document in json.loads(result.stdout)["documents"]]
    assert names == ["/a.md", "/b.md", "/sub/c.tex"]


def test_a_file_that_cannot_be_read_keeps_no_other_back(tmp_path):
    folder = written(tmp_path, good=RIGHT, bad="")
    (folder / "bad.md").write_bytes(b"\xff\xfe\x00\xd8")
    result = run("check", folder)
    assert result.exit_code == 2
    assert "bad.md" in result.stderr
    assert "1 proved in 1 document" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "give paths, or one --formula"),
        (["x.md", "--formula", "a"], "give paths, or one --formula"),
        (["/nowhere/x.md"], "no such file or directory"),
        (["--formula", "a", "--timeout", "0"], "--timeout"),
        (["--formula", "a", "--format", "word"], "--format"),
        (["--formula", "a", "-o", "/nowhere/at/all"], "cannot write"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_exit_code_two(arguments, sentence):
    result = run("check", *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


def test_options_reach_the_checker(tmp_path):
    own = tmp_path / "own.md"
    own.write_text("", encoding="utf-8")
    arguments = ("--activation", "tanh", "--loss", "huber", "--timeout", "2.5", "--format", "json")
    for notation in ("nielsen", str(own)):
        result = run("check", "--formula", "a = b", "--notation", notation, *arguments)
        assert json.loads(result.stdout)["documents"][0]["notation"] == f"{notation} tanh huber 2.5"


def test_an_output_file_is_plain(tmp_path):
    target = tmp_path / "report.txt"
    result = run("check", "--formula", "a = WRONG", "-o", target)
    assert result.stdout == ""
    assert target.read_text(encoding="utf-8").startswith("<formula>:1:5: refuted[code-wrong]")


def test_explain_prints_the_page_of_a_code():
    result = run("explain", "transposed-factor")
    assert result.exit_code == 0
    assert result.stdout.startswith("# transposed-factor\n")
    assert "$$" in result.stdout


def test_explain_suggests_codes_that_are_written_alike():
    result = run("explain", "transposed-faktor")
    assert result.exit_code == 2
    assert "did you mean transposed-factor" in result.stderr


def test_notations_are_listed_and_printed(tmp_path, monkeypatch):
    texts = {"nielsen": "# Nielsen's notation\n\n$a$\n", "ng": "# Ng\n"}
    written(tmp_path, **texts)
    monkeypatch.setattr("symfnn.cli.notations.resources.files", lambda package: tmp_path)
    assert run("notations").stdout == "ng       Ng\nnielsen  Nielsen's notation\n"
    assert run("notations", "nielsen").stdout == texts["nielsen"]
    result = run("notations", "nilsen")
    assert result.exit_code == 2
    assert "did you mean nielsen" in result.stderr


def test_from_python(tmp_path):
    path = written(tmp_path, notes=WRONG) / "notes.md"
    for source in (
        path,
        str(path),
        "so $a = WRONG$",
        "a = WRONG",
        r"\begin{document}\[a = WRONG\]\end{document}",
        tmp_path,
    ):
        found = symfnn.check(source, notation="ng", activation="tanh")
        assert [str(s.verdict) for s in found.statements] == ["refuted"]
        assert found.is_wrong
        assert found.summary == {"refuted": 1}
        assert found.report.documents[0].notation == "ng tanh None 10.0"
    assert "refuted[code-wrong]" in str(found)
    assert found._repr_html_().startswith('<div class="symfnn">')


def test_a_file_that_is_not_there_is_an_error_in_python():
    with pytest.raises(symfnn.DocumentError, match="no such file"):
        symfnn.check("missing.md")
