"""Rules about a finished agreement, whoever made it: what was read in, findings out, each at its page and blank.

A finding blocks only where it is certain: where something cannot be seen, nothing is said, and what was recognised
from a picture warns at most.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

from assistant.reading import Finished, read_finished
from assistant.rules.finished.answers_rules import ASKED, ask_answers_rules
from assistant.rules.finished.registry import DocumentCase, all_document_rules, ask
from assistant.rules.finished.texts import BY_PEN
from assistant.rules.registry import SEVERITIES, Review

SUBJECTS: tuple[str, ...] = ("pages", "blanks", "signing", "texts", "file")

for _subject in SUBJECTS:
    import_module(f"assistant.rules.finished.{_subject}")

__all__ = ["ASKED", "DocumentCase", "all_document_rules", "check_document", "check_finished"]


def check_finished(document: Finished, *, today: date) -> Review:
    """Return the review of a finished agreement: blockers first; one finding for a code and a place."""
    case = DocumentCase(document=document, today=today)
    found = ask(case)
    if document.like_an_moa:
        found += ask_answers_rules(case)
    else:
        found = [finding for finding in found if finding.code in {"not-an-moa", "encrypted"}]
    once = {(finding.code, finding.where): finding for finding in reversed(found)}
    kept = reversed(once.values())
    return Review(findings=tuple(sorted(kept, key=lambda finding: SEVERITIES.index(finding.severity))))


def check_document(data: bytes, today: str) -> dict[str, Any]:
    """Return the review of a PDF as a JSON document: what ``guard`` runs in a child process for a stranger's file.

    Raises:
        PdfError: the file cannot be opened.
    """
    document = read_finished(data)
    review = check_finished(document, today=date.fromisoformat(today))
    return {
        "edition": document.edition.name if document.edition else None,
        "model": document.model,
        "revision": document.stamp,
        "pages": [{"page": page.number, "form_page": page.known, "read": not page.unread} for page in document.pages],
        "signed": document.signing.signed,
        "unseen": [f.where for slot, f in document.found.items() if f.sureness == "unknown" and slot not in BY_PEN],
        **review.to_document(),
    }
