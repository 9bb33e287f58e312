"""What the signing page of a signed copy tells: signature, date, ICE's side. Two witnesses are asked of each.

One reads (``assistant.reading``), the other counts the ink of a pen. Where they do not agree, or cannot tell, the
answer is "unclear". A pale pen leaves nothing in a black and white scan: there an empty line is never called empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.verifying.verdict import verdict_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.verifying.comparison import PageComparison
    from assistant.verifying.document import IssuedLook, SignedLook

SignatureInk = Literal["present", "absent", "unclear"]
THERE, NOTHING = 200, 40
"""Pixels of a pen in a blank, at 150 dpi: surely something, and surely nothing. Signed blanks had 1,870 and more, empty
ones 0, once 31."""
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
    black_and_white: bool = False
    """Whether the signing page was scanned in black and white, so that a pale pen does not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ink:
    """Pixels of a pen in each blank; those of a black and white scan that say nothing are left out."""

    by_slot: Mapping[str, int]
    invisible: frozenset[str]

    def at(self, slot: str) -> int | None:
        return self.by_slot.get(slot)

    def is_empty(self, slot: str) -> bool:
        return slot in self.by_slot and self.by_slot[slot] <= NOTHING and slot not in self.invisible


def signed_of(read: SignedLook, issued: IssuedLook, comparisons: Mapping[int, PageComparison]) -> SigningResult:
    """Return what stands on the signing page; ``read`` and ``issued`` come from ``document``."""
    ink = _ink(issued, comparisons)
    day = _date(read, ink)
    empty, slots = _ice(read, issued, ink)
    return SigningResult(
        signature=_signature(read, ink),
        date=day,
        date_recognised=bool(read["date_recognised"]) and day == read["date"],
        ice_side_empty=empty,
        ice_slots=slots,
        black_and_white="lea_signature" in ink.invisible,
    )


def _ink(issued: IssuedLook, comparisons: Mapping[int, PageComparison]) -> _Ink:
    """Return the ink of a pen in each blank, only of pages that could be aligned well enough with the issued ones."""
    by_slot: dict[str, int] = {}
    invisible: set[str] = set()
    for page in map(int, issued["blanks"]):
        one = comparisons.get(page)
        if one is not None and verdict_of(one) != "unreadable":
            by_slot.update(one.ink)
            if one.black_and_white:
                invisible.update(slot for slot, pixels in one.ink.items() if pixels <= NOTHING)
    return _Ink(by_slot=by_slot, invisible=frozenset(invisible))


def _signature(read: SignedLook, ink: _Ink) -> SignatureInk:
    if read["typed_name"]:
        return "unclear"
    signed = read["signed"]
    if signed and read["electronic"]:
        return "present"
    pixels = ink.at("lea_signature")
    if pixels is None:
        return "unclear"
    if pixels >= THERE and (signed is not False or _reads_beside_blanks(read, ink)):
        return "present"
    return "absent" if ink.is_empty("lea_signature") and not signed else "unclear"


def _reads_beside_blanks(read: SignedLook, ink: _Ink) -> bool:
    """Say whether reading called a blank of ICE's empty in which a pen wrote: its places are beside the blanks then.

    They are where a text layer lies beside its picture, or its words are cut to pieces.
    """
    return any(source == "nothing" and (ink.at(slot) or 0) >= THERE for slot, source in read["ice"].items())


def _date(read: SignedLook, ink: _Ink) -> str:
    if read["date"]:
        return str(read["date"])
    something = read["date_source"] in TYPED_SOURCES | {"recognised", "ink"}
    pixels = ink.at("lea_date")
    if pixels is None:
        return "unreadable" if something else "unclear"
    if pixels >= THERE or (something and pixels > NOTHING):
        return "unreadable"
    return "absent" if ink.is_empty("lea_date") and not something else "unclear"


def _ice(read: SignedLook, issued: IssuedLook, ink: _Ink) -> tuple[bool | None, tuple[str, ...]]:
    slots_of_ice = [slot for page in issued["blanks"].values() for slot in page["slots"] if slot.startswith("ice_")]
    slots_of_ice += [slot for page in issued["blanks"].values() for slot in page["slots"] if slot == "contact_vii_ice"]
    own = set(issued["filled"])
    typed_slots = [slot for slot, source in read["ice"].items() if source in TYPED_SOURCES and slot not in own]
    inked = [slot for slot in slots_of_ice if (ink.at(slot) or 0) >= THERE and slot != ICE_SIDE]
    if typed_slots or inked:
        return False, tuple(dict.fromkeys([*typed_slots, *inked]))
    # ICE signs after the agency, with its own pen; what does not show in black and white is not there for a reader.
    if not slots_of_ice or any((ink.at(slot) is None) or (ink.at(slot) or 0) > NOTHING for slot in slots_of_ice):
        return None, ()
    return True, ()
