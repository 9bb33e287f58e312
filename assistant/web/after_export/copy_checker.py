"""Signed copies checked beside the requests: one thread, one copy at a time, started when there is something to do.

What waits is in the database, so nothing is lost when the server stops: the page then has a button that goes on.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, BusyError, InputError
from assistant.services.after_export.copy_work import WorkDone, do_work, next_work, store_work
from assistant.storage.tables import set_actor

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from flask import Flask
    from sqlalchemy.orm import Session, sessionmaker

    from assistant.services.after_export.copy_work import CopyWork
    from assistant.web.kit.context import Parts

EXTENSION = "assistant_copy_checker"
RETRY_SECONDS = 2.0
"""Between two tries where this computer has no time."""
MOST_TRIES = 60
FAULT = "This program failed on this file. It is stored. Choose its document again, or remove it and scan it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckProgress:
    """How many pages of a copy were compared; ``pages`` is 0 while it is being matched."""

    compared: int
    pages: int


@dataclass(slots=True)
class CheckOrder:
    """What was asked for: for which agency, by whom last (as the history names them), and how many times."""

    agency_id: int
    who: str
    times: int = 0


class CopyChecker:
    """Checks the copies that wait, of one application after another."""

    def __init__(
        self,
        *,
        writer: sessionmaker[Session],
        reader: sessionmaker[Session],
        clock: Callable[[], datetime],
        log: object,
    ) -> None:
        """Keep what it works with; nothing is started."""
        self._writer, self._reader = writer, reader
        self._clock, self._log = clock, log
        self._lock = threading.Lock()
        self._orders: dict[UUID, CheckOrder] = {}
        self._progress: dict[UUID, CheckProgress] = {}
        self._thread: threading.Thread | None = None

    def start(self, application_id: UUID, agency_id: int, who: str) -> None:
        """Check what waits of an agency's application, soon; nothing happens where that is being done already.

        ``who`` asked for it last: the history names that person for what the check stores.
        """
        with self._lock:
            order = self._orders.setdefault(application_id, CheckOrder(agency_id, who))
            order.who = who
            order.times += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="copy-checker", daemon=True)
                self._thread.start()

    def is_at_work(self, application_id: UUID) -> bool:
        """Say whether copies of an application are being checked, or will be soon."""
        with self._lock:
            return application_id in self._orders

    def progress_of(self, copy_id: UUID) -> CheckProgress | None:
        """Return how far the check of a copy is; None where it is not being checked."""
        return self._progress.get(copy_id)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to do; False where that takes longer."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def _run(self) -> None:
        while True:
            with self._lock:
                application_id, order = next(iter(self._orders.items()), (None, None))
                if application_id is None or order is None:
                    self._thread = None
                    return
                times = order.times
            try:
                more = self._check_next(application_id, order)
            except Exception as error:  # noqa: BLE001 - a thread that dies would leave the others waiting for good
                self._report(error)
                more = False
            with self._lock:
                # One that was ordered again since may have a copy that was not there when the others were read.
                if not more and order.times == times:
                    del self._orders[application_id]

    def _check_next(self, application_id: UUID, order: CheckOrder) -> bool:
        """Check the oldest copy that waits, and say whether there was one."""
        with self._reader() as session:
            work = next_work(session, order.agency_id, application_id)
        if work is None:
            return False
        self._progress[work.copy_id] = CheckProgress(compared=0, pages=0)
        try:
            outcome = self._do(work)
            with self._writer() as session:
                set_actor(session, order.who)
                store_work(session, order.agency_id, application_id, work, outcome, now=self._clock())
                session.commit()
        finally:
            self._progress.pop(work.copy_id, None)
        return True

    def _do(self, work: CopyWork) -> WorkDone:
        def note(compared: int, pages: int) -> None:
            self._progress[work.copy_id] = CheckProgress(compared=compared, pages=pages)

        for _ in range(MOST_TRIES):
            try:
                return do_work(work, today=self._clock().astimezone().date(), on_progress=note)
            except BusyError:
                time.sleep(RETRY_SECONDS)
            except InputError as error:
                return WorkDone(result={"error": str(error)})
            except (AssistantError, ArithmeticError, LookupError, OSError, TypeError, ValueError) as error:
                self._report(error)
                return WorkDone(result={"error": FAULT})
        return WorkDone(result={"error": str(BusyError())})

    def _report(self, error: BaseException) -> None:
        # The kind alone: the message may quote what stands in the file.
        self._log.error("signed copy not checked", kind=type(error).__name__)  # type: ignore[attr-defined]  # structlog


def install(app: Flask) -> None:
    """Give the app its checker."""
    parts: Parts = app.extensions["assistant"]
    app.extensions[EXTENSION] = CopyChecker(writer=parts.writer, reader=parts.reader, clock=parts.clock, log=parts.log)
