"""Verdicts on equations from public documents, beside labels that were set by hand.

    python benchmarks/corpus.py FOLDER [--mode bare|declared] [--preambles FOLDER] [--json FILE] [DOCUMENT…]

The folder holds ``*.documents.json`` and ``*.equations.jsonl``. Each document becomes one Markdown document with its
equations in order; in the mode *declared* a preamble in plain LaTeX states its shapes and definitions before them.
Labels that depend on an unstated choice are counted apart.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from symfnn import errors
from symfnn.check.checker import Options, check_document
from symfnn.documents.reader import read_text
from symfnn.latex.parser import parse
from symfnn.latex.syntax import Relation
from symfnn.latex.writing import write

PREAMBLES = Path(__file__).parents[1] / "tests" / "corpus"
WRONG, STATED = {"refuted", "ill-shaped"}, {"definition", "declaration", "assignment"}
MAY_STATE = {"definition", "forward", "loss", "regulariser", "softmax", "update", "other"}
STANDS = {"true proved", "true tested", "true stated"}
COLUMNS = ("true proved", "true tested", "true stated", "true undecided", "TRUE REFUTED",
           "false refuted", "false undecided", "FALSE ACCEPTED")  # fmt: skip


def document(equations, preamble):
    """The text, and the lines of each equation."""
    text, places = [*preamble.splitlines(), ""], {}
    for one in equations:
        body = one["latex"].splitlines()
        if "&" in one["latex"] and r"\begin" not in one["latex"]:
            body = [r"\begin{aligned}", *body, r"\end{aligned}"]
        places[one["id"]] = (len(text) + 2, len(text) + 1 + len(body))
        text += ["$$", *body, "$$", ""]
    return "\n".join(text), places


def outcome(verdicts, one):
    """One column of the table for an equation with its verdicts; what is stated decides nothing about a gradient."""
    if any(verdict in WRONG for verdict in verdicts):
        said = "refuted"
    elif not verdicts or "undecided" in verdicts:
        said = "undecided"
    else:
        said = next((name for name in ("tested", "proved") if name in verdicts), "stated")
    if said == "stated" and (one["truth"] == "false" or one["kind"] not in MAY_STATE):
        said = "undecided"
    if one["truth"] == "true":
        return "TRUE REFUTED" if said == "refuted" else f"true {said}"
    return f"false {said}" if said in ("refuted", "undecided") else "FALSE ACCEPTED"


def checked(name, equations, preamble, timeout):
    """(equation, column, the statements of it) for each labelled equation, and what a check says of each repair."""
    text, places = document(equations, preamble)
    source = read_text(name, text, "markdown")
    report = check_document(source, None, Options(timeout=timeout))
    found = [(source.source.position(s.span.start).line, s) for s in report.statements]
    for one in equations:
        if one["truth"] in ("true", "false"):
            low, high = places[one["id"]]
            own = [s for line, s in found if low <= line <= high]
            yield one, outcome([str(s.verdict) for s in own], one), own


def repair_of(one, own):
    """The repair offered for a false equation, if any."""
    repairs = [link.finding.repair for s in own for link in s.links if link.finding.repair is not None]
    return repairs[0].latex if repairs and one["truth"] == "false" else None


def sides(latex):
    """What stands before, between and behind the signs of equality outside all scripts and brackets."""
    try:
        statement = parse(latex.replace("&", ""))[0]
    except (errors.LatexError, IndexError):
        return []
    parts = statement.content.parts if isinstance(statement.content, Relation) else ()
    return [write(part) for part in parts if part is not None]


def verdict_on(equations, place, preamble, latex, timeout):
    """What a check says of a formula that stands in the place of an equation."""
    link = {**equations[place], "latex": latex, "id": "link", "truth": "true", "kind": "forward"}
    made = list(checked("repair", [*equations[:place], link], preamble, timeout))
    return made[-1][1] if made else "true undecided"


def same(equations, place, preamble, repair, timeout):
    """Whether a repair says what the correction says: the sides that were mended are proved equal in the document."""
    stated, corrected, offered = (
        sides(latex) for latex in (equations[place]["latex"], equations[place]["corrected"], repair)
    )
    if not corrected or not offered:
        return False
    end = 0 if offered[-1] in stated and offered[0] not in stated else -1
    left, right = corrected[end], offered[end]
    return left == right or verdict_on(equations, place, preamble, f"{left} = {right}", timeout) == "true proved"


def run(name, equations, preamble, timeout, rows, counts):
    for one, column, own in checked(name, equations, preamble, timeout):
        counts["soft " + column if "ambiguous" in one and column.isupper() else column] += 1
        row = {"id": one["id"], "truth": one["truth"], "outcome": column, "ambiguous": "ambiguous" in one}
        if one["truth"] == "false" and column == "false refuted" and one.get("corrected"):
            row |= repaired(equations, one, preamble, repair_of(one, own), timeout, counts)
        rows.append(row)


def repaired(equations, one, preamble, repair, timeout, counts):
    """What is offered for a wrong equation, beside its correction; that has to stand in the shapes as declared."""
    place = next(k for k, other in enumerate(equations) if other is one)
    stands = verdict_on(equations, place, preamble, one["corrected"], timeout) in STANDS
    row = {"repair": repair, "correction stands": stands, "as corrected": False}
    if repair is not None:
        row["as corrected"] = same(equations, place, preamble, repair, timeout)
    counts["corrections that stand"] += stands
    counts["repairs"] += repair is not None
    counts["repairs as corrected"] += row["as corrected"]
    counts["of these"] += stands and row["as corrected"]
    return row


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("documents", nargs="*")
    parser.add_argument("--mode", choices=("bare", "declared"), default="declared")
    parser.add_argument("--preambles", type=Path, default=PREAMBLES)
    parser.add_argument("--timeout", type=float, default=5.0)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def main():
    options = arguments()
    files = [] if options.folder is None else sorted(options.folder.glob("*.equations.jsonl"))
    if not files:
        sys.exit("name a folder with *.equations.jsonl, the labelled equations: benchmarks/corpus.py FOLDER")
    equations = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    documents = defaultdict(list)
    for one in equations:
        documents[one["doc"]].append(one)
    rows, table = [], {}
    print("document".ljust(30), *(name.rjust(len(name)) for name in COLUMNS))
    for name, own in documents.items():
        if options.documents and name not in options.documents:
            continue
        file = options.preambles / f"{name}.md"
        preamble = file.read_text("utf-8") if options.mode == "declared" and file.exists() else ""
        counts = table[name] = Counter()
        run(name, own, preamble, options.timeout, rows, counts)
        print(name.ljust(30), *(str(counts[c]).rjust(len(c)) for c in COLUMNS), flush=True)
    summary(options, rows, table)


def summary(options, rows, table):
    total = sum(table.values(), Counter())
    print("in all".ljust(30), *(str(total[c]).rjust(len(c)) for c in COLUMNS))
    decided = [row for row in rows if not row["outcome"].endswith("undecided")]
    proved, true = total["true proved"], sum(row["truth"] == "true" for row in decided)
    print(f"{options.mode}: decided {len(decided)} of {len(rows)} = {len(decided) / max(1, len(rows)):.1%};", end=" ")
    print(f"wrong verdicts {total['TRUE REFUTED'] + total['FALSE ACCEPTED']},", end=" ")
    print(f"against ambiguous labels {total['soft TRUE REFUTED'] + total['soft FALSE ACCEPTED']};", end=" ")
    print(f"of the true ones decided {proved} of {true} are proved", end="; ")
    print(f"repairs {total['repairs']}, as the correction {total['repairs as corrected']}")
    print(f"of {total['corrections that stand']} corrections that stand as the shapes are declared,", end=" ")
    print(f"{total['of these']} are what is offered")
    for row in rows:
        if row["outcome"].isupper():
            print(row["id"], row["outcome"], "(label ambiguous)" if row["ambiguous"] else "")
    if options.json is not None:
        found = {"mode": options.mode, "documents": table, "total": total, "equations": rows}
        options.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
