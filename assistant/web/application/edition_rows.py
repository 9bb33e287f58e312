"""Which edition of its form each agreement of an application uses, and what else there is to use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.editions.catalog import editions_for
from assistant.services.application.plan import chosen_letter, find_missing_editions
from assistant.web.kit.page_forms import MODEL_NAMES
from assistant.web.wizard.application_state import library

if TYPE_CHECKING:
    from flask import Flask

    from assistant.answers import Answers, Model
    from assistant.editions.catalog import Edition
    from assistant.storage.tables import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChoice:
    """An edition that an application could use."""

    edition: Edition
    on_hand: bool
    in_use: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """The edition in use for a model; ``pinned`` says whether it stays when a newer form is added."""

    model: Model
    name: str
    edition: Edition
    on_hand: bool
    pinned: bool
    newer: Edition | None
    choices: tuple[EditionChoice, ...]
    missing_edition: str = ""
    """The edition that it uses and that is no longer known; then ``edition`` is what it would get without one."""

    @property
    def words(self) -> str:
        """Return "revision 03/07/2025 (fields), chosen for this application"."""
        if self.missing_edition:
            return f"edition {self.missing_edition}, which this application uses, is missing or cannot be read"
        revision = f"revision {edition_words(self.edition)}" if self.edition.revision_label else "not published yet"
        choice = "chosen for this application" if self.pinned else "the newest form added here"
        return (
            f"{revision}, {choice}" if self.on_hand else f"{revision}, not added here: you get an entry sheet instead"
        )


def editions_in_use(application: Application) -> list[InUse]:
    """Return the edition of each model applied for."""
    return [_in_use(application.answers, model) for model in application.answers.models]


def letter_in_use(application: Application) -> Edition | None:
    """Return the edition of ICE's Letter of Interest that is filled; None: the letter is the agency's own."""
    letter = chosen_letter(application.answers, library())
    return letter.edition if letter else None


def edition_words(edition: Edition) -> str:
    """Return what an edition is called on a page: "02/12/2025", with the word that tells two prints of it apart."""
    _, _, word = edition.edition_id.partition(".")
    return f"{edition.revision_label or 'not published'}{f' ({word})' if word else ''}"


def _in_use(answers: Answers, model: Model) -> InUse:
    forms = {form.edition.name for form in library().on_hand()}
    pin = answers.editions.get(model)
    missing = find_missing_editions(answers).get(model, "")
    # A pin to an edition that is gone is a finding; this page must show all the same.
    form = library().choose(model, None if missing else pin)
    newest = library().choose(model, None).edition
    return InUse(
        model=model,
        name=MODEL_NAMES[model],
        edition=form.edition,
        on_hand=form.data is not None,
        pinned=pin is not None,
        newer=newest if not missing and newest.edition_id > form.edition.edition_id else None,
        missing_edition=missing,
        choices=tuple(
            EditionChoice(
                edition=edition, on_hand=edition.name in forms, in_use=not missing and edition == form.edition
            )
            for edition in editions_for(model)
        ),
    )


def register_template_helpers(app: Flask) -> None:
    """Let every page ask for the editions of an application."""
    taught = {"editions_in_use": editions_in_use, "edition_words": edition_words, "letter_in_use": letter_in_use}
    app.jinja_env.globals.update(taught)
