"""What people who work together see of an application: comments, the review asked for, and whether it is approved.

Everything here is empty where the installation is not shared: nobody is asked about, and the database is not either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import g, url_for

from assistant.editions.catalog import LETTER
from assistant.program import get_model
from assistant.services.accounts.names import names_of
from assistant.services.application import approval
from assistant.services.application.comments import comments_on
from assistant.services.application.nominees import nominees_of
from assistant.web.kit.context import db, is_shared
from assistant.web.kit.moments import day
from assistant.web.wizard import application_state
from assistant.web.wizard.steps import label_of_path, question_of, step_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from flask import Flask

    from assistant.answers import Model
    from assistant.services.application.approval import ApprovalState, Decision, ReviewRequest
    from assistant.services.application.comments import Comment
    from assistant.storage.tables import Application

MOST_NAMED = 20
"""Changed answers that a page names; it says how many more there are."""
NOMINEES = "nominees"
WHOLE_APPLICATION = "application"
"""The path of a comment on no answer in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    """A comment on a page: on what (``label``, ``address``), by whom, and by whom it was resolved ("": nobody)."""

    public_id: UUID
    path: str
    label: str
    address: str
    name: str
    at: datetime
    text: str
    resolved_by: str
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPlace:
    """An answer that changed since a decision, or a form: its words, and where it is ("": nowhere)."""

    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A decision on a page. ``is_void``: the application is something else by now; ``changes`` says what changed."""

    decision: Decision
    is_void: bool
    changes: tuple[ChangedPlace, ...] = ()
    more: int = 0

    @property
    def words(self) -> str:
        """Return "Approved" or "Declined"."""
        return self.decision.kind.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request for a review on a page; ``closed_by`` is "" while it is open."""

    name: str
    request: ReviewRequest
    closed_by: str


def approval_of(application: Application) -> ApprovalState | None:
    """Return what the last decision says of an application as it is now; None without accounts."""
    if not is_shared():
        return None
    if g.get("approval_for") is not application.answers:
        g.approval = approval.state_of(db(), application, application_state.plan_of(application))
        g.approval_for = application.answers
    return cast("ApprovalState", g.approval)


def last_decision(application: Application) -> DecisionView | None:
    """Return the last decision and what changed since; None where nobody has decided, and without accounts."""
    state = approval_of(application)
    if state is None or state.decision is None:
        return None
    if state.is_current:
        return DecisionView(decision=state.decision, is_void=False)
    return describe_void(application, state.decision)


def describe_void(application: Application, decision: Decision) -> DecisionView:
    """Return a decision on something that the application is no more, with what changed since."""
    changes = changed_places(application, decision.version)
    plan = application_state.plan_of(application)
    changes += [ChangedPlace(label=_form_words(name), address="") for name in approval.changed_forms(decision, plan)]
    purged_at = application.nominees_purged_at
    if purged_at is not None and purged_at >= decision.at:
        changes.append(ChangedPlace(label="The data of the nominees was removed", address=""))
    return DecisionView(
        decision=decision, is_void=True, changes=tuple(changes[:MOST_NAMED]), more=max(0, len(changes) - MOST_NAMED)
    )


def changed_places(application: Application, version: int) -> list[ChangedPlace]:
    """Return the answers that are not what they were at a version, each once, by the words of its question."""
    places: dict[str, ChangedPlace] = {}
    for path in approval.changed_paths(db(), application, version):
        label, address = place_of_path(application, path)
        places.setdefault(label, ChangedPlace(label=label, address=address))
    return list(places.values())


def _form_words(name: str) -> str:
    if name == LETTER:
        return "The form for the letter of interest"
    return f"The official form: {get_model(cast('Model', name)).name}"


def place_of_path(application: Application, path: str) -> tuple[str, str]:
    """Return (words of the question, address) of an answer: dotted, "nominees", or "nominees.<short id>"."""
    if path == WHOLE_APPLICATION:
        return "The whole application", url_for("wizard.hub", application_id=application.public_id)
    section, _, nominee_id = path.partition(".")
    if section == NOMINEES:
        rows = {row.id: row for row in nominees_of(application)} if nominee_id else {}
        if nominee_id in rows:
            name = rows[nominee_id].nominee.full_name or f"Nominee {rows[nominee_id].place + 1}"
            ids = {"application_id": application.public_id, "nominee_id": nominee_id}
            return f"Nominees: {name}", url_for("nominees.person", **ids)  # type: ignore[arg-type]
        words = "Nominees: someone who was removed" if nominee_id else "Nominees"
        return words, url_for("nominees.listing", application_id=application.public_id)
    address = application_state.address_of(application.public_id, step_of(path), path=question_of(path))
    return label_of_path(path), address


def comments_of(application: Application) -> list[CommentView]:
    """Return all comments on an application, oldest first; none without accounts."""
    if not is_shared():
        return []
    if g.get("comments_for") is not application:
        g.comments, g.comments_for = comments_on(db(), application), application
    comments = cast("list[Comment]", g.comments)
    names = names_of(db(), {who for one in comments for who in (one.who, one.resolved_by) if who})
    return [_view(application, one, names) for one in comments]


def _view(application: Application, comment: Comment, names: dict[str, str]) -> CommentView:
    label, address = place_of_path(application, comment.path)
    return CommentView(
        public_id=comment.public_id,
        path=comment.path,
        label=label,
        address=address,
        name=names[comment.who],
        at=comment.at,
        text=comment.text,
        resolved_by=names[comment.resolved_by] if comment.resolved_by else "",
        resolved_at=comment.resolved_at,
    )


def open_comments(application: Application) -> dict[str, list[CommentView]]:
    """Return the comments that nobody has resolved, by the path of the answer."""
    by_path: dict[str, list[CommentView]] = {}
    for comment in comments_of(application):
        if comment.resolved_at is None:
            by_path.setdefault(comment.path, []).append(comment)
    return by_path


def register_template_helpers(app: Flask) -> None:
    """Let the pages of nominees ask for the comments on them."""
    app.jinja_env.globals.update(open_comments=open_comments)


def last_request(application: Application) -> RequestView | None:
    """Return the last request for a review; None where there is none, and without accounts."""
    request = approval.last_request(db(), application) if is_shared() else None
    if request is None:
        return None
    names = names_of(db(), {who for who in (request.who, request.closed_by) if who})
    closed_by = names[request.closed_by] if request.closed_by else ""
    return RequestView(name=names[request.who], request=request, closed_by=closed_by)


def notes_by_step(application: Application) -> dict[str, str]:
    """Return what the task list says beside a step, by its slug: open comments, and for the review how far it is."""
    if not is_shared():
        return {}
    counts: dict[str, int] = {}
    for path, comments in open_comments(application).items():
        slug = "review" if path == WHOLE_APPLICATION else step_of(path).slug
        counts[slug] = counts.get(slug, 0) + len(comments)
    notes = {slug: _count(number) for slug, number in counts.items()}
    review = " ".join(_review_words(application))
    return notes | ({"review": " ".join(filter(None, (review, notes.get("review", ""))))} if review else {})


def _review_words(application: Application) -> Iterable[str]:
    last = last_decision(application)
    if last is not None:
        when = day(last.decision.at.astimezone())
        changed = ", but something changed since" if last.is_void else ""
        yield f"{last.words} by {last.decision.name} on {when}{changed}."
    request = last_request(application)
    if request is not None and not request.closed_by:
        yield f"{request.name} asked for a review on {day(request.request.at.astimezone())}."


def _count(number: int) -> str:
    return f"{number} comment{'' if number == 1 else 's'} to answer."
