"""The line on each page of an application that is locked for changes, and the page that refuses a save of it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import g, request

from assistant.errors import LockedApplicationError
from assistant.services.accounts.names import names_of
from assistant.services.application.locks import find_lock
from assistant.storage.tables import Application
from assistant.web.kit.context import db, is_shared
from assistant.web.kit.error_pages import fault_page
from assistant.web.kit.page_drafts import keep_sent_form, keeps_drafts

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask, Response

TITLE = "This application is locked"
TYPED_TEXT_STAYS = "What you typed is kept: its page offers it back to you for seven days."


@dataclass(frozen=True, slots=True, kw_only=True)
class LockLine:
    """Who locked the application of this page, and when."""

    name: str
    at: datetime


def lock_line(application: object) -> LockLine | None:
    """Return what a page of an application says of its lock; None where there is none, and without accounts."""
    if not isinstance(application, Application) or not is_shared() or "no_drafts" in g:
        return None
    if "lock_line" not in g:
        lock = find_lock(db(), application)
        name = names_of(db(), [lock.who])[lock.who] if lock else ""
        g.lock_line = LockLine(name=name, at=lock.at) if lock else None
    return cast("LockLine | None", g.lock_line)


def register_template_helpers(app: Flask) -> None:
    """Let every page ask whether its application is locked, and answer a refused save with a plain page."""
    app.jinja_env.globals.update(lock_line=lock_line)

    @app.errorhandler(LockedApplicationError)
    def refuse(error: LockedApplicationError) -> Response:
        db().rollback()
        sentence = str(error)
        if keeps_drafts() and request.form.get("page_draft"):
            keep_sent_form()
            sentence = f"{sentence} {TYPED_TEXT_STAYS}"
        back = request.path if "GET" in (request.url_rule.methods or () if request.url_rule else ()) else ""
        return fault_page(HTTPStatus.CONFLICT, sentence, back=back, title=TITLE)
