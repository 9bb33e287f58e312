"""Blank forms that are added several at once: each is kept, or led into a map, or refused in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from assistant.editions.catalog import editions_for, get_edition
from assistant.editions.library import examine_form
from assistant.errors import InputError
from assistant.services.form_maps import form_drafts, forms
from assistant.services.form_maps.edition_drafts import propose_draft
from assistant.web.kit.context import agency_id, begin_read_only, begin_write, commit, db, now, parts
from assistant.web.wizard.application_state import library

if TYPE_CHECKING:
    from collections.abc import Sequence

BOX = "form"
MOST_FILES = 12
"""A full set has four agreements, and a letter."""
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFile:
    """What became of one file: the hash of the form that is kept now, or the address of its map, or why neither."""

    name: str
    title: str = ""
    sha256: str = ""
    map_address: str = ""
    error: str = ""
    is_outdated: bool = False
    """Whether this program knows a newer revision of the form."""


def has_files() -> bool:
    """Say whether the form came with any file."""
    return any(upload.filename for upload in request.files.getlist(BOX))


def sent_files() -> list[tuple[str, bytes]]:
    """Return (name, bytes) of each file of the form.

    Raises:
        InputError: none was chosen, there are too many, or one is empty or too large.
    """
    most = parts().config.upload_max_bytes
    uploads = [upload for upload in request.files.getlist(BOX) if upload.filename]
    if not uploads:
        raise InputError("Choose a PDF file.")
    if len(uploads) > MOST_FILES:
        raise InputError(f"Choose at most {MOST_FILES} files at a time.")
    files = []
    for upload in uploads:
        data = upload.read(most + 1)
        upload.close()
        name = _plain_name(upload.filename or "")
        if len(data) > most:
            raise InputError(f"{name} is too large. Choose a PDF file of at most {most // 1_000_000} MB.")
        if not data:
            raise InputError("The file is empty. Choose a PDF file." if len(uploads) == 1 else f"{name} is empty.")
        files.append((name, data))
    return files


def add_files(files: Sequence[tuple[str, bytes]]) -> list[AddedFile]:
    """Keep the forms among some files, and begin a map for each that this program does not know.

    Raises:
        BusyError: this computer has no time to look at a file now.
    """
    return [_add(name, data) for name, data in files]


def _add(name: str, data: bytes) -> AddedFile:
    # Nobody waits for the database while a file is read.
    begin_read_only()
    try:
        inspection = examine_form(data)
        if inspection["edition"] is None and inspection.get("kind") != "xfa" and not forms.is_filled_copy(inspection):
            return _map(name, data)
        begin_write()
        form = forms.keep(db(), data, now=now())
        edition = get_edition(form.edition)
        newest = editions_for(edition.model)[0] if edition.model else edition
        is_outdated = edition.revision < newest.revision
        added = AddedFile(name=name, title=edition.title, sha256=form.sha256, is_outdated=is_outdated)
        commit()
    except InputError as error:
        return AddedFile(name=name, error=str(error))
    return added


def _map(name: str, data: bytes) -> AddedFile:
    proposal = propose_draft(data, library())
    begin_write()
    row = form_drafts.start(db(), agency_id(), data, proposal, now=now())
    address = url_for("mapping.overview", draft_id=row.public_id, saved="new")
    commit()
    return AddedFile(name=name, map_address=address)


def _plain_name(name: str) -> str:
    """Return the name of a file as a page may show it: what can be printed of it, not too long."""
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME] or "The file"
