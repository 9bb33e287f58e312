"""What a blank of a 287(g) agreement asks for, by the words around it.

Every rule is a pattern of the forms read so far; what no rule knows has no meaning. Nothing here has seen any
particular edition's field names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.mapping.flat_spots import FOOTER_TOP_PT

if TYPE_CHECKING:
    from assistant.editions.catalog import Side
    from assistant.mapping.context import Blank, Context

NARROW_BOX_PT = 80.0
"""A box narrower than this (pt) holds no agency's full name."""
BY_HAND = "written by hand on the day of signing"
SIGNED = "signed by the signatory"
TICKED = "checked by hand where it applies: this program checks no box"
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
    alternatives: tuple[str, ...] = ()
    optional: bool = False
    reason: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what two blanks of one meaning share."""
        return self.side, self.path, self.reason


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
            alternatives=(_NAME,),
        ),
    ),
    (
        "betweeniceandthe$",
        "",
        Meaning(name="agency, Appendix B", label="agency’s name, “between ICE and the ____”", path=_NAME),
    ),
    ("and(the)?$", "^,?hereinafter", Meaning(name="agency", label="agency’s name, section I", path=_NAME)),
    (
        "and(the)?$",
        "^,?\\((hereinafter)?(the)?[“\"‘']?lea",
        Meaning(name="agency", label="agency’s name, “____ (the “LEA”)”", path=_NAME),
    ),
    (
        "employeesofthe$",
        "",
        Meaning(name="agency, officers", label="agency’s name, “employees of the ____”", path=_NAME),
    ),
    (
        "learepresents$",
        "",
        Meaning(name="represents", label="county, city or State, “The LEA represents ____”", path="agency.represents"),
    ),
    (
        "alawenforcementagencyof(the)?$",
        "",
        Meaning(name="represents", label="whom it represents, “agency of ____”", path="agency.represents"),
    ),
    (
        "(fieldlocation|chiefcounsel|counsel\\(opla\\))at$",
        "",
        Meaning(name="OPLA location", label="OPLA field location", path="ice.opla_location", optional=True),
    ),
)


def in_sentence(blank: Blank, context: Context) -> Meaning | None:
    """Return the meaning that the sentence around a blank gives it."""
    for before, after, meaning in _SENTENCES:
        if re.search(before, context.before) and re.search(after, context.after):
            if meaning.name == "agency, officers" and blank.rect[2] - blank.rect[0] < NARROW_BOX_PT:
                return Meaning(name=meaning.name, label="agency’s short name, “employees of the ____”", path=_SHORT)
            return meaning
    return None


def in_footer(blank: Blank, page_width: float) -> Meaning | None:
    """Return the agency's name for what stands at the left of a page's foot."""
    if blank.rect[1] < FOOTER_TOP_PT and blank.rect[2] <= page_width * 0.55:
        return Meaning(name="agency, footers", label="agency’s name, footer of every page", path=_NAME)
    return None


def by_title(context: Context) -> Meaning | None:
    """Return the meaning of a blank of section VII, which asks for a title and no name."""
    if context.section != "contacts by title" or not context.party or context.side is None:
        return None
    if context.side == "ice":
        return ices(context.party, f"section VII, “{context.party}:”, the field office director’s title")
    return Meaning(
        name="contact",
        label=f"section VII, “{context.party}:”, title and agency, no name",
        path="signatory.title",
        format="title-and-agency",
    )


def ices(name: str, label: str) -> Meaning:
    """Return the meaning of a blank that ICE fills."""
    return Meaning(name=name, label=label, side="ice", reason=ICES)
