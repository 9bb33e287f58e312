"""The page for the person who signs: what is signed, what it allows and costs, what is open, and the documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, url_for

from assistant.documents.signatory_brief import PLACE as BRIEF
from assistant.documents.wording import LETTER_FILE, agency_name, agreement_file, models_in_order
from assistant.program import get_model
from assistant.rules.groups import group_findings
from assistant.web.application.answer_rows import place_of_group
from assistant.web.kit.context import application_of
from assistant.web.wizard import application_state, teamwork
from assistant.web.wizard.model_cards import ModelChoice, model_choices
from assistant.web.wizard.steps import known_step
from assistant.web.wizard.wizard import not_yet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.answers import Model
    from assistant.program import SourcedStatement
    from assistant.storage.tables import Application
    from assistant.web.kit.page_errors import PageError
    from assistant.web.wizard.teamwork import ChangedPlace

bp = Blueprint("signatory", __name__, url_prefix="/applications/<uuid:application_id>/signatory")

MOST_OPEN_POINTS = 5
DUTIES = ("requires", "complaints", "reporting")
"""Topics of the side-by-side table that are duties of the agency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDocument:
    """A document to sign: what it is, on which page ("" where that is not known), and where it can be read."""

    title: str
    about: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """Something that is still to fix, and where."""

    message: str
    address: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSummary:
    """A model in three lines, its duties, and how it ends."""

    card: ModelChoice
    duties: tuple[SourcedStatement, ...]
    ending: tuple[SourcedStatement, ...]


@bp.get("/")
def show(application_id: UUID) -> ResponseReturnValue:
    """Show everything that the person who signs has to know, on one page."""
    return show_page(application_of(application_id))


def show_page(
    application: Application,
    *,
    reason: str = "",
    errors: Sequence[PageError] = (),
    changes: Sequence[ChangedPlace] | None = None,
) -> ResponseReturnValue:
    """Return the page; an approver of a shared installation can approve on it, or decline with a ``reason``.

    ``changes`` names the answers that changed since the page was read, where that stopped a decision.
    """
    row = known_step("documents")
    if missing := row.needs(application.answers):
        return not_yet(application, row, missing)
    answers = application.answers
    review = application_state.review_of(application)
    blockers = group_findings([one for one in review.findings if one.severity == "blocker"], most_single=1)
    choices = model_choices(answers, ())
    return render_template(
        "application/signatory.html",
        application=application,
        application_title=application_state.title_of(application),
        name=agency_name(answers),
        signatory=answers.signatory,
        documents=_documents(application),
        points=[_point(application, group) for group in blockers[:MOST_OPEN_POINTS]],
        left=len(blockers),
        warnings=review.counts["warning"],
        models=[_summary(choices[model]) for model in models_in_order(answers.models)],
        approvals=answers.approvals,
        brief=BRIEF,
        state=teamwork.approval_of(application),
        last=teamwork.last_decision(application),
        changes=changes,
        reason=reason.replace("\x00", "\ufffd"),
        errors=errors,
    )


def _point(application: Application, group: Any) -> OpenPoint:
    address, place = place_of_group(application, group)
    return OpenPoint(message=group.message, address=address, place=place)


def _documents(application: Application) -> list[SignedDocument]:
    """Return the letter and the agreement of each model, in the order in which they are signed."""
    plan = application_state.plan_of(application)
    documents = [_document(application, LETTER_FILE, "Letter of interest", "Sign at its end.")]
    for model in models_in_order(application.answers.models):
        form = plan.agreements[model].form if model in plan.agreements else None
        if form is None:
            continue
        edition = form.edition
        where = f"Sign on page {edition.signing_page}." if edition.signing_page else ""
        about = where if form.data else "The official form is not added yet: an entry sheet stands in its place."
        documents.append(
            _document(
                application, agreement_file(model, is_filled=form.data is not None), f"{edition.title} ({model})", about
            )
        )
    return documents


def _document(application: Application, file_name: str, title: str, about: str) -> SignedDocument:
    address = url_for("documents.preview", application_id=application.public_id, name=file_name)
    return SignedDocument(title=title, about=about, address=address)


def _summary(card: ModelChoice) -> ModelSummary:
    model: Model = card.model
    statements = get_model(model)
    return ModelSummary(
        card=card,
        duties=tuple(one for topic in DUTIES for one in statements.on(topic) if one.citation),
        ending=tuple(one for one in statements.on("ending") if one.citation),
    )
