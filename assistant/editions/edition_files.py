"""One edition's file, ``edition.toml``: what an official form is known by and what goes into each of its blanks.

It holds no logic: an entry names a path of the answers and a format; a blank that stays empty says why. Knows nothing
of a PDF's inside.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict, cast, get_args

from assistant.answers import MODELS, Model, has_path
from assistant.cache import content_key
from assistant.editions.formats import FORMATS, parts, year_of
from assistant.errors import EditionError

if TYPE_CHECKING:
    from pathlib import Path

Side = Literal["agency", "ice", "unknown"]
"""Whose a blank is; "unknown" only in a draft, until a person has said it."""
LineSpan = tuple[float, float, float]
LEGAL_NAME, INITIALS = "agency.legal_name", "agency.short_name"
LETTER = "letter-of-interest"
"""The form of the Letter of Interest, one for all models; its edition "plain" is the agency's own letter."""


class PlaceTable(TypedDict):
    """A line under ``[places]``: on one page, or at the same spot of several."""

    page: int | list[int]
    line: list[float]
    size: float


EntryTable = TypedDict(
    "EntryTable",
    {
        "page": int,
        "label": str,
        "from": str,
        "format": NotRequired[str],
        "or": NotRequired[str | list[str]],
        "optional": NotRequired[bool],
        "widgets": NotRequired[list[int]],
    },
)
"""A row of ``[fields]``, as ``Entry`` explains it."""


class LeftBlankTable(TypedDict):
    """A row of ``[left_blank]``, as ``LeftBlank`` explains it."""

    page: int
    label: str
    side: Side
    reason: str
    widgets: NotRequired[list[int]]
    line: NotRequired[list[float]]


class RecognitionTable(TypedDict):
    """The table ``[recognise]``, as ``RecognitionCriteria`` explains it."""

    words: list[str]
    acroform: bool
    active_sha256: NotRequired[str]
    prints: NotRequired[list[str]]
    stamp_words: NotRequired[str]
    text_sha256: NotRequired[str]
    places_sha256: NotRequired[str]


class EditionTable(TypedDict):
    """The whole file, as ``Edition`` explains it."""

    model: NotRequired[Model]
    title: str
    stamp: NotRequired[str]
    pages: NotRequired[int]
    signing_page: NotRequired[int]
    notes: NotRequired[list[str]]
    recognise: NotRequired[RecognitionTable]
    places: NotRequired[dict[str, list[PlaceTable]]]
    fields: NotRequired[dict[str, EntryTable]]
    left_blank: NotRequired[dict[str, LeftBlankTable]]
    former: NotRequired[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatLine:
    """A line on a flat page: x0, baseline y, x1 in points from the lower left corner; ``page`` counts from 1."""

    page: int
    line: LineSpan
    size: float
    """The largest size in points; a longer text is drawn smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A blank that is filled from the answers."""

    blank: str
    page: int
    """From 1; 0 where the form's pages are not known."""
    label: str
    path: str
    format: str
    alternatives: tuple[str, ...]
    """Paths of other wordings, tried in this order where the first would print under 7 pt."""
    optional: bool
    widgets: tuple[int, ...] | None
    """The agency's widgets of a field shared with ICE's side, by their order in the field; None: all of them."""
    places: tuple[FlatLine, ...] = ()
    side: Side = "agency"

    def __post_init__(self) -> None:
        """Leave initials out of the other wordings where the legal name belongs, whoever wrote the map."""
        if LEGAL_NAME in parts(self.format, self.path):
            object.__setattr__(self, "alternatives", tuple(path for path in self.alternatives if path != INITIALS))


NOT_ON_PAPER = "cannot be shown on paper: the field has no place on any page"
"""Why a field without a place stays empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBlank:
    """A blank that this program never fills, and why."""

    blank: str
    page: int
    label: str
    side: Side
    reason: str
    widgets: tuple[int, ...] | None = None
    line: LineSpan | None = None
    """Where it stands, when no PDF field does."""

    @property
    def on_paper(self) -> bool:
        """Say whether somebody could write into it: it has a place on a page."""
        return self.reason != NOT_ON_PAPER


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionCriteria:
    """What a PDF has to show to be this edition."""

    pages: int
    revision_text: str | None
    """The revision date as printed; None where the form bears none."""
    words: tuple[str, ...]
    acroform: bool
    fields: frozenset[str]
    active_sha256: str
    """The digest of the scripts that the form itself carries (``pdf.actions``), empty where it has none."""
    prints: frozenset[str]
    """The SHA-256 of copies that were looked at: these need no child process to be read in safety."""
    revision_words: str = ""
    """How the date is printed on the first page where it does not stand behind "Rev"."""
    text_sha256: str = ""
    """The digest of the words printed on all pages: what a form without a revision date is known by."""
    places_sha256: str = ""
    """The digest of the printed letters by their places: a copy with another one has other words."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One edition of one official form; its id is the revision date printed on it.

    Where none is printed it is the day on which ICE published the form or gave it. Another print of the same revision,
    with fields where the first has none, has a word behind the date: "2025-03-07.fields".
    """

    form_id: str
    edition_id: str
    model: Model | None
    title: str
    revision_text: str | None
    pages: int | None
    signing_page: int | None
    entries: tuple[Entry, ...]
    left_blank: tuple[LeftBlank, ...]
    recognise: RecognitionCriteria | None
    notes: tuple[str, ...] = field(default=())
    former: str = ""
    """What a print that ICE no longer offers is called ("WSO print of 2019/2020"): it is known, and never filled."""

    @cached_property
    def fingerprint(self) -> bytes:
        """Return what tells this edition from every other, and from the same one with another map."""
        return content_key(*(getattr(self, one.name) for one in fields(self)))

    @property
    def name(self) -> str:
        """Return "moa-tfm/2025-02-12"."""
        return f"{self.form_id}/{self.edition_id}"

    @property
    def revision(self) -> str:
        """Return the date printed on the form, which two prints of it share, or the word that stands for it."""
        return self.edition_id.partition(".")[0]

    @property
    def revision_label(self) -> str:
        """Return "02/12/2025", or "03/01/2026 (no revision printed)"; "" where no date is known."""
        if self.revision_text or self.recognise is None or self.former:
            return self.revision_text or ""
        year, month, day = self.revision.split("-")
        return f"{month}/{day}/{year} (no revision printed)"

    @property
    def field_blanks(self) -> tuple[Entry | LeftBlank, ...]:
        """Return the blanks that are PDF fields, filled or left empty (of a flat form: none of the latter)."""
        return (*self.entries, *(blank for blank in self.left_blank if blank.line is None))

    @property
    def is_letter(self) -> bool:
        """Say whether this is a Letter of Interest."""
        return self.form_id == LETTER

    @property
    def fillable(self) -> bool:
        """Say whether a blank official form of this edition is known; else only an entry sheet can be made."""
        return self.recognise is not None and not self.former


def read_edition(file: Path) -> Edition:
    """Return the edition in a folder's ``edition.toml``.

    Raises:
        EditionError: a map is badly written; the message names file and entry.
    """
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except UnicodeDecodeError:
        raise EditionError(f"{file}: it is not UTF-8 text. Use the file that `moa forms map` wrote.") from None
    except tomllib.TOMLDecodeError as error:
        raise EditionError(f"{file}: {error}. Correct the file.") from None
    try:
        return _edition(cast("EditionTable", document), form_id=file.parent.parent.name, edition_id=file.parent.name)
    except (KeyError, TypeError, ValueError, EditionError) as error:
        raise EditionError(f"{file}: {error}") from error


def _edition(document: EditionTable, *, form_id: str, edition_id: str) -> Edition:
    if strange := document.keys() - EditionTable.__annotations__.keys():
        raise EditionError(f"unknown key {min(strange)}")
    model = document.get("model")
    if model is not None and model not in MODELS:
        raise EditionError(f"model {model} is none of {', '.join(MODELS)}")
    former = document.get("former", "")
    # Of a print that bears no date the month is known, from when agencies signed it.
    if not re.fullmatch(r"\d{4}-\d\d" if former else r"\d{4}-\d\d-\d\d(\.[a-z]+)?|[a-z]+", edition_id):
        raise EditionError("an edition's folder is named by the date on the form, YYYY-MM-DD or YYYY-MM-DD.word")
    revision_text = document.get("stamp")
    if revision_text is not None and _day(revision_text) != edition_id.partition(".")[0]:
        raise EditionError(f"its folder has to be named by the date on the form, {_day(revision_text)}")
    places = {name: _places(rows) for name, rows in document.get("places", {}).items()}
    entries = tuple(_entry(name, e, places) for name, e in document.get("fields", {}).items())
    left_blank = tuple(_left_blank(name, e) for name, e in document.get("left_blank", {}).items())
    for name in places.keys() - {entry.blank for entry in entries}:
        raise EditionError(f"place {name} has no entry under [fields]")
    recognise = document.get("recognise")
    if recognise and revision_text is None and not (recognise.get("text_sha256") and edition_id[0].isdigit()):
        raise EditionError(
            "a form without a stamp needs text_sha256 under [recognise], and a date as its folder’s name"
        )
    return Edition(
        form_id=form_id,
        edition_id=edition_id,
        model=model,
        title=document["title"],
        revision_text=revision_text,
        pages=document.get("pages"),
        signing_page=document.get("signing_page"),
        entries=entries,
        left_blank=left_blank,
        recognise=RecognitionCriteria(
            pages=document["pages"],
            revision_text=revision_text,
            words=tuple(recognise["words"]),
            acroform=recognise["acroform"],
            active_sha256=recognise.get("active_sha256", ""),
            prints=frozenset(recognise.get("prints", [])),
            revision_words=recognise.get("stamp_words", ""),
            text_sha256=recognise.get("text_sha256", ""),
            places_sha256=recognise.get("places_sha256", ""),
            fields=frozenset([e.blank for e in entries] + [b.blank for b in left_blank if b.line is None]),
        )
        if recognise
        else None,
        notes=tuple(document.get("notes", [])),
        former=former,
    )


def _day(revision_text: Any) -> str | None:
    try:
        return date.fromisoformat(iso_date(str(revision_text)) or "").isoformat()
    except ValueError:
        raise EditionError(f'stamp {revision_text} is not a date; write it as printed, "03/07/2025"') from None


def iso_date(revision_text: str | None) -> str | None:
    """Return "2025-03-07" for "03/07/2025" or "3/7/25"."""
    if not revision_text:
        return None
    month, day, year = revision_text.split("/")
    return f"{year_of(year):04d}-{int(month):02d}-{int(day):02d}"


def _entry(blank: str, entry: EntryTable, places: dict[str, tuple[FlatLine, ...]]) -> Entry:
    if strange := entry.keys() - EntryTable.__annotations__.keys():
        raise EditionError(f"{blank}: unknown key {min(strange)}")
    alternatives = entry.get("or", [])
    result = Entry(
        blank=blank,
        page=entry["page"],
        label=entry["label"],
        path=entry["from"],
        format=entry.get("format", "text"),
        alternatives=(alternatives,) if isinstance(alternatives, str) else tuple(alternatives),
        optional=entry.get("optional", False),
        widgets=tuple(entry["widgets"]) if "widgets" in entry else None,
        places=places.get(blank, ()),
    )
    if result.format not in FORMATS:
        raise EditionError(f"{blank}: there is no format called {result.format}")
    for path in (result.path, *result.alternatives):
        if not has_path(path):
            raise EditionError(f"{blank}: {path} is not the path of an answer")
    return result


def _left_blank(blank: str, entry: LeftBlankTable) -> LeftBlank:
    if entry["side"] not in get_args(Side):
        raise EditionError(f'{blank}: side is "agency" or "ice", in a draft also "unknown"')
    if strange := entry.keys() - LeftBlankTable.__annotations__.keys():
        raise EditionError(f"{blank}: unknown key {min(strange)}")
    widgets, line = entry.get("widgets"), entry.get("line")
    return LeftBlank(
        blank=blank,
        page=entry["page"],
        label=entry["label"],
        side=entry["side"],
        reason=entry["reason"],
        widgets=tuple(widgets) if widgets is not None else None,
        line=_line(line) if line is not None else None,
    )


def _line(numbers: list[float]) -> LineSpan:
    x0, y, x1 = map(float, numbers)
    return x0, y, x1


def _places(rows: list[PlaceTable]) -> tuple[FlatLine, ...]:
    flat_lines = []
    for row in rows:
        pages = row["page"] if isinstance(row["page"], list) else [row["page"]]
        flat_lines += [FlatLine(page=page, line=_line(row["line"]), size=float(row["size"])) for page in pages]
    return tuple(flat_lines)
