"""What the pages call each verdict on a page of a signed copy, and how its tag looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.verifying.verdict import Verdict

VERDICTS: dict[Verdict, tuple[str, str, str]] = {
    "same": ("Like the issued page", "status--completed", "This program found no difference. Look at it yourself."),
    "altered": ("Differs", "state--blocked", "Something on this page is not as it was issued."),
    "unclear": ("Unclear", "state--to-check", "This program cannot tell whether this page was changed."),
    "missing": ("Missing", "state--blocked", "This page is not in the copy. Scan it, and add the scan."),
    "unreadable": (
        "Cannot be read",
        "state--blocked",
        "This page cannot be compared. Scan it again, flat and in focus, and add the scan.",
    ),
    "extra": ("Not of this document", "state--to-check", "This page of the copy is no page of the document."),
}
"""The words of the tag, its look, and a sentence."""
