"""The findings about a signed copy compared with the issued file: one finding for each thing to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.program.sources import cite
from assistant.reading.slots import LABELS
from assistant.rules import SEVERITIES, Finding, Review

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.rules import Severity
    from assistant.verifying.digital_signatures import SignatureCheck
    from assistant.verifying.signing import SigningResult
    from assistant.verifying.verdict import MatchedPages

SOURCE = "Signed copy compared with the issued file (this project)"
WHOLE = "the signed copy"
AGAIN = "print the issued file again, sign that one, and scan every page."
HALF_SIZE = 0.8
"""A page printed smaller than this shares its sheet with another."""
LEAST_PAGES = 0.5
"""A copy in which fewer of the issued pages are found is another document."""
MOST_SENTENCES = 5
LIMITS = (
    "On a page that is a picture, this check compares every letter. What the scan is too coarse to show is unclear.",
    "In the agency's blanks of the signature block, this check looks only for ink. A person must read what is there.",
    "A person must look at every page and confirm it.",
)
"""What the comparison is and what it is not, shown with every result."""


def is_same(matched: MatchedPages) -> bool:
    """Say whether every page of the issued file is there, the same, and in its order."""
    return all(page.verdict == "same" for page in matched.pages) and not matched.moved


def looks_like_another(matched: MatchedPages) -> bool:
    """Say whether so few of the issued pages were found that the copy is another document, or hides its pages."""
    there = sum(page.verdict != "missing" for page in matched.pages)
    return there < LEAST_PAGES * len(matched.pages)


def review_of(
    matched: MatchedPages,
    signed: SigningResult,
    issued: Mapping[str, Any],
    digital: Sequence[SignatureCheck] = (),
) -> Review:
    """Return the findings, blockers first; ``issued`` describes the issued file (``document``)."""
    there = sum(page.verdict != "missing" for page in matched.pages)
    if looks_like_another(matched):
        message = (
            f"This is not the document that was issued: of its {len(matched.pages)} pages, {there or 'none'} "
            "could be found. Choose the scan of this agreement, or the issued file that belongs to it."
        )
        return Review(findings=(_finding("not-the-same-document", "blocker", WHOLE, message),))
    findings = [*_pages(matched), *_order(matched), *_signing(signed, issued), *_digital(digital)]
    return Review(findings=tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))))


def _pages(matched: MatchedPages) -> Iterator[Finding]:
    for page in matched.pages:
        where = f"p. {page.page}"
        if page.verdict == "missing":
            message = "This page is not in the signed copy. Find or scan it, and put it where it belongs."
            yield _finding("page-missing", "blocker", where, message)
            continue
        there = _there(page.page, page.signed_page)
        comparison = matched.comparisons.get(page.page or 0)
        if page.verdict == "unreadable":
            why = _sentences(page.why)
            message = f"{there} cannot be compared. {why} Scan it again at 300 dpi, flat and in focus, and look at it."
            is_cut = comparison is not None and "cut off at an edge" in comparison.unreadable
            yield _finding("page-cut-off" if is_cut else "page-unreadable", "blocker", where, message)
        elif page.verdict == "altered":
            message = f"{there} is not the page that was issued. {_sentences(page.why)} Look at both pages. "
            yield _finding("page-altered", "blocker", where, f"{message}If the text was changed: {AGAIN}")
        elif page.verdict == "unclear":
            message = f"{there} may differ from the page that was issued. {_sentences(page.why)} Compare both pages."
            yield _finding("page-unclear", "warning", where, message)
        if comparison is None:
            continue
        if page.rotation:
            how = "upside down" if page.rotation == 180 else "on its side"  # degrees
            yield _finding("page-turned", "warning", where, f"{there} is shown {how}. Turn it upright, and save it.")
        if comparison.notes:
            message = f"On {there[0].lower()}{there[1:]} there is {', '.join(comparison.notes)}. Look at it."
            yield _finding("margin-marks", "note", where, message)


def _there(page: int | None, signed_page: int | None) -> str:
    return "This page" if signed_page == page else f"Page {signed_page} of the signed copy, which is this page,"


def _sentences(why: Sequence[str]) -> str:
    more = [f"There are {len(why) - MOST_SENTENCES} more differences."] if len(why) > MOST_SENTENCES else []
    return " ".join([*why[:MOST_SENTENCES], *more])


def _order(matched: MatchedPages) -> Iterator[Finding]:
    if any(comparison.scale < HALF_SIZE for comparison in matched.comparisons.values()):
        message = "Sheets of the signed copy show two pages each. Scan it again with one page to a sheet."
        yield _finding("two-pages-on-a-sheet", "warning", WHOLE, message)
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
        message = "The agency’s signature is missing. Have it signed, and scan every page."
        yield _finding("signature-absent", "blocker", place, message, source)
    elif signed.signature == "unclear" and signed.black_and_white:
        message = (
            "No signature is visible. A pale pen does not show in black and white: look at the paper, or scan this "
            "page again in gray."
        )
        yield _finding("signature-unclear", "warning", place, message, source)
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
    if signed.ice_side_empty is None and _has_ice_side(issued):
        message = "This program cannot tell whether ICE's side is empty. Look at it."
        yield _finding("ice-side-unclear", "warning", _place("ice_signature", issued), message, source)


def _has_ice_side(issued: Mapping[str, Any]) -> bool:
    """Say whether ICE signs the document too; a letter has no side of ICE's."""
    return any(slot.startswith("ice_") for row in issued["blanks"].values() for slot in row["slots"])


def _digital(signatures: Sequence[SignatureCheck]) -> Iterator[Finding]:
    """Yield what the digital signatures of the file tell; whether a certificate is trusted is not judged."""
    for signature in signatures:
        who = signature["signer"] or "somebody whose name the certificate does not say"
        if not signature["intact"] or not signature["unchanged"]:
            message = f"The file was changed after {who} signed it digitally. Ask for the file as it was signed."
            yield _finding("digital-signature-broken", "blocker", WHOLE, message)
        elif not signature["whole_file"]:
            message = f"The digital signature of {who} does not cover the whole file. Look at what was added later."
            yield _finding("digital-signature-partial", "warning", WHOLE, message)
        else:
            message = (
                f"Signed digitally by {who}. The signature covers the whole file, and the file was not changed since. "
                "Whether the certificate can be trusted was not judged."
            )
            yield _finding("digital-signature", "note", WHOLE, message)


def _place(slot: str, issued: Mapping[str, Any]) -> str:
    return str(issued["places"].get(slot) or LABELS[slot])


def _finding(code: str, severity: Severity, where: str, message: str, source: str = SOURCE) -> Finding:
    return Finding(code=code, severity=severity, where=where, message=message, source=source)
