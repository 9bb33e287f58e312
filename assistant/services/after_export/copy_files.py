"""Files that a person drops in: PDFs as they are, pictures of pages turned into one PDF; each read in the sandbox."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.errors import PdfError
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.pdf.picture_pages import PicturePdf

MAKE_PDF: Task[PicturePdf] = define_task("assistant.pdf.picture_pages", "make_pdf", seconds=30, reads_pdf=False)
ASSEMBLE: Task[str] = define_task("assistant.pdf.page_assembly", "assemble_pages", seconds=30)
COUNT_PAGES: Task[int] = define_task("assistant.pdf.viewer.render", "page_count")
MOST_FILES = 80
MOST_PAGES = 120
"""Pages of one file: a letter and four agreements have sixty."""
MOST_GATHERED_BYTES = 50_000_000
"""Bytes of the PDF into which pictures are gathered; the sandbox takes 60 MB."""
MOST_NAMES = 60
"""Letters of a file name that are stored."""
TOO_MANY_PAGES = f"The file has more than {MOST_PAGES} pages. Choose the signed letter and agreements alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedFile:
    """A file as it came; its name counts for nothing but the order of pictures."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFile:
    """A PDF of pages, as it was dropped, or made of pictures; ``names`` has the file of each page then."""

    name: str
    data: bytes = field(repr=False)
    pages: int
    names: tuple[str, ...] = ()

    @property
    def of_pictures(self) -> bool:
        """Say whether it was made of pictures, so that its pages may stand in any order."""
        return bool(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """A file that cannot be used, and why, in a sentence."""

    name: str
    sentence: str


def read_files(files: Sequence[DroppedFile]) -> tuple[list[CopyFile], list[FileProblem]]:
    """Return the files that can be used, all pictures gathered in one PDF, and what is wrong with the others.

    Raises:
        BusyError: this computer has no time to read them now.
    """
    scanned: list[CopyFile] = []
    pictures: list[CopyFile] = []
    problems: list[FileProblem] = []
    for file in sorted(files, key=lambda file: natural_order(file.name)):
        try:
            one = _read_file(file)
        except PdfError as error:
            problems.append(FileProblem(name=plain_name(file.name), sentence=str(error)))
        else:
            (pictures if one.of_pictures else scanned).append(one)
    return [*scanned, *_gather(pictures)], problems


def plain_name(name: str) -> str:
    """Return a file name as it may be shown: without folders, what cannot be printed, and beyond sixty letters."""
    last = re.split(r"[/\\]", name)[-1]
    text = "".join(letter if letter.isprintable() else " " for letter in last)
    return " ".join(text.split())[:MOST_NAMES] or "a file without a name"


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """Return a key by which "page 2" comes before "page 10"."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [(0, int(part[:18]), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts]


def name_together(names: Sequence[str]) -> str:
    """Return what a file made of pictures is called: "IMG_1.jpg and 3 more"."""
    different = list(dict.fromkeys(names))
    return different[0] if len(different) == 1 else f"{different[0]} and {len(different) - 1} more"


def _read_file(file: DroppedFile) -> CopyFile:
    name = plain_name(file.name)
    if b"%PDF-" in file.data[:1024]:
        pages = run_in_sandbox(COUNT_PAGES, file.data)
        if pages > MOST_PAGES:
            raise PdfError(TOO_MANY_PAGES)
        if not pages:
            raise PdfError("The PDF has no pages. Choose the scan.")
        return CopyFile(name=name, data=file.data, pages=pages)
    pdf_of_pictures = run_in_sandbox(MAKE_PDF, file.data)
    pages = pdf_of_pictures["pages"]
    return CopyFile(name=name, data=base64.b64decode(pdf_of_pictures["pdf"]), pages=pages, names=(name,) * pages)


def _gather(pictures: Iterable[CopyFile]) -> Iterator[CopyFile]:
    """Yield PDFs that hold all pictures, in the order of their names; mostly one."""
    row: list[CopyFile] = []
    for picture in pictures:
        too_long = sum(one.pages for one in row) + picture.pages > MOST_PAGES
        if row and (too_long or sum(len(one.data) for one in row) + len(picture.data) > MOST_GATHERED_BYTES):
            yield join_files(row)
            row = []
        row.append(picture)
    if row:
        yield join_files(row)


def join_files(files: Sequence[CopyFile]) -> CopyFile:
    """Return several files as one, in their order.

    Raises:
        PdfError: one of them cannot be read.
    """
    if len(files) == 1:
        return files[0]
    places = [(n, page) for n, file in enumerate(files) for page in range(1, file.pages + 1)]
    names = tuple(name for file in files for name in (file.names or (file.name,) * file.pages))
    data = assemble([file.data for file in files], places)
    return CopyFile(name=name_together(names), data=data, pages=len(places), names=names)


def assemble(files: Sequence[bytes], places: Sequence[tuple[int, int]]) -> bytes:
    """Return a PDF made of pages of others: each place is a file (from 0) and a page of it (from 1).

    Raises:
        PdfError: one of them cannot be read, or together they are too large.
    """
    used = sorted({number for number, _ in places})
    data = [files[number] for number in used]
    rows = [[used.index(number), page] for number, page in places]
    return base64.b64decode(run_in_sandbox(ASSEMBLE, b"".join(data), [len(one) for one in data], rows))
