"""The task list, and one view for every page of questions: show it, or save it and go on."""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypedDict

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for

from assistant import program
from assistant.rules.fit import TOO_LONG
from assistant.services.application import applications
from assistant.services.application.merging import ConflictError
from assistant.services.application.saving import save_optimistically
from assistant.services.form_maps.forms import stored_forms
from assistant.text import describe_check
from assistant.web.kit.choices import SOMEONE_ELSE_SAVED, apply_choices, conflict_errors
from assistant.web.kit.context import application_of, begin_read_only, begin_write, commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.page_errors import errors_of, page_error
from assistant.web.kit.page_forms import AddressForm, IceForm, ModelsForm
from assistant.web.wizard import application_state, fit_meter, teamwork
from assistant.web.wizard.after_save import has_cut_answer, what_was_saved
from assistant.web.wizard.form_rows import form_rows
from assistant.web.wizard.later_tasks import later_tasks
from assistant.web.wizard.model_cards import model_choices
from assistant.web.wizard.page_merge import conflict_rows, merge_page, show_merge, wording_key
from assistant.web.wizard.paper_places import paper_addresses, paper_back
from assistant.web.wizard.question_help import help_beside, terms_of
from assistant.web.wizard.steps import Step, get_step, next_step, not_eligible, opened_by_change, place_of
from assistant.web.wizard.task_list import task_list

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.answers import Answers
    from assistant.program import OfficeProposal
    from assistant.rules import Finding
    from assistant.storage.tables import Application
    from assistant.web.kit.context import PageContext
    from assistant.web.kit.page_forms import PageForm

bp = Blueprint("wizard", __name__, url_prefix="/applications/<uuid:application_id>")


class OfficeRow(TypedDict):
    """An ICE office that the agency's place points to; ``sure`` where it is the only one."""

    label: str
    value: str
    sure: bool
    source: str


@bp.get("/")
def hub(application_id: UUID) -> ResponseReturnValue:
    """Show the task list of an application."""
    application = application_of(application_id)
    later = later_tasks(application)
    tasks = task_list(application, is_changed=None if later.export is None else bool(later.export.changed))
    return render_template(
        "wizard/hub.html",
        application=application,
        application_title=application_state.title_of(application),
        groups=[(group, list(rows)) for group, rows in groupby(tasks.rows, key=lambda task: task.group)],
        completed=tasks.completed,
        total=tasks.total,
        next_row=tasks.next_row,
        saved=what_was_saved(application),
        later=later,
    )


@bp.route("/steps/<slug>", methods=["GET", "POST"])
@reshow_on_csrf_failure
def step(application_id: UUID, slug: str) -> ResponseReturnValue:
    """Show a page of questions, or save it and go on."""
    begin_read_only()
    application = application_of(application_id)
    row = get_step(slug)
    if row is None or row.endpoint != "wizard.step":
        abort(HTTPStatus.NOT_FOUND)
    if row.page_form is None:
        return _before_you_begin(application, row)
    if reason := row.needs(application.answers):
        return not_yet(application, row, reason)
    page_form = _page_form(row.page_form, application.answers)
    if request.method != "POST":
        return _show(application, row, page_form)
    return _save(application, row, page_form)


def _save(application: Application, row: Step, page_form: PageForm) -> ResponseReturnValue:
    readable = page_form.validate() if not csrf_failed() else True
    shorter = fit_meter.shorter_wordings(page_form, fit_meter.take_offer(request.form))
    mine = {**page_form.entries(), **{wording_key(path): text for path, text in shorter.texts.items()}}
    version = version_of_page(application)
    # What is shown again was made from the version it came with, not from the one that is saved now.
    again = partial(_show, application, row, page_form, version=version)
    if csrf_failed():
        return again(errors=page_error(SENTENCE), conflict=conflict_rows(application, page_form, mine))
    rows = conflict_rows(application, page_form, mine)
    errors = [*errors_of(page_form), *shorter.errors, *conflict_errors(rows)]
    if not readable or errors:
        return again(errors=errors, conflict=rows), HTTPStatus.UNPROCESSABLE_ENTITY
    before = application.answers
    choices = apply_choices(mine)
    begin_write()

    def save() -> None:
        values = merge_page(application, page_form, choices, version=version)
        applications.save_values(
            db(), application, values,
            version=application.version, now=now(), section=row.slug, library=application_state.library(),
        )  # fmt: skip

    try:
        save_optimistically(db(), application, save)
    except ConflictError as conflict:
        rows = conflict_rows(application, page_form, mine, conflict.merge.conflicts)
        show_merge(page_form, conflict.merge)
        errors = [*page_error(SOMEONE_ELSE_SAVED), *conflict_errors(rows)]
        return _show(application, row, page_form, errors=errors, conflict=rows), HTTPStatus.CONFLICT
    commit()
    return redirect(_onward(application, row, before))


@bp.post("/steps/<slug>/fit")
def fit(application_id: UUID, slug: str) -> ResponseReturnValue:
    """Return the parts of a page that say how what is typed on it fits; nothing is saved."""
    begin_read_only()
    application = application_of(application_id)
    row = get_step(slug)
    if row is None or row.page_form is None:
        abort(HTTPStatus.NOT_FOUND)
    page_form = _page_form(row.page_form, application.answers)
    page_form.validate()
    papers = paper_addresses(application)
    meters = fit_meter.meters(application, page_form, request.form, papers=papers)
    return jsonify(parts=render_template("wizard/fit.html", page_form=page_form, meters=meters))


@bp.get("/blanks/<token>")
def blank(application_id: UUID, token: str) -> ResponseReturnValue:
    """Return the picture of a blank with an answer in it."""
    picture = fit_meter.picture_of_blank(application_of(application_id), token)
    return Response(picture, mimetype="image/png")


def version_of_page(application: Application, *, otherwise: int = 0) -> int:
    """Return the version the page was made from; a page without one counts as made before anything was saved.

    ``otherwise`` is another version for such a page.
    """
    text = request.form.get("version", "")
    return min(int(text), application.version) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else otherwise


def _page_form(form_class: type[PageForm], answers: Answers) -> PageForm:
    posted = request.form if request.method == "POST" else None
    page_form = form_class.of(answers, posted)
    if isinstance(page_form, AddressForm) and posted is None and not answers.agency.address.state:
        page_form.address__state.process(None, answers.agency.state)
    if isinstance(page_form, ModelsForm):
        _limit_models(page_form, answers)
    elif (
        isinstance(page_form, IceForm)
        and posted is None
        and not (answers.ice.field_office or answers.ice.opla_location)
    ):
        for proposal, field in zip(_proposals(answers), (page_form.field_office, page_form.opla_location), strict=True):
            field.data = proposal["value"] if proposal["sure"] else None
    return page_form


def _limit_models(page_form: ModelsForm, answers: Answers) -> None:
    """Offer the tribal model to tribes only; one that is chosen already stays, so that it can be taken back."""
    field = page_form.models
    fits: dict[str, program.ModelFit] = {fit.model: fit for fit in _fits(answers)}
    offered = [
        choice
        for choice in field.offered
        if choice[0] != "TTFM" or fits["TTFM"].fits is not False or "TTFM" in answers.models
    ]
    field.offered = offered
    field.about = {code: fits[code].why for code, _ in offered}


def _fits(answers: Answers) -> tuple[program.ModelFit, ...]:
    kind = answers.agency.kind
    return program.fitting_models(
        operates_jail=answers.agency.operates_jail,
        conducts_patrol=answers.agency.conducts_patrol,
        tribal=None if kind is None else kind == "tribal",
    )


def _proposals(answers: Answers) -> list[OfficeRow]:
    place = (answers.agency.state, answers.agency.county)
    proposals = (("ERO field office", program.field_office_for(*place)), ("OPLA office", program.opla_for(*place)))
    return [
        {
            "label": label,
            "value": proposal.office or " or ".join(proposal.choices),
            "sure": proposal.office is not None,
            "source": " ".join(
                part for part in (proposal.note, f"Source: {proposal.source}.", _last_check(proposal)) if part
            ),
        }
        for label, proposal in proposals
    ]


def _last_check(proposal: OfficeProposal) -> str:
    day = proposal.citation.source.checked_on
    return describe_check(day.isoformat()) if day else ""


def _show(application: Application, row: Step, page_form: PageForm, **more: Any) -> str:
    answers = application.answers
    number, total = place_of(row)
    back = request.values.get("back", "")
    papers = paper_addresses(application)
    meters = fit_meter.meters(application, page_form, fit_meter.take_offer(request.form), papers=papers)
    context: PageContext = {
        "step": row,
        "number": number,
        "total": total,
        "page_form": page_form,
        "version": application.version,
        "application": application,
        "application_title": application_state.title_of(application),
        "back": back,
        "back_address": _back_address(application, back),
        "back_words": _back_words(application, back),
        "meters": meters,
        "papers": papers,
        "conflict": [],
        "onward_address": _go_on_address(application, row, back),
        "wording_key": wording_key,
        "added": count_added(),
        "help": help_beside() if row.slug != "models" else {},
        "terms": terms_of(row.slug),
        "comments": teamwork.open_comments(application),
        "saved": what_was_saved(application, row) if request.method != "POST" else None,
    }
    if row.slug == "models":
        # The long table is for the models chosen; while none is, for all that are offered.
        field: Any = page_form["models"]
        codes = answers.models or [code for code, _ in field.offered]
        numbers = [n for n, card in enumerate(program.models()) if card.code in codes]
        context |= {
            "choices": model_choices(answers, _fits(answers)),
            "table": [(topic, [cells[n] for n in numbers]) for topic, cells in program.side_by_side()],
            "cards": [program.models()[n] for n in numbers],
        }
    if row.slug == "ice-office":
        context |= {
            "proposals": _proposals(answers),
            "prefilled": not (answers.ice.field_office or answers.ice.opla_location),
        }
    if row.slug == "approvals":
        context |= {
            "state_laws": program.state_laws(answers.agency.state),
            "state_name": program.states().get(answers.agency.state or ""),
        }
    if request.method != "POST":
        page_form.show_findings(_findings_beside(application, row, meters))
    return render_template("wizard/step.html", **(context | more))


def _findings_beside(
    application: Application, row: Step, meters: Mapping[str, fit_meter.Meter]
) -> dict[str, list[Finding]]:
    """Return the findings by question, without those that the meter beside the question says already."""
    findings = application_state.findings_by_question(application, row)
    told_by_meter = {path for path, meter in meters.items() if meter.state in {"small", "cut"}}
    return {
        path: [one for one in about if path not in told_by_meter or one.code not in TOO_LONG]
        for path, about in findings.items()
    }


def _onward(application: Application, row: Step, before: Answers) -> str:
    application_id = application.public_id
    back = request.form.get("back", "")
    hub_address = url_for("wizard.hub", application_id=application_id, saved=row.slug)
    if request.form.get("go") == "later":
        return hub_address
    if taken_for := fit_meter.question_of_offer(row.page_form, request.form):
        # The blank beside the question shows the wording that was just taken.
        more = {"back": back} if back else {}
        return application_state.address_of(application_id, row, path=taken_for, saved=row.slug, **more)
    if row.slug == "eligibility" and not_eligible(application.answers):
        return url_for("wizard.not_eligible_page", application_id=application_id)
    if application_state.invalid_on_step(application, row):
        # What cannot be right shows on this page, not on top of the next one.
        return application_state.address_of(application_id, row, saved=row.slug, **({"back": back} if back else {}))
    page_form = row.page_form.of(application.answers) if row.page_form and application.answers != before else None
    if page_form and has_cut_answer(application, page_form):
        # So does what a blank has no room for, once: who saves it again unchanged goes on.
        return application_state.address_of(application_id, row, saved=row.slug, **({"back": back} if back else {}))
    if back:
        after = opened_by_change(row, before, application.answers)
        if after is None:
            return _back_address(application, back, saved=row.slug)
        return application_state.address_of(application_id, after, saved=row.slug, back=back)
    after = next_step(row, application.answers)
    return application_state.address_of(application_id, after, saved=row.slug) if after else hub_address


def _go_on_address(application: Application, row: Step, back: str) -> str:
    """Return where a page goes on to without being saved again."""
    after = next_step(row, application.answers)
    if back or after is None:
        return _back_address(application, back)
    return application_state.address_of(application.public_id, after)


def _back_address(application: Application, back: str, *, saved: str | None = None) -> str:
    """Return where a page goes back to: the row of the review or the page of a document, or the task list."""
    if not back:
        return url_for("wizard.hub", application_id=application.public_id)
    if place := paper_back(application.public_id, back, saved=saved):
        return place
    anchor = back if back.replace("-", "").replace("_", "").replace(".", "").isalnum() else None
    return url_for("review.show", application_id=application.public_id, _anchor=anchor, saved=saved)


def _back_words(application: Application, back: str) -> str:
    if not back:
        return "Back to the task list"
    return "Back to the document" if paper_back(application.public_id, back) else "Back to review"


def _before_you_begin(application: Application, row: Step) -> ResponseReturnValue:
    if request.method == "POST" and not csrf_failed():
        return redirect(application_state.address_of(application.public_id, next_step(row, application.answers) or row))
    number, total = place_of(row)
    return render_template(
        "wizard/before-you-begin.html",
        step=row,
        number=number,
        total=total,
        application=application,
        application_title=application_state.title_of(application),
        back_address=_back_address(application, ""),
        form_rows=form_rows(application_state.library(), application.answers.models),
        kept=stored_forms(db()),
        added=count_added(),
        contact=program.recipient_address(),
    )


def count_added() -> int:
    """Return how many forms or nominees were added just before, as the address says; 0: none."""
    text = request.args.get("added", "")
    return int(text) if re.fullmatch(r"[1-9]\d{0,4}", text, re.ASCII) else 0


def leave_list(application: Application, row: Step, **query: Any) -> ResponseReturnValue:
    """Go on from a page that asks nothing itself: to the next step, or to the task list where there is none."""
    after = next_step(row, application.answers)
    if request.form.get("go") == "later" or after is None:
        return redirect(url_for("wizard.hub", application_id=application.public_id, **query))
    return redirect(application_state.address_of(application.public_id, after, **query))


def not_yet(application: Application, row: Step, reason: str) -> ResponseReturnValue:
    """Say that a step cannot start and why, or that the agency cannot apply."""
    if not_eligible(application.answers):
        return redirect(url_for("wizard.not_eligible_page", application_id=application.public_id))
    return render_template(
        "wizard/not-yet.html", step=row, reason=reason, application=application,
        application_title=application_state.title_of(application),
    )  # fmt: skip


@bp.get("/not-eligible")
def not_eligible_page(application_id: UUID) -> ResponseReturnValue:
    """Say why the agency cannot apply, which document says so, and what it can do."""
    application = application_of(application_id)
    if not not_eligible(application.answers):
        return redirect(url_for("wizard.hub", application_id=application_id))
    return render_template(
        "wizard/not-eligible.html",
        application=application,
        application_title=application_state.title_of(application),
        source=str(program.cite("page")),
        contact=program.recipient_address(),
    )
