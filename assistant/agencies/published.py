"""Read a list as ICE publishes it: participating agencies, or pending ones.

Every line with a state and an agency is a row, hidden or not, and no such row is lost: a cell that cannot be read
is reported by row, and the row keeps the rest. What the list is, its columns say; a file's name is no witness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.agencies.cells import correct_link, is_wrapped, signed_on
from assistant.agencies.names import key_name
from assistant.agencies.words import kind_of, model_of, says_nothing, state_of
from assistant.errors import SpreadsheetError
from assistant.program.states_and_counties import fold
from assistant.spreadsheets import is_blank, read, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from assistant.answers import AgencyKind, Model
    from assistant.spreadsheets import Cell, SheetData

ListKind = Literal["participating", "pending"]

HEADINGS: dict[str, str] = {
    "state": "state",
    "law enforcement agency": "agency",
    "agency": "agency",
    "agency name": "agency",
    "lea": "agency",
    "type": "type",
    "agency type": "type",
    "county": "county",
    "support type": "model",
    "model": "model",
    "support": "model",
    "signed": "signed",
    "date signed": "signed",
    "signed date": "signed",
    "moa": "moa",
    "addendum": "addendum",
}
NEEDED = frozenset({"state", "agency", "model"})
DERIVED = frozenset({"extracted link", "last seen", "status"})
"""Columns of lists that others derived from ICE's."""
HEADINGS_WITHIN = 10
MAX_NAME, MAX_COUNTY, MAX_STATE = 200, 100, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One row of a list. ``state`` is a postal code where one could be made out, else what stands there."""

    row: int
    state: str
    agency: str
    kind: AgencyKind | None
    county: str | None
    model: Model | None
    signed: date | None
    moa_url: str | None
    addendum_url: str | None

    @property
    def key(self) -> str:
        """Return what tells an agreement from others: ICE gives none of them a number."""
        return "|".join((self.state.upper(), key_name(self.agency), self.model or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A row with a cell that cannot be read as it stands, and why."""

    row: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedList:
    """A list, whole. ``notices`` are for whoever loads it: what is odd about the file."""

    kind: ListKind
    listings: tuple[Listing, ...]
    hidden: int
    unreadable: tuple[Unreadable, ...]
    notices: tuple[str, ...]


def read_list(data: bytes, *, expected: ListKind | None = None) -> PublishedList:
    """Return the list in a file; ``expected`` is what the user calls the file; its content decides.

    A list of pending agencies, called so, that has its headings and no row says that no agency is pending: ICE has
    published seven of them.

    Raises:
        SpreadsheetError: the file cannot be read, or is no list of ICE's.
    """
    sheet, at, places = _find(read(data))
    kind: ListKind = "participating" if "signed" in places else "pending"
    listings: list[Listing] = []
    unreadable: list[Unreadable] = []
    for number, row in enumerate(sheet.rows[at + 1 :], at + 2):
        cells = {name: row[place] for name, place in places.items() if place < len(row)}
        if all(is_blank(cell) for cell in cells.values()):
            continue
        if missing := [name for name in ("state", "agency") if is_blank(cells.get(name, ""))]:
            unreadable.append(
                Unreadable(row=number, why=f"{' and '.join(missing).upper()} empty, so the row was left out.")
            )
            continue
        listing, why = _listing(number, cells, sheet, places)
        listings.append(listing)
        unreadable += [Unreadable(row=number, why=reason) for reason in why]
    if not listings and (kind != "pending" or expected != "pending" or unreadable):
        raise SpreadsheetError("The list has no row with a state and an agency. Download it again.")
    return PublishedList(
        kind=kind,
        listings=tuple(listings),
        hidden=sum(listing.row in sheet.hidden_rows for listing in listings),
        unreadable=tuple(unreadable),
        notices=tuple(_notices(sheet, at, kind, expected, listings)),
    )


def _find(sheets: Sequence[SheetData]) -> tuple[SheetData, int, dict[str, int]]:
    """Return the sheet with the list, the place of its headings, and the place of each column by name."""
    best: tuple[SheetData, int, dict[str, int]] | None = None
    for sheet in sheets:
        for at, row in enumerate(sheet.rows[:HEADINGS_WITHIN]):
            places: dict[str, int] = {}
            for place, cell in enumerate(row):
                if name := HEADINGS.get(fold(text_of(cell))):
                    places.setdefault(name, place)
            if places.keys() >= NEEDED and (best is None or len(sheet.rows) > len(best[0].rows)):
                best = (sheet, at, places)
                break
    if best is None:
        raise SpreadsheetError(
            "This is not one of ICE's lists. Use one with the columns STATE, LAW ENFORCEMENT AGENCY and SUPPORT TYPE."
        )
    return best


def _listing(
    number: int, cells: dict[str, Cell], sheet: SheetData, places: dict[str, int]
) -> tuple[Listing, list[str]]:
    texts = {name: text_of(cell) for name, cell in cells.items()}
    why: list[str] = []
    state = state_of(texts["state"])
    if state is None:
        why.append(f"STATE reads “{texts['state'][:40]}”, which is not a state.")
    model = model_of(texts.get("model", ""))
    if model is None:
        why.append(_unknown("SUPPORT TYPE", texts.get("model", ""), "no model"))
    kind = kind_of(texts.get("type", ""))
    if kind is None and not says_nothing(texts.get("type", "")):
        why.append(_unknown("TYPE", texts["type"], "no kind of agency"))
    signed, reason = signed_on(cells.get("signed", ""), date1904=sheet.date1904)
    if "signed" in places and signed is None and reason is None:
        reason = "SIGNED is empty."
    why += [reason] if reason else []
    links: dict[str, str | None] = {}
    for name in ("moa", "addendum"):
        links[name], reason = _link(texts.get(name, ""), sheet.links.get((number, places.get(name, -1))))
        why += [f"{name.upper()}: {reason}"] if reason else []
    county = texts.get("county", "")
    listing = Listing(
        row=number,
        state=state or texts["state"][:MAX_STATE],
        agency=texts["agency"][:MAX_NAME],
        kind=kind,
        # The literal word stands for a county that is not named.
        county=None if says_nothing(county) or fold(county) == "county" else county[:MAX_COUNTY],
        model=model,
        signed=signed,
        moa_url=links["moa"],
        addendum_url=links["addendum"],
    )
    return listing, why


def _unknown(column: str, text: str, what: str) -> str:
    return f"{column} is empty." if says_nothing(text) else f"{column} reads “{text[:40]}”, which is {what}."


def _link(text: str, target: str | None) -> tuple[str | None, str | None]:
    """Return the address of a cell, from its link, or written out in it (older lists)."""
    if target:
        return correct_link(target)
    return correct_link(text) if "/" in text and "." in text else (None, None)


def _notices(
    sheet: SheetData, at: int, kind: ListKind, expected: ListKind | None, listings: Sequence[Listing]
) -> Iterator[str]:
    if expected and expected != kind:
        column = "has" if kind == "participating" else "has no"
        yield f"Given as the {expected} list, but it {column} column SIGNED: it was read as the {kind} list."
    if not listings:
        yield "The list has its headings and no row, so no agency is pending. Those listed before no longer are."
    if hidden := sum(listing.row in sheet.hidden_rows for listing in listings):
        yield f"{hidden} rows are hidden in the sheet. They were read like the others."
    if wrapped := sum(map(is_wrapped, sheet.links.values())):
        yield f"{wrapped} links were wrapped by another program. The addresses inside were used."
    if {fold(text_of(cell)) for cell in sheet.rows[at]} & DERIVED:
        yield "The file has columns that ICE's lists do not have, so someone else made it from them."
