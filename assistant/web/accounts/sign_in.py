"""Sign in with e-mail address and password, then with a one-time code; stay signed in; sign out."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for

from assistant.services.accounts import sign_in
from assistant.web.accounts.browser_words import describe_browser
from assistant.web.accounts.counted_password import check_password, note_refusal
from assistant.web.accounts.gate import current_sign_in, give_token, token_in_cookie
from assistant.web.kit.context import commit, db, now, parts, person, who
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.idle_lock import own_address
from assistant.web.kit.page_errors import PageError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

WRONG = (
    "The e-mail address or the password is not right, or the account is locked. After five wrong tries in 15 minutes "
    "an account stays locked until an administrator unlocks it."
)
WRONG_CODE = (
    "This code is not right, was used already, or the account is locked. Wait for the app to show the next code, then "
    "type that one."
)

bp = Blueprint("sign_in", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show() -> ResponseReturnValue:
    """Ask for e-mail address and password; the answer is the same whether or not there is such an account."""
    onward = own_address(request.values.get("onward", ""))
    if person() is not None and not csrf_failed():
        return redirect(onward, HTTPStatus.SEE_OTHER)
    errors = []
    if csrf_failed():
        errors = [PageError(message=SENTENCE, id="email")]
    elif request.method == "POST":
        if _try_password(request.form.get("email", ""), request.form.get("password", "")):
            return redirect(url_for("sign_in.code", onward=onward), HTTPStatus.SEE_OTHER)
        errors = [PageError(message=WRONG, id="email")]
    page = render_template(
        "accounts/sign-in.html", errors=errors, onward=onward, email=request.form.get("email", "")[:254]
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


@bp.route("/sign-in/code", methods=["GET", "POST"])
@reshow_on_csrf_failure
def code() -> ResponseReturnValue:
    """Ask for the six digits; the right ones sign the person in, with a new token."""
    onward = own_address(request.values.get("onward", ""))
    if person() is not None and not csrf_failed():
        return redirect(onward, HTTPStatus.SEE_OTHER)
    token = token_in_cookie()
    waiting = sign_in.waiting_person(db(), token, now=now()) if token else None
    if waiting is None:
        return redirect(url_for("sign_in.show", onward=onward), HTTPStatus.SEE_OTHER)
    errors = []
    if csrf_failed():
        errors = [PageError(message=SENTENCE, id="code")]
    elif request.method == "POST":
        new_token = sign_in.confirm_sign_in(db(), token, request.form.get("code", ""), now=now())
        commit()
        if new_token:
            parts().log.info("signed in", person=str(waiting.public_id))
            give_token(new_token)
            return redirect(onward, HTTPStatus.SEE_OTHER)
        note_refusal("code", waiting)
        errors = [PageError(message=WRONG_CODE, id="code")]
    page = render_template("accounts/code.html", errors=errors, onward=onward)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


@bp.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End this sign-in."""
    sign_in.end_sign_in(db(), current_sign_in().public_id, now=now())
    commit()
    parts().log.info("signed out", person=who())
    give_token("")
    return redirect(url_for("sign_in.show"), HTTPStatus.SEE_OTHER)


@bp.get("/sign-in/remaining")
def remaining() -> ResponseReturnValue:
    """Say in how many seconds the person is signed out; asking is no use of it."""
    opened = g.get("sign_in")
    return jsonify(seconds=opened.left(now()).total_seconds() if opened is not None else 0)


@bp.post("/sign-in/stay")
def stay() -> ResponseReturnValue:
    """Note that the person is there; every other request does so too."""
    sign_in.note_use(db(), current_sign_in().public_id, now=now())
    commit()
    return Response(status=HTTPStatus.NO_CONTENT, mimetype="text/plain")


def _try_password(email: str, password: str) -> bool:
    """Give this browser a token that waits for the code, where the password is right."""
    signing_in = check_password(email, password)
    if signing_in is not None:
        browser = describe_browser(request.headers.get("User-Agent", ""))
        give_token(sign_in.begin_sign_in(db(), signing_in, browser=browser, now=now()))
    commit()
    return signing_in is not None
