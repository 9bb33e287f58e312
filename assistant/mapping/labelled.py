"""What a blank of an agreement asks for, by the label printed for it, or without one by its place in a list.

Where nothing is printed, the field's own name and its tooltip are asked. What may be ICE's side is never given an
answer of the agency's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.mapping.labels import is_ices, kind_of, owner_of
from assistant.mapping.meanings import BY_HAND, SIGNED, Meaning, ices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.mapping.context import Blank, Context
    from assistant.mapping.field_hints import FieldHints
    from assistant.mapping.labels import LabelKind, LabelOwner

_NAME = "agency.legal_name"
_ADDRESS = Meaning(
    name="address", label="address", path="agency.address.one_line", alternatives=("agency.address.street",)
)
_PARTS: dict[LabelKind, str] = {"name": "full_name", "title": "title", "phone": "phone", "email": "email"}
_WORDS: dict[LabelKind, str] = {"email": "e-mail"}
_SIGNING: dict[LabelKind, Meaning] = {
    "date": Meaning(name="date", label="date", reason=BY_HAND),
    "signature": Meaning(name="signature", label="signature", reason=SIGNED),
    "name": Meaning(name="name", label="name", path="signatory.full_name"),
    "title": Meaning(name="title", label="title", path="signatory.title"),
    "name and title": Meaning(
        name="name and title", label="name and title", path="signatory.full_name", format="name-and-title"
    ),
    "phone": Meaning(name="telephone", label="telephone", path="signatory.phone", format="phone"),
    "email": Meaning(name="e-mail", label="e-mail", path="signatory.email"),
    "agency": Meaning(name="agency, signature", label="agency", path=_NAME),
    "address": replace(_ADDRESS, name="address, signature"),
}
_ABOUT_AGENCY: dict[LabelKind, Meaning] = {
    "agency": Meaning(name="agency", label="agency’s name", path=_NAME),
    "short": Meaning(name="short name", label="agency’s short name", path="agency.short_name"),
    "represents": Meaning(name="represents", label="whom the agency represents", path="agency.represents"),
    "address": replace(_ADDRESS, label="agency’s address"),
    "street": Meaning(name="street", label="agency’s street", path="agency.address.street"),
    "city": Meaning(name="city", label="city of the agency’s address", path="agency.address.city"),
    "state": Meaning(name="state", label="State of the agency’s address", path="agency.address.state"),
    "zip": Meaning(name="ZIP", label="ZIP Code of the agency’s address", path="agency.address.zip"),
    "county": Meaning(name="county", label="agency’s county", path="agency.county"),
    "opla": Meaning(name="OPLA location", label="OPLA field location", path="ice.opla_location", optional=True),
    "field office": Meaning(name="field office", label="ICE ERO field office", path="ice.field_office"),
}
_CONTACTS: dict[str, tuple[LabelOwner, str]] = {
    "program contact": ("program_contact", "contact"),
    "public information": ("public_information_contact", "public information"),
}
_OWNER_WORDS: dict[LabelOwner, str] = {
    "program_contact": "contact",
    "public_information_contact": "public information",
    "signatory": "signatory",
    "agency": "agency",
}
_UNLABELLED: dict[int, tuple[LabelKind, ...]] = {
    5: ("name", "title", "phone", "address", "email"),
    4: ("name", "title", "phone", "email"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelQuestion:
    """A blank as it is asked about: what stands around it, what is printed for it, what its name and tooltip say."""

    blank: Blank
    context: Context
    printed: tuple[str, ...]
    """Its labels, the nearest first."""
    hints: FieldHints

    @property
    def label(self) -> tuple[str, LabelKind | None]:
        """Return the first label that is understood and what it asks for, else the first one."""
        understood = [(text, kind) for text in self.printed if (kind := kind_of(text))]
        return understood[0] if understood else (next(iter(self.printed), ""), None)

    @property
    def ices(self) -> bool:
        """Say whether heading, label, name or tooltip names ICE."""
        return "ice" in {self.context.side, self.hints.side} or any(map(is_ices, self.printed))

    @property
    def agencys(self) -> bool:
        """Say whether heading, name or tooltip names the agency, and none of them anybody else."""
        side = self.context.side or (self.hints.side if not self.context.party else None)
        return side == "agency" and not self.ices


def by_label(question: LabelQuestion) -> Meaning | None:
    """Return the meaning that the printed label gives a blank, outside the lists of contacts."""
    text, kind = question.label
    if question.blank.kind == "Sig":
        kind = "signature"
    context = question.context
    if in_contacts(question) or (context.party and context.side is None):
        return None
    if context.side == "ice" or any(map(is_ices, question.printed)):
        return _of_ice(question, kind) if context.section == "signature" or kind else None
    if not question.blank.certain and not text:
        return None
    return _meaning_of(question, kind, owner_of(text) if text else None)


def by_name(question: LabelQuestion) -> Meaning | None:
    """Return the meaning of a blank that nothing but its own name and tooltip tells."""
    hints, context = question.hints, question.context
    if hints.side == "ice" or (context.side == "ice" and hints.text):
        return _of_ice(question, hints.kind)
    if context.party and context.side is None:
        return None
    if question.blank.kind == "Sig" and not question.agencys:
        return Meaning(name="signature", label="a signature field", reason="a signature field is never filled")
    return _meaning_of(question, hints.kind, hints.owner)


def in_contacts(question: LabelQuestion) -> bool:
    """Say whether a blank stands under a heading of contacts."""
    return question.context.section in _CONTACTS


def in_list(stack: Sequence[LabelQuestion]) -> dict[Blank, Meaning | None]:
    """Return the meanings of the lines of a contact, from the top: by their labels, else by their own names.

    Only where no line has a label or a telling name are they known by their number, as on the forms that have none.
    """
    kinds = [question.label[1] or question.hints.kind for question in stack]
    if not any(kinds) and not any(question.printed for question in stack):
        kinds = [*_UNLABELLED.get(len(stack), [None] * len(stack))]
    # A second name under one heading is another person's.
    kinds = [None if kind in _PARTS and kind in kinds[:n] else kind for n, kind in enumerate(kinds)]
    return {
        question.blank: _in_contacts(question, kind, n)
        for n, (question, kind) in enumerate(zip(stack, kinds, strict=True), 1)
    }


def _in_contacts(question: LabelQuestion, kind: LabelKind | None, place: int) -> Meaning | None:
    context = question.context
    owner, name = _CONTACTS[context.section or ""]
    where = f"Appendix {context.appendix}, " if context.appendix else ""
    if question.ices:
        party = context.party if context.side == "ice" else "ICE"
        return ices(f"ICE, {name} {place}", f"{where}{party}, line {place}")
    if kind is None or not question.agencys:
        return None
    label_owner = owner_of(question.label[0])
    owner = label_owner if label_owner and label_owner != "agency" else owner
    party = f"{context.party}, " if context.party else ""
    meaning = _ABOUT_AGENCY.get(kind) if kind not in {"opla", "field office"} else None
    meaning = _of_person(kind, owner) if kind in _PARTS else meaning
    label = f"{where}{party}line {place}: {_WORDS.get(kind, kind)}"
    return replace(meaning, name=f"{name} {place}", label=label) if meaning else None


def _meaning_of(question: LabelQuestion, kind: LabelKind | None, owner: LabelOwner | None) -> Meaning | None:
    """Return the meaning of a blank outside the lists of contacts, by what it asks for and of whom."""
    context = question.context
    if kind is None:
        return None
    if question.agencys and (context.section == "signature" or owner == "signatory" or kind in {"signature", "date"}):
        meaning = _SIGNING.get(kind)
        under = f", under “{context.party}”" if context.party else ""
        return replace(meaning, label=f"{meaning.label}{under}") if meaning else None
    if kind in _PARTS and owner and (owner != "agency" or kind in {"phone", "email"}):
        return _of_person(kind, owner)
    # In the block that both sides sign, nothing goes where it is not said whose side it is.
    return _ABOUT_AGENCY.get(kind) if context.section != "signature" or question.agencys else None


def _of_person(kind: LabelKind, owner: LabelOwner) -> Meaning:
    words = _WORDS.get(kind, kind)
    return Meaning(
        name=f"{_OWNER_WORDS[owner]} {words}",
        label=f"{_OWNER_WORDS[owner]}: {words}",
        path=f"{owner}.{_PARTS[kind]}",
        format="phone" if kind == "phone" else "text",
    )


def _of_ice(question: LabelQuestion, kind: LabelKind | None) -> Meaning:
    what, party = kind or "a blank", question.context.party
    return ices(
        f"ICE, {what}", f"{what}, under “{party}”" if party and question.context.side == "ice" else f"ICE’s {what}"
    )
