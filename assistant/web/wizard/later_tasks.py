"""The groups of the task list that follow an export: sign, send, after sending; who does what, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from assistant import program
from assistant.services.after_export.progress import after_export
from assistant.web.kit.context import db
from assistant.web.kit.moments import day
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from assistant.services.after_export.progress import AfterExport
    from assistant.storage.tables import Application

NOT_EXPORTED = "Export the bundle first."
OUT_OF_DATE = "Out of date"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterTask:
    """One row: where it is dealt with ("": nowhere yet), its status ("": it has none), and what is recorded of it."""

    slug: str
    title: str
    status: str
    address: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterGroup:
    """Rows under one heading, with who does it and by when."""

    title: str
    who: str
    when: str
    rows: tuple[LaterTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterTasks:
    """The groups, and how far the last export is; ``changed_address`` leads to what changed since, "": nothing did."""

    groups: tuple[LaterGroup, ...]
    export: AfterExport | None
    changed_address: str = ""

    @property
    def next_task(self) -> LaterTask | None:
        """Return the first row that is open, or None."""
        rows = (row for group in self.groups for row in group.rows)
        return next((row for row in rows if row.address and row.status in {"Not started", "In progress"}), None)


def later_tasks(application: Application) -> LaterTasks:
    """Return the groups for an application as it stands."""
    after = after_export(db(), application, application_state.plan_of(application))
    signatory = application.answers.signatory.full_name
    groups = (
        LaterGroup(
            title="Sign",
            who=f"{signatory or 'The signatory'} signs. You print, and scan what was signed.",
            when="ICE’s page names no day.",
            rows=(_print_row(application, after), _copies_row(application, after)),
        ),
        LaterGroup(
            title="Send",
            who="You send the signed copies from your agency’s mailbox. This program sends nothing.",
            when="ICE’s page names no day.",
            rows=(_sending_row(application, after), _sent_row(application, after)),
        ),
        LaterGroup(
            title="After sending",
            who="ICE answers, then signs.",
            when=program.program_contact().answer_time,
            rows=_rows_after_sending(application, after),
        ),
    )
    address = url_for("since_export.show", application_id=application.public_id) if after and after.changed else ""
    return LaterTasks(groups=groups, export=after, changed_address=address)


def _print_row(application: Application, after: AfterExport | None) -> LaterTask:
    if after is None:
        return _task("print", "Print and sign", "Cannot start yet", "", NOT_EXPORTED)
    address = url_for("documents.result", application_id=application.public_id, export_id=after.export_id)
    note = f"Exported {day(after.exported_at.astimezone())}."
    if after.changed:
        return _task("print", "Print and sign", OUT_OF_DATE, address, f"{note} Something changed since.")
    status = "Completed" if after.copies >= after.to_sign else "In progress" if after.copies else "Not started"
    return _task("print", "Print and sign", status, address, note)


def _copies_row(application: Application, after: AfterExport | None) -> LaterTask:
    address = _address("signed_copies.show", application)
    if after is None:
        return _task("copies", "Signed copies", "Cannot start yet", "", NOT_EXPORTED)
    documents = "1 document" if after.to_sign == 1 else f"{after.to_sign} documents"
    note = f"Copies of {after.copies} of {documents} are here. Somebody has checked {after.confirmed} of them."
    complete = after.confirmed >= after.to_sign
    status = "Completed" if complete else "In progress" if after.copies else "Not started"
    return _task("copies", "Signed copies", status, address, note if after.copies else "No signed copy is here yet.")


def _sending_row(application: Application, after: AfterExport | None) -> LaterTask:
    address = _address("sending.show", application) if after else ""
    if after is None or not after.copies:
        note = NOT_EXPORTED if after is None else "Add the signed copies first."
        return _task("sending", "Message to ICE", "Cannot start yet", address, note)
    ready = after.confirmed >= after.to_sign
    status = "Completed" if after.sent_at else "Not started" if ready else "In progress"
    note = f"It goes to {program.recipient_address()}."
    return _task("sending", "Message to ICE", status, address, note)


def _sent_row(application: Application, after: AfterExport | None) -> LaterTask:
    address = _address("messages.show", application) if after else ""
    if after is None:
        return _task("sent", "Record of what was sent", "Cannot start yet", "", NOT_EXPORTED)
    if after.sent_at is None:
        return _task("sent", "Record of what was sent", "Not started", address, "Nothing is recorded as sent.")
    return _task("sent", "Record of what was sent", "Completed", address, f"Sent {day(after.sent_at.astimezone())}.")


def _rows_after_sending(application: Application, after: AfterExport | None) -> tuple[LaterTask, ...]:
    messages = _address("messages.show", application) if after else ""
    if after is None or after.sent_at is None:
        answer = _task("answer", "ICE’s answer", "Cannot start yet", "", "Record what was sent first.")
    elif after.answered_at is None:
        answer = _task("answer", "ICE’s answer", "Waiting", messages, "No answer is recorded.")
    else:
        note = f"The last answer is of {day(after.answered_at.astimezone())}."
        answer = _task("answer", "ICE’s answer", "In progress", messages, note)
    lists = "What ICE’s published lists say of your agency: pending, signed, agreement posted."
    papers = "For the signatory and the governing body; dates for the calendar."
    changes = "Nominees who leave, are added, or lose their authority."
    rows = [
        answer,
        _task("status", "Status in ICE’s lists", "", _address("status.show", application), lists),
        _task("papers", "Papers and dates", "", _address("papers.show", application) if after else "", papers),
        _task(
            "nominee-changes", "Changes of nominees", "",
            _address("nominee_changes.show", application) if after else "", changes,
        ),
    ]  # fmt: skip
    return tuple(row for row in rows if row.address or row.status)


def _task(slug: str, title: str, status: str, address: str, note: str) -> LaterTask:
    return LaterTask(slug=slug, title=title, status=status, address=address, note=note)


def _address(endpoint: str, application: Application) -> str:
    """Return the address of a page about an application."""
    return url_for(endpoint, application_id=application.public_id)
