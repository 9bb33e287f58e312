"""What a blank of a 287(g) agreement asks for, told by the words around it.

Every rule is a pattern of the forms read so far; what no rule knows has no meaning. Nothing here has seen any
particular edition's field names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.mapping.places import FOOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.editions import Side
    from assistant.mapping.context import Blank, Context

NARROW = 80.0
"""A box narrower than this (pt) holds no agency's full name."""
BY_HAND = "written by hand on the day of signing"
SIGNED = "signed by the signatory"
TICKED = "ticked by hand where it applies: this program ticks no box"
ICES = "ICE’s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What goes into a blank, or with a ``reason`` why nothing does."""

    name: str
    """What a place on a flat page is called."""
    label: str
    side: Side = "agency"
    path: str = ""
    format: str = "text"
    instead: tuple[str, ...] = ()
    optional: bool = False
    reason: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what two blanks of one meaning share."""
        return self.side, self.path, self.reason


_OR_SHORT = ("agency.short_name",)
_NAME, _SHORT = "agency.legal_name", "agency.short_name"
# (before, after, meaning): the sentence that a blank interrupts. Patterns meet squashed text.
_SENTENCES: tuple[tuple[str, str, Meaning], ...] = (
    (
        "andthe$",
        "^,?pursuant",
        Meaning(
            name="agency",
            label="agency’s name, “and the ____”",
            path=_NAME,
            format="name-with-initials",
            instead=(_NAME,),
        ),
    ),
    (
        "betweeniceandthe$",
        "",
        Meaning(
            name="agency, Appendix B", label="agency’s name, “between ICE and the ____”", path=_NAME, instead=_OR_SHORT
        ),
    ),
    ("and(the)?$", "^,?hereinafter", Meaning(name="agency", label="agency’s name, section I", path=_NAME)),
    (
        "employeesofthe$",
        "",
        Meaning(name="agency, officers", label="agency’s name, “employees of the ____”", path=_NAME, instead=_OR_SHORT),
    ),
    (
        "learepresents$",
        "",
        Meaning(name="represents", label="county, city or State, “The LEA represents ____”", path="agency.represents"),
    ),
    (
        "(fieldlocation|chiefcounsel|counsel\\(opla\\))at$",
        "",
        Meaning(name="OPLA location", label="OPLA field location", path="ice.opla_location", optional=True),
    ),
)
_LABELS: dict[str, Meaning] = {
    "date": Meaning(name="date", label="date", reason=BY_HAND),
    "signature": Meaning(name="signature", label="signature", reason=SIGNED),
    "name": Meaning(name="name", label="name", path="signatory.full_name"),
    "title": Meaning(name="title", label="title", path="signatory.title"),
    "agency": Meaning(name="agency, signature", label="agency", path=_NAME, instead=_OR_SHORT),
}
_LABEL = re.compile(rf"({'|'.join(_LABELS)})$")
_ONE_LINE = ("agency.address.street",)
_LINES = {
    5: ("full_name", "title", "phone", "address", "email"),
    4: ("full_name", "title", "phone", "email"),
}
_WORDS = {"full_name": "name", "title": "title", "phone": "phone", "address": "address", "email": "e-mail"}
_CONTACTS = {
    "program contact": ("program_contact", "contact"),
    "public information": ("public_information_contact", "public information"),
}


def in_sentence(blank: Blank, context: Context) -> Meaning | None:
    """Return the meaning that the sentence around a blank gives it."""
    for before, after, meaning in _SENTENCES:
        if re.search(before, context.before) and re.search(after, context.after):
            if meaning.name == "agency, officers" and blank.rect[2] - blank.rect[0] < NARROW:
                return Meaning(name=meaning.name, label="agency’s short name, “employees of the ____”", path=_SHORT)
            return meaning
    return None


def in_footer(blank: Blank, page_width: float) -> Meaning | None:
    """Return the agency's name for what stands at the left of a page's foot."""
    if blank.rect[1] < FOOT and blank.rect[2] <= page_width * 0.55:
        return Meaning(name="agency, footers", label="agency’s name, footer of every page", path=_NAME)
    return None


def by_label(context: Context, kind: str) -> Meaning | None:
    """Return the meaning that label and side give a blank of the signature block or of section VII."""
    if context.section == "contacts by title" and context.party:
        return _by_title(context)
    label = "signature" if kind == "Sig" else (match[1] if (match := _LABEL.search(context.before)) else "")
    if context.section != "signature" or not context.party:
        return None
    if context.side == "ice":
        return _ices(f"ICE, {label or 'agency'}", f"{label or 'agency'}, under “{context.party}”")
    if not label:
        return None
    found = _LABELS[label]
    return replace(found, label=f"{found.label}, under “{context.party}”")


def in_list(context: Context, place: int, count: int) -> Meaning | None:
    """Return the meaning of one of several lines of a contact, ``place`` from 0."""
    if context.section not in _CONTACTS or context.side is None:
        return None
    owner, name = _CONTACTS[context.section]
    where = f"Appendix {context.appendix}, " if context.appendix else ""
    if context.side == "ice":
        return _ices(f"ICE, {name} {place + 1}", f"{where}{context.party}, line {place + 1}")
    if count not in _LINES:
        return None
    part = _LINES[count][place]
    path = "agency.address.one_line" if part == "address" else f"{owner}.{part}"
    return Meaning(
        name=f"{name} {place + 1}",
        label=f"{where}{context.party}, line {place + 1}: {_WORDS[part]}",
        path=path,
        format="phone" if part == "phone" else "text",
        instead=_ONE_LINE if part == "address" else (),
    )


def agrees(meaning: Meaning, blank: Blank) -> bool:
    """Say whether a field's own name or tooltip speaks for a meaning."""
    text = squashed_name(blank)
    words: Sequence[str] = _HINTS.get(meaning.path or meaning.reason, ())
    return any(word in text for word in words)


def by_name(blank: Blank) -> Meaning | None:
    """Return the meaning of a field that nothing but its own name or tooltip tells; the few that cannot be mistaken."""
    text = squashed_name(blank)
    if "opla" in text:
        return Meaning(name="OPLA location", label="OPLA field location", path="ice.opla_location", optional=True)
    if blank.kind == "Sig":
        return Meaning(name="signature", label="a signature field", reason="a signature field is never filled")
    return None


def squashed_name(blank: Blank) -> str:
    """Return a field's name and tooltip without spaces, in small letters."""
    return "".join((blank.name + blank.hint).split()).casefold() if blank.kind != "flat" else ""


_HINTS = {
    _NAME: ("nameoflea", "agency", "hereinafter", "pursuanttowhichice"),
    _SHORT: ("nameoflea",),
    "agency.represents": ("implementation", "represents"),
    "ice.opla_location": ("opla",),
    "signatory.title": ("title", "sheriff"),
    "signatory.full_name": ("name",),
    BY_HAND: ("date",),
    SIGNED: ("sign",),
    ICES: ("ice", "fieldofficedirector", "_2"),
    **{f"{owner}.{part}": ("forthelea", "contact", "affairs") for owner, _ in _CONTACTS.values() for part in _LINES[5]},
}


def _by_title(context: Context) -> Meaning:
    if context.side == "ice":
        return _ices(context.party, f"section VII, “{context.party}:”, the field office director’s title")
    return Meaning(
        name="contact",
        label=f"section VII, “{context.party}:”, title and agency, no name",
        path="signatory.title",
        format="title-and-agency",
    )


def _ices(name: str, label: str) -> Meaning:
    return Meaning(name=name, label=label, side="ice", reason=ICES)
