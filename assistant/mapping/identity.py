"""Which form an unknown PDF seems to be, and which one a person says it is: model, revision, title, its folder."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypedDict, cast

from assistant.editions.catalog import LETTER
from assistant.editions.edition_files import iso_date
from assistant.editions.recognition import place_digest, printed_revision
from assistant.errors import EditionError
from assistant.mapping.rows import squashed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assistant.answers import Model
    from assistant.editions.catalog import Edition
    from assistant.mapping.rows import MapRow
    from assistant.pdf.form.template import Template

# Tribal first: its title ends in the other's.
_TITLES: tuple[tuple[str, Model], ...] = (
    ("tribaltaskforcemodel", "TTFM"),
    ("taskforcemodel", "TFM"),
    ("jailenforcementmodel", "JEM"),
    ("warrantserviceofficer", "WSO"),
)
FORMS: Mapping[str, Model | None] = {
    "moa-jem": "JEM",
    "moa-tfm": "TFM",
    "moa-ttfm": "TTFM",
    "moa-wso": "WSO",
    LETTER: None,
}
"""The forms that a PDF may be, and the model whose agreement it is; ICE's Letter of Interest is of none."""
HEAD, LONGEST_HEADING = 12, 90
"""Among so many rows from the top a letter calls itself one, in a heading of so many letters at most."""
OWN = "notaformissuedbyice"
"""What the agency's own plain letter says of itself (``documents.letter``), squashed."""
UNKNOWN = "unknown"
UNSTAMPED = "unstamped"


class IdentityDocument(TypedDict):
    """``Identity`` as a JSON object, with the keys of the first version, which stored drafts have."""

    form_id: str
    edition_id: str
    model: Model | None
    title: str
    stamp: str | None
    words: str
    pages: int
    acroform: bool
    active_sha256: str
    sha256: str
    agreement: bool
    stamp_words: str
    text_sha256: str
    places_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a PDF seems to be; ``agreement`` is false where nothing shows that it is a form of the 287(g) program."""

    form_id: str
    edition_id: str
    model: Model | None
    title: str
    revision_text: str | None
    words: str
    """The title as printed, by which the edition can be known again."""
    pages: int
    acroform: bool
    active_sha256: str
    """Of the scripts the file carries, empty where there is none: only a copy with the same ones is this edition."""
    sha256: str
    """Of the PDF itself: a copy that was looked at."""
    agreement: bool
    revision_words: str = ""
    """How the date is printed where it does not stand behind "Rev"."""
    text_sha256: str = ""
    """The digest of all printed words, of a form on which no date is printed."""
    places_sha256: str = ""
    """The digest of all printed letters by their places: a copy with other words is not filled."""

    def to_document(self) -> IdentityDocument:
        """Return it as a JSON object; ``from_document`` reads it."""
        values = asdict(self)
        values["stamp"], values["stamp_words"] = values.pop("revision_text"), values.pop("revision_words")
        return cast("IdentityDocument", values)

    @classmethod
    def from_document(cls, document: IdentityDocument) -> Identity:
        """Return what ``to_document`` wrote."""
        values: dict[str, Any] = dict(document)
        values["revision_text"], values["revision_words"] = values.pop("stamp"), values.pop("stamp_words")
        return cls(**values)


def identity_of(edition: Edition, sha256: str) -> Identity:
    """Return what the form of an edition is, as a draft of its map has it; ``sha256`` is the form's.

    Raises:
        EditionError: no blank form of the edition is known.
    """
    criteria = edition.recognise
    if criteria is None:
        raise EditionError(f"{edition.name}: no blank form of this edition is known.")
    return Identity(
        form_id=edition.form_id,
        edition_id=edition.edition_id,
        model=edition.model,
        title=edition.title,
        revision_text=edition.revision_text,
        words=criteria.words[0] if criteria.words else "",
        pages=criteria.pages,
        acroform=criteria.acroform,
        active_sha256=criteria.active_sha256,
        sha256=sha256,
        agreement=True,
        revision_words=criteria.revision_words,
        text_sha256=criteria.text_sha256,
        places_sha256=criteria.places_sha256,
    )


def identify(template: Template, pages: Mapping[int, Sequence[MapRow]], known_names: Collection[str]) -> Identity:
    """Return what a PDF seems to be; ``known_names`` are the names of the known editions, which it never gets."""
    text = squashed("\n".join(row.text for page in (1, 2) for row in pages.get(page, ())))
    words = _letter(pages.get(1, ())) if "287(g)" in text and OWN not in text else ""
    if words:
        agreement, model, form_id, title = True, None, LETTER, "Letter of Interest"
    else:
        agreement = "memorandumofagreement" in text and "287(g)" in text
        model, words = _title(pages.get(1, ())) if agreement else (None, "")
        form_id = f"moa-{model.lower()}" if model else UNKNOWN
        title = f"Memorandum of Agreement, {words}" if words else "Unknown form"
    revision_text = printed_revision(template)
    acroform = template.kind == "acroform"
    return Identity(
        form_id=form_id,
        edition_id=free_id(form_id, iso_date(revision_text) or UNSTAMPED, known_names, acroform=acroform),
        model=model,
        title=title,
        revision_text=revision_text,
        words=words,
        pages=len(template.pages),
        acroform=acroform,
        active_sha256=template.active.sha256,
        sha256=template.sha256,
        agreement=agreement,
        places_sha256=place_digest(template),
    )


def _title(rows: Sequence[MapRow]) -> tuple[Model | None, str]:
    """Return the model and the line of the title that names it, from the rows before the first sentence."""
    for row in rows[:6]:
        for words, model in _TITLES:
            if words in squashed(row.text):
                return model, row.words
    return None, ""


def _letter(rows: Sequence[MapRow]) -> str:
    """Return the heading that calls a page a letter of interest, "" where none does."""
    heads = (row.words for row in rows[:HEAD] if "letterofinterest" in squashed(row.text))
    return next((words for words in heads if len(words) <= LONGEST_HEADING), "")


def free_id(form_id: str, edition_id: str, known_names: Collection[str], *, acroform: bool) -> str:
    """Return the edition's id, with a word behind it where another print of the same revision is known."""
    edition_id = re.sub(r"[^0-9a-z-]", "", edition_id)
    for word in ("", ".fields" if acroform else ".flat", *(f".{letter}" for letter in "abcdefghij")):
        if f"{form_id}/{edition_id}{word}" not in known_names:
            return f"{edition_id}{word}"
    return f"{edition_id}.other"
