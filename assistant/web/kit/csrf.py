"""The token in every form, by which we know that a request comes from our own page (CSRF).

It is bound to the session and has no clock: a page left open over lunch still saves. Where it does not fit (the
cookie is gone), a view that is marked ``reshow_on_csrf_failure`` brings its page back with what was typed; every other
request gets a plain refusal.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, g, make_response, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from assistant.errors import NotFoundError
from assistant.storage.outages import STORAGE_ERRORS
from assistant.web.kit.error_pages import fault_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Response

    View = TypeVar("View", bound=Callable[..., Any])

_RESHOWN: set[Callable[..., Any]] = set()
"""The views that ``reshow_on_csrf_failure`` marked."""

SENTENCE = (
    "This page was open too long, or your browser lost its session. What you typed is still here. Check it and save "
    "again."
)


def reshow_on_csrf_failure(view: View) -> View:
    """Mark a view that shows its page with what was typed when ``csrf_failed`` is set, and saves nothing."""
    _RESHOWN.add(view)
    return view


def reshown_view() -> Callable[..., Any] | None:
    """Return the view of this request, where it is marked so that it may show its page again."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view if view in _RESHOWN else None


def csrf_failed() -> bool:
    """Say whether this request failed to prove where it comes from."""
    return bool(g.get("csrf_failed"))


def protect(app: Flask) -> None:
    """Ask every changing request for its token."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_METHODS=["POST", "PUT", "PATCH", "DELETE"])
    CSRFProtect(app)

    @app.errorhandler(CSRFError)
    def no_token(_: CSRFError) -> Response:
        view = reshown_view()
        if view is None:
            return fault_page(
                400,
                "This page was open too long, or your browser lost its session. Go back, reload the page, and "
                "try again.",
            )
        g.csrf_failed = True
        try:
            response = make_response(current_app.ensure_sync(view)(**(request.view_args or {})))
        except NotFoundError:
            return fault_page(HTTPStatus.NOT_FOUND)
        except STORAGE_ERRORS as error:
            # Flask answers no error that arises while it answers another one.
            return make_response(current_app.handle_user_exception(error))
        response.status_code = HTTPStatus.BAD_REQUEST
        return response
