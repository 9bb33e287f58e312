"""The documents of an export that are signed: the letter and each agreement, as they were issued."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.answers import MODELS
from assistant.documents.wording import LETTER_FILE, model_name
from assistant.services.after_export import progress
from assistant.services.application.export_log import stored_bundle

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.answers import Model
    from assistant.storage.tables import Application, ExportRow

AGREEMENT, ENTRY_SHEET = "02-moa-", "02-entry-sheet-"


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


def last_export(session: Session, application: Application) -> LastExport | None:
    """Return the export that is being signed; None where there is none yet."""
    row = progress.last_export(session, application)
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
            is_letter, model = name == LETTER_FILE, _model_of(name)
            if is_letter or model:
                title = f"Agreement, {model_name(model)}" if model else "Letter of interest"
                data = None if name.startswith(ENTRY_SHEET) else packed.read(info)
                documents.append(IssuedDocument(name=name, title=title, model=model, data=data))
    return tuple(documents)


def _model_of(name: str) -> Model | None:
    for start in (AGREEMENT, ENTRY_SHEET):
        code = name.removeprefix(start).removesuffix(".pdf").upper()
        if name.startswith(start) and code in MODELS:
            return code
    return None
