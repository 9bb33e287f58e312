"""What the signing page of a signed copy tells: signature, date, ICE's side. Two witnesses are asked of each.

One reads (``assistant.reading``), the other counts the ink that the issued page has not. Where they do not agree, or
cannot tell, the answer is "unclear".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.verifying.verdict import verdict_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.verifying.compare import PageComparison
    from assistant.verifying.document import IssuedLook, SignedLook

SignatureInk = Literal["present", "absent", "unclear"]
THERE, NOTHING = 40, 10
"""Pixels of added ink in a blank: surely something, and surely nothing. A pen's dot has 6, a typed date over 100."""
TYPED_SOURCES = frozenset({"field", "note", "text"})
ICE_SIDE = "ice_side"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningResult:
    """``date`` is ISO where it could be read, else "absent", "unreadable" or "unclear"."""

    signature: SignatureInk
    date: str
    date_recognised: bool
    """Whether a program read the date from a picture, so that it may be wrong."""
    ice_side_empty: bool | None
    ice_slots: tuple[str, ...] = ()
    """The blanks on ICE's side in which something stands."""


def signed_of(read: SignedLook, issued: IssuedLook, comparisons: Mapping[int, PageComparison]) -> SigningResult:
    """Return what stands on the signing page; ``read`` and ``issued`` are what ``document`` said of the two files."""
    ink = _ink(issued, comparisons)
    day = _date(read, ink.get("lea_date"))
    empty, slots = _ice(read, issued, ink)
    return SigningResult(
        signature=_signature(read, ink.get("lea_signature")),
        date=day,
        date_recognised=bool(read["date_recognised"]) and day == read["date"],
        ice_side_empty=empty,
        ice_slots=slots,
    )


def _ink(issued: IssuedLook, comparisons: Mapping[int, PageComparison]) -> dict[str, int]:
    """Return the ink added in each blank, of pages alone that could be laid over the issued ones well enough."""
    ink: dict[str, int] = {}
    for page in map(int, issued["blanks"]):
        one = comparisons.get(page)
        if one is not None and verdict_of(one) != "unreadable":
            ink.update(one.ink)
    return ink


def _signature(read: SignedLook, ink: int | None) -> SignatureInk:
    if read["typed_name"]:
        return "unclear"
    signed = read["signed"]
    if signed and read["electronic"]:
        return "present"
    if ink is None:
        return "unclear"
    if ink >= THERE and signed is not False:
        return "present"
    if ink <= NOTHING and not signed:
        return "absent"
    return "unclear"


def _date(read: SignedLook, ink: int | None) -> str:
    if read["date"]:
        return str(read["date"])
    something = read["date_source"] in TYPED_SOURCES | {"recognised", "ink"}
    if ink is None:
        return "unreadable" if something else "unclear"
    if ink >= THERE or (something and ink > NOTHING):
        return "unreadable"
    return "absent" if ink <= NOTHING and not something else "unclear"


def _ice(read: SignedLook, issued: IssuedLook, ink: Mapping[str, int]) -> tuple[bool | None, tuple[str, ...]]:
    slots = [slot for row in issued["blanks"].values() for slot in row["slots"] if slot.startswith("ice_")]
    slots += [slot for row in issued["blanks"].values() for slot in row["slots"] if slot == "contact_vii_ice"]
    own = set(issued["filled"])
    typed_slots = [slot for slot, source in read["ice"].items() if source in TYPED_SOURCES and slot not in own]
    inked = [slot for slot in slots if ink.get(slot, 0) >= THERE and slot != ICE_SIDE]
    if typed_slots or inked:
        return False, tuple(dict.fromkeys([*typed_slots, *inked]))
    if not slots or any(slot not in ink or ink[slot] > NOTHING for slot in slots):
        return None, ()
    return True, ()
