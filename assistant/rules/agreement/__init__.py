"""Rules about a finished agreement from any source: a reading goes in, findings come out, each with page and blank.

A finding blocks only if it is certain. What cannot be seen gives no finding, and text recognized from a picture gives a
warning at most.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict

from assistant.reading import ReadAgreement, SlotReading, read_agreement
from assistant.reading.answers_of import unfound
from assistant.reading.page_numbers import page_list
from assistant.reading.sheets import shows_two_pages
from assistant.reading.slots import pages_of
from assistant.rules.agreement.answers_rules import CODES_ABOUT_ANSWERS as ASKED_OF_ANSWERS
from assistant.rules.agreement.answers_rules import run_answers_rules
from assistant.rules.agreement.certainty import DECISIVE_SLOTS, unidentified_pages, why_not_judged
from assistant.rules.agreement.issued import IssuedTexts, party_as_issued, without_issued_wordings
from assistant.rules.agreement.lists import CODES, PartyDocument, Unchecked, party_of
from assistant.rules.agreement.registry import DocumentCase, all_document_rules, run_document_rules
from assistant.rules.agreement.texts import BY_PEN
from assistant.rules.registry import SEVERITIES, FindingDocument, Review, ReviewDocument, Severity

if TYPE_CHECKING:
    from assistant.answers import Model

SUBJECTS: tuple[str, ...] = ("sheets", "pages", "blanks", "signing", "others", "contact_lines", "texts", "file")

for _subject in SUBJECTS:
    import_module(f"assistant.rules.agreement.{_subject}")

OF_TWO_PAGES = frozenset({"two-pages-on-a-sheet", "encrypted", "active-content"})
"""The codes of findings about a file whose sheets show two pages each. Nothing else can be read in such a file."""
NOT_COMPARED = Unchecked(
    code="form-altered",
    why="The blank form of this exact revision has not been added, or its lines could not be found in this file. Add "
    "the blank form under “Official forms”.",
    command="`moa forms add` adds it.",
)

ANSWER_RULE_CODES = ASKED_OF_ANSWERS | frozenset(CODES)
"""The codes of the rules about answers that also apply to a finished agreement, with or without ICE's lists."""

__all__ = [
    "ANSWER_RULE_CODES",
    "CheckedDocument",
    "DocumentCase",
    "all_document_rules",
    "check_agreement",
    "check_document",
    "file_of",
    "with_judgement",
]


class JudgedReview(TypedDict):
    """A review as JSON, and why it is no judgement: then ``ready`` is null, unless something surely blocks."""

    ready: bool | None
    findings: list[FindingDocument]
    counts: dict[Severity, int]
    why_not_judged: str | None


class CheckedPageRow(TypedDict):
    """A page of the file: which page of the form it is, null for none of it, and whether its text could be read."""

    page: int
    form_page: int | None
    read: bool


class LoadedList(TypedDict):
    """A list of ICE's that was asked, with its day."""

    kind: str
    as_of: str
    file: str
    sha256: str


class CheckedDocument(JudgedReview):
    """What a check of a finished agreement finds, as JSON; ``lists`` is added where lists were asked."""

    edition: str | None
    model: Model | None
    revision: str | None
    pages: list[CheckedPageRow]
    signed: bool | None
    unseen: list[str]
    party: PartyDocument | None
    unchecked: list[dict[str, str]]
    lists: NotRequired[list[LoadedList]]


def check_agreement(document: ReadAgreement, *, today: date) -> Review:
    """Return the review of a finished agreement: blockers first; one finding for a code and a place."""
    case = DocumentCase(document=document, today=today)
    findings = run_document_rules(case)
    if document.two_to_a_sheet:
        findings = [finding for finding in findings if finding.code in OF_TWO_PAGES]
    elif document.like_an_moa:
        findings += run_answers_rules(case)
    else:
        findings = [finding for finding in findings if finding.code in {"not-an-moa", "encrypted", "active-content"}]
    once = {(finding.code, finding.where): finding for finding in reversed(findings)}
    remaining = reversed(once.values())
    return Review(findings=tuple(sorted(remaining, key=lambda finding: SEVERITIES.index(finding.severity))))


def check_document(data: bytes, today: str, forms: str = "") -> CheckedDocument:
    """Return the review of a PDF as a JSON document: what the sandbox runs in a child process for a stranger's file.

    ``forms`` is a folder of blank forms, each named by ``file_of`` after its edition; "" for none. If it has the texts
    that this program issued (``IssuedTexts``), text that matches them gets no finding about its wording.

    Raises:
        PdfError: a file cannot be opened.
    """
    blanks = {edition_of(file): file.read_bytes() for file in Path(forms).glob("*.pdf")} if forms else {}
    issued = IssuedTexts.read_from(Path(forms)) if forms else IssuedTexts()
    document = read_agreement(data, blanks)
    document = replace(document, two_to_a_sheet=shows_two_pages(data, document))
    review = check_agreement(document, today=date.fromisoformat(today))
    why = why_not_judged(document)
    party = party_of(document) if document.like_an_moa and not document.unknown_paper else None
    if issued.texts:
        review = Review(findings=tuple(without_issued_wordings(review.findings, document, issued)))
        party = party and party_as_issued(party, document, issued)
    judged = with_judgement(review.to_document(), why)
    return {
        "edition": document.edition.name if document.edition else None,
        "model": document.model,
        "revision": document.revision,
        "pages": [
            {"page": page.number, "form_page": page.form_page, "read": not page.unread} for page in document.pages
        ],
        "signed": document.signing.signed,
        "unseen": _unseen(document),
        "party": party,
        "unchecked": [one.to_document() for one in _unchecked(document)],
        "ready": judged["ready"],
        "findings": judged["findings"],
        "counts": judged["counts"],
        "why_not_judged": judged["why_not_judged"],
    }


def with_judgement(review: ReviewDocument, why_not: str) -> JudgedReview:
    """Return a review as JSON with the reason why the file could not be judged.

    ``ready`` is then null, unless a certain finding blocks.
    """
    blocked = review["counts"]["blocker"] > 0
    return {**review, "ready": None if why_not and not blocked else not blocked, "why_not_judged": why_not or None}


def _unseen(document: ReadAgreement) -> list[str]:
    """Return the blanks that could not be read; of those that were not found, only the ones that decide the result.

    A handwritten signature and date count as read, although this program cannot read the writing.
    """
    unknown = [
        reading
        for slot, reading in document.readings.items()
        if reading.sureness == "unknown" and not (slot in BY_PEN and reading.source == "ink")
    ]
    not_located = (
        [reading for reading in unfound(document) if reading.slot in DECISIVE_SLOTS] if document.like_an_moa else []
    )
    return [reading.where for reading in unknown] + [_place_on_form(reading, document) for reading in not_located]


def _place_on_form(reading: SlotReading, document: ReadAgreement) -> str:
    """Return where a missing blank should be: a page of the file, or of the form if that page is missing."""
    page = pages_of(document.edition)[reading.slot] if document.edition else reading.page
    is_present = any(match.form_page == page for match in document.pages)
    return reading.where if is_present else f"{reading.label} (page {page} of the form)"


def _unchecked(document: ReadAgreement) -> list[Unchecked]:
    if not document.like_an_moa:
        return []
    rows = [] if document.compared else [NOT_COMPARED]
    if document.unknown_paper:
        rows.append(Unchecked(code="not-an-moa", why="Too little of the file can be read to tell which paper it is."))
    if document.model and document.revision is None and not (document.edition and document.edition.former):
        why = "The revision date could not be read on any page. Look for it at the foot of the first page."
        rows.append(Unchecked(code="form-outdated", why=why))
    unread_pages = [page.number for page in unidentified_pages(document) if not page.form_page]
    matched = {page.form_page for page in document.pages if page.form_page}
    if unread_pages and (len(matched) < document.exact_pages or not document.exact_pages):
        why = f"These pages could not be read, and may be any page of the form: {page_list(unread_pages)}."
        rows.append(Unchecked(code="pages-missing", why=why))
    elif document.more_pages:
        why = f"Only the first {len(document.pages)} pages of the file were looked at."
        rows.append(Unchecked(code="pages-missing", why=why))
    return rows


def file_of(edition: str) -> str:
    """Return the name of the file that holds an edition's blank form: "moa-tfm 2025-02-12.pdf"."""
    return f"{edition.replace('/', ' ')}.pdf"


def edition_of(file: Path) -> str:
    """Return the edition whose blank form a file holds."""
    return file.stem.replace(" ", "/")
