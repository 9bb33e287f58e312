"""Whether the forms taken are known and on hand, and the newest there are."""

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
"""The code of the finding that stops every document: nobody can say what the agreement is to be made from."""


@rule(EDITION_MISSING, source="The editions of the forms that are known on this installation")
def the_edition_is_known(case: Case) -> Iterator[Problem]:
    """The edition of the form that the application stays with is known, and its map can be read."""
    for model, edition_id in case.missing_editions.items():
        name = f"moa-{model.lower()}/{edition_id}"
        yield Problem(
            f"editions.{model}",
            f"The edition {name}, which this application uses for the {model} agreement, is missing or cannot be read. "
            "Choose another edition under “Editions of the forms”.",
            command=f"`moa application move ANSWERS.json --model {model} --out FILE.json` chooses another one here; or "
            f"have its folder brought back to instance/forms/{name}.",
        )


@rule("form-outdated", severity="warning", source=FORM_REVIEW)
def the_form_is_the_newest_known(case: Case) -> Iterator[Problem]:
    """The form taken is the newest edition that is known."""
    for model, plan in case.plans.items():
        form = plan.form
        newer = [e for e in editions_for(model) if e.revision_label and e.revision > form.edition.revision]
        if form.edition.revision_label and newer:
            # What cannot be filled is nothing to move to.
            fillable = [edition for edition in newer if edition.fillable]
            newest = (fillable or newer)[0]
            sentence, command = _how_to_renew(case, model, newest)
            yield Problem(
                f"editions.{model}",
                f"The {model} form is the revision of {form.edition.revision_label}, and one of "
                f"{newest.revision_label} is known. {sentence}",
                source=f"{newest.title}, rev. {newest.revision_label}",
                command=command,
            )


def _how_to_renew(case: Case, model: Model, newest: Edition) -> tuple[str, str]:
    """Return what to do about an older form: a sentence for everybody, and one for who works with commands."""
    if not newest.fillable:
        sentence = (
            "But no blank copy of the newer one is known, so this program cannot fill it. Ask ICE for the newer form, "
            "or whether this revision is still taken."
        )
        return sentence, "`moa forms map` draws up a map for a form that is not known yet."
    if model in case.answers.editions:
        sentence = (
            "Move the application to it under “Editions of the forms”; if that form is not on hand, download it from "
            "ICE's 287(g) page and add it first. Or ask ICE whether this revision is still taken."
        )
        move = f"`moa application move ANSWERS.json --model {model} --to {newest.edition_id} --out FILE.json` moves it"
        return sentence, f"{move}, and `moa forms add` adds a form."
    sentence = (
        "Download the current form from ICE's 287(g) page and add it under “Official forms”, or ask ICE whether this "
        "revision is still taken."
    )
    return sentence, "`moa forms add` adds a form."


@rule("official-form-not-on-hand", severity="note", source=str(cite("page", "How Can Your Agency Participate")))
def the_official_form_is_on_hand(case: Case) -> Iterator[Problem]:
    """The blank official form is on hand; without it an entry sheet is made in its place."""
    for model, plan in case.plans.items():
        form = plan.form
        if form.data is not None:
            continue
        if form.edition.revision_label and form.edition.fillable:
            yield Problem(
                "models",
                f"No blank {model} form is on hand, so an entry sheet is made in its place: it lists what to write in "
                "each blank. Download the form from ICE's 287(g) page and add it under “Official forms” to have it "
                "filled.",
                command="`moa forms add` adds a form.",
            )
        elif form.edition.revision_label:
            yield Problem(
                "models",
                f"No blank {model} form of the revision {form.edition.revision_label} is known, so an entry sheet is "
                "made in its place: it lists what to write in each blank. Ask ICE for that form. One that is not known "
                "yet can be mapped under “Official forms”.",
                command="`moa forms map` draws up a map for it.",
            )
        else:
            yield Problem(
                "models",
                f"No blank {model} form could be had, and its blanks are not known. An entry sheet lists what such a "
                "form is likely to ask for. Ask ICE for the form, and compare blank by blank.",
            )
