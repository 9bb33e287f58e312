"""Check a finished agreement from anywhere: one service for the page and for the command. Nothing is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.pdf.guard import guarded
from assistant.rules import SEVERITIES, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from assistant.rules import Severity

CHECK = "assistant.rules.finished:check_document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the file: which page of the form it is (None for none of it), and whether its text could be read."""

    number: int
    form_page: int | None
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found. ``unseen`` are the places of which nothing can be said; ``signed`` is None where that is so.

    ``document`` is the whole as JSON (INTERFACE.md, "Findings").
    """

    model: str | None
    edition: str | None
    revision: str | None
    pages: tuple[Page, ...]
    signed: bool | None
    unseen: tuple[str, ...]
    findings: tuple[Finding, ...]
    ready: bool
    document: Mapping[str, Any]

    def of_severity(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    @property
    def counts(self) -> dict[Severity, int]:
        """Return how many findings there are of each severity."""
        return {severity: len(self.of_severity(severity)) for severity in SEVERITIES}

    @property
    def unread_pages(self) -> tuple[int, ...]:
        """Return the pages on which no text could be read."""
        return tuple(page.number for page in self.pages if not page.read)


def check(data: bytes, *, today: date) -> Checked:
    """Return what is empty, wrong, too small, inconsistent or out of date in a PDF, read in a child process.

    Raises:
        PdfError: the file cannot be read, or not within the limits.
    """
    found: dict[str, Any] = guarded(CHECK, data, today.isoformat())
    return Checked(
        model=found["model"],
        edition=found["edition"],
        revision=found["revision"],
        pages=tuple(Page(number=p["page"], form_page=p["form_page"], read=p["read"]) for p in found["pages"]),
        signed=found["signed"],
        unseen=tuple(found["unseen"]),
        findings=tuple(Finding(**finding) for finding in found["findings"]),
        ready=found["ready"],
        document=found,
    )
