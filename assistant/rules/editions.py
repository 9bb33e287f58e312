"""Whether the forms used are known, have been added, and are the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.editions.catalog import editions_for
from assistant.program import cite
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answers import Model
    from assistant.editions.catalog import Edition
    from assistant.rules.registry import Case


EDITION_MISSING = "edition-missing"
"""The code of the finding that stops every document, because no one can say what form the agreement should use."""


@rule(EDITION_MISSING, source="The editions of the forms that are known on this installation")
def the_edition_is_known(case: Case) -> Iterator[Problem]:
    """The edition of the form that the application uses is known, and its map can be read."""
    for model, edition_id in case.missing_editions.items():
        name = f"moa-{model.lower()}/{edition_id}"
        yield Problem(
            f"editions.{model}",
            f"The edition {name}, which this application uses for the {model} agreement, is missing or cannot be read. "
            "Choose another edition under “Editions of the forms”.",
            command=f"`moa application move ANSWERS.json --model {model} --out FILE.json` chooses another one here; or "
            f"have someone restore its folder instance/forms/{name}.",
        )


@rule("form-outdated", severity="warning", source=FORM_REVIEW)
def the_form_is_the_newest_known(case: Case) -> Iterator[Problem]:
    """The form used is the newest known edition."""
    for model, plan in case.plans.items():
        form = plan.form
        newer = [e for e in editions_for(model) if e.revision_label and e.revision > form.edition.revision]
        if form.edition.revision_label and newer:
            # An application cannot switch to a form that cannot be filled.
            fillable = [edition for edition in newer if edition.fillable]
            newest = (fillable or newer)[0]
            sentence, command = _how_to_renew(case, model, newest)
            yield Problem(
                f"editions.{model}",
                f"The {model} form is the revision of {form.edition.revision_label}, and there is a newer one of "
                f"{newest.revision_label}. {sentence}",
                source=f"{newest.title}, rev. {newest.revision_label}",
                command=command,
            )


def _how_to_renew(case: Case, model: Model, newest: Edition) -> tuple[str, str]:
    """Return what to do about an older form: a sentence for every reader, and one for the command line."""
    if not newest.fillable:
        sentence = (
            "This program knows no blank copy of the newer one, so it cannot fill it. Ask ICE for the newer "
            "form, or ask whether it still accepts this revision."
        )
        return sentence, "`moa forms map` proposes a map for a form that is not known yet."
    if model in case.answers.editions:
        sentence = (
            "Switch the application to it under “Editions of the forms”. If that form has not been added, first "
            "download it from ICE's 287(g) page and add it. Or ask ICE whether it still accepts this revision."
        )
        move = (
            f"`moa application move ANSWERS.json --model {model} --to {newest.edition_id} --out FILE.json` switches it"
        )
        return sentence, f"{move}, and `moa forms add` adds a form."
    sentence = (
        "Download the current form from ICE's 287(g) page and add it under “Official forms”, or ask ICE whether "
        "it still accepts this revision."
    )
    return sentence, "`moa forms add` adds a form."


@rule("official-form-not-on-hand", severity="note", source=str(cite("page", "How Can Your Agency Participate")))
def the_official_form_is_on_hand(case: Case) -> Iterator[Problem]:
    """The blank official form has been added; without it, an entry sheet is made instead."""
    for model, plan in case.plans.items():
        form = plan.form
        if form.data is not None:
            continue
        if form.edition.revision_label and form.edition.fillable:
            yield Problem(
                "models",
                f"No blank {model} form has been added, so you get an entry sheet instead. It lists what to write "
                "in each blank. To have the form filled, download it from ICE's 287(g) page and add it under "
                "“Official forms”.",
                command="`moa forms add` adds a form.",
            )
        elif form.edition.revision_label:
            yield Problem(
                "models",
                f"No blank {model} form of the revision {form.edition.revision_label} is known, so you get an "
                "entry sheet instead. It lists what to write in each blank. Ask ICE for that form. You can map a "
                "form that is not known yet under “Official forms”.",
                command="`moa forms map` proposes a map for it.",
            )
        else:
            yield Problem(
                "models",
                f"There is no blank {model} form here, and its blanks are not known. The entry sheet lists what "
                "the form will likely ask for. Ask ICE for the form, and compare each blank.",
            )
