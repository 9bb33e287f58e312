"""What a person says that an unknown form is: which agreement, the date on it, its title, the words it is known by.

A date is taken as printed only where it stands on the first page; a form without one is known by all its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from assistant.editions.edition_files import iso_date
from assistant.editions.recognition import bare, page_text, printed_revisions, text_digest
from assistant.errors import InputError
from assistant.mapping.identity import FORMS, Identity, free_id
from assistant.text import find_forbidden_character

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from assistant.pdf.form.template import Template

FIRST_DAY = date(1996, 9, 30)
"""The day of the law that section 287(g) comes from; no form of the program is older."""
STAY_UNSAID = "say which form it is and the date on it when you map it (`moa forms map --form … --revision …`)."
MIN_LETTERS_OF_A_FORM = 8
"""Letters: fewer words than that stand on any form."""


class DeclaredDocument(TypedDict):
    """``DeclaredIdentity`` as a JSON object; days are ISO."""

    form_id: str
    day: str | None
    printed: bool
    title: str
    words: str
    on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredIdentity:
    """What a person says of a form; None and "" leave what was found."""

    form_id: str = ""
    day: date | None = None
    """The revision date printed on it, or the day on which ICE published it or gave it."""
    printed: bool = True
    """Whether ``day`` is printed on the form."""
    title: str = ""
    words: str = ""
    """Printed on the first page: what the form is known by."""
    on: date | None = None
    """The day of the confirmation; nothing was published later."""

    def to_document(self) -> DeclaredDocument:
        """Return it as JSON values."""
        return {
            "form_id": self.form_id,
            "day": self.day.isoformat() if self.day else None,
            "printed": self.printed,
            "title": self.title,
            "words": self.words,
            "on": self.on.isoformat() if self.on else None,
        }

    @classmethod
    def from_document(cls, document: DeclaredDocument) -> DeclaredIdentity:
        """Return what ``to_document`` wrote."""
        return cls(
            form_id=document["form_id"],
            day=date.fromisoformat(document["day"]) if document["day"] else None,
            printed=document["printed"],
            title=document["title"],
            words=document["words"],
            on=date.fromisoformat(document["on"]) if document["on"] else None,
        )


def find_identity_problems(identity: Identity, template: Template, declared: DeclaredIdentity) -> dict[str, str]:
    """Return what does not fit the form: by the part of ``DeclaredIdentity``, what is wrong and what to do."""
    problems = {}
    if (declared.form_id or identity.form_id) not in FORMS:
        problems["form_id"] = "Say which agreement it is, or that it is the Letter of Interest."
    if declared.day is not None and declared.day < FIRST_DAY:
        problems["day"] = f"Enter a day after {FIRST_DAY:%m/%d/%Y}, because section 287(g) is not older."
    elif declared.day is not None and not declared.printed and declared.on and declared.day > declared.on:
        problems["day"] = "Enter the day ICE published the form or gave it out. This day is in the future."
    elif declared.day is not None and declared.printed and not _printed(template, declared.day):
        problems["day"] = (
            f"The date {declared.day:%m/%d/%Y} is not on the first page. Correct it, or say that none is printed."
        )
    if character := find_forbidden_character(declared.title or identity.title):
        problems["title"] = f"Delete {character} from the title and write it on one line."
    words = bare(declared.words or identity.words)
    if len(words) < MIN_LETTERS_OF_A_FORM:
        problems["words"] = "Enter words of the title as they are printed on the first page, at least eight letters."
    elif words not in page_text(template, 0):
        problems["words"] = "These words are not on the first page in this form. Copy them from there."
    return problems


def apply_declared(
    identity: Identity, template: Template, declared: DeclaredIdentity, known_names: Collection[str]
) -> Identity:
    """Return the form as a person says it is; ``known_names`` are the names of the known editions, which it never gets.

    Raises:
        InputError: something does not fit the form.
    """
    for message in find_identity_problems(identity, template, declared).values():
        raise InputError(message)
    form_id = declared.form_id or identity.form_id
    result = replace(
        identity,
        form_id=form_id,
        model=FORMS[form_id],
        title=declared.title or identity.title,
        words=declared.words or identity.words,
        agreement=True,
    )
    if declared.day is not None:
        revision_text, words = (_printed(template, declared.day) or ("", "")) if declared.printed else ("", "")
        digest = "" if declared.printed else text_digest(template)
        result = replace(result, revision_text=revision_text or None, revision_words=words, text_sha256=digest)
    day = (
        declared.day.isoformat()
        if declared.day
        else iso_date(identity.revision_text) or identity.edition_id.partition(".")[0]
    )
    return replace(result, edition_id=free_id(form_id, day, known_names, acroform=identity.acroform))


def _printed(template: Template, day: date) -> tuple[str, str] | None:
    """Return (the date, how it is printed where it does not stand behind "Rev"), or None."""
    for revision_text in printed_revisions(template):
        if iso_date(revision_text) == day.isoformat():
            return revision_text, ""
    text = page_text(template, 0)
    for words in _writings(day):
        if match := re.search(rf"(?<!\d){re.escape(bare(words))}(?!\d)", text, re.IGNORECASE):
            return f"{day:%m/%d/%Y}", match[0]
    return None


def _writings(day: date) -> Iterator[str]:
    """Yield the ways in which a date is printed, longest first."""
    for month in (f"{day:%B}", f"{day:%b}.", f"{day:%b}"):
        for number in (f"{day.day:02}", f"{day.day}"):
            yield f"{month} {number}, {day.year}"
            yield f"{number} {month} {day.year}"
    for mark in "/-.":
        for month, number in ((f"{day.month:02}", f"{day.day:02}"), (f"{day.month}", f"{day.day}")):
            yield f"{month}{mark}{number}{mark}{day.year}"
            yield f"{month}{mark}{number}{mark}{day:%y}"
    yield day.isoformat()
