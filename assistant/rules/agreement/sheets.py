"""How pages are arranged on the sheets of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.rules.agreement.registry import Problem, document_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.agreement.registry import DocumentCase

TWO_PAGES = "two-pages-on-a-sheet"


@document_rule(TWO_PAGES, source="How this program reads: page by page")
def each_sheet_shows_one_page(case: DocumentCase) -> Iterator[Problem]:
    """Each sheet of the file shows one page of the agreement, not two side by side."""
    if case.document.two_to_a_sheet:
        yield Problem(
            "the document",
            "Each sheet of this file shows two pages of the agreement, so nothing could be checked. Scan or save "
            "it again with one page per sheet, and check that file.",
        )
