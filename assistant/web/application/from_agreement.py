"""Start an application from a filled agreement: one's own to renew, another agency's as a precedent.

The file is read once and forgotten; what was read travels in the page until it is taken over. Only the strips of its
pages, beside what a person has to confirm, stay in memory for a while.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from wtforms.validators import ValidationError

from assistant.answers import MODELS
from assistant.cache import LruCache, content_key
from assistant.editions.catalog import get_edition
from assistant.errors import AnswersError, BusyError, InputError, NotFoundError
from assistant.services.agreements import read_agreement
from assistant.services.application import applications
from assistant.web.form_maps.mapping_words import PATHS
from assistant.web.kit.context import agency_id, commit, db, now, parts
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.fields import refuse_unreadable
from assistant.web.kit.page_errors import PageError, busy_error, page_error
from assistant.web.kit.page_forms import KIND_NAMES, MODEL_NAMES, STATES
from assistant.web.kit.uploads import uploaded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from assistant.services.agreements.read_agreement import FinishedAgreement
    from assistant.web.kit.context import PageContext

bp = Blueprint("from_agreement", __name__, url_prefix="/applications/from-agreement")

WORDS = PATHS | {"agency.kind": "Agency: kind", "agency.state": "Agency: State or territory"}
CHOICES_BY_PATH: dict[str, dict[str, str]] = {
    "agency.kind": KIND_NAMES,
    "agency.state": dict(STATES),
    "agency.address.state": dict(STATES),
}
"""What is chosen, not typed: by path, the words of each choice."""
WHOSE = {"own": "Our own agency’s, to renew it or to add a model", "other": "Another agency’s, as a precedent"}


TOKEN_BYTES = 16


def _size_of(strips: Mapping[str, bytes]) -> int:
    return sum(map(len, strips.values()))


_strips: LruCache[bytes, Mapping[str, bytes]] = LruCache(16, max_bytes=8_000_000, size_of=_size_of, personal=True)
"""The strips of the last files that were read, by agency and token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedRow:
    """One value to take over or not: as read, or as it was typed since."""

    path: str
    words: str
    text: str
    display_text: str
    about: str
    ticked: bool

    @property
    def is_editable(self) -> bool:
        """Say whether it can be corrected here."""
        return self.path not in CHOICES_BY_PATH


@bp.route("/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def ask() -> ResponseReturnValue:
    """Ask for a filled agreement, or show what was read of it."""
    if request.method != "POST":
        return _ask()
    if csrf_failed():
        return _ask(page_error(f"{SENTENCE} Choose the file again."))
    whose = request.form.get("whose", "")
    if whose not in WHOSE:
        return _ask(
            [PageError(message="Choose whose agreement it is.", id="whose-own")]
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        agreement = read_agreement.read(uploaded("agreement", what="a PDF file"))
    except InputError as error:
        return _ask([PageError(message=str(error), id="agreement")]), HTTPStatus.UNPROCESSABLE_ENTITY
    except BusyError as error:
        return _ask(busy_error(error, "agreement")), HTTPStatus.SERVICE_UNAVAILABLE
    rows = [
        _row(value.path, value.text, _about(value), ticked=value.sure and whose == "own") for value in agreement.values
    ]
    strips = {value.path: value.strip for value in agreement.values if value.strip}
    strips |= {f"unread-{number}": blank.strip for number, blank in enumerate(agreement.unread) if blank.strip}
    token = _keep_strips(strips)
    models = [agreement.model] if agreement.model else []
    return _look(rows, models, agreement=agreement, token=token)


@bp.get("/strips/<token>/<name>")
def strip(token: str, name: str) -> Response:
    """Return the picture of a place on a page of the file that was just read.

    Raises:
        NotFoundError: it is kept no more.
    """
    picture = (_strips.get(_strips_key(token)) or {}).get(name)
    if picture is None:
        raise NotFoundError("This picture is no longer kept. Look at the page in your own file.")
    return Response(picture, mimetype="image/png" if picture.startswith(b"\x89PNG") else "image/jpeg")


def _keep_strips(strips: Mapping[str, bytes]) -> str:
    """Keep the strips of one file for this agency; return the token in their addresses, "" where there are none."""
    if not strips:
        return ""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _strips.put(_strips_key(token), strips)
    return token


def _strips_key(token: str) -> bytes:
    return content_key(str(agency_id()), token)


@bp.post("/start")
@reshow_on_csrf_failure
def start() -> ResponseReturnValue:
    """Start an application with the values that are ticked."""
    offered = [path for path in read_agreement.OFFERED if f"text-{path}" in request.form]
    accepted_paths = set(request.form.getlist("take"))
    rows = [
        _row(p, request.form[f"text-{p}"].replace("\x00", "\ufffd").strip(), "", ticked=p in accepted_paths)
        for p in offered
    ]
    models, token = request.form.getlist("models"), request.form.get("strips", "")
    if csrf_failed():
        return _look(rows, models, errors=page_error(SENTENCE), token=token)
    values = {row.path: row.text for row in rows if row.ticked and row.text}
    if errors := [*_unreadable(values)]:
        return _look(rows, models, errors=errors, token=token), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        answers = read_agreement.answers_with(values, [model for model in MODELS if model in models])
    except AnswersError as error:
        message = f"{WORDS.get(error.path, 'A value')} cannot be saved as it is. Correct it, or do not use it."
        errors = [PageError(message=message, id=f"take-{error.path}")]
        return _look(rows, models, errors=errors, token=token), HTTPStatus.UNPROCESSABLE_ENTITY
    application = applications.create(db(), agency_id(), now=now(), answers=answers, act="started from an agreement")
    commit()
    return redirect(url_for("wizard.hub", application_id=application.public_id))


def _unreadable(values: Mapping[str, str]) -> Iterator[PageError]:
    for path, text in values.items():
        try:
            refuse_unreadable(text, name=f"“{WORDS[path]}”")
        except ValidationError as error:
            yield PageError(message=str(error), id=f"text-{path}" if path not in CHOICES_BY_PATH else f"take-{path}")


def _ask(errors: Sequence[PageError] = ()) -> str:
    return render_template(
        "application/applications/from-agreement.html",
        errors=errors,
        whose=WHOSE,
        chosen=request.form.get("whose", "own"),
        largest=parts().config.upload_max_bytes // 1_000_000,
    )


def _look(
    rows: Sequence[OfferedRow],
    models: Sequence[str],
    *,
    agreement: FinishedAgreement | None = None,
    errors: Sequence[PageError] = (),
    token: str = "",
) -> str:
    form = _form_of(agreement) if agreement else ""
    remembered_strips = _strips.get(_strips_key(token)) or {}
    strips = {name: url_for("from_agreement.strip", token=token, name=name) for name in remembered_strips}
    context: PageContext = {
        "rows": rows,
        "strips": strips,
        "token": token if remembered_strips else "",
        "found": agreement,
        "form": form,
        "errors": errors,
        "models": MODEL_NAMES,
        "ticked": models,
    }
    return render_template("application/applications/look-at-agreement.html", **context)


def _form_of(agreement: FinishedAgreement) -> str:
    """Return the title and the revision of the form that a person chose for an agreement."""
    edition = get_edition(agreement.edition or "")
    return f"{edition.title}, revised {edition.revision_label}" if edition.revision_label else edition.title


def _row(path: str, text: str, about: str, *, ticked: bool) -> OfferedRow:
    display_text = CHOICES_BY_PATH.get(path, {}).get(text, text)
    return OfferedRow(path=path, words=WORDS[path], text=text, display_text=display_text, about=about, ticked=ticked)


def _about(value: read_agreement.Value) -> str:
    if value.path in read_agreement.WORKED_OUT:
        return "Worked out from other words, so check it"
    where = f"Page {value.page}" if value.page else "From several places"
    if not value.readable:
        return f"{where}; could not be read: type what the picture shows"
    if value.sure:
        return f"{where}; read there"
    return f"{where}; not sure: compare it with {'the picture' if value.strip else 'the agreement'}"
