"""The kinds of jobs, and ``run_job``: what does one, wherever it is done.

An order holds ids alone and who asked: the queue's table is not sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from assistant.services.jobs import batch_bundles
from assistant.services.jobs.copy_checks import check_waiting_copies

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.services.jobs.orders import JobOrder, JobTools


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """A kind of job: its name in the queue, what people read, and the function that does one."""

    name: str
    words: str
    run: Callable[[JobOrder, JobTools], None]


CHECK_COPIES = JobKind(name="check-copies", words="Compare signed copies", run=check_waiting_copies)
MAKE_BUNDLE = JobKind(name=batch_bundles.KIND, words="Make a bundle of a batch", run=batch_bundles.make_queued_bundle)
KINDS = MappingProxyType({kind.name: kind for kind in (CHECK_COPIES, MAKE_BUNDLE)})


def run_job(order: JobOrder, tools: JobTools) -> None:
    """Do what was ordered. Done twice, or after what it is about is gone, it changes nothing more.

    Raises:
        KeyError: there is no such kind.
        Exception: whatever kept it from being done; it may be tried again.
    """
    KINDS[order.kind].run(order, tools)


def words_of_kind(name: str) -> str:
    """Return what people read for a kind, its name where a newer version of this program put it."""
    kind: Any = KINDS.get(name)
    return kind.words if kind else name
