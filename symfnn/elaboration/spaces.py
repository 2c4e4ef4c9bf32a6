r"""What states a shape: ``W \in \mathbb{R}^{m \times n}``, ``W \in R^{(m, n)}``, ``W : (m, n)``, ``\dim W = …``."""

from typing import NamedTuple

from symfnn.latex.syntax import Fence, Function, Letter, Node, Product, Relation, Scripted, Sequence

_TIMES = frozenset({r"\times", "×", "*", r"\cdot"})
_SHAPES = frozenset({"dim", "shape", "size"})


class Shape(NamedTuple):
    """What a statement says of shapes.

    Attributes:
        of: whose they are.
        letter: of the space, R for real numbers or N for counts.
        dimensions: above it; None for a number.
    """

    of: tuple[Node, ...]
    letter: str
    dimensions: Node | None


def space(node: Node | None) -> tuple[str, Node | None] | None:
    r"""``\mathbb{R}^{…}`` as its letter and what stands above it; None for anything else."""
    if isinstance(node, Letter) and node.name in "RNZ" and node.style in ("blackboard", "bold"):
        return node.name, None
    if isinstance(node, Letter) and node.name in ("ℝ", "ℕ", r"\Re"):
        return {"ℝ": "R", "ℕ": "N", r"\Re": "R"}[node.name], None
    if isinstance(node, Scripted) and node.sub is None and node.sup is not None:
        inner = space(node.base)
        return None if inner is None else (inner[0], node.sup)
    return None


def membership(node: Node | None) -> tuple[str, Node | None] | None:
    r"""The space behind ``\in``, where an R in any style is one if something stands above it; None for no space."""
    is_written = isinstance(node, Scripted) and isinstance(node.base, Letter) and node.base.name == "R"
    if is_written and isinstance(node, Scripted) and node.sub is None and node.sup is not None:
        return "R", node.sup
    return space(node)


def stated(node: Node) -> Shape | None:
    """The shape that a statement states; None for any other one."""
    if not isinstance(node, Relation) or len(node.parts) != 2 or node.parts[0] is None:
        return None
    left, right = node.parts
    assert left is not None
    if node.signs == (r"\in",):
        found = membership(right)
        return None if found is None else Shape(_listed(left), *found)
    if right is None or not _is_list(right):
        return None
    if node.signs == (":",):
        return Shape(_listed(left), "R", right)
    of = _measured(left) if node.signs == ("=",) else None
    return None if of is None else Shape((of,), "R", right)


def dimensions(node: Node | None) -> list[Node]:
    """The sizes that a shape lists."""
    if node is None:
        return []
    if isinstance(node, Fence) and node.left == "(" and node.body is not None:
        return dimensions(node.body)
    if isinstance(node, Sequence):
        return list(node.items)
    if isinstance(node, Product) and any(sign in _TIMES for sign in node.signs):
        return list(node.factors)
    return [node]


def _listed(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def _is_list(node: Node) -> bool:
    """Whether this is a list of two sizes in brackets or with a sign between."""
    is_bracketed = isinstance(node, Fence) and node.left == "(" and isinstance(node.body, Sequence)
    is_product = isinstance(node, Product) and all(sign in (r"\times", "×") for sign in node.signs)
    return (is_bracketed or is_product) and len(dimensions(node)) == 2


def _measured(node: Node) -> Node | None:
    """The W of ``dim W``, ``shape(W)`` and ``W.shape``; None for anything else."""
    if isinstance(node, Function) and node.name in _SHAPES and node.sub is None and node.sup is None:
        return node.argument
    if not isinstance(node, Product) or len(node.factors) != 2:
        return None
    first, second = node.factors
    if node.signs == (".",):
        return first if isinstance(second, Letter) and second.name in _SHAPES else None
    is_name = isinstance(first, Letter) and first.name in _SHAPES and node.signs == ("",)
    return second.body if is_name and isinstance(second, Fence) else None
