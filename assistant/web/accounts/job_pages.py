"""The jobs of an agency, for its administrator: what waits, runs or has failed for good, and what can be done then."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from assistant.errors import InputError, NotFoundError
from assistant.services.jobs.kinds import CHECK_COPIES, words_of_kind
from assistant.storage import job_queue
from assistant.web.kit.context import agency_id, commit, db, has_job_queue, now, parts, who
from assistant.web.kit.error_pages import fault_page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/")
def listing() -> ResponseReturnValue:
    """Show the jobs of the agency."""
    jobs = job_queue.list_jobs(db(), agency_id()) if has_job_queue() else []
    return render_template(
        "accounts/jobs.html",
        failures=[job for job in jobs if job.state == "failed"],
        others=[job for job in jobs if job.state != "failed"],
        words_of_kind=words_of_kind,
        copies=CHECK_COPIES.name,
    )


@bp.post("/<int:number>/retry")
def retry(number: int) -> ResponseReturnValue:
    """Let a job that failed for good be tried once more."""
    _require_queue()
    try:
        job_queue.retry_job(db(), agency_id(), number, now=now())
    except InputError as error:
        return _refuse(error)
    commit()
    parts().log.info("job tried again", by=who(), number=number, agency=agency_id())
    return redirect(url_for("jobs.listing"), HTTPStatus.SEE_OTHER)


@bp.post("/<int:number>/cancel")
def cancel(number: int) -> ResponseReturnValue:
    """Remove a job that waits or has failed for good."""
    _require_queue()
    try:
        job_queue.cancel_job(db(), agency_id(), number)
    except InputError as error:
        return _refuse(error)
    commit()
    parts().log.info("job canceled", by=who(), number=number, agency=agency_id())
    return redirect(url_for("jobs.listing"), HTTPStatus.SEE_OTHER)


def _require_queue() -> None:
    if not has_job_queue():
        raise NotFoundError(job_queue.NO_JOB)


def _refuse(error: InputError) -> ResponseReturnValue:
    db().rollback()
    return fault_page(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), back=url_for("jobs.listing"), title="Not done")
