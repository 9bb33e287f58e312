"""A nominee whom two people edit, or whom one removes while the other edits: merged, or asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.services.application.changes import NOMINEES
from assistant.services.application.earlier import find_earlier_version, find_last_save
from assistant.services.application.merging import ConflictError, merge_values
from assistant.web.kit.choices import ConflictRow, chosen_for, describe_save, hidden_fields, read_asked
from assistant.web.kit.context import db
from assistant.web.kit.page_forms import shown_answer
from assistant.web.wizard.page_merge import field_names, keep_untouched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.answers import Nominee
    from assistant.services.application.earlier import Removal
    from assistant.storage.tables import Application
    from assistant.web.nominees.nominee_forms import NomineePage

REMOVED = "removed"
"""The key of the row that asks whether to restore a nominee who was removed."""


def merge_nominee(
    application: Application,
    nominee_id: str,
    theirs: Nominee,
    page_form: NomineePage,
    mine: Mapping[str, Any],
    *,
    version: int,
) -> Nominee:
    """Return a nominee with the answers of a page, merged with what was saved since ``version``.

    Raises:
        ConflictError: both changed an answer, to different values.
    """
    fields = dict(page_form.questions())
    nominee_before = find_earlier_version(db(), application, version).nominee(nominee_id)
    if nominee_before is None and nominee_id not in application.nominee_ids:
        nominee_before = theirs  # the page asks whether a removed nominee is put back, and shows the last answers
    base = {} if nominee_before is None else {name: getattr(nominee_before, name) for name in fields}
    saved = {name: getattr(theirs, name) for name in fields}
    merge = merge_values(base, keep_untouched(fields, base, mine), saved)
    if merge.conflicts:
        raise ConflictError(merge)
    return replace(theirs, **merge.values)


def nominee_rows(
    application: Application,
    nominee_id: str,
    theirs: Nominee,
    page_form: NomineePage,
    keys: tuple[str, ...] | None = None,
) -> list[ConflictRow]:
    """Return the rows that ask which answer to keep; ``keys`` None stands for the rows of the page that was sent."""
    mine = page_form.entries()
    keys_asked = read_asked(mine) if keys is None else keys
    rows = []
    for name, field in page_form.questions():
        if name not in keys_asked or field.errors:
            continue
        saved = find_last_save(db(), application, f"{NOMINEES}.{nominee_id}", name)
        rows.append(
            ConflictRow(
                key=name,
                label=field.label.text,
                mine=shown_answer(field, mine[name]),
                theirs=shown_answer(field, getattr(theirs, name)),
                saved=describe_save(saved.at, saved.who) if saved else describe_save(None),
                hidden=hidden_fields(*field_names(field)),
                choice=chosen_for(name) if keys is None else "",
            )
        )
    return rows


def removal_row(removal: Removal, *, choice: str = "") -> ConflictRow:
    """Return the row that asks whether a nominee who was removed is put back with what was entered."""
    return ConflictRow(
        key=REMOVED,
        label=f"{removal.nominee.full_name or 'This nominee'} was removed from the list",
        mine="put this nominee back, with the answers below",
        theirs="leave this nominee off the list",
        saved=describe_save(removal.saved.at, removal.saved.who).replace("saved by", "removed by", 1),
        choice=choice,
    )


def changed_labels(application: Application, nominee_id: str, pages: tuple[NomineePage, ...], version: int) -> str:
    """Return the questions about a nominee that were answered otherwise since ``version``, in one text."""
    nominee_before = find_earlier_version(db(), application, version).nominee(nominee_id)
    current = application.answers.nominees[application.nominee_ids.index(nominee_id)]
    return "; ".join(
        field.label.text
        for page in pages
        for name, field in page.questions()
        if nominee_before is not None and getattr(nominee_before, name) != getattr(current, name)
    )
