"""The review of an application: the rules, asked about its answers and about what its forms would say.

Opens no database: the same for the wizard and for an answers file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.editions.catalog import editions_for
from assistant.editions.library import write_blanks
from assistant.rules import Case, check

if TYPE_CHECKING:
    from datetime import date

    from assistant.answers import Answers, Model
    from assistant.editions.library import FormLibrary, FormOnHand
    from assistant.program.listed import AgencyListing
    from assistant.rules import Review


def review(answers: Answers, library: FormLibrary, *, today: date, listed: tuple[AgencyListing, ...] = ()) -> Review:
    """Return every finding, in the order of the rules; ``today`` is the day on which the agency's time is.

    A pinned edition that is known no more is a finding; a bundle cannot be made then (``chosen_forms``).
    ``listed`` is what ICE's lists say of the agency (``known.listed_for``). An export leaves it out, so that the same
    answers make the same bundle whatever list was loaded since.
    """
    gone = gone_editions(answers)
    forms = {model: library.choose(model, answers.editions.get(model)) for model in answers.models if model not in gone}
    written = {model: write_blanks(form, answers) for model, form in forms.items()}
    letter = chosen_letter(answers, library)
    return check(
        Case(
            answers=answers,
            today=today,
            forms=forms,
            written=written,
            listed=listed,
            gone=gone,
            letter_form=letter,
            letter_written=write_blanks(letter, answers) if letter else (),
        )
    )


def gone_editions(answers: Answers) -> dict[Model, str]:
    """Return the pinned editions that are known no more, such as one whose folder was taken away."""
    pins = {model: answers.editions[model] for model in answers.models if model in answers.editions}
    return {m: pin for m, pin in pins.items() if pin not in {edition.edition_id for edition in editions_for(m)}}


def chosen_forms(answers: Answers, library: FormLibrary) -> dict[Model, FormOnHand]:
    """Return the form for each model applied for: the pinned edition, else the newest on hand.

    Raises:
        AnswersError: a pinned edition is known no more.
    """
    return {model: library.choose(model, answers.editions.get(model)) for model in answers.models}


def chosen_letter(answers: Answers, library: FormLibrary) -> FormOnHand | None:
    """Return ICE's Letter of Interest, the newest on hand; None: the agency's own letter, or no model is chosen yet."""
    return library.letter() if answers.models else None
