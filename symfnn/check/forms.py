"""The form in which a definition is written: for arrays or their entries, for all layers or one, with sums or norms.

A statement that says what a definition says, in its form, repeats it. In another form it is a consequence: the entries
of a product, the sum behind a norm, what holds in the last layer since it holds in all of them.
"""

from typing import NamedTuple, final

from symfnn.elaboration.names import Mark, mention, written
from symfnn.latex.syntax import BigOperator, Fence, Letter, Matrix, Node
from symfnn.latex.walk import nodes

_NORMS = ("‖", r"\|")


@final
class Form(NamedTuple):
    """How an equation is written, whatever its letters are called.

    Attributes:
        name: of what stands on the left.
        entries: the number of its indices below.
        layers: which layers it names, where that is not a letter for all of them.
        sums: the number of sums and products on the right.
        norms: the number of signs of a norm on the right.
        blocks: the number of blocks on the right.
    """

    name: str
    entries: int
    layers: tuple[str, ...]
    sums: int
    norms: int
    blocks: int


def form_of(left: Node, right: Node) -> Form | None:
    """The form of an equation; None where no name stands on its left."""
    named = mention(left)
    if named is None:
        return None
    parts = list(nodes(right))
    return Form(
        named.name,
        sum(len(_letters(mark)) for mark in named.marks if mark.place == "sub"),
        tuple(written(mark.content) for mark in named.marks if _is_fixed(mark)),
        sum(isinstance(part, BigOperator) for part in parts),
        sum(isinstance(part, Fence) and part.left in _NORMS for part in parts),
        sum(isinstance(part, Matrix) for part in parts),
    )


def is_other(form: Form | None, known: set[Form]) -> bool:
    """Whether what an equation is about was defined, but never in this form."""
    return form is not None and form not in known and any(one.name == form.name for one in known)


def _letters(mark: Mark) -> list[Node]:
    return [part for part in nodes(mark.content) if isinstance(part, Letter)]


def _is_fixed(mark: Mark) -> bool:
    """Whether a mark names one layer: by a number, or by a capital for the last one."""
    letters = [part.name for part in nodes(mark.content) if isinstance(part, Letter)]
    return all(name[:1].isupper() for name in letters)
