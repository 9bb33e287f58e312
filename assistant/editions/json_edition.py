"""An edition as JSON values: how one that is in no file reaches the sandbox."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, TypedDict, cast

from assistant.editions.edition_files import Edition, Entry, FlatLine, LeftBlank, RecognitionCriteria

if TYPE_CHECKING:
    from assistant.answers import Model
    from assistant.editions.edition_files import LineSpan, Side


class FlatLineDocument(TypedDict):
    """``FlatLine`` as a JSON object."""

    page: int
    line: list[float]
    size: float


class EntryDocument(TypedDict):
    """``Entry`` as a JSON object."""

    blank: str
    page: int
    label: str
    path: str
    format: str
    alternatives: list[str]
    optional: bool
    widgets: list[int] | None
    places: list[FlatLineDocument]
    side: Side


class LeftBlankDocument(TypedDict):
    """``LeftBlank`` as a JSON object."""

    blank: str
    page: int
    label: str
    side: Side
    reason: str
    widgets: list[int] | None
    line: list[float] | None


class RecognitionDocument(TypedDict):
    """``RecognitionCriteria`` as a JSON object."""

    pages: int
    revision_text: str | None
    words: list[str]
    acroform: bool
    fields: list[str]
    active_sha256: str
    prints: list[str]
    revision_words: str
    text_sha256: str
    places_sha256: str


class EditionDocument(TypedDict):
    """``Edition`` as a JSON object."""

    form_id: str
    edition_id: str
    model: Model | None
    title: str
    revision_text: str | None
    pages: int | None
    signing_page: int | None
    entries: list[EntryDocument]
    left_blank: list[LeftBlankDocument]
    recognise: RecognitionDocument | None
    notes: list[str]
    former: str


def edition_to_document(edition: Edition) -> EditionDocument:
    """Return an edition as JSON values."""
    return cast("EditionDocument", json.loads(json.dumps(asdict(edition), default=sorted)))


def edition_from_document(document: EditionDocument) -> Edition:
    """Return the edition in JSON values that ``edition_to_document`` made."""
    return Edition(
        form_id=document["form_id"],
        edition_id=document["edition_id"],
        model=document["model"],
        title=document["title"],
        revision_text=document["revision_text"],
        pages=document["pages"],
        signing_page=document["signing_page"],
        entries=tuple(map(_entry, document["entries"])),
        left_blank=tuple(map(_left_blank, document["left_blank"])),
        recognise=_criteria(document["recognise"]) if document["recognise"] else None,
        notes=tuple(document["notes"]),
        former=document["former"],
    )


def flat_lines_from(rows: list[FlatLineDocument]) -> tuple[FlatLine, ...]:
    """Return the lines in JSON values that ``asdict`` made."""
    return tuple(FlatLine(page=row["page"], line=_span(row["line"]), size=row["size"]) for row in rows)


def _span(numbers: list[float]) -> LineSpan:
    return numbers[0], numbers[1], numbers[2]


def _entry(row: EntryDocument) -> Entry:
    return Entry(
        blank=row["blank"],
        page=row["page"],
        label=row["label"],
        path=row["path"],
        format=row["format"],
        alternatives=tuple(row["alternatives"]),
        optional=row["optional"],
        widgets=None if row["widgets"] is None else tuple(row["widgets"]),
        places=flat_lines_from(row["places"]),
        side=row["side"],
    )


def _left_blank(row: LeftBlankDocument) -> LeftBlank:
    return LeftBlank(
        blank=row["blank"],
        page=row["page"],
        label=row["label"],
        side=row["side"],
        reason=row["reason"],
        widgets=None if row["widgets"] is None else tuple(row["widgets"]),
        line=_span(row["line"]) if row["line"] else None,
    )


def _criteria(row: RecognitionDocument) -> RecognitionCriteria:
    return RecognitionCriteria(
        pages=row["pages"],
        revision_text=row["revision_text"],
        words=tuple(row["words"]),
        acroform=row["acroform"],
        fields=frozenset(row["fields"]),
        active_sha256=row["active_sha256"],
        prints=frozenset(row["prints"]),
        revision_words=row["revision_words"],
        text_sha256=row["text_sha256"],
        places_sha256=row["places_sha256"],
    )
