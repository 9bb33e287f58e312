"""Drafts of maps in the database: a form that nobody knows, corrected line by line, tried, and taken in.

The form and its map are public; a draft belongs to the agency that started it all the same.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import func, select

from assistant.answers import parse, with_path
from assistant.editions import LETTER, all_editions, comes_along
from assistant.errors import InputError, NotFoundError, StaleError
from assistant.library import write_blanks
from assistant.mapping.blanks import SIDEWAYS, sideways
from assistant.mapping.confirm import confirmed
from assistant.mapping.drafts import Draft
from assistant.mapping.identity import FORMS
from assistant.mapping.lines import edition_from, from_document, lines_of, rows_from, to_document
from assistant.mapping.toml import draft_toml
from assistant.pdf.template import compile_template
from assistant.recognition import recognise, unfit
from assistant.services.edition_drafts import MAP, propose_edition, try_edition
from assistant.services.taking_in import refuse_filled, take_in
from assistant.tables_drafts import FormDraft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from assistant.answers import Answers
    from assistant.editions import Edition
    from assistant.library import FormLibrary, Written
    from assistant.mapping.confirm import Said
    from assistant.mapping.identity import Identity
    from assistant.mapping.lines import MapLine

MOST_DRAFTS = 20
SAMPLES = {"usual": "usual lengths", "long": "long names", "short": "short names"}
_LONG = {
    "agency.legal_name": "Example County Consolidated Sheriff’s Office and Department of Corrections",
    "agency.represents": "Example County and the Municipalities of Sampleton and Exampleville",
    "agency.address.street": "12345 North Exampleton Boulevard, Building 7, Suite 1200",
    "signatory.full_name": "Bartholomew Maximilian Núñez-Featherstonehaugh",
    "signatory.title": "Sheriff and Director of Corrections",
    "program_contact.full_name": "Wilhelmina Anastasia O’Shaughnessy-Nguyễn",
    "public_information_contact.title": "Director of Communications and Public Information",
}
_SHORT = {
    "agency.legal_name": "Ely PD",
    "agency.short_name": "EPD",
    "agency.represents": "Ely",
    "agency.address.street": "1 A St",
    "signatory.full_name": "Al Lee",
    "program_contact.full_name": "Bo Ng",
    "public_information_contact.full_name": "Cy Ott",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
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
    def taken(self) -> bool:
        """Say whether there is an edition of this form and date already, such as one kept since."""
        return self.edition.name in {edition.name for edition in all_editions()}

    @property
    def undecided(self) -> tuple[MapLine, ...]:
        """Return the lines of which nobody has said what goes in, or why nothing does."""
        return tuple(line for line in self.lines if not line.decided)

    @property
    def sideways(self) -> Mapping[int, str]:
        """Return for each page (from 1) that nothing can be written on the sentence that says so."""
        return {page: SIDEWAYS.format(page=page) for page in sideways(compile_template(self.row.data))}

    def on_page(self, page: int) -> tuple[MapLine, ...]:
        """Return the lines that are corrected with a page: each of them with its first one."""
        return tuple(line for line in self.lines if line.page == page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A form filled for a look, every page marked; ``left_out`` are the blanks that could not hold their text."""

    data: bytes
    pages: int
    left_out: tuple[Written, ...]
    tried: int
    """How many blanks have a text, those left out too."""


def start(session: Session, agency_id: int, data: bytes, library: FormLibrary, *, now: datetime) -> FormDraft:
    """Return a draft for a form that is none of the known editions; the same form once more is the same draft.

    Raises:
        PdfError: it cannot be read.
        InputError: it is a known edition, it is filled in, or there are too many drafts.
    """
    draft = propose_edition(data, library)
    if known := recognise(compile_template(data)):
        correct = "" if comes_along(known.name) else " To correct its map, take the edition back there first."
        use = unfit(compile_template(data), known) or "Add it under Official forms."
        raise InputError(f"This form is known already: it is {known.name}. {use}{correct}")
    refuse_filled(draft.edition, compile_template(data), library)
    mine = select(FormDraft).where(FormDraft.agency_id == agency_id)
    if found := session.scalars(mine.where(FormDraft.sha256 == draft.identity.sha256)).first():
        return found
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
        raise InputError(f"There are {MOST_DRAFTS} draft maps; keep or throw away one of them first.")
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


def find(session: Session, agency_id: int, public_id: UUID, *, lock: bool = False) -> Opened:
    """Return a draft of this agency, opened; with ``lock`` nobody else changes it until the commit.

    Raises:
        NotFoundError: there is none of that id, or it is another agency's.
    """
    statement = select(FormDraft).where(FormDraft.agency_id == agency_id, FormDraft.public_id == public_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFoundError("There is no such draft map; it may have been kept or thrown away already.")
    identity, lines = from_document(row.map)
    return Opened(row=row, identity=identity, lines=lines, edition=edition_from(identity, lines))


def say(session: Session, draft: Opened, said: Said, library: FormLibrary, *, version: int, now: datetime) -> None:
    """Store which form a draft is, as a person says; where nothing was proposed for its blanks so far, propose it.

    Of a letter that was taken for an agreement all is proposed anew, unless somebody has corrected it.

    Raises:
        InputError: something does not fit the form.
        StaleError: as ``change``.
    """
    template, taken = compile_template(draft.row.data), {edition.name for edition in all_editions()}
    identity, lines = confirmed(draft.identity, template, said, taken), draft.lines
    other = (identity.form_id == LETTER) != (draft.identity.form_id == LETTER) and version == 1
    if other or (not draft.identity.agreement and not any(line.decided for line in lines)):
        lines = lines_of(propose_edition(draft.row.data, library, said))
    change(session, draft, lines, version=version, now=now, identity=identity)


def change(
    session: Session,
    draft: Opened,
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
        raise StaleError("Somebody else changed this map in the meantime; look through this page and save again.")
    identity = identity or draft.identity
    if (draft.lines, draft.identity) == (tuple(lines), identity):
        return
    draft.row.map = to_document(identity, lines)
    draft.row.name = f"{identity.form_id}/{identity.edition_id}"
    draft.row.version += 1
    draft.row.changed_at = now
    session.flush()


def remove(session: Session, draft: Opened) -> None:
    """Throw a draft away, with its form."""
    session.delete(draft.row)
    session.flush()


def toml_of(draft: Opened) -> str:
    """Return the draft as its ``edition.toml``."""
    return draft_toml(Draft(identity=draft.identity, edition=draft.edition, rows=rows_from(draft.lines)))


def made_up(sample: str) -> Answers:
    """Return a made-up agency's answers of one of the ``SAMPLES``."""
    answers = parse((files("assistant.program") / "data" / "made-up-agency.json").read_bytes())
    for path, text in {"long": _LONG, "short": _SHORT}.get(sample, {}).items():
        answers = with_path(answers, path, text)
    return answers


def trial(draft: Opened, sample: str) -> Trial:
    """Return the form filled with a made-up agency's answers and read back.

    Raises:
        EditionError: the map does not fit the form.
        FillError: what was read back is not what was meant.
    """
    return _trial(draft.edition, draft.row.data, sample)


@lru_cache(maxsize=4)
def _trial(edition: Edition, data: bytes, sample: str) -> Trial:
    answers = made_up(sample)
    filled = try_edition(edition, data, answers)
    texts = [item for item in write_blanks(filled.form, answers) if item.text]
    lost = tuple(item for item in texts if not item.prints_at)
    return Trial(data=filled.data, pages=len(compile_template(data).pages), left_out=lost, tried=len(texts))


def keep(session: Session, draft: Opened, *, now: datetime) -> Edition:
    """Take a draft in among the known editions, keep its form for use, and let the draft go.

    Raises:
        InputError: a line is not decided, or the map does not fit its form.
    """
    data = draft.row.data
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / draft.edition.form_id / draft.edition.edition_id
        place.mkdir(parents=True)
        (place / MAP).write_text(toml_of(draft), "utf-8")
        edition = take_in(session, place, data, now=now)
    remove(session, draft)
    return edition
