"""Where the wizard leaves a job: with its own thread, or in the queue for ``moa worker``. Both call ``run_job``."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import event

from assistant.services.jobs.kinds import run_job
from assistant.storage.job_queue import job_state, put_job

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.services.jobs.orders import JobOrder, JobProgress, JobTools
    from assistant.storage.job_queue import JobState


class JobPlace(Protocol):
    """Takes orders for jobs, and says how they stand."""

    def take_order(self, session: Session, order: JobOrder) -> None:
        """Have a job done, once the session is committed; nothing where it is not."""

    def state_of(self, session: Session, kind: str, subject: UUID) -> JobState | None:
        """Return whether a job of a kind about a subject waits or runs; None where there is none."""

    def progress_of(self, piece: UUID) -> JobProgress | None:
        """Return how far a piece of a job is; None where that is not known."""


@dataclass(slots=True)
class CountedOrder:
    """An order of this process, as it was given last, and how many times it was given."""

    order: JobOrder
    times: int = 0


class ThreadOfJobs:
    """Does jobs beside the requests: one thread, one job at a time, started when there is something to do.

    What is ordered is in memory alone; what waits for a job stands in the database, and a page has a button that orders
    it again after the server was stopped.
    """

    def __init__(self, tools: JobTools) -> None:
        """Keep what jobs work with; nothing is started."""
        self._tools = replace(tools, note=self._note)
        self._lock = threading.Lock()
        self._orders: dict[tuple[str, UUID], CountedOrder] = {}
        self._progress: dict[UUID, JobProgress] = {}
        self._running: tuple[str, UUID] | None = None
        self._thread: threading.Thread | None = None

    def take_order(self, session: Session, order: JobOrder) -> None:
        """Do the job, soon after the commit; where one about the same is being done, once more after it."""
        event.listen(session, "after_commit", lambda _: self.start(order), once=True)

    def start(self, order: JobOrder) -> None:
        """Do the job soon. The one who asked last is named for what it stores."""
        with self._lock:
            counted = self._orders.setdefault((order.kind, order.subject), CountedOrder(order))
            counted.order = order
            counted.times += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._thread.start()

    def state_of(self, _: Session, kind: str, subject: UUID) -> JobState | None:
        """Return whether a job of a kind about a subject waits or runs in this process."""
        with self._lock:
            key = (kind, subject)
            return None if key not in self._orders else "running" if self._running == key else "waiting"

    def progress_of(self, piece: UUID) -> JobProgress | None:
        """Return how far a piece of a job is; None where it is not being done."""
        return self._progress.get(piece)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to do; False where that takes longer."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def _note(self, piece: UUID, progress: JobProgress | None) -> None:
        if progress is None:
            self._progress.pop(piece, None)
        else:
            self._progress[piece] = progress

    def _run(self) -> None:
        while True:
            with self._lock:
                key, counted = next(iter(self._orders.items()), (None, None))
                self._running = key
                if key is None or counted is None:
                    self._thread = None
                    return
                times, order = counted.times, counted.order
            try:
                run_job(order, self._tools)
            except Exception as error:  # noqa: BLE001 - a thread that dies would leave the others waiting for good
                self._tools.report("job failed", error, job=order.kind)
            with self._lock:
                # One that was ordered again since may have something to do that was not there before.
                if counted.times == times:
                    del self._orders[key]


class QueueOfJobs:
    """Puts jobs into the queue, and reads from it how they stand: any process may have put them."""

    def take_order(self, session: Session, order: JobOrder) -> None:
        """Put the job into the queue with the commit of the session."""
        put_job(session, kind=order.kind, agency_id=order.agency_id, subject=order.subject, who=order.who)

    def state_of(self, session: Session, kind: str, subject: UUID) -> JobState | None:
        """Return whether a job of a kind about a subject waits or runs anywhere."""
        return job_state(session, kind, subject)

    def progress_of(self, _: UUID) -> JobProgress | None:
        """Return None: how far a worker is stands nowhere but in its own memory."""
        return None
