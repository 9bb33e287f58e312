"""What may be written into a file: what its kind, its protection and its signatures leave open (7.6.4, 12.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import FillError
from assistant.pdf.form.fields import NOT_TICKED
from assistant.pdf.objects.syntax import PdfDictionary, read_text_string

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.pdf.form.fields import Field
    from assistant.pdf.form.template import Template
    from assistant.pdf.objects.document import Document

XFA = (
    "it is an XFA form, which this program cannot fill. Open it in Adobe Reader, print it to a new PDF, and use that "
    "copy."
)
IS_XFA = f"The PDF cannot be used: {XFA}"
PROTECTED = "its protection does not allow that. Ask the publisher for a copy that may be filled in."
CERTIFIED = "its certificate allows no changes, and filling would break it. Use a blank copy of the form."
LOCKED = "a signature in the file locks this field. Use a blank copy of the form."
UNDRAWN = "it has a field with text that only some readers show. Open it in a PDF reader, save it, and use that copy."
UNLISTED = (
    "the field is on the page, but not in the form's list of fields, so some readers would lose what is filled "
    "in. Use the form as its publisher offers it, not a copy that another program saved."
)
NO_CHANGES, FIELDS_ONLY = 1, 2
FILL, ANNOTATE, CHANGE = 1 << 8, 1 << 5, 1 << 3
"""Bits of an encrypted file's /P: fill in fields, annotate and fill in, change the pages (table 22)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file's protection and signatures leave open; a sentence says why something is not, else empty."""

    signed: tuple[str, ...]
    """The fields that hold a signature. An update leaves them valid for what they cover: the bytes before it."""
    certified: int
    """What a certifying signature allows: 0 there is none, 1 nothing, 2 filling in, 3 notes too."""
    usage_rights: bool
    """Whether rights for Adobe Reader are granted, which end when another program writes into the file."""
    no_fields: str
    no_pages: str
    """About writing on the pages themselves, beside the fields."""
    locked: frozenset[str]
    """Fields that a signature locks."""
    unlisted: frozenset[str] = frozenset()
    """Fields that only stand on a page, and not in the form's list of fields."""

    def refuse(self, fields: Iterable[str], *, on_pages: bool, form: bool) -> None:
        """Refuse a fill that the file does not allow; ``form``: what is said of all fields together is changed.

        Raises:
            FillError: always where it does not.
        """
        if self.no_fields and any(True for _ in fields):
            raise FillError("the form", self.no_fields)
        if self.no_pages and on_pages:
            raise FillError("the form", self.no_pages)
        if self.certified and form:
            raise FillError("the form", CERTIFIED)
        if self.locked or self.unlisted:
            for name in fields:
                if name in self.locked:
                    raise FillError(name, LOCKED)
                if name in self.unlisted:
                    raise FillError(name, UNLISTED)


def read_limits(template: Template) -> Limits:
    """Return what may be written into a form."""
    document = template.document
    values = {name: document.dictionary(field.dictionary.get("V")) for name, field in template.fields.items()}
    signed = tuple(n for n, value in values.items() if template.fields[n].kind == "Sig" and "ByteRange" in value)
    rights = document.dictionary(document.root.get("Perms"))
    certified = 0
    for method, settings in _transforms(document, document.dictionary(rights.get("DocMDP"))):
        if method == "DocMDP":
            certified = int(document.get(settings.get("P", FIELDS_ONLY)))
    locked = {name for held_name in signed for name in _locked(template, values[held_name])}
    no_fields = no_pages = XFA if template.xfa else ""
    if document.repaired:
        no_fields = no_pages = no_fields or cannot_append(document.repaired)
    if document.encryption:
        allowed = document.encryption.permissions
        no_fields = no_fields or ("" if allowed & (FILL | ANNOTATE) else PROTECTED)
        no_pages = no_pages or ("" if allowed & CHANGE else PROTECTED)
    if template.redrawn and any(_undrawn(field) for field in template.fields.values()):
        no_fields = no_fields or UNDRAWN
    if certified:
        no_fields = no_fields or (CERTIFIED if certified == NO_CHANGES else "")
        no_pages = no_pages or CERTIFIED
    return Limits(
        signed=signed,
        certified=certified,
        usage_rights="UR3" in rights or "UR" in rights,
        no_fields=no_fields,
        no_pages=no_pages,
        locked=frozenset(locked),
        unlisted=template.unlisted,
    )


def cannot_append(reason: str) -> str:
    """Return why nothing is added to a file whose cross-reference had to be worked out again, and what to do."""
    return (
        f"{reason}, so nothing can be added to it safely. Open it in a PDF reader, print it to a new PDF, and use that."
    )


def _undrawn(field: Field) -> bool:
    """Say whether a field holds a text and has a place without a look."""
    shows = bool(field.value.strip()) and not (field.kind == "Btn" and field.value == NOT_TICKED)
    return shows and any("AP" not in widget.dictionary for widget in field.widgets)


def _transforms(document: Document, signature: PdfDictionary) -> Iterator[tuple[str, PdfDictionary]]:
    for item in document.array(signature.get("Reference")):
        reference = document.dictionary(item)
        method = document.get(reference.get("TransformMethod"))
        yield str(method), document.dictionary(reference.get("TransformParams"))


def _locked(template: Template, signature: PdfDictionary) -> set[str]:
    """Return the fields that one signature locks (12.8.2.4)."""
    names: set[str] = set()
    for method, settings in _transforms(template.document, signature):
        if method != "FieldMDP":
            continue
        named = {read_text_string(template.document.get(f)) for f in template.document.array(settings.get("Fields"))}
        action = template.document.get(settings.get("Action"))
        if action == "Include":
            names |= named
        else:
            names |= template.fields.keys() - (named if action == "Exclude" else set())
    return names
