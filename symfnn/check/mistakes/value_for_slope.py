"""f where f' is meant, or the reverse."""

from collections.abc import Iterator

from symfnn.check.mistakes import applied, scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Node, Scripted


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    for found in applied.applications(side):
        where = (*found.place, found.position)
        yield trees.put(side, where, applied.with_primes(found.head, found.primes - 1 if found.primes else 1))
        if isinstance(found.head, Scripted) and found.head.sup is not None:
            # a mark that was set as a letter: \sigma^l(z) for \sigma'(z)
            bare = applied.with_primes(found.head.base, 1)  # type: ignore[arg-type] # a head is a name
            marked = trees.put(side, where, bare)
            yield marked
            yield from scripts.at_one_layer(marked)


MISTAKE = Mistake(
    code="value-for-slope",
    title="The value stands for the slope",
    message="{meant} rather than {found}: the value and the slope are confused",
    explanation=r"""
The prime is missing, or was set as another sign: $f(z)$ stands where the chain rule gives $f'(z)$.

$$a^l = f(z^l) \quad\Rightarrow\quad \frac{\partial C}{\partial z^l} = \frac{\partial C}{\partial a^l} \odot f'(z^l).$$

Going forward takes the value, going backward the slope. If the text writes the slope by the value, as for the sigmoid
$f' = f (1 - f)$, look whether one of both factors was lost.
""",
    examples=(
        ("nielsen", r"\delta^L = \nabla_a C \odot \sigma(z^L)", r"\delta^L = \nabla_a C \odot \sigma'(z^L)"),
        ("nielsen", r"\delta^L = (a^L - y) \odot \sigma^l(z^L)", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),
        ("nielsen", r"\delta^L = (a^L - y) \odot \sigma^l(z^l)", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),
        ("nielsen", r"a^l = \sigma'(z^l)", r"a^l = \sigma(z^l)"),
    ),
    others=(("nielsen", r"a^l = \sigma(z^{l-1})", r"a^l = \sigma(z^l)"),),
    undo=_undo,
)
