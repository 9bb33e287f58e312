"""What was found of a page of a signed copy: plain values that a child process hands over as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

PageDifferenceKind = Literal["word", "sign", "gone", "added", "struck", "text", "coarse", "covered", "written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDifference:
    """One thing that differs. ``issued`` and ``read`` are quoted, "" where there is nothing to quote.

    ``place``: where on the page, in inches from the top. coarse, covered and written leave open whether the text was
    changed; the other kinds do not.
    """

    kind: PageDifferenceKind
    issued: str = ""
    read: str = ""
    place: float = 0.0

    def to_document(self) -> DifferenceDocument:
        """Return it as a JSON object."""
        return cast("DifferenceDocument", asdict(self))


class DifferenceDocument(TypedDict):
    """``PageDifference`` as a JSON object."""

    kind: PageDifferenceKind
    issued: str
    read: str
    place: float


class ComparedPage(TypedDict):
    """``PageComparison`` as a JSON object."""

    number: int
    page: int | None
    empty: bool
    legible: bool
    likeness: float
    similarity: float
    turn: int
    scale: float
    unreadable: str
    differences: list[DifferenceDocument]
    notes: list[str]
    ink: dict[str, int]
    black_and_white: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageComparison:
    """A page of the signed copy beside the page of the issued file that it is, None where it is none of them."""

    number: int
    page: int | None = None
    empty: bool = False
    legible: bool = True
    """Whether a page that is none of the file could be read; a ruined one may still be the page that is lacking."""
    likeness: float = 0.0
    """How alike its words are: the middle one, 0 to 1."""
    similarity: float = 0.0
    """The mean likeness of its words, 0 to 1."""
    turn: int = 0
    """By how many degrees it is shown turned to the right, against the issued page."""
    scale: float = 1.0
    """How large it is drawn, 1 for its own size."""
    unreadable: str = ""
    """Why it cannot be compared, as the end of a sentence; "" where it can."""
    differences: tuple[PageDifference, ...] = ()
    notes: tuple[str, ...] = ()
    """What was added that alters nothing: "a stamp", "a mark in the margin"."""
    ink: Mapping[str, int] = field(default_factory=dict)
    """Pixels of a pen in each blank of the signing block."""
    black_and_white: bool = False
    """Whether it was scanned in black and white, where pale ink is lost."""

    def to_document(self) -> ComparedPage:
        """Return it as a JSON object."""
        return cast("ComparedPage", asdict(self))

    @classmethod
    def from_document(cls, document: ComparedPage) -> PageComparison:
        """Return it from a JSON object."""
        return cls(
            number=document["number"],
            page=document["page"],
            empty=document["empty"],
            legible=document["legible"],
            likeness=document["likeness"],
            similarity=document["similarity"],
            turn=document["turn"],
            scale=document["scale"],
            unreadable=document["unreadable"],
            differences=tuple(PageDifference(**row) for row in document["differences"]),
            notes=tuple(document["notes"]),
            ink=document["ink"],
            black_and_white=document["black_and_white"],
        )
