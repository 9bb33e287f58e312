"""Which document of an export a dropped file is a copy of; a file that holds several is divided.

``divide_pages`` decides from what the pages show, without a file or a table.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.pdf.sandbox import Task, define_task, run_in_sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.services.after_export.issued_documents import IssuedDocument
    from assistant.verifying.page_finder import PageSighting

FIND_PAGES: Task[list[PageSighting]] = define_task(
    "assistant.verifying.page_finder", "find_pages", seconds=60, seconds_per_page=5
)
DIGITAL_SIGNATURE = b"/ByteRange"
SHEET_CODE = re.compile(r"287G ([0-9A-F]{8}) [!-~]+ [0-9]+/[0-9]+")
"""What a code of the signing-day sheet says, the short name of the bundle first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPart:
    """Pages of a dropped file that belong together, in their new order; ``document`` is "" where it is not known.

    ``by_name`` are those of the pages that stand where their file names put them.
    """

    document: str
    pages: tuple[int, ...]
    by_name: tuple[int, ...] = ()


def find_pages(data: bytes, documents: Sequence[IssuedDocument]) -> list[PageSighting]:
    """Return what each page of a file shows, among the documents that can be compared.

    Raises:
        PdfError: the file cannot be read.
        BusyError: this computer has no time for it now.
    """
    with TemporaryDirectory(prefix="moa-issued-") as folder:
        paths = {}
        for number, document in enumerate(documents):
            if document.data is not None:
                path = Path(folder) / f"{number}.pdf"
                path.write_bytes(document.data)
                paths[document.name] = str(path)
        return run_in_sandbox(FIND_PAGES, data, json.dumps(paths))


def divide_pages(
    sightings: Sequence[PageSighting], issued_pages: Mapping[str, int], *, of_pictures: bool, whole: bool = False
) -> list[CopyPart]:
    """Return the pages of a file by the document that they show.

    Args:
        sightings: what each page shows, in the order of the pages.
        issued_pages: the pages of each document, by its name.
        of_pictures: the file was made of pictures, which may come in any order.
        whole: the file must stay as it is, for it is signed digitally.

    Pages of our signing-day sheet are left out.
    """
    if not whole:
        sightings = [sighting for sighting in sightings if not sighting["codes"]] or sightings
    numbers = tuple(sighting["number"] for sighting in sightings)
    by_document = {name: [s for s in sightings if s["document"] == name and s["page"]] for name in issued_pages}
    rows_of = {name: rows for name, rows in by_document.items() if rows}
    if not rows_of:
        return [CopyPart(document="", pages=numbers)]
    main = max(rows_of, key=lambda name: (len(rows_of[name]), sum(s["sure"] for s in rows_of[name])))
    if of_pictures:
        return _divide_pictures(sightings, rows_of, issued_pages)
    if whole or len(rows_of) == 1:
        return [CopyPart(document=main, pages=numbers)]
    return _divide_scan(sightings, {name for name, rows in rows_of.items() if name == main or _is_certain(rows)})


def find_sheet(sightings: Sequence[PageSighting]) -> tuple[tuple[int, ...], frozenset[str]]:
    """Return which pages of a file are of our signing-day sheet, and the short names of the bundles that they name."""
    matches = [(s["number"], SHEET_CODE.fullmatch(code)) for s in sightings for code in s["codes"]]
    pages = tuple(dict.fromkeys(number for number, match in matches if match))
    return pages, frozenset(match[1] for _, match in matches if match)


def _is_certain(rows: Sequence[PageSighting]) -> bool:
    """Say whether these pages are surely of their document."""
    return any(sighting["sure"] for sighting in rows)


def _divide_scan(sightings: Sequence[PageSighting], documents: set[str]) -> list[CopyPart]:
    """Return the parts of a scan of several documents; what shows none goes with the page before it."""
    first = next(s["document"] for s in sightings if s["document"] in documents)
    current = str(first)
    pages: dict[str, list[int]] = {}
    for sighting in sightings:
        if sighting["document"] in documents and (sighting["sure"] or sighting["document"] == current):
            current = str(sighting["document"])
        pages.setdefault(current, []).append(sighting["number"])
    return [CopyPart(document=name, pages=tuple(numbers)) for name, numbers in pages.items()]


def _divide_pictures(
    sightings: Sequence[PageSighting],
    rows_of: Mapping[str, Sequence[PageSighting]],
    issued_pages: Mapping[str, int],
) -> list[CopyPart]:
    """Return the pictures of each document in the order of its pages, and those that show none.

    Where only one document lacks pages, and no fewer than there are pictures left, these are taken for its pages, and
    stand after the picture whose file name comes before theirs.
    """
    unknown = [s["number"] for s in sightings if not s["document"] and not s["empty"]]
    lacking = [name for name in rows_of if len({s["page"] for s in rows_of[name]}) < issued_pages[name]]
    gaps = {name: issued_pages[name] - len({s["page"] for s in rows_of[name]}) for name in lacking}
    parts = []
    for name in issued_pages:
        if name not in rows_of:
            continue
        pages = [s["number"] for s in sorted(rows_of[name], key=lambda s: (s["page"] or 0, s["number"]))]
        by_name: list[int] = []
        if lacking == [name] and unknown and len(unknown) <= gaps[name]:
            for number in unknown:
                before = [page for page in pages if page < number]
                pages.insert(pages.index(max(before)) + 1 if before else 0, number)
            by_name, unknown = unknown, []
        parts.append(CopyPart(document=name, pages=tuple(pages), by_name=tuple(by_name)))
    if unknown:
        parts.append(CopyPart(document="", pages=tuple(unknown)))
    return parts
