"""Map a form that nobody knows: look at its pages, say what each blank asks for, try it, keep the edition."""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for

from assistant.errors import BusyError, EditionError, FillError, InputError, NotFoundError, PdfError, StaleError
from assistant.mapping.lines import added_line
from assistant.pdf.drawing import NOT_DRAWN, page_picture
from assistant.services.application import changed_blanks
from assistant.services.form_maps import form_drafts
from assistant.services.form_maps.edition_drafts import propose_draft
from assistant.web.form_maps.mapping_form import TypedLine, read_line, read_page
from assistant.web.form_maps.mapping_identity import IdentityForm, read_identity, sign_identity
from assistant.web.form_maps.mapping_merge import merge_lines, sign_line
from assistant.web.form_maps.mapping_words import (
    FORMATS,
    SIDES,
    SURENESS,
    asked_of,
    choices_for,
    describe_line,
    in_words,
)
from assistant.web.form_maps.page_boxes import boxes_on, page_links, page_of, picture_of, sheet_of
from assistant.web.kit.choices import SOMEONE_ELSE_SAVED, apply_choices, conflict_errors
from assistant.web.kit.context import agency_id, begin_read_only, begin_write, commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.page_errors import PageError, busy_error, errors_of, page_error
from assistant.web.kit.uploads import uploaded
from assistant.web.wizard.application_state import library
from assistant.web.wizard.page_merge import show_merge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.editions.catalog import Edition, LineSpan
    from assistant.services.application.changed_blanks import Changes
    from assistant.services.form_maps.form_drafts import FormPage, OpenedDraft
    from assistant.web.kit.choices import ConflictRow
    from assistant.web.kit.context import PageContext

bp = Blueprint("mapping", __name__, url_prefix="/forms/drafts")


@bp.get("/")
def drafts() -> ResponseReturnValue:
    """Show the maps that somebody is working at."""
    rows = form_drafts.drafts_of(db(), agency_id())
    return render_template("form_maps/mapping/drafts.html", rows=rows, removed="removed" in request.args)


@bp.route("/new", methods=["GET", "POST"])
@reshow_on_csrf_failure
def give() -> ResponseReturnValue:
    """Take a form that nobody knows, and propose a map for it."""
    if request.method != "POST":
        return render_template("form_maps/mapping/give.html")
    if csrf_failed():
        return render_template("form_maps/mapping/give.html", errors=page_error(f"{SENTENCE} Choose the file again."))
    try:
        data = uploaded("form", what="a PDF file")
        # Nobody waits for the database while the form is read.
        begin_read_only()
        proposal = propose_draft(data, library())
        begin_write()
        row = form_drafts.start(db(), agency_id(), data, proposal, now=now())
    except InputError as error:
        return render_template(
            "form_maps/mapping/give.html", errors=[PageError(message=str(error), id="form")]
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    except BusyError as error:
        return render_template(
            "form_maps/mapping/give.html", errors=busy_error(error, "form")
        ), HTTPStatus.SERVICE_UNAVAILABLE
    commit()
    return redirect(url_for("mapping.overview", draft_id=row.public_id))


@bp.get("/<uuid:draft_id>/")
def overview(draft_id: UUID) -> ResponseReturnValue:
    """Show what the form seems to be, how far its map is, and what to do next."""
    draft = _draft(draft_id)
    return render_template(
        "form_maps/mapping/overview.html",
        draft=draft,
        pages=page_links(draft),
        counts=[(words, sum(line.sureness == key for line in draft.lines)) for key, words in SURENESS.items()],
        alike=changed_blanks.alike(draft.edition, library()),
        samples=form_drafts.SAMPLES,
        said=describe_line,
        saved=request.args.get("saved", ""),
    )


@bp.route("/<uuid:draft_id>/form", methods=["GET", "POST"])
@reshow_on_csrf_failure
def identity(draft_id: UUID) -> ResponseReturnValue:
    """Ask which form it is: the agreement, the date on it, its title, the words it is known by."""
    changing = request.method == "POST" and not csrf_failed()
    begin_read_only()
    draft = form_drafts.find(db(), agency_id(), draft_id)
    identity_form = IdentityForm.of_draft(draft, request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _identity(draft, identity_form)
    identity_form.validate()
    rows = identity_form.conflict_rows(draft)
    # What is shown again stays what the page was made from, until it is merged.
    was, version = request.form.get("was", ""), version_of_map()
    if not changing:
        return _identity(draft, identity_form, page_error(SENTENCE), rows, made_from=(version, was))
    if errors := [*errors_of(identity_form), *conflict_errors(rows)]:
        return _identity(draft, identity_form, errors, rows, made_from=(version, was)), HTTPStatus.UNPROCESSABLE_ENTITY
    base = None if version == draft.row.version else read_identity(draft, was)
    merge = identity_form.merge_with(draft, base, apply_choices(identity_form.entries()))
    show_merge(identity_form, merge)
    if merge.conflicts:
        rows = identity_form.conflict_rows(draft, merge.conflicts)
        return _identity(
            draft, identity_form, [*page_error(SOMEONE_ELSE_SAVED), *conflict_errors(rows)], rows
        ), HTTPStatus.CONFLICT
    declared = identity_form.declared_identity(draft)
    if declared is None:
        return _identity(draft, identity_form, errors_of(identity_form)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        identity, lines = form_drafts.confirm(draft, declared, library())
        merged_into = draft.row.version
        # Only now the lock is taken: nobody waits for the database while the form is read.
        begin_write()
        draft = form_drafts.find(db(), agency_id(), draft_id, lock=True)
        form_drafts.change(db(), draft, lines, version=merged_into, now=now(), identity=identity)
    except BusyError as error:
        return _identity(
            draft, identity_form, page_error(str(error)), rows, made_from=(version, was)
        ), HTTPStatus.SERVICE_UNAVAILABLE
    except StaleError as error:
        return _identity(
            draft, identity_form, page_error(str(error)), rows, made_from=(version, was)
        ), HTTPStatus.CONFLICT
    commit()
    return redirect(url_for("mapping.overview", draft_id=draft_id, saved="form"))


@bp.route("/<uuid:draft_id>/pages/<int:number>", methods=["GET", "POST"])
@reshow_on_csrf_failure
def page(draft_id: UUID, number: int) -> ResponseReturnValue:
    """Show a page with its blanks drawn over it, or save what each of them asks for."""
    changing = request.method == "POST" and not csrf_failed()
    draft = form_drafts.find(db(), agency_id(), draft_id, lock=changing)
    form_page = page_of(draft, number)
    if request.method != "POST":
        return _page(draft, number)
    lines = draft.on_page(number)
    sent = merge_lines(draft, lines, request.form, version=version_of_map())
    typed_page = read_page(lines, sent.form, form_page.box, fields=draft.identity.acroform)
    place, wrong = _new_place(draft, form_page, number)
    again = partial(_page, draft, number, typed_page, conflict=sent.rows)
    if csrf_failed():
        return again(errors=page_error(SENTENCE))
    errors = [*conflict_errors(sent.rows), *sent.errors, *typed_page.errors, *wrong]
    if sent.is_new:
        return again(errors=[*page_error(SOMEONE_ELSE_SAVED), *errors]), HTTPStatus.CONFLICT
    if errors:
        return again(errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    read = read_page(lines, sent.entries, form_page.box, fields=draft.identity.acroform).lines
    put_back = read_page(sent.restored, sent.entries, form_page.box, fields=draft.identity.acroform).lines
    after = [line for line in (read.get(line.number, line) for line in draft.lines) if line]
    after += [line for line in (put_back.get(line.number, line) for line in sent.restored) if line]
    added = added_line(after, number, place) if place else None
    # Under the lock: what was saved since the page was made is in these lines.
    form_drafts.change(db(), draft, [*after, added] if added else after, version=draft.row.version, now=now())
    commit()
    if added:
        return redirect(url_for("mapping.page", draft_id=draft_id, number=number, _anchor=f"blank-{added.number}"))
    return redirect(_onward(draft, number))


def _new_place(draft: OpenedDraft, form_page: FormPage, number: int) -> tuple[LineSpan | None, list[PageError]]:
    """Return the place that is to be added to a page without fields; whatever button was pressed, it is not lost."""
    texts = {part: request.form.get(f"{part}-new", "") for part in ("left", "base", "right")}
    if draft.identity.acroform or not (request.form.get("go") == "add" or any(map(str.strip, texts.values()))):
        return None, []
    if why := draft.sideways.get(number):
        raise NotFoundError(why)
    return read_line(texts, form_page.box, start="New place: ", ending="new")


@bp.get("/<uuid:draft_id>/pages/<int:number>.png")
def picture(draft_id: UUID, number: int) -> ResponseReturnValue:
    """Send a page of the form as a picture."""
    return Response(picture_of(_draft(draft_id), number).png, mimetype="image/png")


@bp.get("/<uuid:draft_id>/trial/<sample>/")
def trial(draft_id: UUID, sample: str) -> ResponseReturnValue:
    """Show the form filled with a made-up agency's answers."""
    draft = _draft(draft_id)
    context: PageContext = {"draft": draft, "sample": sample, "samples": form_drafts.SAMPLES, "made": None}
    try:
        context["made"] = _trial(draft, sample)
    except (EditionError, FillError, PdfError) as error:
        context["fault"] = str(error)
    return render_template("form_maps/mapping/trial.html", **context, sheet=sheet_of(draft, 1))


@bp.get("/<uuid:draft_id>/trial/<sample>/page-<int:number>.png")
def trial_picture(draft_id: UUID, sample: str, number: int) -> ResponseReturnValue:
    """Send a page of the filled form as a picture."""
    draft = _draft(draft_id)
    trial = _trial(draft, sample)
    if not 1 <= number <= trial.pages:
        raise NotFoundError("The form has no such page.")
    sheet = sheet_of(draft, number)
    picture = page_picture(trial.data, number - 1, size=(sheet.width, sheet.height))
    return Response(picture.png, mimetype="image/png")


@bp.get("/<uuid:draft_id>/compare")
def compare(draft_id: UUID) -> ResponseReturnValue:
    """Show which blanks are new, gone, moved, resized or ask for something else than on a known edition."""
    draft = _draft(draft_id)
    alike = changed_blanks.alike(draft.edition, library())
    wanted_name = request.args.get("with", "")
    other = next((edition for edition in alike if edition.name == wanted_name), alike[0] if alike else None)
    changed = _changes(draft, other) if other else None
    return render_template(
        "form_maps/mapping/compare.html", draft=draft, alike=alike, changed=changed, in_words=in_words
    )


@bp.get("/<uuid:draft_id>/edition.toml")
def toml(draft_id: UUID) -> ResponseReturnValue:
    """Send the map as the file of an edition's folder."""
    return send_file_to_save(form_drafts.toml_of(_draft(draft_id)), "edition.toml", "application/toml")


@bp.route("/<uuid:draft_id>/remove", methods=["GET", "POST"])
@reshow_on_csrf_failure
def remove(draft_id: UUID) -> ResponseReturnValue:
    """Ask once, then throw the draft away."""
    draft = _draft(draft_id)
    if request.method != "POST" or csrf_failed():
        return render_template(
            "form_maps/mapping/remove.html", draft=draft, errors=page_error(SENTENCE) if csrf_failed() else []
        )
    form_drafts.remove(db(), draft)
    commit()
    return redirect(url_for("mapping.drafts", removed="yes"))


def _changes(draft: OpenedDraft, other: Edition) -> Changes:
    return changed_blanks.changes(draft.edition, draft.row.data, other, library())


def _draft(draft_id: UUID) -> OpenedDraft:
    return form_drafts.find(db(), agency_id(), draft_id)


def _trial(draft: OpenedDraft, sample: str) -> form_drafts.Trial:
    if sample not in form_drafts.SAMPLES:
        raise NotFoundError("There is no such sample. Choose one from the list.")
    return form_drafts.trial(draft, sample)


def _page(
    draft: OpenedDraft,
    number: int,
    typed_page: TypedLine | None = None,
    errors: Sequence[PageError] = (),
    conflict: Sequence[ConflictRow] = (),
) -> str:
    lines = typed_page.lines_sent if typed_page else tuple(asked_of(line) for line in draft.on_page(number))
    return render_template(
        "form_maps/mapping/page.html",
        draft=draft,
        number=number,
        sheet=sheet_of(draft, number),
        boxes=boxes_on(draft, number),
        asked=lines,
        elsewhere=[line for line in draft.lines if number in line.pages() and line.page != number],
        choices_for=partial(choices_for, fields=draft.identity.acroform),
        formats=FORMATS,
        sides=SIDES,
        sureness=SURENESS,
        errors=errors,
        wrong={error.id: error.message for error in errors if error.id},
        new={name: text.replace("\x00", "") for name, text in request.form.items() if name.endswith("-new")},
        sign_line=partial(sign_line, draft),
        conflict=conflict,
        last=_next_page(draft, number) is None,
        box=page_of(draft, number).box,
        not_drawn=_not_drawn(draft, number),
    )


def _identity(
    draft: OpenedDraft,
    page: IdentityForm,
    errors: Sequence[PageError] = (),
    conflict: Sequence[ConflictRow] = (),
    *,
    made_from: tuple[int, str] | None = None,
) -> str:
    version, was = made_from or (draft.row.version, sign_identity(draft))
    return render_template(
        "form_maps/mapping/identity.html",
        draft=draft,
        page=page,
        errors=errors,
        conflict=conflict,
        version=version,
        was=was,
        sheet=sheet_of(draft, 1),
    )


def _not_drawn(draft: OpenedDraft, number: int) -> str:
    """Return the sentence for a page without a picture; "" where it was drawn, or nobody had time to draw it."""
    try:
        return "" if picture_of(draft, number).is_drawn else NOT_DRAWN
    except BusyError:
        return ""


def version_of_map() -> int:
    """Return the version of the map that a page was made from, 0 where it does not say."""
    text = request.form.get("version", "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _next_page(draft: OpenedDraft, number: int) -> int | None:
    """Return the next page with blanks; of a form without fields simply the next one."""
    later = range(number + 1, draft.identity.pages + 1)
    return next((n for n in later if not draft.identity.acroform or draft.on_page(n)), None)


def _onward(draft: OpenedDraft, number: int) -> str:
    after = _next_page(draft, number)
    if request.form.get("go") == "later" or after is None:
        return url_for("mapping.overview", draft_id=draft.row.public_id, saved=str(number))
    return url_for("mapping.page", draft_id=draft.row.public_id, number=after)
