"""What a page says of an outage: what is the matter, and what to do about it. Which error is one, storage knows."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.storage.outages import Cause, find_cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What is the matter, as it stands after "because", and what to do about it.

    ``code`` names it in the log. ``readable`` says that pages can still be read from the database. ``answer`` is a
    whole sentence that stands in place of "… because …".
    """

    code: str
    because: str
    advice: str
    readable: bool
    answer: str = ""

    def sentence(self, undone: str) -> str:
        """Return what to tell the person: ``undone`` says what could not be done."""
        first = f"{self.answer} {undone}." if self.answer else f"{undone} because {self.because}."
        return f"{first} {self.advice}"


DISK_FULL = Outage(
    code="disk-full",
    because="the disk of this computer is full",
    advice="Free some space on the disk, then try again.",
    readable=True,
)
DISK_FAILED = Outage(
    code="disk-failed",
    because="the disk that holds the database or its folder cannot be read or written",
    advice="Ask the person who runs this program to check that it is connected and has free space, then try again.",
    readable=False,
)
NOT_WRITABLE = Outage(
    code="not-writable",
    because="this program may not write to its database or its folder",
    advice="Ask the person who runs this program to make both writable, then try again.",
    readable=True,
)
BUSY = Outage(
    code="busy",
    because="the database was busy with other work for too long",
    advice="Wait a minute, then try again.",
    readable=True,
)
NO_ANSWER = Outage(
    code="database-away",
    because="",
    advice="Wait a minute, then try again. If it happens again, tell the person who runs this program.",
    readable=False,
    answer="The database does not answer.",
)
DAMAGED = Outage(
    code="database-damaged",
    because="the database is damaged or belongs to another program",
    advice="Tell the person who runs this program that moa restore can restore a backup.",
    readable=False,
)

_OUTAGES = {
    Cause.DISK_FULL: DISK_FULL,
    Cause.DISK_FAILED: DISK_FAILED,
    Cause.NOT_WRITABLE: NOT_WRITABLE,
    # Whoever has only the pages can do nothing about the file, as with a server that is away.
    Cause.NOT_OPENED: NO_ANSWER,
    Cause.BUSY: BUSY,
    Cause.NO_ANSWER: NO_ANSWER,
    Cause.DAMAGED: DAMAGED,
    # The server made every table when it started: somebody replaced the database since.
    Cause.TABLE_ABSENT: DAMAGED,
}


def outage_of(error: BaseException | None) -> Outage | None:
    """Return what to say of an error, or None where it is a fault of the program."""
    cause = find_cause(error)
    return None if cause is None else _OUTAGES[cause]
