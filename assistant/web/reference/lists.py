"""ICE's published lists: load one, look an agency up, count."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from assistant import program
from assistant.agencies.chart import bars_by_month, bars_by_name, every_month
from assistant.agencies.line_chart import TREND_TITLE, lines_by_month, plain_number
from assistant.agencies.names import key_name
from assistant.agencies.tile_map import map_of_states
from assistant.cache import LruCache
from assistant.errors import BusyError, InputError, NotFoundError
from assistant.program.encounter_months import encounter_months, encounter_source
from assistant.program.printed_counts import printed_counts
from assistant.services.published_lists import encounter_reports, list_lookup, listings, timeline
from assistant.services.published_lists.agency_history import agency_history
from assistant.services.published_lists.report_tables import ReportTable, read_report_table
from assistant.text import MONTHS
from assistant.web.kit.context import commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.moments import day
from assistant.web.kit.page_errors import PageError, busy_error
from assistant.web.kit.page_forms import MODEL_NAMES
from assistant.web.kit.uploads import uploaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from assistant.agencies import ListKind
    from assistant.storage.listing_tables import ListedAgreement
    from assistant.web.kit.context import PageContext

bp = Blueprint("lists", __name__, url_prefix="/lists")

LONGEST_NAME = 200
ROWS_SHOWN = 200
NEIGHBORS_SHOWN = 20
COUNTIES_DRAWN = 20
"""Bars; the table below names every county."""
COUNT_WORDS = {
    "agreements": "Agreements",
    "states": "States and territories",
    "pending": "Pending applications",
    **{f"{model}.agreements": f"{model} agreements" for model in MODEL_NAMES},
    **{f"{model}.states": f"{model}: States and territories" for model in MODEL_NAMES},
    **{f"{model}.pending": f"{model}: pending applications" for model in MODEL_NAMES},
}
"""What each number of ICE's page counts."""


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show the look-up with what it found, and the lists that are loaded."""
    name = request.args.get("name", "").strip()[:LONGEST_NAME]
    state = program.state_code(request.args.get("state"))
    return _home(
        name=name, state=state, found=list_lookup.find_listed(db(), name, state=state, everyday=True) if name else None
    )


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


@bp.get("/timeline")
def changes() -> ResponseReturnValue:
    """Show what changed from one loaded list to the next, for every State or for one."""
    code = program.state_code(request.args.get("state"))
    loads = timeline.timeline(db(), state=code)
    room = ROWS_SHOWN
    rows = []
    for load in loads:
        rows.append((load, timeline.count_kinds(load.events), load.events[:room]))
        room = max(0, room - len(load.events))
    context: PageContext = {
        "rows": rows,
        "state": code,
        "states": program.states(),
        "words": timeline.EVENT_WORDS,
        "sentence": timeline.sentence,
    }
    return render_template("reference/lists/timeline.html", **context)


@bp.post("/timeline/state")
def choose_state() -> ResponseReturnValue:
    """Go to the changes of the State that was chosen."""
    return redirect(url_for("lists.changes", state=program.state_code(request.form.get("state"))))


@bp.get("/timeline.csv")
def changes_csv() -> ResponseReturnValue:
    """Send all changes, or those of one State, as a CSV file."""
    code = program.state_code(request.args.get("state"))
    return send_file_to_save(timeline.csv_of(timeline.timeline(db(), state=code)), "287g-list-changes.csv", "text/csv")


@bp.get("/timeline.xml")
def feed() -> ResponseReturnValue:
    """Send the changes, or those of one State, as an Atom feed file."""
    code = program.state_code(request.args.get("state"))
    data = timeline.feed_of(timeline.timeline(db(), state=code), state=code, now=now())
    return Response(data, mimetype="application/atom+xml")


@bp.get("/report")
def report() -> ResponseReturnValue:
    """Show what the last lists count: by model, State and month."""
    totals = listings.report(db())
    months = every_month(totals["by_month"])
    model = _model_asked()
    return render_template(
        "reference/lists/report.html",
        found=totals,
        model=model,
        by_state=listings.counts_of(totals, model),
        printed=printed_counts(),
        count_words=COUNT_WORDS,
        as_of=list_lookup.as_of(db()),
        models=MODEL_NAMES,
        states=program.states(),
        months=[(_month(month), totals["by_month"].get(month, 0)) for month in reversed(months)],
        trend=listings.trend_of(totals),
        trend_months=[(month, _month(month)) for month in reversed(months)],
    )


@bp.get("/trend.svg")
def trend_chart() -> ResponseReturnValue:
    """Send the agreements of each model added up by month of signing, as lines; the report has the same as a table."""
    totals = listings.report(db())
    if totals["as_of"] is None:
        abort(HTTPStatus.NOT_FOUND)
    day_of_list = day(list_lookup.as_of(db())["participating"])
    title = TREND_TITLE.format(day=day_of_list)
    return Response(lines_by_month(listings.trend_of(totals), title=title), mimetype="image/svg+xml")


@bp.get("/by-month.csv")
def months_csv() -> ResponseReturnValue:
    """Send the agreements by month of signing and model as a CSV file."""
    totals = listings.report(db())
    file = io.StringIO()
    rows = csv.writer(file)
    models = [*totals["by_model_and_month"]]
    rows.writerow(["month", *models, "all"])
    for month in every_month(totals["by_month"]):
        of_models = [totals["by_model_and_month"][model].get(month, 0) for model in models]
        rows.writerow([month, *of_models, sum(of_models)])
    return send_file_to_save(file.getvalue(), "287g-by-month.csv", "text/csv")


def _model_asked() -> str | None:
    model = request.args.get("model", "")
    return model if model in MODEL_NAMES else None


@bp.get("/by-state.svg")
def state_map() -> ResponseReturnValue:
    """Send the agreements by State, of one model where one is named, as tiles; the report has the same as a table."""
    totals = listings.report(db())
    days = list_lookup.as_of(db())
    if "participating" not in days:
        abort(HTTPStatus.NOT_FOUND)
    model = _model_asked()
    title = f"287(g) agreements{f', {model},' if model else ''} by State, list of {day(days['participating'])}"
    picture = map_of_states(listings.counts_of(totals, model), program.states(), title=title)
    return Response(picture, mimetype="image/svg+xml")


@bp.get("/by-state.csv")
def states_csv() -> ResponseReturnValue:
    """Send the agreements by State and model as a CSV file."""
    totals = listings.report(db())
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["state", "name", *MODEL_NAMES, "all", "pending"])
    for code, counts in totals["by_state_and_model"].items():
        of_models = [counts.get(model, 0) for model in MODEL_NAMES]
        pending = totals["pending"]["by_state"].get(code, 0)
        rows.writerow([code, program.states().get(code, code), *of_models, sum(counts.values()), pending])
    return send_file_to_save(file.getvalue(), "287g-by-state.csv", "text/csv")


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


@bp.route("/encounter-reports", methods=["GET", "POST"])
@reshow_on_csrf_failure
def encounter_reports_page() -> ResponseReturnValue:
    """Show the months of ICE's encounter reports, or keep a file of one."""
    if request.method != "POST":
        return _reports_page()
    if csrf_failed():
        return _reports_page([PageError(message=f"{SENTENCE} Choose the file again.")])
    month, upload = request.form.get("month", ""), request.files.get("report")
    name = re.sub(r"[^\w .()-]", "_", (upload.filename if upload else "") or "")[-100:]
    try:
        data = uploaded("report", what="the report as ICE publishes it")
        encounter_reports.keep_report(db(), month, data, name=name or "report", now=now())
    except InputError as error:
        id_ = "report" if month in {row.month for row in encounter_months()} else "month"
        return _reports_page([PageError(message=str(error), id=id_)], month=month), HTTPStatus.UNPROCESSABLE_ENTITY
    except BusyError as error:
        return _reports_page(busy_error(error, "report"), month=month), HTTPStatus.SERVICE_UNAVAILABLE
    commit()
    return redirect(url_for("lists.encounter_reports_page", kept=month, _anchor="reports"))


def _reports_page(errors: Sequence[PageError] = (), *, month: str = "") -> str:
    result = encounter_reports.report_months(db())
    new_month = request.args.get("kept", "")
    context: PageContext = {
        "errors": errors,
        "months": result["months"],
        "not_listed": [_month(row) for row in result["not_listed"]],
        "name_of": _month,
        "month": month,
        "kept": _month(new_month) if new_month in {row["month"] for row in result["months"]} else "",
        "citation": encounter_source(),
        "tables": _months_with_table(result["months"]),
    }
    return render_template("reference/lists/encounter-reports.html", **context)


def _months_with_table(months: Sequence[encounter_reports.ReportMonth]) -> frozenset[str]:
    """Return the months whose kept file is a table that can be read; a file is read once."""
    return frozenset(
        row["month"]
        for row in months
        if row["file"] and _has_table.get_or_make(row["file"]["sha256"], partial(_can_be_read, row["month"]))
    )


def _can_be_read(month: str) -> bool:
    return read_report_table(encounter_reports.find_report(db(), month).data) is not None


_has_table: LruCache[str, bool] = LruCache(256)
"""By the hash of a file."""


@bp.get("/encounter-reports/<month>")
def encounter_report(month: str) -> ResponseReturnValue:
    """Send the kept report of a month."""
    report = encounter_reports.find_report(db(), month)
    kind = "application/pdf" if report.data.startswith(b"%PDF-") else "application/octet-stream"
    return send_file_to_save(report.data, re.sub(r"[^\w .()-]", "_", report.file_name), kind)


@bp.get("/encounter-reports/<month>/table")
def encounter_table(month: str) -> ResponseReturnValue:
    """Show the numbers by month of a kept report that is a table, as lines and as a table."""
    table = _report_table(month)
    return render_template(
        "reference/lists/encounter-table.html",
        month=month,
        month_name=_month(month),
        table=table,
        name_of=_month,
        number_words=plain_number,
    )


@bp.get("/encounter-reports/<month>/table.svg")
def encounter_chart(month: str) -> ResponseReturnValue:
    """Send the numbers by month of a kept report as lines."""
    table = _report_table(month)
    title = f"Numbers by month in the report of {_month(month)}"
    return Response(lines_by_month(table.series, title=title), mimetype="image/svg+xml")


def _report_table(month: str) -> ReportTable:
    table = read_report_table(encounter_reports.find_report(db(), month).data)
    if table is None:
        raise NotFoundError("This report has no table of months that this program can read. Download the file.")
    return table


@bp.post("/encounter-reports/<month>/remove")
def remove_encounter_report(month: str) -> ResponseReturnValue:
    """Take the kept report of a month out."""
    encounter_reports.remove_report(db(), month)
    commit()
    return redirect(url_for("lists.encounter_reports_page", _anchor="reports"))


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
        counties=_by_county(rows) if not county else {},
    )


def _by_county(rows: Sequence[ListedAgreement]) -> dict[str, int]:
    """Return how many signed agreements each county has, most first; "" counts those without a county."""
    counts = Counter(row.county or "" for row in rows if row.kind == "participating")
    return dict(sorted(counts.items(), key=lambda item: (not item[0], -item[1], item[0])))


@bp.get("/state/<code>/by-county.svg")
def county_chart(code: str) -> ResponseReturnValue:
    """Send the agreements of a State by county, as bars; its page has the same as a table."""
    name = program.states().get(code)
    counts = _by_county(list_lookup.in_state(db(), code)) if name else {}
    counts.pop("", None)
    if not counts:
        abort(HTTPStatus.NOT_FOUND)
    most = dict(list(counts.items())[:COUNTIES_DRAWN])
    which = "" if len(most) == len(counts) else f", the {COUNTIES_DRAWN} with most"
    picture = bars_by_name(most, title=f"287(g) agreements by county, {name}{which}", empty="No agreement.")
    return Response(picture, mimetype="image/svg+xml")


@bp.get("/agency/<int:listing_id>")
def agency(listing_id: int) -> ResponseReturnValue:
    """Show an agency: its agreements, their dates and links, and what the lists changed about it."""
    history = agency_history(db(), listing_id)
    code = program.state_code(history.state)
    near = list_lookup.in_state(db(), history.state, history.county) if history.county else []
    others = [row for row in near if key_name(row.agency) != key_name(history.agency)]
    return render_template(
        "reference/lists/agency.html",
        history=history,
        code=code,
        state_name=program.states().get(code or "", history.state),
        as_of=list_lookup.as_of(db()),
        neighbors=list({row.agency: row for row in others}.values())[:NEIGHBORS_SHOWN],
        sentence=timeline.sentence,
    )
