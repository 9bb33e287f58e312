"""Check a finished agreement from anywhere, without an application. Nothing of it is kept or sent back."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from assistant import program
from assistant.editions.formats import revision_date
from assistant.errors import BusyError, InputError
from assistant.rules import SEVERITIES
from assistant.services.agreements import agreement_check
from assistant.services.form_maps import forms
from assistant.web.kit.context import now, parts, today
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.page_errors import PageError, busy_error
from assistant.web.kit.uploads import uploaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from assistant.web.kit.context import PageContext

bp = Blueprint("checking", __name__, url_prefix="/check")

HEADINGS = {
    "blocker": ("Fix before it is signed or sent", "Nothing must be fixed."),
    "warning": ("Look at these", "No warnings."),
    "note": ("Good to know", "No notes."),
}


@bp.route("/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def document() -> ResponseReturnValue:
    """Ask for a finished agreement, or show what was found in one."""
    if request.method != "POST":
        return _ask()
    if csrf_failed():
        return _ask([PageError(message=f"{SENTENCE} Choose the file again.")])
    try:
        data = uploaded("agreement", what="a PDF file")
        # A session that only reads: nobody waits for it while a long file is looked at.
        with parts().reader() as session:
            result = agreement_check.check(data, today=today(), library=forms.library(session), session=session)
    except InputError as error:
        return _ask([PageError(message=str(error), id="agreement")]), HTTPStatus.UNPROCESSABLE_ENTITY
    except BusyError as error:
        return _ask(busy_error(error, "agreement")), HTTPStatus.SERVICE_UNAVAILABLE
    model = next((card for card in program.models() if card.code == result.model), None)
    return render_template(
        "reference/check/found.html",
        found=result,
        revision=revision_date(result.revision) if result.revision else None,
        model=model,
        checked_at=now(),
        lists=[(load["kind"], date.fromisoformat(load["as_of"])) for load in result.document.get("lists", ())],
        groups=[(severity, *HEADINGS[severity], result.of_severity(severity)) for severity in SEVERITIES],
        runs=_runs([page.number for page in result.pages if page.read and page.form_page is None]),
        unread=_runs(result.unread_pages),
    )


def _ask(errors: Sequence[PageError] = ()) -> str:
    context: PageContext = {"errors": errors, "largest": parts().config.upload_max_bytes // 1_000_000}
    return render_template("reference/check/ask.html", **context)


def _runs(numbers: Sequence[int]) -> str:
    """Return "2, 5 to 8 and 12" for numbers in their order."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    runs_in_words = [f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return (
        f"{', '.join(runs_in_words[:-1])} and {runs_in_words[-1]}" if len(runs_in_words) > 1 else "".join(runs_in_words)
    )
