"""Take back an edition that was registered on this installation, so that its map can be corrected.

Nothing is lost: the folder, with the blank forms that were kept of it, is moved beside the known editions, and a draft
of the map is made from it where its form is available.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from assistant import config
from assistant.disk import write_atomically
from assistant.editions.catalog import all_editions, is_built_in, local_editions_dir, local_fingerprint
from assistant.errors import BlockedError, UnknownFormError
from assistant.mapping.identity import FORMS, Identity
from assistant.mapping.lines import from_document
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.services.form_maps.form_drafts import put_draft
from assistant.services.installation.undo import undo_unless_committed
from assistant.storage.tables import Application, StoredForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from assistant.editions.catalog import Edition
    from assistant.mapping.lines import MapDocument, MapLine
    from assistant.storage.draft_tables import FormDraft

TAKE_APART: Task[MapDocument] = define_task(
    "assistant.services.form_maps.draft_tasks", "take_apart", seconds_per_page=1
)
ASIDE = "unregistered"
"""The folder in the instance that holds unregistered editions, by the time each was unregistered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEdition:
    """An edition that was registered here; ``edition`` is None where its file cannot be read."""

    name: str
    edition: Edition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unregistered:
    """What was taken back: where its map and forms lie now, and the draft; None where no form of it was kept."""

    folder: Path
    draft: FormDraft | None


def local_editions() -> list[LocalEdition]:
    """Return the editions that were registered here, by name, those that cannot be read too."""
    names = [
        f"{file.parent.parent.name}/{file.parent.name}" for file in (Path(path) for path, *_ in local_fingerprint())
    ]
    editions = {edition.name: edition for edition in all_editions()}
    return [LocalEdition(name=name, edition=editions.get(name)) for name in sorted(names) if not is_built_in(name)]


def was_taken_back(name: str) -> bool:
    """Say whether an edition of this name was taken back before."""
    return any(
        f"{folder.parent.name}/{folder.name}" == name for folder in (config.instance_dir() / ASIDE).glob("*/*/*")
    )


def staying_with(session: Session, name: str) -> int:
    """Return how many applications, of whatever agency, use an edition; none is tied to a letter."""
    form_id, _, edition_id = name.partition("/")
    model = FORMS.get(form_id)
    if model is None:
        return 0
    living = select(Application).where(Application.deleted_at.is_(None)).execution_options(yield_per=50)
    return sum(row.answers.editions.get(model) == edition_id for row in session.scalars(living))


def unregister_edition(
    session: Session, agency_id: int, name: str, *, now: datetime, before_writing: Callable[[], None] | None = None
) -> Unregistered:
    """Take an edition out of the known ones; its map becomes a draft of this agency.

    Its form is read first, and only then ``before_writing`` is called, which may begin to write.

    Raises:
        UnknownFormError: it was never registered here, or it comes with the program.
        BlockedError: applications stay with it.
        InputError: there are too many drafts.
    """
    own = next((one for one in local_editions() if one.name == name), None)
    if own is None:
        why = (
            "comes with the program and cannot be unregistered"
            if is_built_in(name)
            else "is not an edition registered here"
        )
        raise UnknownFormError(f"{name} {why}. Choose one that was registered on this installation.")
    if refusal := why_not(staying_with(session, name), name):
        raise BlockedError(refusal)
    apart = _take_apart(own.edition, _forms_of(session, name))
    if before_writing is not None:
        before_writing()
        if refusal := why_not(staying_with(session, name), name):  # somebody chose it while its form was read
            raise BlockedError(refusal)
    forms = _forms_of(session, name)
    folder = _aside(name, now)
    draft = put_draft(session, agency_id, *apart, now=now) if apart else None
    forms_by_file = {f"{form.sha256[:12]}.pdf": form.data for form in forms}
    for form in forms:
        session.delete(form)
    session.flush()
    folder.parent.mkdir(parents=True, mode=0o700)
    (local_editions_dir() / name).rename(folder)
    undo_unless_committed(session, lambda: _move_back(folder, name, forms_by_file))
    for file, data in forms_by_file.items():
        write_atomically(folder / file, data)
    with suppress(OSError):  # other editions of the form lie there
        (local_editions_dir() / name).parent.rmdir()
    return Unregistered(folder=folder, draft=draft)


def _move_back(folder: Path, name: str, form_files: Iterable[str]) -> None:
    """Put an edition in its place again, without the blank forms that were written beside its map."""
    if not folder.exists():
        return
    for file in form_files:
        (folder / file).unlink(missing_ok=True)
    (local_editions_dir() / name).parent.mkdir(parents=True, exist_ok=True)
    folder.rename(local_editions_dir() / name)
    with suppress(OSError):  # another edition was taken back at the same moment
        folder.parent.rmdir()
        folder.parent.parent.rmdir()


def why_not(count: int, name: str) -> str:
    """Return why an edition with which so many applications stay is not taken back, "" where nobody does."""
    if not count:
        return ""
    who = "One application uses" if count == 1 else f"{count} applications use"
    return f"{who} {name}. First switch {'it' if count == 1 else 'them'} to another edition, then unregister it."


def _aside(name: str, now: datetime) -> Path:
    at = f"{now:%Y-%m-%d-%H%M%S}"
    places = (config.instance_dir() / ASIDE / (at if n == 1 else f"{at}-{n}") / name for n in range(1, 1000))
    return next(place for place in places if not place.parent.exists())


def _forms_of(session: Session, name: str) -> Sequence[StoredForm]:
    return session.scalars(select(StoredForm).where(StoredForm.edition == name).order_by(StoredForm.sha256)).all()


def _take_apart(
    edition: Edition | None, forms: Sequence[StoredForm]
) -> tuple[bytes, Identity, Sequence[MapLine]] | None:
    """Return what a draft is made from: form, identity and lines; None where no form of the edition is available."""
    if edition is None or edition.recognise is None or not forms:
        return None
    mapped = next((form for form in forms if form.sha256 in edition.recognise.prints), forms[0])
    identity, lines = from_document(run_in_sandbox(TAKE_APART, mapped.data, edition.name))
    return mapped.data, identity, lines
