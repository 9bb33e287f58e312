"""The check of one signed copy against the document that was issued, and what it says on the page.

Nothing is called valid or approved here: a copy is like the issued document, or differs from it, and a person looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from assistant.errors import PdfError
from assistant.program.sources import cite
from assistant.rules import SEVERITIES, Finding
from assistant.services.agreements import agreement_check
from assistant.services.agreements.verify_signed_copy import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from assistant.rules.registry import FindingDocument, Severity
    from assistant.services.after_export.issued_documents import IssuedDocument
    from assistant.verifying.digital_signatures import SignatureCheck
    from assistant.verifying.verdict import PageVerdictDocument

SigningSide = Literal["agency", "ice"]
SIDES: tuple[SigningSide, ...] = ("agency", "ice")
MOST_UNLIKE = 0.5
"""Where more of the issued pages are altered or missing, and no more of the copy's own are alike, it is of another."""
NOT_ISSUED_HERE = (
    "None of its pages is a page of a document of the last export. It may be another agency’s, or from an older "
    "export. Choose which document it is, or remove it."
)
NOT_COMPARED = (
    "No official form was exported for this model, so there is nothing to compare this copy with. Read every page."
)
UNSIGNED_CODES = frozenset({"signature-absent", "date-blank", "ice-side-empty"})


class CopyResult(TypedDict, total=False):
    """What is stored of a copy, as JSON: the comparison (``VerifiedCopy``), or ``error``; and how it came about.

    ``names`` has the file of each page of a copy made of pictures. ``notes`` are sentences about its making.
    ``is_chosen`` says that a person chose the document. ``is_compared`` is false where nothing was issued to compare
    with.
    """

    error: str
    names: list[str]
    notes: list[str]
    is_chosen: bool
    is_compared: bool
    same_document: bool
    edition: str | None
    pages: list[PageVerdictDocument]
    signed_pages: int
    signature: str
    date: str
    ice_side_empty: bool | None
    digital_signatures: list[SignatureCheck]
    limits: list[str]
    ready: bool
    findings: list[FindingDocument]
    counts: dict[Severity, int]


def check_copy(
    data: bytes,
    document: IssuedDocument,
    *,
    side: SigningSide,
    today: date,
    is_chosen: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> CopyResult:
    """Return what a comparison of a copy with its issued document says.

    ``is_chosen``: a person chose the document, so a copy that is much unlike it is still called a copy of it.

    Raises:
        PdfError: the copy cannot be read.
        BusyError: this computer has no time for it now.
        InputError: what compares pictures of pages is not installed.
    """
    if document.data is None:
        return {"is_compared": False, "pages": [], "findings": [], "ready": True}
    verified = verify(data, document.data, signed_name="This file", issued_name=document.title, on_progress=on_progress)
    result: CopyResult = {"is_compared": True, **verified}  # type: ignore[typeddict-item]  # the same keys
    if not is_chosen and is_another(verified["pages"]):
        return {"error": _describe_other(data, document, verified["pages"], today)}
    return with_ice_side(result) if side == "ice" else result


def is_another(pages: Sequence[PageVerdictDocument]) -> bool:
    """Say whether so many pages differ that the copy is one of another document."""
    issued = [page for page in pages if page["page"] is not None]
    other = sum(page["verdict"] in {"altered", "missing"} for page in issued)
    # A document of one page that was altered is still that document.
    if len(issued) == 1 or other <= MOST_UNLIKE * len(issued):
        return False
    present = [page for page in pages if page["verdict"] != "missing"]
    alike = sum(page["verdict"] in {"same", "unclear"} for page in present)
    # A scan of some of its pages is a scan of it where these are like the issued ones.
    return alike <= MOST_UNLIKE * len(present)


def _describe_other(data: bytes, document: IssuedDocument, pages: Sequence[PageVerdictDocument], today: date) -> str:
    """Return a sentence that says of a copy that looks like an issued document why it is none."""
    name = model = None
    if document.model:
        try:
            reading = agreement_check.check(data, today=today)
        except PdfError:
            pass
        else:
            model, party = reading.model, reading.document["party"]
            name = party["name"] if party else None
    if model and model != document.model:
        start = f"This is an agreement for another model ({model}) than any that was exported."
    elif name:
        start = f"This seems to be another agency’s agreement, or another print of it: it names “{name}”."
    else:
        start = "This is not a copy of what was exported: most pages say something else."
    quote = next((why for page in pages if page["verdict"] == "altered" for why in page["why"] if "says" in why), "")
    return " ".join(part for part in (start, quote, "Choose which document it is, or remove it.") if part)


def with_ice_side(result: CopyResult) -> CopyResult:
    """Return a comparison for a copy that ICE has signed too: its side must be filled, and is no mistake then."""
    findings = [finding for finding in result["findings"] if not finding["code"].startswith("ice-side-")]
    empty = result["ice_side_empty"]
    if empty:
        message = "ICE’s side is empty. Choose the copy that ICE has signed, or mark this one as yours."
        findings.append(_finding("ice-side-empty", "blocker", message))
    elif empty is None:
        message = "This program cannot tell whether ICE has signed. Look at ICE’s side."
        findings.append(_finding("ice-side-unclear", "warning", message))
    findings.sort(key=lambda finding: SEVERITIES.index(finding["severity"]))
    counts = {severity: sum(f["severity"] == severity for f in findings) for severity in SEVERITIES}
    return {**result, "findings": findings, "counts": counts, "ready": not counts["blocker"]}


def _finding(code: str, severity: Severity, message: str) -> FindingDocument:
    where = "ICE’s side of the signature page"
    source = str(cite("page"))
    return Finding(code=code, severity=severity, where=where, message=message, source=source).to_document()
