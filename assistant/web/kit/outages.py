"""A disk that is full, a database that is away: say so with status 503, and show what was typed.

Where the database can still be read, the page itself comes back, as it does where a token is lost; else a plain page
lists what was typed, with a button that sends it again. Nothing of the request is kept. A password, a code or a
passphrase is never shown or sent back: where one was asked for, the plain page lists nothing at all.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import before_render_template, current_app, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from assistant.services.installation.outages import outage_of
from assistant.storage.outages import DATABASE_ERRORS, STORAGE_ERRORS
from assistant.web.kit.context import OFFERED_DRAFT, OWN_DRAFT, READS_ONLY, parts
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshown_view
from assistant.web.kit.error_pages import fault_page, last_own_place
from assistant.web.kit.field_labels import describe_field
from assistant.web.kit.form_fields import TOKEN
from assistant.web.kit.page_errors import PageError, page_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask, Response

    from assistant.services.installation.outages import Outage

NOT_SAVED, NOT_SHOWN = "Your answers could not be saved", "This page cannot be shown"
NOT_TAKEN, NOT_DONE = "Your file could not be accepted", "This could not be done"
TECHNICAL = {TOKEN, OWN_DRAFT, OFFERED_DRAFT, "draft_number", "version", "seen", "back", "go", "nominee_id"}

SECRETS = frozenset({"password", "again", "current", "code", "passphrase"})
ASK_FOR_SECRETS = frozenset({"sign_in", "set_up", "account", "idle_lock"})
"""The blueprints whose forms are typed once more instead."""


def catch(app: Flask) -> None:
    """Answer every outage with status 503 and what was typed."""
    for kind in STORAGE_ERRORS:
        app.register_error_handler(kind, answer_outage)
    before_render_template.connect(_put_sentence, app)


def answer_outage(error: Exception) -> Response:
    """Return the page for an outage; what is none is raised again, and answered as a fault of ours."""
    outage = outage_of(error)
    reads = request.method in READS_ONLY
    if outage is None or (reads and outage.code == "not-writable"):
        # A request that only reads has nothing to write: that it tried is a fault of ours.
        raise error
    parts().log.error(
        "outage",
        request=g.get("request_id"),
        endpoint=request.endpoint,
        kind=outage.code,
        error=type(error).__name__,
        at=last_own_place(error),
    )
    _drop_session()
    g.outage = outage
    # Once it is read, werkzeug keeps it in the request itself, which only the proxy's own method gives.
    own_request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - not in Flask's types
    if isinstance(error, DATABASE_ERRORS) and not reads:
        # The gate of a shared installation asks the database before anything reads the form.
        with suppress(OSError, HTTPException):
            _ = own_request.form
    # A second reading would find nothing, and no error.
    g.form_unread = not reads and "form" not in vars(own_request)
    if reads:
        return fault_page(HTTPStatus.SERVICE_UNAVAILABLE, outage.sentence(NOT_SHOWN))
    return (_page_again() if outage.readable else None) or _typed_page()


def _drop_session() -> None:
    session = g.pop("db", None)
    if session is not None:
        # What was not committed is dropped; a connection that is gone needs no rollback.
        with suppress(*STORAGE_ERRORS):
            session.close()
    for name in ("page_drafts", "draft_offers", "draft_placeholder"):
        g.pop(name, None)


def _page_again() -> Response | None:
    """Return the page with what was typed, read without writing; None where the view cannot show it."""
    view = reshown_view()
    if view is None:
        return None
    g.csrf_failed = g.reads_only = True
    try:
        response = make_response(current_app.ensure_sync(view)(**(request.view_args or {})))
    except Exception as error:  # noqa: BLE001 - whatever it is, the plain page needs nothing of it
        parts().log.warning(
            "page not shown again", request=g.get("request_id"), error=type(error).__name__, at=last_own_place(error)
        )
        _drop_session()
        return None
    if response.mimetype != "text/html" or response.status_code in range(300, 400):
        return None
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return response


def _put_sentence(_app: Flask, *, context: dict[str, Any], **_: Any) -> None:
    """Let a page that is shown again say what is the matter, in place of a lost token."""
    outage: Outage | None = g.get("outage")
    if outage is None or not csrf_failed():
        return
    errors: list[PageError] = list(context.get("errors") or ())
    if not any(error.message.startswith(SENTENCE) for error in errors):
        errors = [*page_error(SENTENCE), *errors]
    context["errors"] = [
        replace(error, message=f"{_sentence(outage)}{error.message.removeprefix(SENTENCE)}")
        if error.message.startswith(SENTENCE)
        else error
        for error in errors
    ]


def _sentence(outage: Outage) -> str:
    undone = _undone()
    still_on_page = " What you typed is still on this page." if undone == NOT_SAVED else ""
    return f"{outage.sentence(undone)}{still_on_page} (Request ID: {g.get('request_id')}.)"


def _typed_page() -> Response:
    """Return a page that needs no database: what was typed, and a button that sends it again."""
    g.no_drafts = True
    rows = list(_typed_fields())
    outage: Outage = g.outage
    with_file = _has_file()
    back = request.path if request.url_rule is not None and "GET" in (request.url_rule.methods or ()) else ""
    sentence = f"{outage.sentence(_undone())} Nothing was saved."
    if not rows:
        return fault_page(HTTPStatus.SERVICE_UNAVAILABLE, sentence, back=back)
    page = render_template(
        "drafts/typed.html",
        errors=page_error(sentence),
        rows=rows,
        sent=[(name, value) for name, value in _posted_fields() if name != TOKEN and name not in SECRETS],
        with_file=with_file,
        back=back,
        fault_id=g.get("request_id"),
    )
    return make_response(page, HTTPStatus.SERVICE_UNAVAILABLE)


def _typed_fields() -> Iterator[tuple[str, str]]:
    """Yield the label and the text of each field that a person filled in."""
    if request.blueprint in ASK_FOR_SECRETS:
        return
    for name, value in _posted_fields():
        if name in TECHNICAL or name in SECRETS or name.startswith("was-") or not value.strip():
            continue
        yield describe_field(name, value) or (name, value)


def _undone() -> str:
    """Return what could not be done, as the sentence begins."""
    if _has_file():
        return NOT_TAKEN
    return NOT_SAVED if any(_typed_fields()) else NOT_DONE


def _has_file() -> bool:
    """Say whether a file was sent, or could not even be received."""
    return bool(g.form_unread) or any(file.filename for file in request.files.values())


def _posted_fields() -> list[tuple[str, str]]:
    """Return what was posted; nothing where the disk was too full to take it in."""
    return [] if g.form_unread else list(request.form.items(multi=True))
