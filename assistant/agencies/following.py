"""Follow agreements from one list to the next, through renames, new dates and corrected models.

ICE gives no number to an agreement and corrects its lists silently, so rows that left are compared with rows that came.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol, TypeVar

from assistant.agencies.names import key_name, likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from datetime import date

RENAMED, RENAMED_SURELY = 0.9, 0.7
"""How alike a name must be to its former self on a row that agrees in date or county, and on one that does in both."""


class Agreement(Protocol):
    """What a listing and a kept row both tell."""

    @property
    def key(self) -> str:
        """Return what pairs two rows of one agreement."""

    @property
    def state(self) -> str:
        """Return the postal code."""

    @property
    def agency(self) -> str:
        """Return the name as listed."""

    @property
    def county(self) -> str | None:
        """Return the county, where one is listed."""

    @property
    def model(self) -> str | None:
        """Return the model, where one is listed."""

    @property
    def signed(self) -> date | None:
        """Return the day of signing, where one is listed."""

    @property
    def moa_url(self) -> str | None:
        """Return the address of the file, where one is listed."""


StoredT = TypeVar("StoredT", bound=Agreement)
AgreementT = TypeVar("AgreementT", bound=Agreement)


def pair_up(
    stored: Iterable[StoredT], listings: Iterable[AgreementT]
) -> tuple[list[tuple[StoredT, AgreementT]], list[StoredT], list[AgreementT]]:
    """Return (pairs of the same agreement, what is kept and no longer listed, what is listed and new)."""
    pairs: list[tuple[StoredT, AgreementT]] = []
    old, new = list(stored), list(listings)
    steps: tuple[tuple[Callable[[Agreement], Hashable], Callable[[Agreement, Agreement], bool]], ...] = (
        # True duplicates share a key: those that agree in date and link first, then in the order of the list.
        (lambda row: (row.key, row.signed, row.moa_url), lambda _left, _right: True),
        (lambda row: row.key, lambda _left, _right: True),
        (lambda row: (row.moa_url, row.model) if row.moa_url else None, _same_state_or_name),
        (lambda row: (row.state, row.model), _renamed),
        (lambda row: (row.state, key_name(row.agency)), _relabelled),
        (lambda row: (key_name(row.agency), row.model, row.signed), _moved),
    )
    for place_of, fits in steps:
        matches = list(_matches(old, new, place_of, fits))
        pairs += matches
        matched_ids = {id(row) for pair in matches for row in pair}
        old = [row for row in old if id(row) not in matched_ids]
        new = [row for row in new if id(row) not in matched_ids]
    return pairs, old, new


def _matches(
    old: list[StoredT],
    new: list[AgreementT],
    place_of: Callable[[Agreement], Hashable],
    fits: Callable[[Agreement, Agreement], bool],
) -> Iterator[tuple[StoredT, AgreementT]]:
    waiting: dict[Hashable, list[StoredT]] = defaultdict(list)
    for row in old:
        if (place := place_of(row)) is not None:
            waiting[place].append(row)
    for listing in new:
        there = waiting.get(place_of(listing), [])
        former = next((row for row in there if fits(row, listing)), None)
        if former is not None:
            there.remove(former)
            yield former, listing


def _same_state_or_name(left: Agreement, right: Agreement) -> bool:
    return left.state == right.state or key_name(left.agency) == key_name(right.agency)


def _renamed(left: Agreement, right: Agreement) -> bool:
    same_day = left.signed is not None and left.signed == right.signed
    same_county = left.county is not None and left.county == right.county
    if not (same_day or same_county):
        return False
    return likeness(left.agency, right.agency) >= (RENAMED_SURELY if same_day and same_county else RENAMED)


def _relabelled(left: Agreement, right: Agreement) -> bool:
    return left.signed is not None and left.signed == right.signed


def _moved(left: Agreement, right: Agreement) -> bool:
    """Say whether a state was corrected: two agencies of two states may share a name, but hardly a day as well."""
    return left.signed is not None and (len(left.state) != len(right.state) or left.county == right.county)
