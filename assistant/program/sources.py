"""The documents this program relies on, and citations of places in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from assistant.program import stored

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document; ``checked_on`` is the day it was read, or the date of the copy that was read."""

    key: str
    document: str
    revision: str | None = None
    checked_on: date | None = None
    note: str | None = None

    @property
    def title(self) -> str:
        """Return "TFM MOA rev. 03/07/2025" or "ICE's 287(g) program page, as updated 01/28/2026"."""
        if self.revision is None:
            return self.document
        return (
            f"{self.document} rev. {self.revision}"
            if self.key.startswith("moa-")
            else f"{self.document}, {self.revision}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A place in a document; ``page`` is the number printed on it."""

    source: Source
    section: str | None = None
    page: int | None = None

    def __str__(self) -> str:
        """Return "TFM MOA rev. 03/07/2025, VII. Nomination of Personnel, p. 3"."""
        parts = [self.source.title, self.section, f"p. {self.page}" if self.page else None]
        return ", ".join(part for part in parts if part)


@cache
def sources() -> dict[str, Source]:
    """Return every source by its key, in the order of the register."""
    return {key: Source(key=key, **entry) for key, entry in stored.table("sources").items()}


def cite(key: str, section: str | None = None, page: int | None = None) -> Citation:
    """Return a citation of a source in the register.

    Raises:
        KeyError: there is no such source.
    """
    return Citation(source=sources()[key], section=section, page=page)
