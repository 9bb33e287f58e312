"""Pages, revision and wording of the form: whether it is the whole official form, the newest, shown upright."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from assistant.editions.catalog import editions_for
from assistant.editions.formats import revision_date
from assistant.reading.page_numbers import page_list
from assistant.rules.agreement.certainty import unidentified_pages
from assistant.rules.agreement.others import names_another_county
from assistant.rules.agreement.party_name import party_name
from assistant.rules.agreement.registry import Problem, document_rule
from assistant.rules.agreement.signing import signing_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.reading import PageMatch
    from assistant.rules.agreement.registry import DocumentCase

WHOLE_TEXT = 0.85
FEW_PAGES_ALIKE = 0.6
WELL_MATCHED = 3
POOR_LIKENESS = 0.2
"""A recognized page more like a page of the form than this may be it."""
MOST_LINES = 10
"""At most this many changed lines are listed. A reader who has these can look for the others."""


@document_rule("not-an-moa", source="How this program knows an agreement: by its title and its words")
def the_file_is_an_agreement(case: DocumentCase) -> Iterator[Problem]:
    """The file is a memorandum of agreement of the 287(g) program."""
    if not case.document.like_an_moa:
        yield Problem(
            "the document",
            "This program does not recognize this file as a 287(g) memorandum of agreement. Choose the "
            "agreement's PDF.",
        )


@document_rule("pages-unread", severity="note", source="How this program reads: by text, never by guessing")
def every_page_can_be_read(case: DocumentCase) -> Iterator[Problem]:
    """Every page has text that can be read; the others are not judged."""
    unread = [page.number for page in case.document.pages if page.unread]
    if unread:
        yield Problem(
            page_list(unread),
            "These pages are pictures or almost empty, so their text was not checked. Look at them yourself, or "
            "check a copy with recognized text.",
        )


@document_rule("pages-missing")
def no_page_of_the_form_is_missing(case: DocumentCase) -> Iterator[Problem]:
    """Every page of the official form is there; a page that cannot be read may be any of them.

    It blocks only if every page could be read and the pages of this exact revision are known.
    """
    document = case.document
    untold = len(unidentified_pages(document))
    if not document.missing or document.more_pages or len(document.missing) <= untold:
        return
    missing_pages = f"{page_list(document.missing)} of the official form: the text is not in the file."
    if not untold and document.exact:
        yield Problem("the document", f"{missing_pages} Add the missing pages.")
    elif 2 * untold <= len(document.pages):
        yield Problem(
            "the document",
            f"{missing_pages} Some pages could not be read, or the revision is not known. Look for these pages "
            "yourself, and add any that are missing.",
            severity="warning",
        )


@document_rule("pages-extra", severity="note")
def extra_pages_are_told(case: DocumentCase) -> Iterator[Problem]:
    """Pages that are not part of the form are listed: a resolution, an addendum, a page scanned twice."""
    pages = case.document.pages
    if not any(page.form_page for page in pages) or _retyped(case):
        return
    strange = [page.number for page in pages if page.form_page is None and not page.unread]
    strange = [number for number in strange if not _poorly_read(pages, number)]
    if strange:
        yield Problem(page_list(strange), "The official form has no page like this. Make sure that it belongs here.")
    twice = [
        page.number
        for n, page in enumerate(pages)
        if page.form_page and page.form_page in {p.form_page for p in pages[:n]}
    ]
    if twice:
        yield Problem(page_list(twice), "This page of the form is in the file twice. Remove one of them.")


@document_rule("form-retyped", severity="warning")
def the_form_is_the_official_one(case: DocumentCase) -> Iterator[Problem]:
    """The agreement is the official form itself, not a retyped or redesigned copy."""
    if _retyped(case):
        yield Problem(
            "the document",
            "The text is from the agreement, but the pages are not those of the official form. Fill the official form.",
        )


@document_rule("form-altered", severity="warning", source="The blank official form on hand, line by line")
def the_printed_text_is_that_of_the_form(case: DocumentCase) -> Iterator[Problem]:
    """The printed text matches the blank form: no word of a typed page was changed, removed or added."""
    if _retyped(case):
        return
    party = party_name(case.document)
    known_numbers = {page.number for page in case.document.pages if page.form_page} if case.document.exact else set()
    for page, name in case.document.named_agencies:
        if page in known_numbers and party and names_another_county(party, name):
            yield Problem(
                f"p. {page}, printed text, “{name}”",
                "The form names no county's agency here. Fill the official form, and leave its text as it is.",
            )
    for page, line in case.document.altered[:MOST_LINES]:
        yield Problem(
            f"p. {page}, printed text, “{line}”",
            "This line differs from the blank form. Fill the official form, and do not change its text.",
        )


@document_rule("form-outdated", severity="warning")
def the_form_was_the_newest(case: DocumentCase) -> Iterator[Problem]:
    """The form is the newest revision known on the day of signing; unsigned, the newest known today.

    A print of before 2025 bears no date, and is known by its words.
    """
    document = case.document
    if document.edition and document.edition.former:
        yield Problem(
            f"p. {document.pages[0].number}, the form" if document.pages else "the document",
            f"This is the {document.edition.former}, which bears no revision date and which ICE no longer offers. "
            "Download the current form from ICE's 287(g) page.",
        )
        return
    if document.model is None or document.revision is None:
        return
    day = signing_day(document)
    if day is None and document.signing.signed is not False:
        return
    revisions = sorted(edition.revision for edition in editions_for(document.model) if edition.revision_text)
    newer = [iso for iso in revisions if iso > document.revision and date.fromisoformat(iso) <= (day or case.today)]
    if newer:
        yield Problem(
            f"p. {document.pages[0].number}, revision" if document.pages else "the document",
            f"The {document.model} form is the revision of {revision_date(document.revision)}, and there is a newer "
            f"one of {revision_date(newer[-1])}. Download the current form from ICE's 287(g) page, or ask ICE whether "
            "it still accepts this revision.",
        )


@document_rule("page-rotated", severity="warning")
def every_page_is_shown_upright(case: DocumentCase) -> Iterator[Problem]:
    """Every page is shown upright, whatever its /Rotate says."""
    turned = [page.number for page in case.document.pages if page.shown_turned]
    if turned:
        yield Problem(page_list(turned), "The page is sideways or upside down. Turn it upright and save the file.")


def _poorly_read(pages: Iterable[PageMatch], number: int) -> bool:
    """Say whether a page that a program recognized is somewhat like a page of the form, but not enough to be sure."""
    return any(page.number == number and page.scanned and page.likeness > POOR_LIKENESS for page in pages)


def _retyped(case: DocumentCase) -> bool:
    document = case.document
    typed_pages = [page for page in document.pages if not page.unread and not page.scanned]
    if document.spread < WHOLE_TEXT or len(typed_pages) < len(document.pages) / 2 or not document.exact_pages:
        return False
    alike = sum(page.form_page is not None for page in document.pages)
    undated = document.revision is None and not (document.edition and document.edition.former)
    return alike < FEW_PAGES_ALIKE * document.exact_pages or (undated and alike >= WELL_MATCHED)
