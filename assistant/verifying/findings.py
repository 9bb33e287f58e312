"""What is said of a signed copy held against the file that was issued: one finding for each thing to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.program.sources import cite
from assistant.reading.slots import LABELS
from assistant.rules import SEVERITIES, Finding, Review

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.rules import Severity
    from assistant.verifying.compare import PageComparison
    from assistant.verifying.signing import SigningResult
    from assistant.verifying.verdict import MatchedPages

SOURCE = "Signed copy compared with the issued file (this project)"
WHOLE = "the signed copy"
ANEW = "Print the issued file again, sign that one, and scan every page."
LEAST_PAGES = 0.5
"""A copy in which fewer of the issued pages are found is another document."""
MOST_WORDS = 4
LIMITS = (
    "On a page that is a picture, this check compares the shapes of words. It can miss one changed letter or digit.",
    "In the agency's blanks of the signature block, this check looks only for ink. A person must read what is there.",
    "A person must look at every page and confirm it.",
)
"""What the comparison is and what it is not, said with every result."""


def is_same(matched: MatchedPages) -> bool:
    """Say whether every page of the issued file is there, the same, and in its order."""
    return all(page.verdict == "same" for page in matched.pages) and not matched.moved


def looks_like_another(matched: MatchedPages) -> bool:
    """Say whether so few of the issued pages were found that the copy is another document, or hides its pages."""
    there = sum(page.verdict != "missing" for page in matched.pages)
    return there < LEAST_PAGES * len(matched.pages)


def review_of_sheets() -> Review:
    """Return the one finding about a copy whose sheets show two pages each: no page of it can be compared."""
    message = (
        "Each sheet of the signed copy shows two pages of the agreement, so its pages cannot be compared. Scan "
        "it again with one page per sheet."
    )
    return Review(findings=(_finding("two-pages-on-a-sheet", "blocker", WHOLE, message),))


def review_of(matched: MatchedPages, signed: SigningResult, issued: Mapping[str, Any]) -> Review:
    """Return the findings, blockers first; ``issued`` is what was said of the issued file (``document``)."""
    there = sum(page.verdict != "missing" for page in matched.pages)
    if looks_like_another(matched):
        message = (
            f"This is not the document that was issued: of its {len(matched.pages)} pages, {there or 'none'} "
            "could be found. Choose the scan of this agreement, or the issued file that belongs to it."
        )
        return Review(findings=(_finding("not-the-same-document", "blocker", WHOLE, message),))
    findings = [*_pages(matched), *_order(matched), *_signing(signed, issued)]
    return Review(findings=tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))))


def _pages(matched: MatchedPages) -> Iterator[Finding]:
    for page in matched.pages:
        where = f"p. {page.page}"
        if page.verdict == "missing":
            message = "This page is not in the signed copy. Find or scan it, and put it where it belongs."
            yield _finding("page-missing", "blocker", where, message)
            continue
        there = _there(page.page, page.signed_page)
        if page.verdict == "unreadable" and matched.comparisons[page.page].cut:
            words = _words(matched.comparisons[page.page].cut)
            message = f"{there} is cut off at an edge of the paper: {words}. Scan it again."
            yield _finding("page-cut-off", "blocker", where, message)
        elif page.verdict == "unreadable":
            message = f"{there} is too faint, dirty or coarse to compare. Scan it again at 300 dpi, and look at it."
            yield _finding("page-unreadable", "blocker", where, message)
        elif page.verdict == "altered":
            message = f"{there} is not the page that was issued: {_what(matched.comparisons[page.page])}. "
            message += f"Look at both pages. If the text was changed: {ANEW[0].lower()}{ANEW[1:]}"
            yield _finding("page-altered", "blocker", where, message)
        if page.rotation:
            how = "upside down" if page.rotation == 180 else "on its side"  # degrees
            yield _finding("page-turned", "warning", where, f"{there} is shown {how}. Turn it upright, and save it.")
        if matched.comparisons[page.page].margin:
            message = (
                f"There is something at the edge of {there[0].lower()}{there[1:]}: a mark, or a scanner's shadow. "
            )
            yield _finding("margin-marks", "note", where, message + "Look at it.")


def _there(page: int, signed_page: int | None) -> str:
    return "This page" if signed_page == page else f"Page {signed_page} of the signed copy, which is this page,"


def _what(comparison: PageComparison) -> str:
    """Return what differs on a page: words lost and gained, words that look different, something added."""
    parts = []
    if comparison.missing_words:
        parts.append(f"it lacks {_words(comparison.missing_words)}")
    if comparison.extra_words:
        parts.append(f"it also says {_words(comparison.extra_words)}")
    if comparison.changed:
        parts.append(f"it looks different at {_words(comparison.changed)}")
    if comparison.added:
        parts.append(f"something was added {', '.join(comparison.added[:MOST_WORDS])} inches from the top")
    return "; ".join(parts)


def _words(words: tuple[str, ...]) -> str:
    more = f" and {len(words) - MOST_WORDS} more places" if len(words) > MOST_WORDS else ""
    return ", ".join(f"“{word}”" for word in words[:MOST_WORDS]) + more


def _order(matched: MatchedPages) -> Iterator[Finding]:
    for number in matched.moved:
        message = f"This page is out of order: it is page {matched.comparisons[number].number} of the signed copy. "
        yield _finding("page-out-of-order", "blocker", f"p. {number}", message + "Put it where it belongs.")
    for number, page in matched.doubled:
        message = f"Page {number} of the signed copy is a second copy of this page. Look at both, then remove one."
        yield _finding("page-doubled", "warning", f"p. {page}", message)
    for number in matched.extra:
        message = (
            "This page of the signed copy is not in the issued file. It may be a cover, an attachment, or a page "
            "of another form. Look at it, and remove it."
        )
        yield _finding("page-extra", "warning", f"{WHOLE}, p. {number}", message)
    for number in matched.empty:
        message = "This page of the signed copy is empty. Remove it."
        yield _finding("page-empty", "note", f"{WHOLE}, p. {number}", message)


def _signing(signed: SigningResult, issued: Mapping[str, Any]) -> Iterator[Finding]:
    if not any(slot.startswith("lea_") for row in issued["blanks"].values() for slot in row["slots"]):
        return
    source = str(cite("page"))
    place = _place("lea_signature", issued)
    if signed.signature == "absent":
        message = "The agency’s signature is missing. Have the agreement signed, and scan every page."
        yield _finding("signature-absent", "blocker", place, message, source)
    elif signed.signature == "unclear":
        message = "This program cannot tell whether the agency has signed. Look at the signature line."
        yield _finding("signature-unclear", "warning", place, message, source)
    place = _place("lea_date", issued)
    if signed.date == "absent":
        message = "The date beside the agency's signature is empty. Write the day of signing there."
        yield _finding("date-blank", "blocker", place, message, source)
    elif signed.date == "unreadable":
        message = (
            "There is something on the date line that cannot be read here. Make sure that it is the day of signing."
        )
        yield _finding("date-unreadable", "warning", place, message, source)
    elif signed.date == "unclear":
        message = "This program cannot tell whether the agreement is dated. Look at the date line."
        yield _finding("date-unclear", "warning", place, message, source)
    elif signed.date_recognised:
        message = "A program read this date from a picture and may be wrong. Make sure that it is the day of signing."
        yield _finding("date-recognised", "warning", place, message, source)
    for slot in signed.ice_slots:
        message = (
            "There is something on ICE's side, which must be empty. Use the issued file, and sign only the "
            "agency's side."
        )
        yield _finding("ice-side-filled", "blocker", _place(slot, issued), message, source)
    if signed.ice_side_empty is None:
        message = "This program cannot tell whether ICE's side is empty. Look at it."
        yield _finding("ice-side-unclear", "warning", _place("ice_signature", issued), message, source)


def _place(slot: str, issued: Mapping[str, Any]) -> str:
    return str(issued["places"].get(slot) or LABELS[slot])


def _finding(code: str, severity: Severity, where: str, message: str, source: str = SOURCE) -> Finding:
    return Finding(code=code, severity=severity, where=where, message=message, source=source)
