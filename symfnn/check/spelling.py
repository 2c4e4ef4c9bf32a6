"""Numbers of a counterexample under the names that the document has for its arrays: W^2, W^{[2]} or W_2 for layer 2."""

import re
from dataclasses import replace

from symfnn.check.verdicts import Finding
from symfnn.elaboration.scope import Profile, Scope

_CLOSING = {"(": ")", "[": "]", "": ""}


def spelled(scope: Scope, finding: Finding) -> Finding:
    """A finding whose counterexample names arrays as the document does."""
    found = finding.counterexample
    if found is None:
        return finding
    given = tuple(_spelled(scope, words) for words in found.given)
    return replace(finding, counterexample=replace(found, given=given))


def _spelled(scope: Scope, words: str) -> str:
    for profile in sorted(scope.profiles, key=lambda p: -len(p.name)):
        words = _renamed(profile, words)
    return words


def _renamed(profile: Profile, words: str) -> str:
    """The words with one array by its own name."""

    def name(found: re.Match[str]) -> str:
        return _name(profile, found[1] if profile.is_layered else "")

    before = rf"(?<![\w\\]){re.escape(profile.name)}"
    if profile.is_layered:
        return re.sub(rf"{before}\^\{{\((\w+)\)\}}", name, words)
    return re.sub(rf"{before}(?= = )", name, words) if profile.name != profile.letter else words


def _name(profile: Profile, layer: str) -> str:
    """The array of a layer as it is written."""
    above, below = "", "".join(profile.part or ())
    for slot in profile.slots:
        text = {"layer": layer, "name": slot.text}.get(slot.role, "")
        marked = f"{slot.bracket}{text}{_CLOSING[slot.bracket]}" if text else ""
        above, below = (above + marked, below) if slot.place == "sup" else (above, below + marked)
    scripts = "".join(
        f"{sign}{text if len(text) == 1 else '{' + text + '}'}" for sign, text in (("_", below), ("^", above)) if text
    )
    return profile.letter + scripts
