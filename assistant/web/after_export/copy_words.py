"""What the pages of signed copies say: the state of each document, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from assistant.services.after_export.copy_files import FileProblem
    from assistant.services.after_export.copy_status import CopiesStatus, CopyState, DocumentStatus
    from assistant.services.after_export.copy_store import StoredCopy
    from assistant.services.jobs.orders import JobProgress
    from assistant.services.jobs.place import JobPlace
    from assistant.storage.job_queue import JobState

STATES: dict[CopyState, tuple[str, str]] = {
    "missing": ("Missing", "status--not-started"),
    "checking": ("Being compared", "status--in-progress"),
    "out of date": ("Out of date", "state--to-check"),
    "unsigned": ("Not signed", "state--blocked"),
    "differs": ("Differs", "state--blocked"),
    "look": ("Look at it", "state--to-check"),
    "looked at": ("Looked at", "status--completed"),
}
"""What the tag of each state says, and its look."""
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One line of the page: a document, the state of its copy, and what to do."""

    title: str
    name: str
    tag: str
    look: str
    to_do: str
    copy: StoredCopy | None
    progress: str
    """How far the comparison is, "" where there is none."""


def rows_of(documents: Iterable[DocumentStatus], jobs: JobPlace, state: JobState | None) -> list[DocumentRow]:
    """Return the lines of the page; ``state`` is that of the job which compares the copies of this application."""
    rows = []
    for status in documents:
        tag, look = STATES[status.state]
        progress = ""
        for copy in status.waiting:
            progress = describe_progress(jobs.progress_of(copy.public_id), state)
        rows.append(
            DocumentRow(
                title=status.document.title,
                name=status.document.name,
                tag=tag,
                look=look,
                to_do=what_to_do(status),
                copy=status.copy,
                progress=progress,
            )
        )
    return rows


def describe_progress(progress: JobProgress | None, state: JobState | None) -> str:
    """Return how far the check of a copy is, in words; a worker in another process does not say how far."""
    if progress is None:
        return "Being compared, or next." if state == "running" else "Waiting to be compared."
    if not progress.pages:
        return "Being read."
    return f"{progress.compared} of {progress.pages} pages compared."


def describe_matching(progress: JobProgress | None, state: JobState | None) -> str:
    """Return how far the matching of a copy is, in words."""
    if progress is None:
        return "It is being read, or is next." if state == "running" else "It waits."
    return "It is being read."


def what_to_do(status: DocumentStatus) -> str:
    """Return what to do about a document, in a sentence or two."""
    copy = status.copy
    if status.state == "missing":
        return "Sign the printed document, scan every page, and add the scan."
    if status.state == "out of date":
        return "The document was exported again and changed since. Sign the new one, and add its scan."
    if copy is None or status.state == "checking":
        return "This can take a minute. You can leave this page."
    left = len(copy.pages_to_look_at)
    if status.state == "unsigned":
        return _unsigned(copy)
    if status.state == "differs":
        return (
            "Some pages are not as they were issued, or are missing. Look at each of them. A page that you scan again "
            "and add here is put into the copy."
        )
    if status.state == "looked at":
        return f"A person looked at it on {_day(copy.confirmed_at)}." if copy.confirmed_at else ""
    if copy.result.get("is_compared", True) is False:
        return "There is nothing to compare this copy with. Read every page, and confirm it."
    return f"Look at every page, and confirm it. {'1 page is' if left == 1 else f'{left} pages are'} left."


def _unsigned(copy: StoredCopy) -> str:
    codes = {row["code"] for row in copy.result.get("findings", ()) if row["severity"] == "blocker"}
    if "ice-side-empty" in codes:
        return "ICE’s side is empty. Add the copy that ICE has signed."
    if "signature-absent" in codes and "date-blank" in codes:
        return "No signature and no date were found. Have it signed and dated, and scan it again."
    if "signature-absent" in codes:
        return "No signature was found. Have it signed, and scan it again."
    return "The date beside the signature is empty. Have it dated, and scan it again."


def _day(moment: datetime) -> str:
    there = moment.astimezone()
    return f"{there:%B} {there.day}, {there.year}"


def summary_of(status: CopiesStatus) -> str:
    """Return one sentence on all copies together."""
    total, complete = len(status.documents), len(status.confirmed)
    if complete == total:
        return "Every signed copy is here, and a person looked at each page."
    return f"{complete} of {total} signed copies are here and looked at."


def describe_problems(problems: Sequence[FileProblem], good: int) -> list[str]:
    """Return a sentence for each file that cannot be used, and what became of the others."""
    lines = [f"{problem.name}: {problem.sentence}" for problem in problems[:MOST_PROBLEMS]]
    if len(problems) > MOST_PROBLEMS:
        lines.append(f"{len(problems) - MOST_PROBLEMS} more files could not be used.")
    if good:
        lines.append("The other files were added.")
    return lines
