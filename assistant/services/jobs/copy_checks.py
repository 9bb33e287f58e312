"""The job that checks the signed copies of an application that wait, one after the other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, BusyError, InputError
from assistant.services.after_export.copy_work import WorkDone, do_work, next_work, store_work
from assistant.services.jobs.orders import JobProgress
from assistant.storage.tables import set_actor

if TYPE_CHECKING:
    from assistant.services.after_export.copy_work import CopyWork
    from assistant.services.jobs.orders import JobOrder, JobTools

RETRY_SECONDS = 2.0
"""Between two tries where this computer has no time."""
MOST_TRIES = 60
FAULT = "This program failed on this file. It is stored. Choose its document again, or remove it and scan it again."


def check_waiting_copies(order: JobOrder, tools: JobTools) -> None:
    """Check every copy that waits of the application that the order is about.

    Each result is stored with a commit of its own, and once, whoever checks the same copy at the same time. The history
    names who asked.
    """
    while True:
        with tools.reader() as session:
            work = next_work(session, order.agency_id, order.subject)
        if work is None:
            return
        tools.note(work.copy_id, JobProgress(compared=0, pages=0))
        try:
            outcome = _do(work, tools)
            with tools.writer() as session:
                set_actor(session, order.who)
                store_work(session, order.agency_id, order.subject, work, outcome, now=tools.clock())
                session.commit()
        finally:
            tools.note(work.copy_id, None)


def _do(work: CopyWork, tools: JobTools) -> WorkDone:
    def note(compared: int, pages: int) -> None:
        tools.note(work.copy_id, JobProgress(compared=compared, pages=pages))

    for _ in range(MOST_TRIES):
        try:
            return do_work(work, today=tools.clock().astimezone().date(), on_progress=note)
        except BusyError:
            time.sleep(RETRY_SECONDS)
        except InputError as error:
            return WorkDone(result={"error": str(error)})
        except (AssistantError, ArithmeticError, LookupError, OSError, TypeError, ValueError) as error:
            tools.report("signed copy not checked", error)
            return WorkDone(result={"error": FAULT})
    return WorkDone(result={"error": str(BusyError())})
