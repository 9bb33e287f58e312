"""ICE's published lists: load one, look an agency up, count."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from assistant import program
from assistant.agencies.chart import bars_by_month, every_month
from assistant.errors import InputError
from assistant.services.published_lists import list_lookup, listings
from assistant.text import MONTHS
from assistant.web.kit.context import commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.moments import day
from assistant.web.kit.page_errors import PageError
from assistant.web.kit.page_forms import MODEL_NAMES
from assistant.web.kit.uploads import uploaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from assistant.agencies import ListKind
    from assistant.web.kit.context import PageContext

bp = Blueprint("lists", __name__, url_prefix="/lists")

LONGEST_NAME = 200
ROWS_SHOWN = 200


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show the look-up with what it found, and the lists that are loaded."""
    name = request.args.get("name", "").strip()[:LONGEST_NAME]
    state = program.state_code(request.args.get("state"))
    return _home(name=name, state=state, found=list_lookup.find_listed(db(), name, state=state) if name else None)


def _home(*, errors: Sequence[PageError] = (), **more: Any) -> str:
    context: PageContext = {
        "errors": errors,
        "states": program.states(),
        "imports": list_lookup.imports(db()),
        "as_of": list_lookup.as_of(db()),
        "name": "",
        "state": None,
        "found": None,
    }
    return render_template("reference/lists/home.html", **(context | more))


@bp.post("/find")
def look_up() -> ResponseReturnValue:
    """Look up an agency; the answer has an address of its own, so that it can be loaded again."""
    name = request.form.get("name", "").strip()[:LONGEST_NAME]
    state = program.state_code(request.form.get("state"))
    if not name:
        return _home(
            errors=[PageError(message="Enter the name of an agency.", id="name")], state=state
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("lists.home", name=name, state=state, _anchor="found"))


@bp.route("/import", methods=["GET", "POST"])
@reshow_on_csrf_failure
def load() -> ResponseReturnValue:
    """Load a list as ICE publishes it, and say what changed."""
    if request.method != "POST":
        return render_template("reference/lists/load.html")
    if csrf_failed():
        return render_template(
            "reference/lists/load.html", errors=[PageError(message=f"{SENTENCE} Choose the file again.")]
        )
    upload = request.files.get("list")
    name = re.sub(r"[^\w .()-]", "_", (upload.filename if upload else "") or "")[-100:]
    try:
        data = uploaded("list", what="an .xlsx file as ICE publishes it")
        result = listings.import_list(db(), data, filename=name or "list", now=now(), expected=_expected(name))
    except InputError as error:
        return render_template(
            "reference/lists/load.html", errors=[PageError(message=str(error), id="list")]
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    unreadable = result.unreadable[:ROWS_SHOWN]
    return render_template(
        "reference/lists/loaded.html",
        result=result,
        unreadable=unreadable,
        more=len(result.unreadable) - len(unreadable),
    )


def _expected(name: str) -> ListKind | None:
    """Return what a file says it is by its name, as ICE names its lists; its columns decide."""
    kinds: tuple[ListKind, ...] = ("participating", "pending")
    return next((kind for kind in kinds if name.lower().startswith(kind)), None)


@bp.get("/report")
def report() -> ResponseReturnValue:
    """Show what the last lists count: by model, State and month."""
    totals = listings.report(db())
    months = every_month(totals["by_month"])
    return render_template(
        "reference/lists/report.html",
        found=totals,
        as_of=list_lookup.as_of(db()),
        models=MODEL_NAMES,
        states=program.states(),
        months=[(_month(month), totals["by_month"].get(month, 0)) for month in reversed(months)],
    )


def _month(key: str) -> str:
    """Return "March 2025" for "2025-03"."""
    year, _, number = key.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


@bp.get("/by-month.svg")
def chart() -> ResponseReturnValue:
    """Send the agreements by month as bars; the report has the same as a table."""
    totals = listings.report(db())
    days = list_lookup.as_of(db())
    if "participating" not in days:
        abort(HTTPStatus.NOT_FOUND)
    title = f"287(g) agreements by month of signing, list of {day(days['participating'])}"
    return Response(bars_by_month(totals["by_month"], title=title), mimetype="image/svg+xml")


@bp.get("/state/<code>")
def state(code: str) -> ResponseReturnValue:
    """Show the listed agreements of a State, or of one county of it."""
    name = program.states().get(code)
    if name is None:
        abort(HTTPStatus.NOT_FOUND)
    county = request.args.get("county", "").strip()[:100]
    rows = list_lookup.in_state(db(), code, county or None)
    return render_template(
        "reference/lists/state.html",
        code=code,
        state_name=name,
        county=county,
        rows=rows,
        as_of=list_lookup.as_of(db()),
        agencies=len({row.agency for row in rows}),
    )
