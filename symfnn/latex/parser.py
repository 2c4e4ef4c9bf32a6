r"""From a formula's text to its statements: tokens, macros, arguments, context, rows, and the grammar for each piece.

Syntax only: nothing here knows what a letter stands for.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import is_dataclass
from functools import cache, partial
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, Final

from lark import Lark, UnexpectedInput, UnexpectedToken, __version__
from lark import Token as Terminal
from lark.exceptions import VisitError
from lark.lexer import Lexer

from symfnn.errors import LatexError
from symfnn.latex import arguments, context, malformed, statements, tokens
from symfnn.latex.macros import COMMON, Macros, expand
from symfnn.latex.syntax import Node, Statement, Text
from symfnn.latex.tokens import DEEPEST, Token
from symfnn.latex.tree import TreeBuilder
from symfnn.source import Span

_NODE: Final = 200


def parse(text: str, macros: Macros = Macros()) -> tuple[Statement, ...]:  # noqa: B008 - a frozen value
    r"""The statements of one formula: what stands between ``$$``, or an environment such as ``align`` with its rows.

    Args:
        text: the formula's LaTeX; spans are offsets in it.
        macros: the document's own commands; those that the formula defines are added.

    Raises:
        LatexError: where it cannot be read.
    """
    tokens.check_length(text)
    terms = arguments.arrange(expand(tokens.lex(text), COMMON.merged(macros)))
    return tuple(_statement(draft) for draft in statements.split(context.settle(terms)))


def _statement(draft: statements.Draft) -> Statement:
    remarks = tuple(_remark(terms) for terms in draft.remarks)
    label = draft.tag if draft.tag is not None else draft.label
    assert draft.span is not None, "a draft has content"
    return Statement(_tree(draft.content), remarks, label, draft.span)


def _remark(terms: list[Token]) -> Node:
    if len(terms) == 1 and terms[0].kind == "WORDS":
        return Text(terms[0].text, terms[0].span)
    return _tree(terms)


def _tree(terms: list[Token]) -> Node:
    try:
        tree = _grammar().parse(terms)
    except UnexpectedToken as error:
        raise malformed.explain(error, terms, _grammar()) from None
    except VisitError as error:
        raise error.orig_exc from None
    assert not isinstance(tree, UnexpectedInput)
    _check_depth(tree)  # type: ignore[arg-type] # the builder makes nodes
    return tree  # type: ignore[return-value] # the same


class _Stream(Lexer):
    """Hands terminals that are already there to the grammar."""

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, data: Any) -> Iterator[Terminal]:  # type: ignore[override] # terminals instead of text
        for token in data:
            yield Terminal(token.kind, token, token.span.start, end_pos=token.span.end)


@cache
def _grammar() -> Lark:
    """The grammar's tables, kept beside this module's bytecode: to build them takes longer than to read a document."""
    text = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    make = partial(Lark, text, parser="lalr", lexer=_Stream, transformer=TreeBuilder())
    if sys.dont_write_bytecode:
        return make()
    kept = _place(text)
    if kept.is_file():
        return make(cache=str(kept))
    own = kept.with_name(f"{kept.name}.{os.getpid()}")  # another process may be writing the same
    grammar = make(cache=str(own))
    with suppress(OSError):
        own.replace(kept)
    return grammar


def _place(text: str) -> Path:
    """Where the tables of a grammar are kept, by what they follow from."""
    key = blake2b(f"{__version__} {text}".encode(), digest_size=8).hexdigest()
    return Path(cache_from_source(__file__)).with_suffix(f".{key}.grammar")


def _check_depth(root: Node) -> None:
    """Refuse a tree that a recursive reader could not walk over."""
    level: list[Any] = [root]
    depth = 0
    while level:
        depth += 1
        if depth > _NODE:
            raise LatexError("too-deep", f"the formula is nested more than {DEEPEST} levels deep", root.span)
        level = [part for node in level for part in _parts(node)]


def _parts(node: Any) -> Iterator[Any]:
    """What a node, or a row or a branch of one, is made of."""
    for value in node if isinstance(node, tuple) else [getattr(node, name) for name in node.__slots__]:
        if isinstance(value, tuple) and not isinstance(value, Span):
            yield from (part for part in value if part is not None and not isinstance(part, str))
        elif is_dataclass(value):
            yield value
