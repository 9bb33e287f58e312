"""One copy of one document, put together from several files: pictures of its pages, or scans of parts of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import PdfError
from assistant.pdf.viewer.render import page_count
from assistant.services.after_export.copy_files import CopyFile, assemble, join_files, name_together, read_files
from assistant.services.after_export.copy_matching import divide_pages, find_pages
from assistant.services.after_export.issued_documents import IssuedDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.services.after_export.copy_files import DroppedFile

ISSUED = "issued.pdf"


def gather_copy(files: Sequence[DroppedFile], issued: bytes) -> CopyFile:
    """Return a signed copy as one PDF: a single PDF as it is, other files in the order of the issued pages they show.

    What shows no page of the issued file comes last.

    Raises:
        PdfError: a file cannot be used; the sentence names it.
        InputError: what compares pictures of pages is not installed.
        BusyError: this computer has no time to read them now.
    """
    copies, problems = read_files(files)
    if problems:
        raise PdfError(f"{problems[0].name}: {problems[0].sentence}")
    whole = join_files(copies)
    if len(files) == 1 and not whole.of_pictures:
        return whole
    document = IssuedDocument(name=ISSUED, title="", model=None, data=issued)
    parts = divide_pages(find_pages(whole.data, (document,)), {ISSUED: page_count(issued)}, of_pictures=True)
    pages = [page for part in sorted(parts, key=lambda part: part.document != ISSUED) for page in part.pages]
    names = tuple(whole.names[page - 1] for page in pages)
    data = assemble([whole.data], [(0, page) for page in pages])
    return CopyFile(name=name_together(names), data=data, pages=len(pages), names=names)
