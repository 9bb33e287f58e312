"""What changed since the export: what would print differently on each form, and which answers are different."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import Blueprint, render_template

from assistant.documents.wording import model_name
from assistant.editions.catalog import LETTER
from assistant.errors import NotFoundError
from assistant.services.after_export.issued_documents import export_being_signed
from assistant.services.after_export.since_export import FORM_SENTENCES, changed_since
from assistant.web.kit.context import application_of, db
from assistant.web.wizard import application_state
from assistant.web.wizard.steps import label_of_path, question_of, step_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.answers import Model
    from assistant.services.after_export.since_export import FormChange
    from assistant.services.application.changes import Change
    from assistant.services.application.editions import PrintDifference
    from assistant.storage.tables import Application

bp = Blueprint("since_export", __name__, url_prefix="/applications/<uuid:application_id>/since-export")

MOST_NAMED = 200  # changed answers; an application has fewer questions


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedForm:
    """A form under its name, one sentence that says what is different, and the blanks that print differently."""

    name: str
    sentence: str
    differences: Sequence[PrintDifference]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedAnswer:
    """An answer that is different, by the words of its question, with the page that asks it."""

    label: str
    address: str


@bp.get("/")
def show(application_id: UUID) -> ResponseReturnValue:
    """Show what changed since the export that is being signed."""
    application = application_of(application_id)
    export = export_being_signed(db(), application)
    if export is None:
        raise NotFoundError("Nothing has been exported yet, or only drafts. Go to the task list.")
    changed = changed_since(export, application_state.plan_of(application), version=application.version)
    return render_template(
        "after_export/since-export.html",
        application=application,
        application_title=application_state.title_of(application),
        export=export,
        changed=changed,
        forms=[_form(change) for change in changed.forms],
        answers=_answers(application, changed.answers),
    )


def _form(change: FormChange) -> ChangedForm:
    name = "Letter of Interest" if change.name == LETTER else model_name(cast("Model", change.name))
    return ChangedForm(name=name, sentence=FORM_SENTENCES.get(change.kind, ""), differences=change.differences)


def _answers(application: Application, changes: Sequence[Change]) -> list[ChangedAnswer]:
    """Return the changed answers, each once."""
    rows: dict[str, ChangedAnswer] = {}
    for change in changes[:MOST_NAMED]:
        label = label_of_path(change.path)
        address = application_state.address_of(
            application.public_id, step_of(change.path), path=question_of(change.path)
        )
        rows.setdefault(label, ChangedAnswer(label=label, address=address))
    return list(rows.values())
