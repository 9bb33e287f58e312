"""What a field's own name and its tooltip say: whose the field is, what it asks for, of whom.

They are weaker than what is printed: whoever made the form may have copied a field. So they bear a meaning out, or
cast doubt on it; alone they give one only where nothing is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.mapping.labels import is_agencys, is_ices, kind_of, may_be_either, owner_of, words_of
from assistant.mapping.meanings import BY_HAND, ICES, SIGNED

if TYPE_CHECKING:
    from assistant.editions.catalog import Side
    from assistant.mapping.context import Blank
    from assistant.mapping.labels import LabelKind, LabelOwner
    from assistant.mapping.meanings import Meaning

_NAME = "agency.legal_name"
_KINDS: dict[str, LabelKind] = {
    _NAME: "agency",
    "agency.short_name": "short",
    "agency.represents": "represents",
    "agency.address.one_line": "address",
    "ice.opla_location": "opla",
    "ice.field_office": "field office",
    BY_HAND: "date",
    SIGNED: "signature",
}
_ENDS: dict[str, LabelKind] = {
    "full_name": "name",
    "title": "title",
    "phone": "phone",
    "email": "email",
    "street": "street",
    "city": "city",
    "state": "state",
    "zip": "zip",
    "county": "county",
}
_ALIKE = (
    frozenset({"agency", "short"}),
    frozenset({"address", "street"}),
    frozenset({"name", "name and title"}),
    frozenset({"title", "name and title"}),
)
_PEOPLE = frozenset({"program_contact", "public_information_contact", "signatory"})
# Words of names that programs made of the sentence around a blank.
_HINTS = {
    _NAME: ("nameoflea", "hereinafter", "pursuanttowhichice"),
    "agency.short_name": ("nameoflea",),
    "agency.represents": ("implementation", "represents"),
    "ice.opla_location": ("opla",),
    "signatory.title": ("sheriff",),
    ICES: ("_2",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldHints:
    """What name and tooltip say; empty where they say nothing."""

    text: str = ""
    """Both without spaces, in small letters."""
    side: Side | None = None
    owner: LabelOwner | None = None
    tooltip: LabelKind | None = None
    name: LabelKind | None = None
    either: bool = False
    """Whether the name alone may mean the agency's name or a person's."""

    @property
    def kind(self) -> LabelKind | None:
        """Return what the field asks for; None where tooltip and name do not say the same."""
        if self.tooltip and self.name and not (self.either or _is_alike(self.tooltip, self.name)):
            return None
        return self.tooltip or self.name


def hear(blank: Blank) -> FieldHints:
    """Return what a blank's own name and tooltip say."""
    if blank.kind == "flat":
        return FieldHints()
    both = (blank.hint, blank.name)
    ices, lea = any(map(is_ices, both)), any(map(is_agencys, both))
    owners = [owner for text in both if text and (owner := owner_of(text))]
    people = [owner for owner in owners if owner != "agency"]
    return FieldHints(
        text="".join((blank.name + blank.hint).split()).casefold(),
        side="ice" if ices else "agency" if lea else None,
        owner=next(iter(people or owners), None),
        tooltip=kind_of(blank.hint),
        name=kind_of("".join(words_of(blank.name))),
        either=may_be_either(blank.name),
    )


def supports(hints: FieldHints, meaning: Meaning) -> bool | None:
    """Say whether name and tooltip speak for a meaning (True) or against it (False); None where they say nothing."""
    if meaning.side == "ice":
        hinted = any(word in hints.text for word in _HINTS[ICES])
        return True if hints.side == "ice" or hinted else (False if hints.side == "agency" else None)
    if hints.side == "ice":
        return False
    owner, _, end = meaning.path.rpartition(".")
    wanted_kind = _KINDS.get(meaning.path or meaning.reason) or _ENDS.get(end)
    wanted_kind = "name and title" if meaning.format == "name-and-title" else wanted_kind
    if {hints.owner, owner} <= _PEOPLE and hints.owner != owner:
        return False
    wanted_owner = [kind for kind in (hints.tooltip, None if hints.either else hints.name) if kind]
    if wanted_kind and wanted_owner and not all(_is_alike(wanted_kind, kind) for kind in wanted_owner):
        return False
    if wanted_kind and wanted_owner:
        return True
    return True if any(word in hints.text for word in _HINTS.get(meaning.path, ())) else None


def _is_alike(one: LabelKind, other: LabelKind) -> bool:
    return one == other or {one, other} in _ALIKE
