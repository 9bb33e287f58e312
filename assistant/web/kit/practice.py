"""Practice on pages: the line on each page of such an application, and the pages that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

from assistant.services.application.practice import is_practice, refuse_practice

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from assistant.storage.tables import Application

ALLOWED = frozenset({
    "applications.copy", "applications.delete", "applications.end_practice", "checklist.show", "forms.add",
    "review.show", "signatory.show",
})  # fmt: skip
ALLOWED_PARTS = frozenset({
    "wizard", "nominees", "roster", "people", "editions", "documents", "page_drafts", "history",
})  # fmt: skip
"""Endpoints, and blueprints, that such an application has. Any other is refused, so a new one is refused at first."""


def note_application(application: Application) -> None:
    """Note which application this request is about, so that its page can say that it is for practice.

    Raises:
        PracticeError: it is for practice, and has no such page.
    """
    # The id alone: an error page comes after the database is closed.
    g.practice_id = application.public_id if is_practice(application) else None
    endpoint = request.endpoint or ""
    if endpoint not in ALLOWED and endpoint.partition(".")[0] not in ALLOWED_PARTS:
        refuse_practice(application)


def _practice_id() -> UUID | None:
    practice_id: UUID | None = g.get("practice_id")
    return practice_id


def register_template_helpers(app: Flask) -> None:
    """Let every page ask whether its application is for practice."""
    app.jinja_env.globals.update(practice_id=_practice_id)
