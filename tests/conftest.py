"""Where the checker is not there yet, a stand-in that the tests replace by a fake one."""

import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True)
class Options:
    activation: str | None
    loss: str | None
    timeout: float = 10.0


def _check_document(document, notation, options):
    raise NotImplementedError


if not (Path(__file__).parents[1] / "symfnn" / "check" / "checker.py").exists():
    stand_in = ModuleType("symfnn.check.checker")
    stand_in.Options = Options
    stand_in.check_document = _check_document
    sys.modules["symfnn.check.checker"] = stand_in
