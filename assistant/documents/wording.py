"""Words that several documents share: names of models, lists, what stands where an answer is missing."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal

from assistant.answers import MODELS
from assistant.editions.formats import phone
from assistant.program import get_model
from assistant.text import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from assistant.answers import Answers, Contact, Model
    from assistant.editions.catalog import Edition

PLACES = {"ice.field_office": "ICE office, ERO field office", "ice.opla_location": "ICE office, OPLA office"}
LETTER_FILE = "01-letter-of-interest.pdf"
DRAFT = "DRAFT – do not sign or send"


def file_of(edition: Edition) -> str:
    """Return the name that the filled form of an edition has in a bundle: "02-moa-tfm.pdf"."""
    return LETTER_FILE if edition.is_letter else agreement_file(edition.model)


def agreement_file(model: Model | None, *, is_filled: bool = True) -> str:
    """Return the name of an agreement in a bundle: "02-moa-tfm.pdf", or "02-entry-sheet-tfm.pdf" of its entry sheet."""
    return f"02-{'moa' if is_filled else 'entry-sheet'}-{(model or 'form').lower()}.pdf"


def blank_file_of(edition: Edition) -> str:
    """Return the name that the blank form of an edition has in a packet: "blank-moa-tfm.pdf"."""
    return f"blank-moa-{edition.model.lower()}.pdf" if edition.model else f"blank-{edition.form_id}.pdf"


def revision_of(edition: Edition) -> str:
    """Return "revision 02/12/2025", or that it is not known."""
    return f"revision {edition.revision_label}" if edition.revision_label else "revision not known"


def short_title(edition: Edition) -> str:
    """Return what a form is called in a list: "TFM", "Letter of Interest"."""
    return edition.model or ("Letter of Interest" if edition.is_letter else edition.title)


def banner(*, draft: bool) -> str:
    """Return what stands at the head of every page."""
    return DRAFT if draft else ""


def model_name(model: Model, *, code: bool = True) -> str:
    """Return "Task Force Model (TFM)"."""
    return f"{get_model(model).name} ({model})" if code else get_model(model).name


def models_in_order(models: Iterable[Model]) -> tuple[Model, ...]:
    """Return the models in the order of the program page, each once."""
    wanted_models = set(models)
    return tuple(model for model in MODELS if model in wanted_models)


def text_or_mark(value: str | None, what: str) -> str:
    """Return the value, or in its place the plain mark "[agency’s name: not given]"."""
    return " ".join(value.split()) if value and value.strip() else f"[{what}: not given]"


def agency_name(answers: Answers) -> str:
    """Return the agency's legal name, or the mark of its absence."""
    return text_or_mark(answers.agency.legal_name, "agency’s legal name")


def yes_no(value: bool | None) -> Literal["yes", "no", "not known"]:  # noqa: FBT001 - the value is what this is about
    """Return the word for a truth value; None is what nobody has answered."""
    return "not known" if value is None else "yes" if value else "no"


def short_date(day: date) -> str:
    """Return "Jan 5, 2026", for the cell of a table."""
    return f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}"


def counted(number: int, one: str, many: str) -> str:
    """Return "1 officer" or "3 officers"."""
    return f"{number:,} {one if number == 1 else many}"


def page_runs(pages: Sequence[int]) -> str:
    """Return "1–3, 5" for pages 1, 2, 3 and 5."""
    runs = [[page for _, page in run] for _, run in groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0])]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def contact_cells(contact: Contact) -> tuple[str, str, str, str]:
    """Return name, title, phone and e-mail of a point of contact."""
    return (
        text_or_mark(contact.full_name, "name"),
        text_or_mark(contact.title, "title"),
        phone(contact.phone) if contact.phone else "[phone: not given]",
        text_or_mark(contact.email, "e-mail"),
    )


def place_in_words(path: str) -> str:
    """Return "Nominee 1, law enforcement since" for a path of the answers; anything else as it is."""
    if path in PLACES:
        return PLACES[path]
    section, *rest = path.split(".")
    if section == "editions" and rest:
        return f"Edition of the {rest[0]} form"
    if section == "nominees" and rest and rest[0].isdecimal():
        section, rest = f"nominee {int(rest[0]) + 1}", rest[1:]
    if not all(part.replace("_", "").replace(" ", "").isalnum() for part in (section, *rest)):
        return path
    words = ", ".join([section, *rest]).replace("_", " ").replace("us citizen", "U.S. citizenship")
    return words[:1].upper() + words[1:]
