"""The plan of an application: which forms it uses, and what goes into their blanks.

Made once for a review, a preview or an export, and carried along. Opens no database: the same for the wizard and for an
answers file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.editions.catalog import editions_for
from assistant.editions.form_plan import plan_blanks
from assistant.editions.library import unknown_edition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.answers import Answers, Model
    from assistant.editions.form_plan import FormPlan
    from assistant.editions.library import FormLibrary, FormOnHand


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPlan:
    """What the answers print on each form.

    ``letter`` is ICE's Letter of Interest; None: the agency writes its own.
    ``missing_editions`` are the pinned editions that are known no more, by model; such a model has no agreement here.
    """

    answers: Answers
    agreements: Mapping[Model, FormPlan]
    letter: FormPlan | None
    missing_editions: Mapping[Model, str]

    def require_editions(self) -> None:
        """Check that every pinned edition is known.

        Raises:
            AnswersError: one is known no more.
        """
        for model, pinned in self.missing_editions.items():
            raise unknown_edition(model, pinned)


def plan_application(answers: Answers, library: FormLibrary) -> ApplicationPlan:
    """Return what goes into the blanks of every form that an application uses."""
    missing_editions = find_missing_editions(answers)
    known_models = [model for model in answers.models if model not in missing_editions]
    letter = chosen_letter(answers, library)
    return ApplicationPlan(
        answers=answers,
        agreements={m: plan_blanks(library.choose(m, answers.editions.get(m)), answers) for m in known_models},
        letter=plan_blanks(letter, answers) if letter else None,
        missing_editions=missing_editions,
    )


def find_missing_editions(answers: Answers) -> dict[Model, str]:
    """Return the pinned editions that are known no more, such as one whose folder was taken away."""
    pins = {model: answers.editions[model] for model in answers.models if model in answers.editions}
    return {m: pin for m, pin in pins.items() if pin not in {edition.edition_id for edition in editions_for(m)}}


def chosen_forms(answers: Answers, library: FormLibrary) -> dict[Model, FormOnHand]:
    """Return the form for each model applied for: the pinned edition, else the newest form added here.

    Raises:
        AnswersError: a pinned edition is known no more.
    """
    return {model: library.choose(model, answers.editions.get(model)) for model in answers.models}


def chosen_letter(answers: Answers, library: FormLibrary) -> FormOnHand | None:
    """Return ICE's Letter of Interest, the newest added; None: the agency's own letter, or no model."""
    return library.letter() if answers.models else None
