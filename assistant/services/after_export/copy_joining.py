"""Pages that were scanned again, put into the copy of the same document that is there.

A page that both have comes from the newer scan. What is joined is compared anew as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.services.after_export.copy_files import CopyFile, assemble
from assistant.services.after_export.copy_matching import DIGITAL_SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from assistant.verifying.verdict import PageVerdictDocument

EARLIER, NEWER = 0, 1
NOTHING_LEGIBLE = (
    "The pages in this file cannot be compared, so the copy here stays as it is. Scan them again, flat and in focus."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCopy:
    """The copy of the same document that was there before, as far as joining needs it."""

    copy_id: UUID
    file_name: str
    data: bytes = field(repr=False)
    names: tuple[str, ...]
    rows: tuple[PageVerdictDocument, ...]
    confirmed_pages: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedCopy:
    """A copy of pages of two. ``confirmed_pages`` are those of the earlier copy that a person has looked at."""

    earlier_id: UUID
    file: CopyFile
    note: str
    confirmed_pages: frozenset[int]


def plan_pages(
    earlier: Sequence[PageVerdictDocument], newer: Sequence[PageVerdictDocument]
) -> list[tuple[int, int, int | None]] | None:
    """Return where each page of a joined copy comes from: EARLIER or NEWER, its page there, the page it is a copy of.

    Pages that are no page of the document stay, at the end. None where the newer scan lacks nothing that the earlier
    one has, so that it can take its place. A page that cannot be compared never replaces one that can.

    Raises:
        InputError: nothing of the newer scan can be used.
    """
    old, new = _pages_present(earlier), _pages_present(newer)
    if not new or not old.keys() - new.keys():
        return None
    legible = {row["page"] for row in earlier if row["verdict"] != "unreadable"}
    blurred = {row["page"] for row in newer if row["verdict"] == "unreadable"}
    new = {page: place for page, place in new.items() if page not in blurred or page not in legible}
    if not new:
        raise InputError(NOTHING_LEGIBLE)
    places: list[tuple[int, int, int | None]] = [
        (NEWER, new[page], page) if page in new else (EARLIER, old[page], page) for page in sorted(old | new)
    ]
    for source, rows in ((EARLIER, earlier), (NEWER, newer)):
        places += [(source, row["signed_page"], None) for row in rows if row["page"] is None and row["signed_page"]]
    return places


def _pages_present(rows: Sequence[PageVerdictDocument]) -> dict[int, int]:
    """Return of each issued page that is in a copy, which page of the copy it is."""
    return {row["page"]: row["signed_page"] for row in rows if row["page"] and row["signed_page"]}


def join_copies(
    earlier: EarlierCopy,
    data: bytes,
    rows: Sequence[PageVerdictDocument],
    *,
    file_name: str,
    names: Sequence[str],
) -> JoinedCopy | None:
    """Return the earlier copy with the pages of a newer scan in it; None where the scan can take its place as it is.

    A file that is signed digitally is never taken apart.

    Raises:
        InputError: nothing of the newer scan can be used.
        PdfError: one of the two cannot be read, or together they are too large.
        BusyError: this computer has no time for it now.
    """
    if DIGITAL_SIGNATURE in data or DIGITAL_SIGNATURE in earlier.data:
        return None
    places = plan_pages(earlier.rows, rows)
    if places is None:
        return None
    of_page = {
        EARLIER: lambda page: earlier.names[page - 1] if earlier.names else earlier.file_name,
        NEWER: lambda page: names[page - 1] if names else file_name,
    }
    rescans = [page for source, _, page in places if source == NEWER and page]
    numbers = ", ".join(map(str, rescans))
    return JoinedCopy(
        earlier_id=earlier.copy_id,
        file=CopyFile(
            name=earlier.file_name,
            data=assemble([earlier.data, data], [(source, page) for source, page, _ in places]),
            pages=len(places),
            names=tuple(of_page[source](page) for source, page, _ in places),
        ),
        note=(
            f"Page {numbers} comes from {file_name}, the other pages from {earlier.file_name}."
            if len(rescans) == 1
            else f"The pages {numbers} come from {file_name}, the others from {earlier.file_name}."
        ),
        confirmed_pages=earlier.confirmed_pages - set(rescans),
    )
