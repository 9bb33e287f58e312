"""Trial fills: a form filled with made-up answers, usual, long and short: can bundles be made with it?"""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from assistant.answers import parse, with_path
from assistant.documents.signature_pages import signature_pages
from assistant.editions.form_plan import DRAFT_MARK, fill_blanks, plan_blanks
from assistant.editions.formats import MIN_TEXT_PT
from assistant.editions.library import FormOnHand
from assistant.errors import FillError, InputError, PdfError
from assistant.pdf.form.template import compile_template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.answers import Answers
    from assistant.editions.catalog import Edition
    from assistant.editions.form_plan import FormPlan, PlannedBlank

ANY_DAY = date(2026, 1, 31)
"""The day on a paper that nobody gets to see."""
SAMPLES = {"usual": "usual lengths", "long": "long names", "short": "short names"}
_LONG = {
    "agency.legal_name": "Example County Consolidated Sheriff’s Office and Department of Corrections",
    "agency.represents": "Example County and the Municipalities of Sampleton and Exampleville",
    "agency.address.street": "12345 North Exampleton Boulevard, Building 7, Suite 1200",
    "signatory.full_name": "Bartholomew Maximilian Núñez-Featherstonehaugh",
    "signatory.title": "Sheriff and Director of Corrections",
    "program_contact.full_name": "Wilhelmina Anastasia O’Shaughnessy-Nguyễn",
    "public_information_contact.title": "Director of Communications and Public Information",
}
_SHORT: Mapping[str, Any] = {
    "agency.legal_name": "Ely PD",
    "agency.short_name": "EPD",
    "agency.represents": "Ely",
    "agency.address.street": "1 A St",
    "agency.address.city": "Ely",
    "agency.email": "e@example.gov",
    "signatory.full_name": "Al Lee",
    "signatory.title": "Chief",
    "signatory.email": "a@example.gov",
    "program_contact.full_name": "Bo Ng",
    "program_contact.title": "Lt.",
    "program_contact.email": "b@example.gov",
    "public_information_contact.full_name": "Cy Ott",
    "public_information_contact.title": "PIO",
    "public_information_contact.email": "c@example.gov",
    "approvals.governing_body": "Council",
    "models": ("TFM",),
}


def made_up(sample: str) -> Answers:
    """Return a made-up agency's answers of one of the ``SAMPLES``."""
    answers = parse((files("assistant.program") / "data" / "made-up-agency.json").read_bytes())
    changes: Mapping[str, Any] = {"long": _LONG, "short": _SHORT}.get(sample, {})
    for path, value in changes.items():
        answers = with_path(answers, path, value)
    return answers


def refuse_unfillable(edition: Edition, data: bytes) -> None:
    """Refuse a map with which no bundle could be made: fill its form with made-up answers, short, usual and long.

    A long text that does not fit is left out: a finding tells the person whose text it is. A blank that cannot hold
    even a short one would stop every bundle.

    Raises:
        InputError: a blank cannot be filled, or a filled page cannot be copied; one sentence names it and says what
            to do.
    """
    form = FormOnHand(edition=edition, data=data, sha256=compile_template(data).sha256)
    for sample in ("short", "usual", "long"):
        plan = plan_blanks(form, made_up(sample))
        texts = plan.texts_to_write()
        readable = [item for item in texts if item.prints_at >= MIN_TEXT_PT]
        if sample == "short" and len(readable) < len(texts):
            small = next(item for item in texts if item not in readable)
            raise InputError(
                f"The blank {_place(small)} is too small for its text: even “{small.text}” cannot be printed "
                "there at a readable size. Leave it empty in the map and fill it by hand."
            )
        _try_to_fill(plan, readable)
        _try_to_fill(plan, readable, mark=DRAFT_MARK)


def _try_to_fill(plan: FormPlan, blanks: Sequence[PlannedBlank], *, mark: str = "") -> None:
    """Fill a form and copy its signing page, as a bundle does; what comes out is not kept.

    Raises:
        InputError: as ``refuse_unfillable``.
    """
    try:
        signature_pages([fill_blanks(plan, blanks, mark=mark)], agency="", day=ANY_DAY)
    except (FillError, PdfError) as error:
        raise InputError(_refusal(plan, blanks, error)) from error


def _refusal(plan: FormPlan, blanks: Sequence[PlannedBlank], error: FillError | PdfError) -> str:
    """Return the sentence that refuses a map: it names the blank that cannot be filled even alone, if there is one."""
    for item in blanks:
        try:
            fill_blanks(plan, [item])
        except FillError as fault:
            why = str(fault).removeprefix(f"{fault.blank}: ").rstrip(".")
            return (
                f"The blank {_place(item)} could not be filled in a trial with made-up answers ({why}). Leave it "
                "empty in the map, or get another copy of the form."
            )
    why = str(error).rstrip(".")
    return f"A trial with made-up answers failed ({why}). Correct the map there, or get another copy of the form."


def _place(item: PlannedBlank) -> str:
    return f"“{item.entry.label}” on page {item.entry.page}"
