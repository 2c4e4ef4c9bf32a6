r"""Lists that have a name: data sets and parameters, ``D = \{(x_1, y_1), \dots, (x_m, y_m)\}``, ``\theta = \{W, b\}``.

They say what belongs together, and claim nothing of its values.
"""

from symfnn.elaboration.names import mention
from symfnn.elaboration.scope import Scope
from symfnn.latex.syntax import Dots, Fence, Letter, Node, Relation, Scripted, Sequence

_NAMES = ("=", ":=", r"\triangleq", r"\equiv")


def is_named_list(scope: Scope, content: Node) -> bool:
    """Whether a formula gives a name that nothing else has to a list of things that are no entries of one vector."""
    match content:
        case Relation((Letter() | Scripted() as left, right), (sign,)) if sign in _NAMES and right is not None:
            found = mention(left)
            return found is not None and not scope.knows(found.name) and _is_list(right)
    return False


def _is_list(node: Node) -> bool:
    """Whether this is a list in braces, a list of lists, or one of what has several names."""
    fence = node.base if isinstance(node, Scripted) and not node.primes else node
    if not isinstance(fence, Fence) or fence.body is None:
        return False
    if not isinstance(fence.body, Sequence):
        return fence.left == "{" and _is_pair(fence.body)
    items = [item for item in fence.body.items if not isinstance(item, Dots)]
    found = [mention(item) for item in items]
    names = {None if one is None else one.name for one in found}
    is_of_names = all(_is_pair(item) or one is not None for item, one in zip(items, found, strict=True))
    is_of_samples = all(one is not None and len(one.marks) > 1 for one in found)  # (y_1^k, …, y_n^k)
    return is_of_names and (fence.left == "{" or len(names) > 1 or is_of_samples)


def _is_pair(node: Node) -> bool:
    return isinstance(node, Fence) and isinstance(node.body, Sequence)
