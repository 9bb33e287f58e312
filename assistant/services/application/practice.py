"""Practice: an application of a made-up agency that can be filled in and exported as a draft, and can never be sent.

The mark is stored with the application and stays until the application is deleted; a copy has it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import PracticeError

if TYPE_CHECKING:
    from assistant.storage.tables import Application

PRACTICE = "practice"
"""Stored in ``progress`` of an application that is for practice."""
REFUSAL = (
    "This is practice with a made-up agency. It ends with the drafts. Nothing in it can be signed, sent or recorded."
)


def is_practice(application: Application) -> bool:
    """Say whether an application is for practice."""
    return bool(application.progress.get(PRACTICE))


def refuse_practice(application: Application) -> None:
    """Refuse what must not be done with an application that is for practice.

    Raises:
        PracticeError: it is for practice.
    """
    if is_practice(application):
        raise PracticeError(REFUSAL)
