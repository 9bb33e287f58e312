"""The gate in front of every page of a shared installation: who is it, and may they? Deny is the default.

The token of a sign-in has a cookie of its own, beside Flask's. A token that we never gave out is not adopted.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import g, redirect, request, session, url_for

from assistant.services.accounts import sign_in
from assistant.services.accounts.roles import ROLE_WORDS, ROLES
from assistant.web.accounts.permissions import ANONYMOUS, PUBLIC, needed_permission
from assistant.web.kit import page_drafts
from assistant.web.kit.context import now, parts, person
from assistant.web.kit.error_pages import fault_page

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

    from assistant.services.accounts.roles import Permission
    from assistant.services.accounts.sign_in import OpenSignIn

KEPT_WHEN_OVER = {"page_drafts.keep", "page_drafts.keep_of_map"}
"""Endpoints that a sign-in reaches that was idle too long: they take in what is typed, sealed, and show nothing."""
NOT_ALLOWED = "Your role does not allow this"


def install(app: Flask) -> None:
    """Let nobody in who has not signed in, and nobody do what no role of theirs allows."""

    @app.before_request
    def admit() -> ResponseReturnValue | None:
        endpoint = request.endpoint or ""
        if endpoint in ANONYMOUS:
            return None
        opened = _open_sign_in()
        if opened is not None and not opened.is_over:
            g.sign_in, g.person = opened, opened.person
            _note_use(opened, endpoint)
        if endpoint in PUBLIC:
            return None
        if person() is None:
            return _ask_to_sign_in(opened, endpoint)
        return _refuse_others(opened, endpoint) if request.url_rule is not None else None

    @app.after_request
    def set_cookie(response: Response) -> Response:
        token: str | None = g.get("sign_in_token")
        if token is not None:
            name, secure = cookie_name(), parts().config.behind_tls
            if token:
                response.set_cookie(name, token, httponly=True, samesite="Lax", secure=secure, path="/")
            else:
                response.delete_cookie(name, httponly=True, samesite="Lax", secure=secure, path="/")
        return response


def cookie_name() -> str:
    """Return the name of the cookie that holds the token of a sign-in."""
    return "__Host-assistant-person" if parts().config.behind_tls else "assistant-person"


def token_in_cookie() -> str:
    """Return the token that this browser sent, "" for none."""
    return request.cookies.get(cookie_name(), "")[:200]


def give_token(token: str) -> None:
    """Give this browser a new token with the response, "" takes it away; forms get a new CSRF token with it."""
    g.sign_in_token = token
    session.pop("csrf_token", None)


def current_sign_in() -> OpenSignIn:
    """Return the sign-in of this request; only a page that asks for one calls this."""
    return cast("OpenSignIn", g.sign_in)


def _open_sign_in() -> OpenSignIn | None:
    token = token_in_cookie()
    if not token:
        return None
    with parts().reader() as reader:
        return sign_in.open_sign_in(reader, token, now=now())


def _note_use(opened: OpenSignIn, endpoint: str) -> None:
    # Asking how long it lasts is no use of it.
    if endpoint == "sign_in.remaining" or now() - opened.last_used_at < sign_in.NOTED_EVERY:
        return
    with parts().writer() as writer:
        sign_in.note_use(writer, opened.public_id, now=now())
        writer.commit()


def _ask_to_sign_in(opened: OpenSignIn | None, endpoint: str) -> ResponseReturnValue | None:
    """Lead to the page that asks; what a form sent is kept where the sign-in was only open for too long."""
    is_kept = False
    if opened is not None and not opened.is_long_over and opened.agency_id is not None:
        permission = needed_permission(endpoint, request.method)
        if permission is not None and opened.person.may(permission):
            g.drafts_of_agency, g.drafts_of_person = opened.agency_id, str(opened.person.public_id)
            if endpoint in KEPT_WHEN_OVER:
                return None
            if request.method == "POST":
                is_kept = page_drafts.keep_sent_form()
    rule = request.url_rule
    onward = request.full_path.rstrip("?") if rule is not None and "GET" in (rule.methods or ()) else "/"
    return redirect(url_for("sign_in.show", onward=onward, kept="yes" if is_kept else None), HTTPStatus.SEE_OTHER)


def _refuse_others(opened: OpenSignIn | None, endpoint: str) -> ResponseReturnValue | None:
    go = request.form.get("go", "") if request.method == "POST" else ""
    permission = needed_permission(endpoint, request.method, go)
    if permission is None:
        return fault_page(HTTPStatus.FORBIDDEN, "No role has this page. Nothing was changed.", title=NOT_ALLOWED)
    if opened is None or opened.person.may(permission):
        return None
    if opened.agency_id is None:
        return redirect(url_for("account.agency"), HTTPStatus.SEE_OTHER)
    return fault_page(HTTPStatus.FORBIDDEN, _sentence(permission), title=NOT_ALLOWED)


def _sentence(permission: Permission) -> str:
    names = [ROLE_WORDS[role][0].lower() for role, granted in ROLES.items() if permission in granted]
    return (
        f"This needs the role {' or '.join(names)} in your agency. Ask an administrator of your agency for it. "
        "Nothing was changed."
    )
