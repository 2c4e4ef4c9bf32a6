"""A report that shows itself: as text where it is printed, as a table in a notebook."""

from dataclasses import dataclass
from typing import final

from symfnn.check.verdicts import Checked, Report
from symfnn.reports import check_html, check_text


@final
@dataclass(frozen=True, slots=True)
class CheckResult:
    """What ``symfnn.check`` found.

    Attributes:
        report: documents, statements, verdicts.
    """

    report: Report

    @property
    def statements(self) -> tuple[Checked, ...]:
        """Of all documents, in reading order."""
        return tuple(checked for document in self.report.documents for checked in document.statements)

    @property
    def summary(self) -> dict[str, int]:
        """How many statements have each verdict."""
        return self.report.summary

    @property
    def is_wrong(self) -> bool:
        """Whether something is refuted or ill-shaped that should not be."""
        return self.report.is_wrong

    def __str__(self) -> str:
        return check_text.to_text(self.report)

    def _repr_html_(self) -> str:
        return check_html.fragment(self.report)
