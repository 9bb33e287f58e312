"""The blank official forms that are kept for use: add, list, take out, and the library of all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import undefer

from assistant.cache import LruCache, content_key
from assistant.editions.catalog import all_editions, editions_fingerprint
from assistant.editions.library import FILLED_OR_ALTERED, FormLibrary, examine_form
from assistant.errors import EditionError, NotFoundError, PdfError, UnknownFormError
from assistant.pdf.filling.fill import SPLIT
from assistant.pdf.form.limits import IS_XFA
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.storage.tables import StoredForm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.editions.recognition import InspectedForm

FILLED = "This copy is already filled in. Add the blank form as ICE publishes it."
CHECK_MAP: Task[None] = define_task("assistant.services.form_maps.draft_tasks", "check_known_map", seconds_per_page=1)
SHORTEST_ID = 6  # hexadecimal digits of the hash that may stand for all 64


def keep(session: Session, data: bytes, *, now: datetime) -> StoredForm:
    """Keep a blank official form; one that is kept already stays as it is.

    Raises:
        PdfError: it cannot be read.
        UnknownFormError: it is none of the known editions.
    """
    inspection = examine_form(data)
    if inspection.get("kind") == "xfa":
        raise UnknownFormError(IS_XFA)
    if inspection["edition"] is None:
        if is_filled_copy(inspection):
            raise UnknownFormError(FILLED)
        raise UnknownFormError(
            "This PDF is not one of the form editions this program knows. Check what it is, and map it if it is "
            "an official form."
        )
    if inspection.get("filled"):
        raise UnknownFormError(FILLED if inspection["fields"] else FILLED_OR_ALTERED)
    if why := inspection.get("unfit"):
        raise UnknownFormError(why)
    stored = session.get(StoredForm, inspection["sha256"])
    if stored is None:
        stored = StoredForm(
            sha256=inspection["sha256"], edition=inspection["edition"], size=len(data), data=data, added_at=now
        )
        session.add(stored)
        session.flush()
    return stored


def is_filled_copy(inspection: InspectedForm) -> bool:
    """Say whether a file is a form that this program has filled."""
    return any(field["name"].endswith(SPLIT) for field in inspection.get("fields", ()))


def stored_forms(session: Session) -> Sequence[StoredForm]:
    """Return the kept forms by edition, newest first, without their bytes."""
    return session.scalars(select(StoredForm).order_by(StoredForm.edition.desc(), StoredForm.sha256)).all()


def find_stored(session: Session, form_id: str) -> StoredForm:
    """Return a kept form by its SHA-256, or by the first digits of it where no other begins so.

    Raises:
        NotFoundError: there is none, or more than one.
    """
    if re.fullmatch(rf"[0-9a-f]{{{SHORTEST_ID},64}}", form_id):
        # A range, not LIKE: it needs no escaping and uses the primary key.
        matches = session.scalars(
            select(StoredForm).where(StoredForm.sha256 >= form_id, StoredForm.sha256 <= form_id.ljust(64, "f")).limit(2)
        ).all()
        if len(matches) == 1:
            return matches[0]
    raise NotFoundError("There is no such form. Choose one from the list of official forms.")


def data_of(session: Session, sha256: str) -> bytes:
    """Return the bytes of a kept form.

    Raises:
        NotFoundError: as ``find_kept``.
    """
    return find_stored(session, sha256).data


def check_maps(session: Session) -> list[dict[str, object]]:
    """Compare each edition's map with every kept form of it; ``ok`` is None where no form is available."""
    results: list[dict[str, object]] = []
    forms = stored_forms(session)
    for edition in all_editions():
        of_edition = [form for form in forms if form.edition == edition.name]
        if not of_edition:
            results.append({"edition": edition.name, "ok": None, "message": "no official form has been added"})
        for form in of_edition:
            result = {"edition": edition.name, "ok": True, "message": "the map fits the form"}
            try:
                run_in_sandbox(CHECK_MAP, form.data, edition.name)
            except (EditionError, PdfError) as error:
                result |= {"ok": False, "message": str(error)}
            results.append(result)
    return results


def remove(session: Session, form_id: str) -> StoredForm:
    """Take out a kept form, and return what it was.

    Raises:
        NotFoundError: as ``find_kept``.
    """
    form = find_stored(session, form_id)
    session.delete(form)
    session.flush()
    return form


def stored_hashes(session: Session) -> Sequence[str]:
    """Return the SHA-256 of each kept form, in their own order."""
    return session.scalars(_IDS).all()


def library(session: Session) -> FormLibrary:
    """Return the library of all kept forms; their bytes are read when they, or the known editions, have changed.

    A form that the sandbox cannot get through in time is passed over, so that it stops nobody's work.

    Raises:
        BusyError: this computer has no time to look at a form now.
    """
    key = content_key(stored_hashes(session), editions_fingerprint())

    def read_forms() -> FormLibrary:
        forms = session.scalars(select(StoredForm).order_by(StoredForm.sha256).options(undefer(StoredForm.data)))
        return FormLibrary(form.data for form in forms if _can_be_used(form.data))

    return _libraries.get_or_make(key, read_forms)


def _can_be_used(data: bytes) -> bool:
    try:
        return examine_form(data)["edition"] is not None
    except PdfError:
        return False


_IDS = select(StoredForm.sha256).order_by(StoredForm.sha256)
_libraries: LruCache[bytes, FormLibrary] = LruCache(1)
"""The library last made, by the hashes of its forms and by the maps that say what they are.

What is the same by hash is the same for every database. It holds every form of the installation once.
"""
