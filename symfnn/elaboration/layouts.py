r"""What a text states about the arrangement of derivatives: ``(\frac{\partial f}{\partial x})_{ij} = …``."""

from symfnn.elaboration.derivatives import behind_sign
from symfnn.elaboration.names import Mention, marks, mention, written
from symfnn.latex.syntax import Fence, Fraction, Node, Relation, Scripted


def jacobian_layout(content: Relation) -> str | None:
    r"""Whose entries are the rows of a Jacobian by ``(\frac{\partial f}{\partial x})_{ij} = \frac{∂f_i}{∂x_j}``.

    Returns:
        ``"numerator"`` for this one, ``"denominator"`` where i and j are swapped on one side, None for anything else.
    """
    left, right = content.parts[:2]
    if content.signs[0] not in ("=", ":=", r"\equiv", r"\triangleq") or not isinstance(left, Scripted):
        return None
    whole = _derivative(left.base.body) if isinstance(left.base, Fence) and left.base.body is not None else None
    one = None if right is None else _derivative(right)
    if whole is None or one is None or left.sub is None or left.sup is not None:
        return None
    places = [written(mark.content) for mark in marks(left.sub, "sub")]
    given = [_added(whole[k], one[k]) for k in (0, 1)]
    if len(places) != 2 or places[0] == places[1] or None in given:
        return None
    return "numerator" if places == given else "denominator" if places == given[::-1] else None


def _derivative(node: Node) -> tuple[Mention, Mention] | None:
    """The names in a derivative of one quantity by another."""
    if not isinstance(node, Fraction):
        return None
    parts = [behind_sign(side) for side in (node.top, node.bottom)]
    top, by = (None if part is None else mention(part) for part in parts)
    return None if top is None or by is None else (top, by)


def _added(whole: Mention, entry: Mention) -> str | None:
    """The one index that an entry has and the array has not."""
    if entry.name != whole.name or len(entry.marks) != len(whole.marks) + 1:
        return None
    own = [written(mark.content) for mark in entry.marks if mark.place == "sub"]
    known = [written(mark.content) for mark in whole.marks if mark.place == "sub"]
    return own[-1] if own[:-1] == known else None
