"""The token in the address that ``moa serve`` prints: who cannot read that window cannot open the wizard.

On a computer that several people use, every account reaches 127.0.0.1. The token is made at each start and printed
only; a browser that opened the printed address keeps a cookie, so that pages, bookmarks and the next start need no
token. Without a token given to ``create_app`` nothing is asked.
"""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, redirect, request, session, url_for

from assistant.web.kit.error_pages import fault_page

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

OPENED = "opened"
"""The key of the session's cookie that says that this browser opened the printed address."""
PUBLIC = frozenset({"start_token.open_wizard", "files.own", "files.asset", "health.alive", "health.ready"})
"""Endpoints that need no token: the style of the page that refuses, and what only says that the server works."""
CONFIG_KEY = "START_TOKEN"
ADVICE = (
    "This computer may have other users, so the program opens only from the address that it printed when it started. "
    "Look in the window where you started it, for a line that begins with “Open”. Open that whole address once in this "
    "browser. If you were typing, go back first: your words are still on the page."
)

bp = Blueprint("start_token", __name__)


def require_token(app: Flask, token: str) -> None:
    """Refuse every browser that has not opened the address with this token; with "" refuse none."""
    app.config[CONFIG_KEY] = token
    if not token:
        return

    @app.before_request
    def refuse_strangers() -> ResponseReturnValue | None:
        if request.endpoint in PUBLIC or session.get(OPENED) is True:
            return None
        return fault_page(HTTPStatus.FORBIDDEN, ADVICE)


@bp.get("/start/<token>")
def open_wizard(token: str) -> ResponseReturnValue:
    """Let this browser in, where the token is right, and show the first page under its own address."""
    right = current_app.config[CONFIG_KEY]
    if right and not hmac.compare_digest(token.encode(), right.encode()):
        return fault_page(HTTPStatus.FORBIDDEN, ADVICE)
    if right and session.get(OPENED) is not True:
        session[OPENED] = True
        session.permanent = True
    return redirect(url_for("applications.listing"))
