"""Take an unknown form in: its map among the known editions and its blank copy among the kept forms, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.editions.catalog import local_editions_dir
from assistant.errors import EditionError, FillError, InputError
from assistant.services.form_maps import forms
from assistant.services.form_maps.edition_drafts import MAP, register
from assistant.services.installation.undo import undo_unless_committed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from assistant.editions.catalog import Edition


def register_form(
    session: Session, folder: Path, data: bytes, *, now: datetime, before_keeping: Callable[[], None] | None = None
) -> Edition:
    """Return the edition whose draft lies in a folder, registered among the known ones; ``data``, its form, is kept.

    The form is read first, and only then ``before_keeping`` is called, which may begin to write.

    Raises:
        InputError: the draft cannot be used, or the form is none, is known already, is filled in, or cannot be filled
            in a trial.
    """
    try:
        edition = register(folder, data, forms.library(session))
    except (EditionError, FillError) as error:
        # It names the file where it lies now; the user knows the folder that was given.
        raise InputError(str(error).replace(f"{folder.resolve()}/", "")) from error
    try:
        _refuse_future(edition, now.date())
        if before_keeping is not None:
            before_keeping()
        # Here, not before: the reading ends with a commit of its own.
        undo_unless_committed(session, lambda: _remove_map(edition))
        forms.keep(session, data, now=now)
    except BaseException:
        _remove_map(edition)
        raise
    return edition


def _remove_map(edition: Edition) -> None:
    (local_editions_dir() / edition.form_id / edition.edition_id / MAP).unlink(missing_ok=True)


def _refuse_future(edition: Edition, today: date) -> None:
    if edition.revision_text is None and edition.revision > today.isoformat():
        raise InputError(f"{MAP}: its folder is named for a future day. Use the day it was published.")
