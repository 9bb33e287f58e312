"""Drafts of maps in the database: a form that nobody knows, corrected line by line, tried, and registered.

The form and its map are public; a draft belongs to the agency that started it all the same.
"""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from sqlalchemy import func, select

from assistant.answers import to_document as answers_document
from assistant.cache import LruCache, content_key
from assistant.editions.catalog import LETTER, all_editions, is_built_in
from assistant.errors import InputError, NotFoundError, StaleError
from assistant.mapping.blanks import SIDEWAYS
from assistant.mapping.drafts import Draft
from assistant.mapping.identity import FORMS, Identity
from assistant.mapping.lines import edition_from, from_document, lines_of, rows_from, to_document
from assistant.mapping.toml import draft_toml
from assistant.pdf.form.embedded_font import font_fingerprint
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.services.form_maps import trial_fills
from assistant.services.form_maps.edition_drafts import FILL_TRIAL, MAP, propose_draft
from assistant.services.form_maps.register_edition import register_form
from assistant.storage.draft_tables import FormDraft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.editions.catalog import Edition
    from assistant.editions.library import FormLibrary
    from assistant.geometry import Rect
    from assistant.mapping.confirm import DeclaredIdentity
    from assistant.mapping.lines import MapDocument, MapLine
    from assistant.services.form_maps.edition_drafts import MapProposal
    from assistant.services.form_maps.task_results import ConfirmedIdentity, FormPages

MOST_DRAFTS = 20
SAMPLES = trial_fills.SAMPLES


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A page of a form: its visible box in points, and by how many degrees it is shown turned."""

    box: Rect
    rotate: int


@dataclass(frozen=True, kw_only=True)
class OpenedDraft:
    """A draft, opened: what the form seems to be, the lines of its map, the edition they make."""

    row: FormDraft
    identity: Identity
    lines: tuple[MapLine, ...]
    edition: Edition

    @property
    def named(self) -> bool:
        """Say whether it is known which form it is and by what it could be known again."""
        return self.identity.form_id in FORMS and self.edition.recognise is not None

    @property
    def has_known_edition(self) -> bool:
        """Say whether there is an edition of this form and date already, such as one kept since."""
        return self.edition.name in {edition.name for edition in all_editions()}

    @property
    def undecided(self) -> tuple[MapLine, ...]:
        """Return the lines of which nobody has said what goes in, or why nothing does."""
        return tuple(line for line in self.lines if not line.decided)

    @cached_property
    def _described(self) -> FormPages:
        return _descriptions.get_or_make(self.row.sha256, lambda: run_in_sandbox(DESCRIBE, self.row.data))

    @property
    def pages(self) -> tuple[FormPage, ...]:
        """Return the pages of the form."""
        rows = self._described["pages"]
        return tuple(FormPage(box=cast("Rect", tuple(row["box"])), rotate=row["rotate"]) for row in rows)

    @property
    def sideways(self) -> Mapping[int, str]:
        """Return for each page (from 1) that nothing can be written on the sentence that says so."""
        return {page: SIDEWAYS.format(page=page) for page in self._described["sideways"]}

    def on_page(self, page: int) -> tuple[MapLine, ...]:
        """Return the lines that are corrected with a page: each of them with its first one."""
        return tuple(line for line in self.lines if line.page == page)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A text that its blank could not hold."""

    page: int
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A form filled for a look, every page marked; ``left_out`` are the blanks that could not hold their text."""

    data: bytes
    pages: int
    left_out: tuple[LeftOut, ...]
    tried: int
    """How many blanks have a text, those left out too."""


def start(session: Session, agency_id: int, data: bytes, proposal: MapProposal, *, now: datetime) -> FormDraft:
    """Return a draft for a form that is none of the known editions; the same form once more is the same draft.

    Raises:
        InputError: it is a known edition, it is filled in, or there are too many drafts.
    """
    if known_edition := proposal.known_edition:
        correct = "" if is_built_in(known_edition) else " To correct its map, first unregister the edition there."
        use = proposal.unfit or "Add it under Official forms."
        raise InputError(f"This program already knows this form: it is {known_edition}. {use}{correct}")
    if proposal.filled:
        raise InputError(proposal.filled)
    draft = proposal.draft
    mine = select(FormDraft).where(FormDraft.agency_id == agency_id)
    if existing := session.scalars(mine.where(FormDraft.sha256 == draft.identity.sha256)).first():
        return existing
    return put_draft(session, agency_id, data, draft.identity, lines_of(draft), now=now)


def put_draft(
    session: Session, agency_id: int, data: bytes, identity: Identity, lines: Sequence[MapLine], *, now: datetime
) -> FormDraft:
    """Return a new draft for a form.

    Raises:
        InputError: there are too many drafts.
    """
    count = select(func.count()).select_from(FormDraft).where(FormDraft.agency_id == agency_id)
    if session.scalars(count).one() >= MOST_DRAFTS:
        raise InputError(f"There are {MOST_DRAFTS} draft maps. First register or delete one of them.")
    row = FormDraft(
        public_id=uuid4(),
        agency_id=agency_id,
        name=f"{identity.form_id}/{identity.edition_id}",
        sha256=identity.sha256,
        size=len(data),
        data=data,
        map=to_document(identity, lines),
        version=1,
        made_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def drafts_of(session: Session, agency_id: int) -> Sequence[FormDraft]:
    """Return the agency's drafts, last changed first."""
    newest = FormDraft.changed_at.desc(), FormDraft.id.desc()
    return session.scalars(select(FormDraft).where(FormDraft.agency_id == agency_id).order_by(*newest)).all()


def find(session: Session, agency_id: int, public_id: UUID, *, lock: bool = False) -> OpenedDraft:
    """Return a draft of this agency, opened; with ``lock`` nobody else changes it until the commit.

    Raises:
        NotFoundError: there is none of that id, or it is another agency's.
    """
    statement = select(FormDraft).where(FormDraft.agency_id == agency_id, FormDraft.public_id == public_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFoundError("There is no such draft map. It may have been registered or deleted already.")
    identity, lines = from_document(cast("MapDocument", row.map))
    return OpenedDraft(row=row, identity=identity, lines=lines, edition=edition_from(identity, lines))


def what_is_wrong(draft: OpenedDraft, declared: DeclaredIdentity) -> dict[str, str]:
    """Return what does not fit the form of what a person says: by the part of ``DeclaredIdentity``, what is wrong.

    Raises:
        BusyError: this computer has no time to read the form now.
    """
    wrong: dict[str, str] = _confirm(draft, declared)["wrong"]
    return wrong


def confirm(draft: OpenedDraft, declared: DeclaredIdentity, library: FormLibrary) -> tuple[Identity, Sequence[MapLine]]:
    """Return which form a draft is, as a person says, and its lines; ``change`` stores them.

    Where nothing was proposed for its blanks so far, it is proposed. Of a letter that was taken for an agreement all is
    proposed again, unless somebody has corrected it.

    Raises:
        InputError: something does not fit the form.
        BusyError: this computer has no time to read the form now.
    """
    confirmation = _confirm(draft, declared)
    for message in confirmation["wrong"].values():
        raise InputError(message)
    identity = Identity.from_document(confirmation["identity"]) if confirmation["identity"] else draft.identity
    lines = draft.lines
    other = (identity.form_id == LETTER) != (draft.identity.form_id == LETTER) and draft.row.version == 1
    if other or (not draft.identity.agreement and not any(line.decided for line in lines)):
        lines = lines_of(propose_draft(draft.row.data, library, declared).draft)
    return identity, lines


def _confirm(draft: OpenedDraft, declared: DeclaredIdentity) -> ConfirmedIdentity:
    known_names, declared_document = sorted(edition.name for edition in all_editions()), declared.to_document()
    key = content_key(draft.row.sha256, draft.identity, declared, tuple(known_names))
    return _confirmed.get_or_make(
        key,
        lambda: run_in_sandbox(CONFIRM, draft.row.data, draft.identity.to_document(), declared_document, known_names),
    )


def change(
    session: Session,
    draft: OpenedDraft,
    lines: Sequence[MapLine],
    *,
    version: int,
    now: datetime,
    identity: Identity | None = None,
) -> None:
    """Store the lines of a draft, and with ``identity`` which form it is.

    Raises:
        StaleError: somebody else has changed the draft since ``version``.
    """
    if version != draft.row.version:
        raise StaleError("Someone else changed this map while you were working on it. Check this page and save again.")
    identity = identity or draft.identity
    if (draft.lines, draft.identity) == (tuple(lines), identity):
        return
    draft.row.map = {**to_document(identity, lines)}
    draft.row.name = f"{identity.form_id}/{identity.edition_id}"
    draft.row.version += 1
    draft.row.changed_at = now
    session.flush()


def remove(session: Session, draft: OpenedDraft) -> None:
    """Throw a draft away, with its form."""
    session.delete(draft.row)
    session.flush()


def toml_of(draft: OpenedDraft) -> str:
    """Return the draft as its ``edition.toml``."""
    return draft_toml(Draft(identity=draft.identity, edition=draft.edition, rows=rows_from(draft.lines)))


def trial(draft: OpenedDraft, sample: str) -> Trial:
    """Return the form filled with a made-up agency's answers and read back.

    The form is filled in the sandbox.

    Raises:
        EditionError: the map does not fit the form.
        FillError: what was read back is not what was meant.
        PdfError: it cannot be filled within the limits.
        BusyError: this computer has no time for it now.
    """
    return _trials.get_or_make(
        content_key(draft.edition, draft.row.sha256, sample, font_fingerprint()), lambda: _trial(draft, sample)
    )


def _trial(draft: OpenedDraft, sample: str) -> Trial:
    mapped = to_document(draft.identity, draft.lines)
    result = run_in_sandbox(FILL_TRIAL, draft.row.data, mapped, answers_document(trial_fills.made_up(sample)))
    left_out = tuple(LeftOut(**row) for row in result["left_out"])
    return Trial(data=base64.b64decode(result["pdf"]), pages=result["pages"], left_out=left_out, tried=result["tried"])


_TASKS = "assistant.services.form_maps.draft_tasks"
DESCRIBE: Task[FormPages] = define_task(_TASKS, "describe_pages", seconds_per_page=1)
CONFIRM: Task[ConfirmedIdentity] = define_task(_TASKS, "confirm_identity", seconds_per_page=1)
_descriptions: LruCache[str, FormPages] = LruCache(32)
_confirmed: LruCache[bytes, ConfirmedIdentity] = LruCache(8)
_trials: LruCache[bytes, Trial] = LruCache(4, max_bytes=32_000_000, size_of=lambda trial: len(trial.data))


def keep(session: Session, draft: OpenedDraft, *, now: datetime) -> Edition:
    """Take a draft in among the known editions, keep its form for use, and let the draft go.

    The form is read in the sandbox before anything is locked.

    Raises:
        InputError: a line is not decided, or the map does not fit its form.
        StaleError: somebody else changed the draft while its form was read.
        BusyError: this computer has no time to read the form now.
    """
    data, version = draft.row.data, draft.row.version

    def lock() -> None:
        session.commit()  # ends the reading; what comes now begins to write
        if find(session, draft.row.agency_id, draft.row.public_id, lock=True).row.version != version:
            raise StaleError("Someone else changed this map while you were working on it. Check it again.")

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / draft.edition.form_id / draft.edition.edition_id
        place.mkdir(parents=True)
        (place / MAP).write_text(toml_of(draft), "utf-8")
        edition = register_form(session, place, data, now=now, before_keeping=lock)
    remove(session, draft)
    return edition
