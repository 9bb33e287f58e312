"""The revision date printed on an agreement, also where a program misread it ("02/1512025", "O2/12/2025")."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from assistant.editions.catalog import editions_for
from assistant.editions.formats import year_of
from assistant.reading.tokens import like

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.answers import Model
    from assistant.reading.tokens import Token

_CONFUSED = str.maketrans("oqdli|!/zsb", "00011111258")
"""Letters as a program takes digits for them; a slash and a 1 look the same."""
_NUMERIC_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")


def printed_revision(pages: Iterable[Sequence[Token]], model: Model | None) -> str | None:
    """Return the revision date that most pages carry, as YYYY-MM-DD; None where none can be read."""
    counted = Counter(revision for tokens in pages if (revision := _of_page(tokens, known_revisions(model))))
    return counted.most_common(1)[0][0] if counted else None


def known_revisions(model: Model | None) -> tuple[str, ...]:
    """Return the revision dates known for a model, ISO, oldest first."""
    if model is None:
        return ()
    return tuple(sorted({e.revision for e in editions_for(model) if e.revision_text}))


def revision_in(line: str, revisions: Sequence[str]) -> str | None:
    """Return which of some revision dates (ISO) the line at the foot of a page has, as a program read it; else None."""
    start = re.search(r"[\doO]{1,2}[/\d]", line)
    if start is None:
        return None
    text = line[start.start() :]
    # A small slash is lost more often than it is taken for a 1.
    digits = re.sub(r"\D", "", text.replace("o", "0").replace("O", "0"))
    without_slash = [iso for iso in revisions if digits == f"{iso[5:7]}{iso[8:]}{iso[:4]}"]
    read = without_slash[0] if without_slash else _read_revision(text, revisions)
    return read if read in revisions else None


def spelled_revision(pages: Iterable[Sequence[Token]], model: Model, revision: str) -> str:
    """Return how most pages spell a revision date, of the ways in which this model's prints do; "" where none is read.

    One print has "Revised 02/14/2025", another of the same day "Rev 2/14/25".
    """
    ways = {
        e.revision_text: _flattened(e.revision_text)
        for e in editions_for(model)
        if e.revision_text and e.revision == revision
    }
    counted = Counter(
        spelled
        for tokens in pages
        for text in _behind_the_word(tokens)
        for spelled, flat in ways.items()
        if _flattened(text).startswith(flat)
    )
    return counted.most_common(1)[0][0] if counted else ""


def _of_page(tokens: Sequence[Token], revisions: Sequence[str]) -> str | None:
    return next((revision for text in _behind_the_word(tokens) if (revision := _read_revision(text, revisions))), None)


def _behind_the_word(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield what stands behind each "Revised" or "Rev" of a page."""
    for n, token in enumerate(tokens):
        if like(token.key, "revised") or token.key == "rev":
            own = re.search(r"\d.*", token.text)
            yield (own[0] if own else "") + "".join(t.text for t in tokens[n + 1 : n + 4])


def _read_revision(text: str, revisions: Sequence[str]) -> str | None:
    match = _NUMERIC_DATE.match(text)
    plain = f"{year_of(match[3]):04d}-{int(match[1]):02d}-{int(match[2]):02d}" if match else None
    if plain and (plain in revisions or not revisions):
        return plain
    digits = _flattened(text)
    for revision in revisions:
        year, month, day = revision.split("-")
        spellings = {f"{month}/{day}/{year}", f"{int(month)}/{int(day)}/{year}", f"{int(month)}/{int(day)}/{year[2:]}"}
        if any(digits.startswith(_flattened(spelling)) for spelling in spellings):
            return revision
    return plain if match and 2000 <= year_of(match[3]) < 2100 and int(match[1]) <= 12 else None


def _flattened(text: str) -> str:
    return re.sub(r"[^0-9]", "", text.casefold().translate(_CONFUSED))
