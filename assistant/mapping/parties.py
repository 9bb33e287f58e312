"""Whose part of a page a blank stands in: the heading above it, or over its column, that names a party.

What may be ICE's side is never written on: a heading of somebody unknown says that it is not known whose the part is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.mapping.identity import HEAD, LONGEST_HEADING
from assistant.mapping.rows import plain, squashed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.editions.catalog import Side
    from assistant.geometry import Rect
    from assistant.mapping.rows import MapRow

MAX_INDENT_PT = 20.0
"""Points by which a heading may stand further in than the blank that it heads."""
LINE_STEP_PT = 8.0
"""Points: headings whose heights differ by less are equally near."""
MAX_HEADING_LETTERS = 60
"""Letters of a heading."""

# Some prints lose their spaces, so this one is looked for anywhere in a row.
_PARTY = re.compile(r"For\s*(the\s*LEA|ICE|DHS)\s*:", re.IGNORECASE)
_SHORT_ICE = r"(?:ice|dhs)"
_ICE = (
    rf"(?:the)?(?:u\.?s\.?|unitedstates)?(?:immigrationandcustomsenforcement|departmentofhomelandsecurity|{_SHORT_ICE})"
    r"(?:\((?:ice|dhs)\))?(?:/ice|/ero)?"
)
_AGENCY = (
    r"(?:the)?(?:requesting|applying|participating|local)?"
    r"(?:lea|(?:tribal)?(?:lawenforcement)?agency(?:\(lea\))?|(?:indian)?tribe|tribalnation|nation|sheriff(?:[’']?soffice)?|"
    r"policedepartment|county|city|town|municipality|state|commonwealth|territory|jurisdiction)"
)
_WHAT = r"(?:points?ofcontact|contacts?|representatives?|signatory|official)"
_ERO = r"(?:the)?(?:ice)?(?:ero|enforcementandremovaloperations)"
_DIRECTOR = r"(?:the)?(?:ice|dhs|ero|local|acting|assistant|deputy)*fieldofficedirector"
_DONE_VERBS = (
    r"(?:tobe)?(?:completed|filled(?:in|out)?|signed|acknowledged|received|approved|reviewed|accepted|countersigned|"
    r"endorsed|processed)"
)
_OF_ICE = (
    r"(?:official)?(?:use|section|portion|part|acknowledge?ment|acceptance|approval|concurrence|countersignature|"
    r"decision|determination|endorsement|receipt|response|review|signatureblock)(?:only)?"
)
_BY_ICE = rf"{_DONE_VERBS}(?:(?:and|or|[,/&])+{_DONE_VERBS})*by(?:{_ICE}|{_ERO}|{_DIRECTOR})(?:only|official)?"
_FOR_ICE = re.compile(
    rf"for{_ICE}|for(?:{_SHORT_ICE}|official|government)(?:official)?useonly|{_SHORT_ICE}(?:{_WHAT})?"
    rf"|{_BY_ICE}|(?:{_ICE}|{_ERO}){_OF_ICE}"
)
_AGENCYS = re.compile(rf"(?:lea|agency|lawenforcementagency){_WHAT}")
_FOR_AGENCY = re.compile(rf"for{_AGENCY}|(?:lea|agency){_WHAT}")
_FOR_SOMEBODY = re.compile(r"for(?:the)?[a-z’'.]+")
_OVER_COLUMN = (re.compile(rf"{_ICE}(?:{_WHAT})?"), re.compile(rf"{_AGENCY}(?:{_WHAT})?"))
# In a letter a bare name heads ICE's part as well, and a closing the agency's.
_ALONE = re.compile(rf"(?:{_ICE}|{_ERO}|{_DIRECTOR})(?:{_WHAT})?")
_AGENCY_NAMED = re.compile(rf"{_AGENCY}|(?:nameof)?(?:the)?(?:requesting)?(?:lea|(?:lawenforcement)?agency)(?:name)?:?")
_CLOSING = re.compile(r"sincerely(?:yours)?|respectfully(?:submitted|yours)?|(?:very)?trulyyours|yourstruly")
_SIGNS = re.compile(r"sincerely|respectfully|signature|signhere|signedby")
SIGNED_WITHIN = 100.0
"""Points below a bare name of ICE's within which a signature is asked for, where the name heads a part to be signed."""
COLUMN, BLOCK = 100.0, 60.0
"""Points from one column to the next, and up to which two headings stand over one block, one of them a little lower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyHeading:
    """A heading that names a party; heights and left edge in pt, ``side`` None for somebody unknown."""

    low: float
    middle: float
    x0: float
    party: str
    """As printed."""
    side: Side | None


def headings_of(rows: Sequence[MapRow]) -> tuple[PartyHeading, ...]:
    """Return the headings of a page that name a party."""
    return tuple(
        PartyHeading(low=row.y0, middle=(row.y0 + row.y1) / 2, x0=x0, party=party, side=side)
        for row in rows
        for x0, party, side in _headings(row)
    )


def letter_headings(rows: Sequence[MapRow], *, signed: bool) -> tuple[PartyHeading, ...]:
    """Return the headings of a page of a letter; ``signed``: a page before it asks for a signature.

    ICE's bare name heads its part where a signature is asked for above it or soon below; elsewhere it is a letterhead
    or an address. What names the agency below ICE's heading makes it unknown whose the rest is.
    """
    headings = list(headings_of(rows))
    spots = {(one.middle, one.x0) for one in headings}
    titles = (r.y0 for r in rows[:HEAD] if "letterofinterest" in squashed(r.text) and len(r.text) <= LONGEST_HEADING)
    title, signing = next(titles, None), _signing(rows)
    for row in rows:
        middle = (row.y0 + row.y1) / 2
        for x0, text in row.parts:
            bare = squashed(text).strip(",:*")
            if len(text) > MAX_HEADING_LETTERS or (middle, x0) in spots:
                continue
            side: Side | None = None
            if _CLOSING.fullmatch(bare):
                side = "agency"
            elif _ALONE.fullmatch(bare):
                near = signed or any(y >= row.y0 - SIGNED_WITHIN for y in signing)
                if not near or (title is not None and row.y0 >= title):
                    continue
                side = "ice"
            elif not (
                _AGENCY_NAMED.fullmatch(bare) and any(one.side == "ice" and one.low > row.y1 for one in headings)
            ):
                continue
            headings.append(PartyHeading(low=row.y0, middle=middle, x0=x0, party=plain(text).strip(",:"), side=side))
    return tuple(headings)


def asks_to_sign(rows: Sequence[MapRow]) -> bool:
    """Say whether a page of a letter asks for a signature."""
    return bool(_signing(rows))


def _signing(rows: Sequence[MapRow]) -> list[float]:
    """Return the heights (pt) at which a page asks for a signature."""
    return [
        row.y0
        for row in rows
        for _, text in row.parts
        if len(text) <= MAX_HEADING_LETTERS and _SIGNS.search(squashed(text))
    ]


def party_of(headings: Sequence[PartyHeading], rect: Rect) -> tuple[Side | None, str]:
    """Return whose heading is the nearest above a box, or left of it in its row, and the heading as printed."""
    above = [
        (round(max(one.low - rect[1], 0.0) / LINE_STEP_PT), -one.x0, one.party, one.side)
        for one in headings
        if one.middle >= rect[1] and one.x0 <= rect[0] + MAX_INDENT_PT
    ]
    if not above:
        return None, ""
    nearest = min(above, key=lambda heading: heading[:2])
    for heading in above:
        # ICE's column, whose heading stands a little higher than the agency's.
        near = (heading[0] - nearest[0]) * LINE_STEP_PT <= BLOCK and nearest[1] - heading[1] >= COLUMN
        if heading[3] == "ice" and near:
            nearest = heading
    *_, party, side = nearest
    return side, party


def _headings(row: MapRow) -> Iterator[tuple[float, str, Side | None]]:
    """Yield (left edge, as printed, whose) of the headings in a row."""
    matches = [(row.letters[match.start()].rect[0], match[1]) for match in _PARTY.finditer(row.text)]
    for x0, words in matches:
        agency = "lea" in words.lower()
        yield x0, f"For {'the LEA' if agency else words.upper()}", "agency" if agency else "ice"
    parts = [(x0, text) for x0, text in row.parts if len(text) <= MAX_HEADING_LETTERS]
    bare = [squashed(text).strip(".:*") for _, text in parts]
    # "LEA" and "ICE" over the columns of a table; one of them alone may be a label.
    columns = all(any(pattern.fullmatch(text) for text in bare) for pattern in _OVER_COLUMN)
    alone = len(parts) == 1 and "_" not in row.text
    for (x0, text), squeezed in zip(parts, bare, strict=True):
        if any(abs(x0 - other) < 1 for other, _ in matches):
            continue
        party = plain(text).rstrip(":")
        if _FOR_ICE.fullmatch(squeezed) or (columns and _OVER_COLUMN[0].fullmatch(squeezed)):
            yield x0, party, "ice"
        elif (
            (alone and _AGENCYS.fullmatch(squeezed))
            or (text.startswith("F") and _FOR_AGENCY.fullmatch(squeezed))
            or (columns and _OVER_COLUMN[1].fullmatch(squeezed))
        ):
            yield x0, party, "agency"
        elif text.endswith(":") and text.startswith(("For ", "FOR ")) and _FOR_SOMEBODY.fullmatch(squeezed):
            yield x0, party, None
