"""``moa batch export --queue``: answers files go into the database, workers make the bundles; they are written here."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from assistant.answers import parse
from assistant.cli.database import open_factories
from assistant.cli.output import notice
from assistant.config import load
from assistant.disk import why_unusable
from assistant.errors import AssistantError
from assistant.services.form_maps.forms import library as stored_library
from assistant.services.installation.batch import failed, keep_earlier, write_bundle
from assistant.services.jobs import batch_bundles
from assistant.services.jobs.place import QueueOfJobs
from assistant.storage.job_queue import require_queue
from assistant.storage.queue_tables import require_queue_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session, sessionmaker

    from assistant.services.installation.batch import Outcome

POLL_SECONDS = 0.5
LOOKS = 10
"""After so many looks without a result, files that will get none are looked for."""
NO_RESULT_YET = "No bundle is there yet. Workers make them: start moa worker if none runs."
TAKEN_OVER = (
    "Another run of this command took it over, or removed it after seven days. Where no bundle comes, run this again."
)
NOT_DONE = "Its job failed several times, or was canceled. The log of the worker says what kind of error it was."


def export_through_queue(files: Sequence[Path], out: Path, *, today: date, draft: bool) -> Iterator[Outcome]:
    """Yield what became of each file, as workers are done with them; what was made is removed from the database.

    Broken off and run again, it goes on: what workers made meanwhile is written, and nothing is made twice.
    """
    config = load()
    require_queue(config)
    with open_factories(config) as (writer, reader):
        with writer() as session:
            require_queue_tables(session)
            batch_bundles.remove_old_files(session, now=datetime.now(UTC))
            session.commit()
        with reader() as session:
            library = stored_library(session)
        batch_id, waiting = uuid4(), dict[UUID, Path]()
        for file in files:
            try:
                data = file.read_bytes()
                if earlier := keep_earlier(file, out, parse(data), library, today=today, draft=draft):
                    yield earlier
                    continue
            except AssistantError as error:
                yield failed(file, out, str(error))
                continue
            except OSError as error:
                yield failed(file, out, why_unusable(error))
                continue
            with writer() as session:
                public_id = batch_bundles.put_answers(
                    session, QueueOfJobs(), batch_id, data, place=str((out / file.stem).absolute()), day=today,
                    draft=draft, now=datetime.now(UTC),
                )  # fmt: skip
                session.commit()
            waiting[public_id] = file
        yield from _take_results(writer, batch_id, waiting, out)


def _take_results(
    writer: sessionmaker[Session], batch_id: UUID, waiting: dict[UUID, Path], out: Path
) -> Iterator[Outcome]:
    looks, may_notice = 0, True
    while waiting:
        with writer() as session:
            results = batch_bundles.list_results(session, batch_id)
            abandoned, taken_over = list[UUID](), list[UUID]()
            if not results and looks >= LOOKS:
                taken_over = batch_bundles.list_taken_over(session, batch_id, waiting)
                of_others = set(taken_over)
                abandoned = [one for one in batch_bundles.list_abandoned(session, batch_id) if one not in of_others]
            outcomes = [write_bundle(waiting.pop(result.public_id), out, result.result) for result in results]
            outcomes += [failed(waiting.pop(public_id), out, NOT_DONE) for public_id in abandoned]
            outcomes += [failed(waiting.pop(public_id), out, TAKEN_OVER) for public_id in taken_over]
            batch_bundles.remove_files(session, batch_id, [*(result.public_id for result in results), *abandoned])
            session.commit()
        yield from outcomes
        if may_notice and not outcomes and looks >= LOOKS:
            notice(NO_RESULT_YET)
        may_notice = may_notice and not outcomes and looks < LOOKS
        looks = 0 if outcomes or looks >= LOOKS else looks + 1
        if not outcomes:
            time.sleep(POLL_SECONDS)
