"""The file itself: protection, notes and properties that should not be in a finished agreement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.program.states_and_counties import county_names, fold, fold_county
from assistant.reading.named_states import COUNTY, named_county
from assistant.reading.page_numbers import page_list
from assistant.rules.agreement.registry import Problem, document_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.agreement.registry import DocumentCase

REVIEW_MARKS = frozenset({"Text", "Highlight", "Underline", "Squiggly", "StrikeOut", "Caret", "FileAttachment"})
OWN_TITLE = re.compile(
    r"\b(?:moa|memorandum|agreement|287|ice|wso|jem|tfm|task force|warrant service|jail)", re.IGNORECASE
)
OTHER_TITLE = re.compile(
    r"\b(?:draft|template|letter|resolution|ordinance|minutes|agenda|invoice|contract|policy|memo|copy of)\b",
    re.IGNORECASE,
)
MODEL_WORDS = {"TFM": "task force", "JEM": "jail enforcement", "WSO": "warrant service"}


@document_rule("encrypted", severity="warning")
def the_file_is_not_encrypted(case: DocumentCase) -> Iterator[Problem]:
    """The file is not encrypted, so that every program at ICE can open it and a signature can be added."""
    if case.document.encrypted:
        yield Problem("the document", "The file is encrypted. Save a copy without protection, and send that copy.")


@document_rule("active-content", severity="warning", source="ISO 32000-2, 12.6: actions")
def the_file_runs_nothing(case: DocumentCase) -> Iterator[Problem]:
    """The file has no script, no program to start and no attached file, except the form's own scripts."""
    if kinds := sorted(case.document.active):
        yield Problem(
            "the document",
            f"The file has content that a PDF reader would run or open ({', '.join(kinds)}), which the form does "
            "not have. Print it to a new PDF, and send that one.",
        )


@document_rule("review-marks-left", severity="warning")
def no_review_marks_are_left(case: DocumentCase) -> Iterator[Problem]:
    """No comment, highlight or crossed-out text from a review is left in the file."""
    pages = [number for number, marks in case.document.marks.items() if any(m.kind in REVIEW_MARKS for m in marks)]
    if pages:
        yield Problem(page_list(pages), "Review comments or highlights were left here. Remove them from the file.")


@document_rule("draft-mark-left", source="How this program marks a draft")
def no_page_is_marked_as_a_draft(case: DocumentCase) -> Iterator[Problem]:
    """No page has the mark of an unfinished draft."""
    if pages := list(case.document.drafts):
        message = "The page is marked as a draft. Fix what the checklist lists, and export again."
        yield Problem(page_list(pages), message)


@document_rule("metadata-leftover", severity="warning")
def the_title_is_the_agreements(case: DocumentCase) -> Iterator[Problem]:
    """The document's title property names this agreement or is empty; it does not name another document."""
    title = case.document.info.get("Title", "").strip()
    if not title:
        return
    others = [words for model, words in MODEL_WORDS.items() if model != case.document.model]
    of_another = case.document.model is not None and any(words in fold(title) for words in others)
    if of_another or _names_another_county(title, case) or (OTHER_TITLE.search(title) and not OWN_TITLE.search(title)):
        yield Problem(
            "the document",
            "The file's title property belongs to another document, and a PDF reader shows it in the title bar. "
            "Correct it in the file's properties.",
        )


def _names_another_county(title: str, case: DocumentCase) -> bool:
    """Say whether a title names counties that there are, and not the agency's own."""
    own = fold_county(named_county(case.document) or "")
    named = [match[1].split() for match in COUNTY.finditer(title)]
    tails = {fold_county(" ".join(title_words[n:])) for title_words in named for n in range(len(title_words))}
    return bool(own) and own not in tails and bool(tails & county_names())
