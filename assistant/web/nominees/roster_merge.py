"""The columns of a roster that two people look at: what each of them takes a column for, merged or asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from assistant.services.application.rosters import changed_at
from assistant.web.kit.choices import ConflictRow, chosen_for, describe_save, hidden_fields, read_asked
from assistant.web.kit.signed_values import read_shown, sign_shown
from assistant.web.nominees.roster_rows import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from assistant.roster import Roster
    from assistant.storage.roster_tables import RosterDraft


def saved_columns(roster: Roster) -> dict[str, str]:
    """Return what each column is taken for as it is saved, by the name of its box; "" where it is left out."""
    return {f"column-{column.index}": column.answer or "" for column in roster.columns if not column.closed}


def sent_columns(roster: Roster) -> dict[str, str]:
    """Return what the page that was sent takes each column for; a column that it does not name is not among them."""
    sent = {name: request.form[name] for name in saved_columns(roster) if name in request.form}
    return {name: answer if answer in ANSWERS else "" for name, answer in sent.items()}


def chosen_columns(columns: Mapping[str, str]) -> dict[int, str | None]:
    """Return the columns as a roster is read with them."""
    return {int(name.partition("-")[2]): answer or None for name, answer in columns.items()}


def sign_columns(draft: RosterDraft, roster: Roster) -> str:
    """Return the columns as they are saved, as the page carries them along."""
    return sign_shown(_place(draft), saved_columns(roster))


def read_columns(draft: RosterDraft, sent: str) -> dict[str, object]:
    """Return the columns that a page showed; nothing where that is not known."""
    return read_shown(_place(draft), sent)


def conflict_rows(draft: RosterDraft, roster: Roster, keys: Collection[str] | None = None) -> list[ConflictRow]:
    """Return the rows that ask what a column is; ``keys`` None stands for those of the page that was sent."""
    saved, sent = saved_columns(roster), sent_columns(roster)
    keys_asked = read_asked(sent) if keys is None else keys
    headings = {f"column-{column.index}": column.heading for column in roster.columns}
    return [
        ConflictRow(
            key=name,
            label=f"Column “{headings[name]}”",
            mine=ANSWERS.get(sent[name], "leave this column out"),
            theirs=ANSWERS.get(saved[name], "leave this column out"),
            saved=describe_save(changed_at(draft)),
            hidden=hidden_fields(name),
            choice=chosen_for(name) if keys is None else "",
        )
        for name in saved
        if name in keys_asked
    ]


def _place(draft: RosterDraft) -> str:
    return f"{draft.public_id}/columns"
