"""The signs between the sides of an equation."""

from symfnn.elaboration import updates

DEFINES = frozenset(
    {":=", r"\coloneqq", r"\equiv", r"\triangleq", r"\doteq", "≡", r"\overset{def}{=}", r"\stackrel{def}{=}"}
)
IMPLIES = updates.ARROWS | {r"\Rightarrow", r"\implies", r"\Longrightarrow", "⇒", "=>"}
NEAR = frozenset({r"\approx", "≈", r"\simeq"})
APPROXIMATE = NEAR | {r"\sim", r"\propto", r"\cong"}
