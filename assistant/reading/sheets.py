"""Whether each sheet of a file shows two pages of an agreement, so that no page of it can be read by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.pdf.viewer.halves import halve_sheets
from assistant.reading.reader import read_agreement

if TYPE_CHECKING:
    from assistant.reading.agreement import ReadAgreement

TWO_PAGES = (
    "Each sheet of this file shows two pages of the agreement, so it cannot be read. Scan or save it again with "
    "one page per sheet, and choose that file."
)
SHEETS = 3
"""So many sheets are cut in two and looked at: six pages are enough to tell."""
MIN_PAGES = 3
"""So many different pages of one form have to be found on them."""
MOST_OF_THEM = 0.6
"""And they have to be this part of the halves; a cover sheet may lie before them."""
FEW = 0.6
"""A file with fewer sheets than this part of the form's pages may show two pages on each."""


def shows_two_pages(data: bytes, document: ReadAgreement) -> bool:
    """Say whether each sheet surely shows two pages of a known agreement; ``document`` is what was read of the file.

    Raises:
        PdfError: it cannot be opened.
    """
    expected = document.edition.pages if document.edition else None
    shows_pages = document.like_an_moa and any(page.form_page for page in document.pages)
    if shows_pages and expected and len(document.pages) > FEW * expected:
        return False
    halves = halve_sheets(data, most=SHEETS)
    if halves is None:
        return False
    halves_read = read_agreement(halves)
    form_pages = {page.form_page for page in halves_read.pages if page.form_page}
    return len(form_pages) >= max(MIN_PAGES, MOST_OF_THEM * len(halves_read.pages))
