"""A finished agreement, as read: plain values that rules look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.answers import Answers, Model
    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect
    from assistant.pdf.viewer.marks import PageMark

FoundSource = Literal["field", "note", "text", "recognised", "ink", "nothing", "unseen"]
"""field, note, text: typed, so read for sure; recognised: read by a program from a picture; ink: something stands
there that cannot be read; nothing: looked at, and empty; unseen: it is not known."""
Sureness = Literal["sure", "likely", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """One line of what stands in a blank. ``size`` is points, 0 where it is unknown."""

    text: str
    size: float = 0.0
    clipped: bool = False
    mark: PageMark | None = None
    base: float = 0.0
    """Where it stands on its page, in points from the lower edge."""
    start: float = 0.0
    """Where it begins, in points from the left edge."""
    path: str = ""
    """The answer that the map of this very edition asks for at this place; "" where no map says so."""
    drawn_size: float = 0.0
    """Points: the size that the width of recognized words tells, in letters like Helvetica's; 0 where it cannot be."""
    doubtful: bool = False
    """Whether it need not be what was meant: a field that draws another text, another text beneath, no letters."""
    recognized: Sureness | None = None
    """How sure the own reading of a picture is; None where it was not read from one here."""
    height: float = 0.0
    """Points that the ink of an own reading is high; 0 where that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlace:
    """Where something is on a page that is turned left by ``turn`` degrees (0, 90, 180, 270) to be read upright.

    ``box`` is in shares of the turned page's width and height, 0 to 1, from its upper left corner.
    """

    turn: int
    box: Rect


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotReading:
    """What stands in one slot; ``page`` is the page of the file, from 1."""

    slot: str
    page: int
    label: str
    source: FoundSource
    lines: tuple[ReadLine, ...] = ()
    faint: bool = False
    hidden: bool = False
    """Whether the file holds a text here that does not show on paper."""
    fonts: frozenset[str] = frozenset()
    box: Rect | None = None
    place: PagePlace | None = None
    """Where the blank is in the picture of its page; None where ``box`` says it, in points of the page."""
    by_hand: bool = False
    """Whether its picture shows writing by hand, whatever a program read there."""
    printed: bool = False
    """Whether its picture surely shows print: letters that all stand on one line."""
    by_shape: bool = False
    """Whether only the lie of the ink on a page without text tells where this is: enough to warn, not to block."""
    unsure_place: bool = False
    """Whether the blank may stand elsewhere, or be the other side's: on a print that is not known, under headings that
    nobody read, beside a label that a program put somewhere else than the picture has it. Enough to warn as well."""
    recognized: Sureness | None = None
    """How sure the own reading of a picture is; None where it was not read from one here."""
    guess: str = ""
    """What was read so unsurely that it is shown to a person and asserted nowhere."""
    candidates: tuple[str, ...] = ()
    """What the recognizers read in a blank whose value is unclear, the guess first."""
    lines_in_doubt: tuple[ReadLine, ...] = ()
    """The lines of a guess."""
    doubted: bool = False
    """Whether our own reading of the picture does not confirm the text that a program recognized before."""

    @property
    def text(self) -> str:
        """Return the lines as one text."""
        return " ".join(line.text for line in self.lines)

    @property
    def sureness(self) -> Sureness:
        """Return how far the text, or the emptiness, can be trusted."""
        if self.source == "nothing":
            return "unknown" if self.hidden else "likely" if self.by_shape or self.unsure_place else "sure"
        if self.source in {"field", "note", "text"}:
            return "likely" if self.hidden or any(line.doubtful for line in self.lines) else "sure"
        if self.source == "recognised":
            return self.recognized or "likely"
        return "unknown"

    @property
    def is_certain(self) -> bool:
        """Say whether a finding about what stands here may block: text that is typed, or a blank seen to be empty."""
        return self.sureness == "sure" and not self.unsure_place and self.source != "recognised"

    @property
    def read(self) -> bool:
        """Say whether there is a text."""
        return bool(self.lines) and self.source in {"field", "note", "text", "recognised"}

    @property
    def where(self) -> str:
        """Return "p. 9, title, under “For the LEA”"."""
        return f"p. {self.page}, {self.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMatch:
    """Which page of the known form a page of the file is: ``form_page`` counts from 1, None for no page of it."""

    number: int
    form_page: int | None
    likeness: float
    unread: bool
    """Whether too little text is on it to tell."""
    scanned: bool
    sideways: int
    shown_turned: bool
    """Whether it is surely shown lying on its side or upside down."""
    legible: float = 0.0
    """How much of the form's printed words was read to the letter on it, 0 to 1; 0 where it is no page of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What is known of the agency's signature."""

    signed: bool | None
    """None where it is unknown."""
    signature_text: str = ""
    """What an electronic signature shows."""
    electronic: bool = False
    picture: bool = False
    """Whether a picture lies on the line, as of a signature made with a pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgreement:
    """A finished agreement. ``edition`` is the known edition nearest to it, ``exact`` whether it is that very one."""

    model: Model | None
    edition: Edition | None
    exact: bool
    revision: str | None
    """The revision date printed on it, ISO; None where none can be read."""
    pages: tuple[PageMatch, ...]
    missing: tuple[int, ...]
    """Pages of the form whose text stands nowhere in the file."""
    readings: Mapping[str, SlotReading]
    footers: tuple[SlotReading, ...] = ()
    signing: Signing = field(default_factory=lambda: Signing(signed=None))
    answers: Answers | None = None
    marks: Mapping[int, tuple[PageMark, ...]] = field(default_factory=lambda: MappingProxyType({}))
    strange: tuple[tuple[int, str], ...] = ()
    """(Page, words) of what was added to the printed text outside the known blanks."""
    printed_placeholders: tuple[tuple[int, str], ...] = ()
    """(Page, X) of each row of X that the form itself prints: nobody left it there."""
    named_agencies: tuple[tuple[int, str], ...] = ()
    """(Page, name) of each county's agency that the printed text names outside the blanks: "Polk County Sheriff’s"."""
    hidden_texts: tuple[tuple[int, str], ...] = ()
    """(Page, line) of what the file holds outside the blanks and what does not show on paper."""
    drafts: tuple[int, ...] = ()
    """The pages that carry this program's mark of a draft."""
    encrypted: bool = False
    active: frozenset[str] = frozenset()
    """The kinds of active content that it carries and the form does not (``pdf.actions``)."""
    info: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    like_an_moa: bool = True
    """False only where the file is surely none: its text can be read, and is another paper's."""
    unknown_paper: bool = False
    """Whether too little can be read to tell whether it is an agreement of this program at all."""
    why_not_recognized: str = ""
    """Why pictures of pages were not read on this computer, and how to change that; "" where they were."""
    more_pages: bool = False
    """Whether the file has more pages than are looked at."""
    loose_pages: tuple[int, ...] = ()
    """The pages whose filled fields belong to no form of the file (``pdf.loose_widgets``)."""
    exact_pages: int = 0
    """How many pages the form has, where the pages of this very edition are known; else 0."""
    spread: float = 1.0
    """How much of the form's text stands somewhere in the file, 0 to 1."""

    compared: bool = False
    """Whether a blank form of this very edition was available to compare the printed text with."""
    altered: tuple[tuple[int, str], ...] = ()
    """(Page, line of the blank form) where the printed text is not that of the blank form."""
    two_to_a_sheet: bool = False
    """Whether each sheet surely shows two pages of an agreement: then nothing that was read of them counts."""

    def get(self, slot: str) -> SlotReading | None:
        """Return what stands in a slot, None where the place itself was not found."""
        return self.readings.get(slot)

    @property
    def unread_pages(self) -> int:
        """Return how many pages hold too little text to be distinguished."""
        return sum(page.unread for page in self.pages)
