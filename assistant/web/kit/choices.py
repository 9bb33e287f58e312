"""Which answer to keep, where two people changed the same one: the rows that ask it, and what was chosen.

A page that asks carries ``asked`` (the keys of its rows) and ``keep-<key>`` (``mine`` or ``theirs``); what its user
entered travels along in hidden fields. Everything works without scripts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request

from assistant.services.accounts.names import names_of
from assistant.storage.tables import LOCAL
from assistant.web.kit.context import db
from assistant.web.kit.moments import moment
from assistant.web.kit.page_errors import PageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

QUESTION_KEY, KEEP = "asked", "keep"
MINE, THEIRS = "mine", "theirs"
SOMEONE_ELSE_SAVED = "Someone else saved this page while you were working on it. Nothing is lost: choose what to keep."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRow:
    """One question that both people answered: what each of them entered, who saved and when, what is chosen so far.

    ``hidden`` are the (name, value) pairs under which the page sends my answer again. ``choice`` is "mine", "theirs"
    or, where it is asked for the first time, nothing.
    """

    key: str
    label: str
    mine: str
    theirs: str
    saved: str
    hidden: tuple[tuple[str, str], ...] = ()
    choice: str = ""

    @property
    def id(self) -> str:
        """Return the id of the first of the two radio buttons."""
        return f"{KEEP}-{re.sub(r'[^A-Za-z0-9_-]', '-', self.key)}"


def read_asked(known_keys: Collection[str]) -> list[str]:
    """Return the keys of the rows on the page that was sent, as far as they are ``known_keys``."""
    return [key for key in dict.fromkeys(request.form.getlist(QUESTION_KEY)) if key in known_keys]


def chosen_for(key: str) -> str:
    """Return what was chosen for a row: "mine", "theirs" or nothing."""
    choice = request.form.get(f"{KEEP}-{key}", "")
    return choice if choice in {MINE, THEIRS} else ""


def apply_choices(values: Mapping[str, Any]) -> dict[str, object]:
    """Return my answers without those for which the other person's were chosen; a merge then takes theirs."""
    dropped = {key for key in read_asked(values) if chosen_for(key) == THEIRS}
    return {key: value for key, value in values.items() if key not in dropped}


def conflict_errors(rows: Sequence[ConflictRow]) -> list[PageError]:
    """Return a line of the summary for each row in which nothing is chosen yet."""
    return [
        PageError(message=f"{row.label}: choose which answer to keep.", id=row.id) for row in rows if not row.choice
    ]


def describe_save(at: datetime | None, who: str = LOCAL) -> str:
    """Return who saved an answer and when, as it stands beside it."""
    # Without accounts everybody is the person at this machine, and a second tab looks like a second person.
    name = "someone else, or by you in another tab" if who == LOCAL else names_of(db(), [who])[who]
    return f"saved by {name}{f', {moment(at)}' if at else ''}"


def hidden_fields(*names: str) -> tuple[tuple[str, str], ...]:
    """Return what was sent under these names, to be sent again."""
    return tuple((name, text.replace("\x00", "\ufffd")) for name in names for text in request.form.getlist(name))
