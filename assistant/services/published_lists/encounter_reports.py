"""ICE's monthly encounter reports: which months the page lists, and the file of each that is kept, by its hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypedDict

from sqlalchemy import select

from assistant.agencies.chart import every_month
from assistant.errors import InputError, NotFoundError, SpreadsheetError
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.program.encounter_months import encounter_months
from assistant.spreadsheets import read
from assistant.storage.listing_tables import EncounterReport

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

COUNT_PAGES: Task[int] = define_task("assistant.pdf.viewer.render", "page_count")
MAX_BYTES = 20_000_000
NO_REPORT = "This file is neither a PDF nor a spreadsheet. Choose the report as ICE publishes it."


class ReportFile(TypedDict):
    """A kept file as a JSON object."""

    sha256: str
    bytes: int
    name: str


class ReportMonth(TypedDict):
    """A month of the page; ``file`` is None where none is kept."""

    month: str
    heading: str
    file: ReportFile | None


class ReportMonths(TypedDict):
    """The months of the page, and those between them for which it lists none."""

    months: list[ReportMonth]
    not_listed: list[str]


def months_without_report() -> tuple[str, ...]:
    """Return the months between the first and the last for which the page lists none, in order."""
    months = {row.month: 1 for row in encounter_months()}
    return tuple(month for month in every_month(months) if month not in months)


def report_months(session: Session) -> ReportMonths:
    """Return every month that the page lists, with the file that is kept."""
    by_month = {report.month: report for report in session.scalars(select(EncounterReport))}
    return {
        "months": [
            {"month": row.month, "heading": row.heading, "file": _file(by_month.get(row.month))}
            for row in encounter_months()
        ],
        "not_listed": [*months_without_report()],
    }


def _file(report: EncounterReport | None) -> ReportFile | None:
    return {"sha256": report.sha256, "bytes": report.size, "name": report.file_name} if report else None


def keep_report(session: Session, month: str, data: bytes, *, name: str, now: datetime) -> EncounterReport:
    """Keep the file of a month in place of an earlier one.

    Raises:
        InputError: the page lists no such month, or the file is too large or no report.
        PdfError: the PDF cannot be read.
    """
    if month not in {row.month for row in encounter_months()}:
        raise InputError("ICE's page lists no report for this month. Choose one of the months listed.")
    if len(data) > MAX_BYTES:
        raise InputError(f"The file is too large. A report has at most {MAX_BYTES // 1_000_000} MB.")
    if data.startswith(b"%PDF-"):
        run_in_sandbox(COUNT_PAGES, data)
    else:
        try:
            read(data)
        except SpreadsheetError as error:
            raise InputError(NO_REPORT) from error
    report = session.get(EncounterReport, month) or EncounterReport(month=month)
    report.file_name, report.sha256 = name[-255:], hashlib.sha256(data).hexdigest()
    report.size, report.data, report.added_at = len(data), data, now
    session.add(report)
    session.flush()
    return report


def find_report(session: Session, month: str) -> EncounterReport:
    """Return the kept file of a month.

    Raises:
        NotFoundError: none is kept.
    """
    report = session.get(EncounterReport, month)
    if report is None:
        raise NotFoundError("No report is kept for this month. Choose one from the list.")
    return report


def remove_report(session: Session, month: str) -> None:
    """Take the file of a month out.

    Raises:
        NotFoundError: none is kept.
    """
    session.delete(find_report(session, month))
    session.flush()
