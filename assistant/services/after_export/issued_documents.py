"""The documents of an export that are signed: the letter and each agreement, as they were issued."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, func, select

from assistant.answers import MODELS
from assistant.documents.wording import LETTER_FILE, agreement_file, model_name
from assistant.services.application.export_log import stored_bundle
from assistant.storage.after_export_tables import SignedCopyRow
from assistant.storage.tables import ExportRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from assistant.answers import Model
    from assistant.storage.tables import Application

ENTRY_SHEETS = {agreement_file(model, is_filled=False): model for model in MODELS}
AGREEMENTS = {agreement_file(model): model for model in MODELS} | ENTRY_SHEETS
"""The model of an agreement, or of its entry sheet, by its file name in a bundle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedDocument:
    """A document of an export that is signed. ``model`` is None for the letter."""

    name: str
    """Its file name in the bundle."""
    title: str
    model: Model | None
    data: bytes | None = field(repr=False)
    """The file as issued; None where only an entry sheet was issued, so that a copy cannot be compared."""

    @property
    def sha256(self) -> str:
        """Return the hash of the file; "" where there is none."""
        return hashlib.sha256(self.data).hexdigest() if self.data is not None else ""

    @property
    def signed_name(self) -> str:
        """Return the file name under which its signed copy is sent: "moa-tfm-signed.pdf"."""
        return f"moa-{self.model.lower()}-signed.pdf" if self.model else "letter-of-interest-signed.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastExport:
    """The export that is being signed; ``documents`` is empty where its ZIP is gone."""

    row: ExportRow
    documents: tuple[IssuedDocument, ...]

    def document(self, name: str) -> IssuedDocument | None:
        """Return its document of that file name."""
        return next((document for document in self.documents if document.name == name), None)


def export_being_signed(session: Session, application: Application) -> ExportRow | None:
    """Return the export that is being signed: the last one that is no draft.

    Whoever exports the same answers once more after signing has not lost what was signed: then it is the last one of
    which a signed copy is there.
    """
    ids = {"application": application.id}
    newest, signed = session.scalars(_LAST, ids).first(), session.scalars(_LAST_SIGNED, ids).first()
    if newest is None or signed is None or signed.id == newest.id:
        return newest
    return signed if (signed.answers, signed.editions) == (newest.answers, newest.editions) else newest


def last_exports(session: Session, applications: Iterable[Application]) -> dict[int, ExportRow]:
    """Return for each application, by its id, its last export that is no draft; one query, whatever their number.

    Whether anything changed since it comes out the same as for ``export_being_signed``, which has the same answers.
    """
    newest = (
        select(func.max(ExportRow.id))
        .where(
            ExportRow.application_id.in_([application.id for application in applications]), ExportRow.draft.is_(False)
        )
        .group_by(ExportRow.application_id)
    )
    rows = session.scalars(select(ExportRow).where(ExportRow.id.in_(newest)))
    return {row.application_id: row for row in rows}


def documents_to_sign(export: ExportRow) -> dict[str, Model | None]:
    """Return what is signed and sent, by its file name in the bundle: the letter (None), and each model's agreement.

    An agreement of which the bundle has an entry sheet alone is signed and sent as well, on a form from elsewhere.
    """
    models = [model for model in MODELS if model in export.editions]
    filled = {model: export.editions[model]["sha256"] is not None for model in models}
    return {LETTER_FILE: None, **{agreement_file(model, is_filled=filled[model]): model for model in models}}


def last_export(session: Session, application: Application) -> LastExport | None:
    """Return the export that is being signed, with its documents; None where there is none yet."""
    row = export_being_signed(session, application)
    return LastExport(row=row, documents=documents_of(row)) if row else None


def documents_of(export: ExportRow) -> tuple[IssuedDocument, ...]:
    """Return the documents of an export that are signed, the letter first; none where its ZIP is gone."""
    stored = stored_bundle(export)
    return read_documents(stored.data) if stored else ()


def read_documents(bundle: bytes) -> tuple[IssuedDocument, ...]:
    """Return the documents of a bundle (a ZIP) that are signed, the letter first."""
    documents = []
    with zipfile.ZipFile(BytesIO(bundle)) as packed:
        for info in packed.infolist():
            name = info.filename.rpartition("/")[2]
            model = AGREEMENTS.get(name)
            if model or name == LETTER_FILE:
                title = f"Agreement, {model_name(model)}" if model else "Letter of interest"
                data = None if name in ENTRY_SHEETS else packed.read(info)
                documents.append(IssuedDocument(name=name, title=title, model=model, data=data))
    return tuple(documents)


_APPLICATION = bindparam("application", type_=Integer)
_LAST = (
    select(ExportRow)
    .where(ExportRow.application_id == _APPLICATION, ExportRow.draft.is_(False))
    .order_by(ExportRow.id.desc())
    .limit(1)
)
_LAST_SIGNED = _LAST.where(
    ExportRow.id.in_(
        select(SignedCopyRow.export_id).where(
            SignedCopyRow.application_id == _APPLICATION, SignedCopyRow.replaced_at.is_(None)
        )
    )
)
