"""The signing-day sheet of a bundle: what is in the ZIP decides what there is to sign, and where."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import TYPE_CHECKING

from assistant.answers import parse
from assistant.bundle.bundle import MANIFEST
from assistant.documents.signing_day import PaperToSign, signing_day_sheet
from assistant.documents.wording import LETTER_FILE, agreement_file, model_name, models_in_order
from assistant.editions.catalog import get_edition
from assistant.errors import UnknownFormError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.editions.catalog import Edition

ANSWERS = "answers.json"


def signing_day_of(bundle: bytes, *, reference: str) -> bytes:
    """Return the sheet of a bundle that this program made; ``reference`` is printed on it.

    Raises:
        PdfError: a file of the bundle cannot be opened.
        FillError: a letter cannot be printed.
    """
    with zipfile.ZipFile(io.BytesIO(bundle)) as packed:
        files = {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(files[MANIFEST])
    editions = {row["name"]: row["edition"] for row in manifest["files"] if "edition" in row}
    answers = parse(files[ANSWERS], any_text=True)
    signed = {name for name in editions if name.startswith("02-")}
    missing = [model_name(model) for model in models_in_order(answers.models) if agreement_file(model) not in signed]
    return signing_day_sheet(
        answers,
        list(_papers(files, editions)),
        reference=reference,
        made_on=date.fromisoformat(manifest["made"]),
        missing=missing,
    )


def _papers(files: Mapping[str, bytes], editions: Mapping[str, str]) -> Iterator[PaperToSign]:
    for name, data in files.items():
        if name in editions:
            edition = _find_edition(editions[name])
            if edition is not None:
                yield PaperToSign(name=name, title=edition.title, data=data, edition=edition)
        elif name == LETTER_FILE:
            yield PaperToSign(name=name, title="Letter of interest", data=data, edition=None)


def _find_edition(name: str) -> Edition | None:
    """Return an edition, or None where it was taken away since the export."""
    try:
        return get_edition(name)
    except UnknownFormError:
        return None
