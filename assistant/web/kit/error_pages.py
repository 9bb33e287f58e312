"""Plain error pages: what went wrong, what to do, and an id under which the log knows it. Never a value."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import g, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from assistant.errors import BlockedError, BusyError, FillError, NotFoundError, PdfError, PracticeError
from assistant.web.kit.context import parts

if TYPE_CHECKING:
    from flask import Flask, Response

FAULT = HTTPStatus.INTERNAL_SERVER_ERROR
"""From this status on the program is at fault, not the request."""
WORDS = {
    400: ("The page could not be read", "Go back, check what you entered, and try again."),
    403: ("This browser was not let in", "Open the address that the program printed when it started."),
    404: ("Page not found", "Check the address, or start from the list of applications."),
    405: ("This page does not accept that request", "Go back and use the buttons on the page."),
    409: ("Someone else saved while you were working", "Go back, reload the page, and enter your change again."),
    413: ("What you sent is too large", "Shorten what you entered, or choose a smaller file."),
    422: ("The document could not be made", "Check the answers, and try again."),
    503: ("This cannot be done right now", "Wait a minute, then try again."),
    500: (
        "Something went wrong on our side",
        "What you saved before is safe. Try again. If this happens again, report the request ID.",
    ),
}  # fmt: skip


# Written out, since nothing on a page can be addressed under a name that is not ours.
FOREIGN_HOST = (
    '<!doctype html><html lang="en"><head><title>Wrong address</title></head><body><h1>Wrong address</h1>'
    "<p>Open this program at the address it printed when it started.</p></body></html>"
)


def fault_page(status: int, sentence: str = "", *, back: str = "", title: str = "") -> Response:
    """Return the page for a status; ``sentence`` stands in place of the usual advice, ``back`` leads to a page.

    ``title`` stands in place of the usual heading.
    """
    heading, advice = WORDS.get(status, WORDS[400 if status < FAULT else 500])
    g.no_drafts = True  # the database may be what is at fault
    fault_id = g.get("request_id") or secrets.token_hex(6)
    if status < FAULT:  # what is graver is logged with its place
        parts().log.info("refused", request=fault_id, endpoint=request.endpoint, status=status)
    page = render_template(
        "fault.html", heading=title or heading, advice=sentence or advice, back=back, fault_id=fault_id
    )
    return make_response(page, status)


def catch(app: Flask) -> None:
    """Answer every error with a plain page."""

    @app.after_request
    def log_request(response: Response) -> Response:
        parts().log.debug(
            "request", request=g.get("request_id"), endpoint=request.endpoint, method=request.method,
            status=response.status_code,
        )  # fmt: skip
        return response

    @app.errorhandler(SecurityError)
    def foreign_host(_: SecurityError) -> Response:
        return make_response(FOREIGN_HOST, 400)

    @app.errorhandler(NotFoundError)
    def nothing_there(_: NotFoundError) -> Response:
        return fault_page(404)

    @app.errorhandler(FillError)
    @app.errorhandler(BlockedError)
    @app.errorhandler(PdfError)
    def not_made(error: FillError | BlockedError | PdfError) -> Response:
        # What it says names a blank, a letter or an edition, and what to do.
        return fault_page(422, str(error))

    @app.errorhandler(PracticeError)
    def only_practice(error: PracticeError) -> Response:
        return fault_page(422, str(error), title="Not in practice")

    @app.errorhandler(BusyError)
    def busy(error: BusyError) -> Response:
        page = fault_page(503, str(error))
        page.headers["Retry-After"] = "60"
        return page

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_: RequestEntityTooLarge) -> Response:
        # Nothing of it was read: the length that the browser gave was enough.
        rule = request.url_rule
        back = request.path if rule is not None and "GET" in (rule.methods or ()) else ""
        if request.mimetype != "multipart/form-data":
            return fault_page(413, back=back)
        largest = parts().config.upload_max_bytes // 1_000_000
        sentence = f"Choose a smaller file: this program accepts files of up to {largest} MB. Nothing was saved."
        return fault_page(413, sentence, back=back)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        if error.code is not None and error.code < HTTPStatus.BAD_REQUEST:  # a redirect is no fault
            return make_response(error.get_response())
        return fault_page(error.code or 500)

    def log_fault(exc_info: Any) -> None:
        """Log the class and the place, not the message: a message may quote a value."""
        kind, error, _ = exc_info
        name = kind.__name__ if kind else "unknown"
        parts().log.error(
            "fault", request=g.get("request_id"), endpoint=request.endpoint, error=name, at=last_own_place(error)
        )

    app.log_exception = log_fault  # type: ignore[method-assign]  # Flask asks to replace it on the app


def last_own_place(error: BaseException | None) -> str:
    """Return the module and the line of ours in which an error arose."""
    place, trace = "", error.__traceback__ if error else None
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("assistant"):
            place = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
