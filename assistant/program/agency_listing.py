"""What ICE's lists say of one agency: agreements it has, or that are pending, under a name like its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.program.states_and_counties import fold, may_be_same_county, states

if TYPE_CHECKING:
    from datetime import date

SURELY = 0.9
"""From this likeness on, two names in one State are taken for one agency's; "Lake County Police" and "Lake County
Sheriff" come to 0.87."""
SPELLED: dict[str, str] = {
    "co": "county", "cnty": "county", "pd": "police department", "so": "sheriffs office", "dept": "department",
    "sheriff": "sheriffs", "ofc": "office", "twp": "township",
}  # fmt: skip
ADDENDUM = re.compile(r"\s*[\[(]\s*addendum\s*[\])]\s*$", re.IGNORECASE)
INITIALS = re.compile(r"\s*\([A-Z0-9.&\s]{2,12}\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyListing:
    """An agreement on ICE's lists; ``match`` is how alike the names are, ``as_of`` the day the list speaks of."""

    agency: str
    state: str
    county: str | None
    model: str | None
    signed: date | None
    moa_url: str | None
    status: Literal["participating", "pending"]
    match: float
    as_of: date
    listing_id: int | None = None
    """The number of its row, by which its page is found; None where it comes from no database."""

    def is_of(self, county: str | None) -> bool:
        """Say whether it is surely the agency's own, which lies in this county (None where nobody said)."""
        if self.match < SURELY:
            return False
        return may_be_same_county(county, self.county)


def bare_name(name: str) -> str:
    """Return a name without its initials in brackets, and without a State after a comma."""
    bare = INITIALS.sub("", name).strip()
    head, comma, tail = bare.rpartition(",")
    state_words = {fold(word) for pair in states().items() for word in pair}
    return head.strip() if comma and fold(tail) in state_words else bare


def written_alike(left: str, right: str) -> bool:
    """Say whether two names are the same but for quotes, abbreviations, initials and the State."""
    return _spelled(left) == _spelled(right)


def _spelled(name: str) -> str:
    words = fold(bare_name(ADDENDUM.sub("", name))).split()
    return " ".join(SPELLED.get(word, word) for word in words)
