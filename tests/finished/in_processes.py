"""Work on many files in as many processes as there are cores, for the measurements."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FEW = 8
"""Fewer jobs are done sooner than processes start."""
Job = TypeVar("Job")
Outcome = TypeVar("Outcome")


def map_in_processes(function: Callable[[Job], Outcome], jobs: Iterable[Job]) -> Iterator[Outcome]:
    """Yield what the function returns for each job, in order; all three must be picklable where there are many."""
    rows = list(jobs)
    count = os.cpu_count() or 1
    if count < 2 or len(rows) < FEW:
        yield from map(function, rows)
        return
    # Not forked: threads of libraries that the tests have loaded would not live on in the child.
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(function, rows, chunksize=4)
