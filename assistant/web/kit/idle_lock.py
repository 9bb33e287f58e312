"""The lock after half an hour without use, where a passphrase protects the keys: pages ask for it again.

One person works here, in one server process, so the lock is one for all windows. Nothing that was typed is lost: a
page sends what is typed on it also while the lock is on, and a form that is sent then is kept as a draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from assistant.errors import SealError
from assistant.storage.sealing import read_keyring
from assistant.web.kit import page_drafts
from assistant.web.kit.context import is_shared, now, parts, person
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.error_pages import fault_page
from assistant.web.kit.page_errors import PageError
from assistant.web.kit.start_token import PUBLIC

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from flask.typing import ResponseReturnValue

WARNING_SECONDS = 120
MOST_TRIES, TRIES_WITHIN = 5, timedelta(minutes=15)
OPEN_WHILE_LOCKED = PUBLIC | {
    "idle_lock.show", "idle_lock.remaining", "idle_lock.lock_now", "page_drafts.keep", "page_drafts.keep_of_map",
}  # fmt: skip
"""Endpoints that a locked wizard answers. The two of drafts only take in what is typed, sealed, and show nothing."""
WRONG = "This is not the passphrase. Check it, and try again."
TOO_MANY = (
    "The passphrase was wrong five times. Wait 15 minutes, then try again, or stop the program and start it again."
)

bp = Blueprint("idle_lock", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """The addresses and the words of the warning two minutes ahead; ``over`` is the page that asks who it is."""

    remaining: str
    over: str
    stay: str
    leave: str
    heading: str
    happens: str
    leave_words: str


class IdleLock:
    """When the wizard was last used, whether it is locked, and the wrong passphrases of late."""

    def __init__(self, limit: timedelta) -> None:
        """Begin unlocked: whoever started the server has just given the passphrase. A ``limit`` of 0 is no limit."""
        self.limit = limit
        self.last_used: datetime | None = None
        self.locked = False
        self._wrong: list[datetime] = []
        self._one_at_a_time = Lock()

    def left(self, moment: datetime) -> timedelta:
        """Return how long it stays unlocked without use; locks where that is over."""
        if self.last_used is None or moment < self.last_used:  # a clock that was set back
            self.last_used = moment
        left = self.last_used + self.limit - moment
        if self.limit and left <= timedelta(0):
            self.locked = True
        return timedelta(0) if self.locked else left

    def use(self, moment: datetime) -> None:
        """Note that a person used the wizard."""
        self.last_used = moment

    def unlock(self, passphrase: str, moment: datetime) -> str:
        """Unlock where the passphrase is right; return "" or the sentence that says why not."""
        with self._one_at_a_time:  # each try takes 128 MB
            self._wrong = [one for one in self._wrong if moment - one < TRIES_WITHIN]
            if len(self._wrong) >= MOST_TRIES:
                return TOO_MANY
            ring = parts().keyring
            try:
                opened = read_keyring(parts().config.keyring_file, ask_passphrase=lambda: passphrase)
            except SealError:
                opened = None
            if opened is None or opened.audit != ring.audit:
                self._wrong.append(moment)
                return WRONG
            self._wrong.clear()
            self.locked = False
            self.use(moment)
            return ""


def idle_lock() -> IdleLock | None:
    """Return the lock of this app, None where no passphrase protects the keys, or where each person signs in."""
    if is_shared() or parts().keyring.wrapping is None:
        return None
    return cast("IdleLock", current_app.extensions["idle_lock"])


def time_limit() -> TimeLimit | None:
    """Return what this page says before its time is over; None where it never is, or is over already."""
    if person() is not None:
        return TimeLimit(
            remaining=url_for("sign_in.remaining"),
            over=url_for("sign_in.show"),
            stay=url_for("sign_in.stay"),
            leave=url_for("sign_in.leave"),
            heading="You are about to be signed out",
            happens="You have not used this program for a while, or you have been signed in for twelve hours. You are "
            "signed out in",
            leave_words="Sign out now",
        )
    lock = idle_lock()
    if lock is None or lock.locked:
        return None
    return TimeLimit(
        remaining=url_for("idle_lock.remaining"),
        over=url_for("idle_lock.show"),
        stay=url_for("idle_lock.stay"),
        leave=url_for("idle_lock.lock_now"),
        heading="This program is about to lock",
        happens="No one has used it for a while. It locks in",
        leave_words="Lock now",
    )


def install(app: Flask) -> None:
    """Ask for the passphrase again after a time without use."""
    config = app.extensions["assistant"].config
    app.extensions["idle_lock"] = IdleLock(timedelta(minutes=config.idle_lock_minutes))
    app.jinja_env.globals.update(time_limit=time_limit, lock_warning_seconds=WARNING_SECONDS)

    @app.before_request
    def ask_when_locked() -> ResponseReturnValue | None:
        lock = idle_lock()
        if lock is None or request.endpoint in PUBLIC:
            return None
        lock.left(now())
        if not lock.locked:
            if request.endpoint != "idle_lock.remaining":
                lock.use(now())
            return None
        if request.endpoint in OPEN_WHILE_LOCKED:
            return None
        if request.method == "POST":
            page_drafts.keep_sent_form()
        rule = request.url_rule
        onward = request.full_path.rstrip("?") if rule is not None and "GET" in (rule.methods or ()) else "/"
        return redirect(url_for("idle_lock.show", onward=onward), HTTPStatus.SEE_OTHER)


@bp.route("/lock", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show() -> ResponseReturnValue:
    """Ask for the passphrase, and go on to where the person was."""
    lock = idle_lock()
    onward = own_address(request.values.get("onward", ""))
    if lock is None or not lock.locked:
        return fault_page(HTTPStatus.BAD_REQUEST) if csrf_failed() else redirect(onward)
    errors = []
    if request.method == "POST":
        sentence = SENTENCE if csrf_failed() else lock.unlock(request.form.get("passphrase", ""), now())
        if not sentence:
            return redirect(onward, HTTPStatus.SEE_OTHER)
        errors = [PageError(message=sentence, id="passphrase")]
    page = render_template("kit/lock.html", errors=errors, onward=onward)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


@bp.get("/lock/remaining")
def remaining() -> ResponseReturnValue:
    """Say in how many seconds the wizard locks; asking is no use of it."""
    lock = idle_lock()
    seconds = lock.left(now()).total_seconds() if lock is not None and lock.limit else None
    return jsonify(seconds=seconds)


@bp.post("/lock/stay")
def stay() -> ResponseReturnValue:
    """Note that the person is there; every other request does so too."""
    return Response(status=HTTPStatus.NO_CONTENT, mimetype="text/plain")


@bp.post("/lock/now")
def lock_now() -> ResponseReturnValue:
    """Lock at once."""
    lock = idle_lock()
    if lock is not None:
        lock.locked = True
    return redirect(url_for("idle_lock.show"), HTTPStatus.SEE_OTHER)


def own_address(address: str) -> str:
    """Return a path of this wizard that a page answers, else that of the first page."""
    first = url_for("applications.listing")
    if not address.startswith("/") or address.startswith("//") or "\\" in address or not address.isprintable():
        return first
    try:
        current_app.url_map.bind("").match(address.partition("?")[0], method="GET")
    except HTTPException:
        return first
    return address
