"""The official forms available: taken from a folder or the database, and chosen for a model.

Brings together what an edition says (``catalog``) and what a PDF is (``recognition``). A form that is not available is
no error: an entry sheet takes its place (``form_plan`` says what goes into the blanks).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.cache import LruCache, content_key
from assistant.editions import recognition
from assistant.editions.catalog import Edition, all_editions, editions_fingerprint, editions_for, letter_editions
from assistant.errors import AnswersError, PdfError
from assistant.pdf.form.embedded_font import font_fingerprint
from assistant.pdf.form.limits import IS_XFA
from assistant.pdf.form.template import Template, compile_template
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from assistant.answers import Model
    from assistant.editions.recognition import InspectedForm


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOnHand:
    """An edition, and its blank official form where there is one."""

    edition: Edition
    data: bytes | None = None
    sha256: str | None = None

    @property
    def template(self) -> Template | None:
        """Return the compiled form."""
        return compile_template(self.data) if self.data is not None else None

    @property
    def fingerprint(self) -> bytes:
        """Return all that a filled form depends on besides the answers: the PDF, its map, and the fonts."""
        return content_key(self.edition, self.sha256, font_fingerprint())


UNKNOWN = "It is not an official form that this program knows."
FILLED = "It is already filled in. Use the blank form as ICE publishes it."
FILLED_OR_ALTERED = (
    "It is already filled in, or its text is not where it is on the known form. Use the blank form as ICE publishes it."
)


class FormLibrary:
    """The blank official forms that a review or an export may use."""

    def __init__(self, form_files: Iterable[bytes] = ()) -> None:
        """Take the forms, which were looked at before; what is no known edition is passed over."""
        self._by_edition: dict[str, bytes] = {}
        self._sha256: dict[str, str] = {}
        self.passed_over: dict[str, str] = {}
        """Files of the folder that are not used, and why."""
        self._fingerprints: LruCache[tuple[bytes, bytes], bytes] = LruCache(1)
        for data in form_files:
            self._take(data)

    @classmethod
    def from_directory(cls, folder: Path) -> FormLibrary:
        """Return the forms lying in a folder, by the names of their files; a stranger's goes through the sandbox.

        Raises:
            PdfError: there is no such folder.
        """
        if not folder.is_dir():
            raise PdfError(f"There is no folder {folder}. Give the folder with the blank official forms.")
        library = cls()
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() == ".pdf" and file.is_file():
                data = file.read_bytes()
                if why := why_not_used(data) or library._take(data):
                    library.passed_over[file.name] = why
        return library

    def write_to(self, folder: Path) -> None:
        """Leave the available forms in a folder, for a task in the sandbox."""
        for name, data in self._by_edition.items():
            (folder / f"{name.replace('/', BETWEEN)}.pdf").write_bytes(data)

    @classmethod
    def read_from(cls, folder: Path) -> FormLibrary:
        """Return the library that ``write_to`` left in a folder."""
        library = cls()
        for file in folder.glob(f"*{BETWEEN}*.pdf"):
            library._by_edition[file.stem.replace(BETWEEN, "/")] = file.read_bytes()
        return library

    def _take(self, data: bytes) -> str:
        """Take a form in; return why it is not used, or nothing."""
        try:
            template = compile_template(data)
        except PdfError as error:
            return str(error)
        edition = recognition.recognise(template)
        if edition is None:
            return IS_XFA if template.xfa else UNKNOWN
        if recognition.filled_in(template, edition):
            return FILLED if template.fields else FILLED_OR_ALTERED
        if why := recognition.unfit(template, edition):
            return why
        current = self._by_edition.get(edition.name)
        if current is None or recognition.rank(data, edition) < recognition.rank(current, edition):
            self._by_edition[edition.name] = data
            self._sha256[edition.name] = template.sha256
        return ""

    @property
    def fingerprint(self) -> bytes:
        """Return all that reviews and bundles depend on besides the answers and the day.

        These are the available PDFs, every known edition with its map, available or not, and the fonts.
        """
        parts = (editions_fingerprint(), font_fingerprint())
        return self._fingerprints.get_or_make(parts, lambda: content_key(self._sha256, *parts))

    def on_hand(self) -> tuple[FormOnHand, ...]:
        """Return every available form, by edition."""
        return tuple(self._form(edition) for edition in all_editions() if edition.name in self._by_edition)

    def choose(self, model: Model, pinned: str | None = None) -> FormOnHand:
        """Return the form for a model: the pinned edition, else the newest form added, else the newest known.

        Raises:
            AnswersError: the pinned edition is not known.
        """
        editions = editions_for(model)
        if pinned is not None:
            for edition in editions:
                if edition.edition_id == pinned:
                    return self._form(edition)
            raise unknown_edition(model, pinned)
        on_file = [edition for edition in editions if edition.name in self._by_edition]
        return self._form(on_file[0] if on_file else editions[0])

    def letter(self) -> FormOnHand | None:
        """Return ICE's Letter of Interest, the newest form added; None if the agency writes its own letter."""
        on_file = [edition for edition in letter_editions() if edition.name in self._by_edition]
        return self._form(on_file[0]) if on_file else None

    def _form(self, edition: Edition) -> FormOnHand:
        return FormOnHand(
            edition=edition, data=self._by_edition.get(edition.name), sha256=self._sha256.get(edition.name)
        )


def unknown_edition(model: Model, pinned: str) -> AnswersError:
    """Return the error that names a pinned edition which is not known, and those that are."""
    ids = ", ".join(edition.edition_id for edition in editions_for(model))
    return AnswersError(
        f"editions.{model}",
        f"There is no {model} edition {pinned}. Use one of {ids}, or remove the edition from the answers.",
    )


def examine_form(data: bytes) -> InspectedForm:
    """Return what a blank form is, as a JSON document; none that ICE did not publish is opened outside the sandbox.

    Such a copy is read, drawn, filled and proved there, once in the life of this process and of its map.

    Raises:
        PdfError: it cannot be read or drawn, or not within the limits.
        BusyError: this computer has no time for it now.
    """
    if recognition.is_published(data):
        return recognition.inspect_document(data)
    key = content_key(data, editions_fingerprint(), font_fingerprint())
    examined = _examined.get_or_make(key, lambda: _examine(data))
    if isinstance(examined, PdfError):
        raise examined
    return examined


def _examine(data: bytes) -> InspectedForm | PdfError:
    try:
        return run_in_sandbox(EXERCISE, data)
    except PdfError as error:
        return error


def why_not_used(data: bytes) -> str:
    """Return why a file is not used as a blank form, "" where it is one and may be opened outside the sandbox."""
    try:
        inspection = examine_form(data)
    except PdfError as error:
        return str(error)
    if inspection["edition"] is None:
        return IS_XFA if inspection["kind"] == "xfa" else UNKNOWN
    return ""


EXERCISE: Task[InspectedForm] = define_task(
    "assistant.services.form_maps.vetting", "exercise_form", seconds=20, seconds_per_page=2
)
BETWEEN = "~"
"""Stands for the slash of an edition's name in the name of a file."""
_examined: LruCache[bytes, InspectedForm | PdfError] = LruCache(64)
"""What was found in the sandbox, refusals too: a form that takes too long is not tried again with every page."""
