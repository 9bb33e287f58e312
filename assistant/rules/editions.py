"""Whether the forms taken are known and on hand, and the newest there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.editions import editions_for
from assistant.program import cite
from assistant.rules.registry import FORM_REVIEW, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.registry import Case


GONE = "edition-missing"
"""The code of the finding that stops every document: nobody can say what the agreement is to be made from."""


@rule(GONE, source="The editions of the forms that are known on this installation")
def the_edition_is_known(case: Case) -> Iterator[Problem]:
    """The edition of the form that the application stays with is known, and its map can be read."""
    for model, edition_id in case.gone.items():
        name = f"moa-{model.lower()}/{edition_id}"
        yield Problem(
            f"editions.{model}",
            f"The edition {name}, which this application stays with for the {model}, is missing or cannot be read: "
            "choose another edition under “Editions of the forms”, or have its folder brought back to "
            f"instance/forms/{name}.",
        )


@rule("form-outdated", severity="warning", source=FORM_REVIEW)
def the_form_is_the_newest_known(case: Case) -> Iterator[Problem]:
    """The form taken is the newest edition that is known."""
    for model, form in case.forms.items():
        newest = editions_for(model)[0] if editions_for(model) else form.edition
        if form.edition.dated and newest.dated and form.edition.revision < newest.revision:
            get = (
                "Move the application to the newer form (“Editions of the forms”, or `moa application move`); if it is "
                "not on hand, download it from ICE's 287(g) page and add it first. Or ask ICE whether this revision is "
                "still taken."
                if model in case.answers.editions
                else "Download the current form from ICE's 287(g) page and add it, or ask ICE whether this revision is "
                "still taken."
            )
            yield Problem(
                f"editions.{model}",
                f"The form is the revision of {form.edition.dated}, and one of {newest.dated} is known. {get}",
                source=f"{newest.title}, rev. {newest.dated}",
            )


@rule("official-form-not-on-hand", severity="note", source=str(cite("page", "How Can Your Agency Participate")))
def the_official_form_is_on_hand(case: Case) -> Iterator[Problem]:
    """The blank official form is on hand; without it an entry sheet is made in its place."""
    for model, form in case.forms.items():
        if form.data is not None:
            continue
        if form.edition.dated:
            yield Problem(
                "models",
                f"No blank {model} form is on hand, so an entry sheet is made in its place: it lists what to write in "
                "each blank. Download the form from ICE's 287(g) page and add it to have it filled.",
            )
        else:
            yield Problem(
                "models",
                f"No blank {model} form could be had, and its blanks are not known. An entry sheet lists what such a "
                "form is likely to ask for. Ask ICE for the form, and compare blank by blank.",
            )
