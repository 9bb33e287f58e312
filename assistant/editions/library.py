"""The official forms on hand, what goes into their blanks, and filling them.

Brings together what an edition says (``editions``), what a PDF is (``recognition``) and what an agency answered. A
form that is not on hand is no error: an entry sheet takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from assistant.answers import Answers, Model, get_path, with_path
from assistant.cache import LruCache, content_key
from assistant.editions import formats, recognition
from assistant.editions.catalog import Edition, Entry, all_editions, editions_fingerprint, editions_for, letter_editions
from assistant.errors import AnswersError, FillError, PdfError
from assistant.pdf.filling.fill import FlatText, fill
from assistant.pdf.filling.proof import Proof, prove
from assistant.pdf.form.embedded_font import font_fingerprint
from assistant.pdf.form.limits import IS_XFA
from assistant.pdf.form.measure import measure_flat, tightest
from assistant.pdf.form.template import Template, compile_template
from assistant.pdf.sandbox import define_task, run_in_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from assistant.geometry import Rect
    from assistant.pdf.form.layout import Fit

READABLE = 7.0
"""Points: below it another wording is tried."""
SMALLEST = 6.0
"""Points: below it a text is too small to read, a blocker in what this program makes."""
DRAFT_MARK = "DRAFT – not ready to be signed or sent"

Wording = Literal["full", "other", "short", "empty"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What goes into one blank. ``size`` and ``best_size`` are points, None where no official form is on hand."""

    entry: Entry
    text: str
    wording: Wording
    path: str
    """The path of the answer that the text comes from."""
    size: float | None = None
    best_size: float | None = None
    clipped: bool = False
    missing: str = ""
    """Letters that no font here can write rightly."""

    @property
    def prints_at(self) -> float:
        """Return the size in points at which the whole text can be read, 0 where some of it is lost."""
        return 0.0 if self.clipped or self.missing else self.size or 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A filled official form, and the proof of what stands in it."""

    form: FormOnHand
    data: bytes
    proof: Proof


UNKNOWN = "It is no official form that is known here."
FILLED = "It is filled in already; use the blank form as ICE publishes it."
FILLED_OR_ALTERED = (
    "It is already filled in, or its letters stand elsewhere than on the form as known; use the blank form as ICE "
    "publishes it."
)


class FormLibrary:
    """The blank official forms that a review or an export may use."""

    def __init__(self, kept: Iterable[bytes] = ()) -> None:
        """Take the forms, which were looked at before; what is no known edition is passed over."""
        self._by_edition: dict[str, bytes] = {}
        self._sha256: dict[str, str] = {}
        self.passed_over: dict[str, str] = {}
        """Files of the folder that are not used, and why."""
        for data in kept:
            self._take(data)

    @classmethod
    def from_directory(cls, folder: Path) -> FormLibrary:
        """Return the forms lying in a folder, by the names of their files; a stranger's goes through the sandbox.

        Raises:
            PdfError: there is no such folder.
        """
        if not folder.is_dir():
            raise PdfError(f"There is no folder {folder}; give the folder that holds the blank official forms.")
        library = cls()
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() == ".pdf" and file.is_file():
                data = file.read_bytes()
                if why := why_not_used(data) or library._take(data):
                    library.passed_over[file.name] = why
        return library

    def write_to(self, folder: Path) -> None:
        """Leave the forms on hand in a folder, for a task in the sandbox."""
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
        held = self._by_edition.get(edition.name)
        if held is None or recognition.rank(data, edition) < recognition.rank(held, edition):
            self._by_edition[edition.name] = data
            self._sha256[edition.name] = template.sha256
        return ""

    @property
    def fingerprint(self) -> bytes:
        """Return all that reviews and bundles depend on besides the answers and the day.

        These are the PDFs on hand, every known edition with its map, on hand or not, and the fonts.
        """
        return content_key(self._sha256, editions_fingerprint(), font_fingerprint())

    def on_hand(self) -> tuple[FormOnHand, ...]:
        """Return every form on hand, by edition."""
        return tuple(self._form(edition) for edition in all_editions() if edition.name in self._by_edition)

    def choose(self, model: Model, pinned: str | None = None) -> FormOnHand:
        """Return the form for a model: the pinned edition, else the newest on hand, else the newest that is known.

        Raises:
            AnswersError: the pinned edition is not known.
        """
        known = editions_for(model)
        if pinned is not None:
            for edition in known:
                if edition.edition_id == pinned:
                    return self._form(edition)
            ids = ", ".join(e.edition_id for e in known)
            raise AnswersError(
                f"editions.{model}", f"There is no {model} edition {pinned}; use one of {ids}, or take the pin out."
            )
        held = [edition for edition in known if edition.name in self._by_edition]
        return self._form(held[0] if held else known[0])

    def letter(self) -> FormOnHand | None:
        """Return ICE's Letter of Interest, the newest on hand; None where the agency writes a letter of its own."""
        held = [edition for edition in letter_editions() if edition.name in self._by_edition]
        return self._form(held[0]) if held else None

    def _form(self, edition: Edition) -> FormOnHand:
        return FormOnHand(
            edition=edition, data=self._by_edition.get(edition.name), sha256=self._sha256.get(edition.name)
        )


def examine_form(data: bytes) -> dict[str, Any]:
    """Return what a blank form is, as a JSON document; none that ICE did not publish is opened outside the sandbox.

    Such a copy is read, drawn, filled and proved there, once in the life of this process and of its map.

    Raises:
        PdfError: it cannot be read or drawn, or not within the limits.
        BusyError: this computer has no time for it now.
    """
    if recognition.is_published(data):
        return recognition.inspect_document(data)
    key = content_key(data, editions_fingerprint(), font_fingerprint())
    found: dict[str, Any] | PdfError = _examined.get_or_make(key, lambda: _examine(data))
    if isinstance(found, PdfError):
        raise found
    return found


def _examine(data: bytes) -> dict[str, Any] | PdfError:
    try:
        found: dict[str, Any] = run_in_sandbox(EXERCISE, data)
    except PdfError as error:
        return error
    return found


def why_not_used(data: bytes) -> str:
    """Return why a file is not used as a blank form, "" where it is one and may be opened outside the sandbox."""
    try:
        found = examine_form(data)
    except PdfError as error:
        return str(error)
    if found["edition"] is None:
        return IS_XFA if found["kind"] == "xfa" else UNKNOWN
    return ""


EXERCISE = define_task("assistant.services.form_maps.vetting", "exercise_form", seconds=20, seconds_per_page=2)
BETWEEN = "~"
"""Stands for the slash of an edition's name in the name of a file."""
_examined: LruCache[bytes, dict[str, Any] | PdfError] = LruCache(64)
"""What was found in the sandbox, refusals too: a form that takes too long is not tried again with every page."""


def write_blanks(form: FormOnHand, answers: Answers, *, only: AbstractSet[str] | None = None) -> tuple[Written, ...]:
    """Return what goes into each blank of a form, in the form's order; ``only`` those filled from these paths.

    The mapped wording is taken where it prints at 7 pt or more; else the shorter wording that the user chose for this
    answer, if it prints larger and at 6 pt or more; else the first of the map's wordings that prints at 6 pt or more
    (initials are added to a name, and models called by their names, only at 7 pt or more); else whichever prints
    largest, and a finding says so.
    """
    template = form.template
    entries = [e for e in form.edition.entries if only is None or only & {*formats.parts(e.format, e.path)}]
    return tuple(_write(entry, answers, template) for entry in entries)


def _write(entry: Entry, answers: Answers, template: Template | None) -> Written:
    text = formats.write(entry.format, get_path(answers, entry.path), answers)
    if not text:
        return Written(entry=entry, text="", wording="empty", path=entry.path)
    if template is None:
        return Written(entry=entry, text=text, wording="full", path=entry.path)
    full = _measured(entry, entry.path, text, "full", template)
    if full.prints_at >= READABLE:
        return full
    shorts = [_measured(entry, p, text, "short", template) for p, text in _short_texts(entry, answers)]
    texts = [(path, formats.write("text", get_path(answers, path), answers)) for path in entry.instead]
    others = [_measured(entry, path, text, "other", template) for path, text in texts if text]
    if shorts:
        short = next((w for w in shorts if w.prints_at >= READABLE), max(shorts, key=lambda w: w.prints_at))
        if short.prints_at >= SMALLEST and short.prints_at > full.prints_at:
            return short
    wordings = [*others, full] if entry.format in {"name-with-initials", "model-names"} else [full, *others]
    readable = [w for w in wordings if w.prints_at >= SMALLEST]
    return readable[0] if readable else max([*shorts, *wordings], key=lambda w: w.prints_at)


def _short_texts(entry: Entry, answers: Answers) -> list[tuple[str, str]]:
    """Return the (path, text) that the user's shorter wordings make of a blank: first as its format writes them."""
    read = dict.fromkeys((entry.path, *entry.instead, *formats.parts(entry.format, entry.path)))
    chosen = [path for path in read if path in answers.short_wordings]
    if not chosen:
        return []
    shortened = answers
    for path in chosen:
        # A date or a choice is no text, and a derived text is no answer: their wording stands as it was given.
        if isinstance(get_path(answers, path), str | None) and not path.endswith((".one_line", ".addressee")):
            shortened = with_path(shortened, path, answers.short_wordings[path], any_text=True)
    value = answers.short_wordings.get(entry.path, get_path(shortened, entry.path))
    found = [(chosen[0], formats.write(entry.format, value, shortened))]
    if entry.format == "name-with-initials":
        found.append((chosen[0], formats.write("text", value, shortened)))
    return found + [
        (p, formats.write("text", answers.short_wordings[p], answers)) for p in entry.instead if p in chosen
    ]


def _measured(entry: Entry, path: str, text: str, wording: Wording, template: Template) -> Written:
    fit = measure_entry(entry, text, template)
    return Written(
        entry=entry,
        text=text,
        wording=wording,
        path=path,
        size=fit.size,
        best_size=fit.best_size,
        clipped=fit.clipped,
        missing=fit.missing,
    )


def measure_entry(entry: Entry, text: str, template: Template) -> Fit:
    """Return how a text fits into a blank: its tightest widget or place decides."""
    if not entry.places:
        return template.measure(entry.blank, text, entry.widgets)
    return tightest([measure_flat(item.box, text) for item in _flat(entry, text)])


def texts_to_write(form: FormOnHand, answers: Answers) -> list[Written]:
    """Return what a fill writes into a form: its blanks that have a text, and that ICE has not filled in already."""
    template = form.template
    return [
        item
        for item in write_blanks(form, answers)
        if item.text and not (template and _prefilled(template, item.entry))
    ]


def fill_form(form: FormOnHand, answers: Answers, *, draft: bool = False, mark: str = "") -> FilledForm:
    """Return the official form, filled and read back.

    In a draft a text that would be cut or cannot be written is left out (a finding says so) and every page is marked.

    Raises:
        FillError: a text would be cut or too small to read, or what was read back is not what was meant.
    """
    template = form.template
    if template is None:
        raise FillError(form.edition.name, "the official form is not on hand; add it under “Official forms”.")
    written = texts_to_write(form, answers)
    for item in list(written):
        if item.clipped or item.missing or (item.size or 0) < SMALLEST:
            if not draft:
                raise FillError(
                    item.entry.blank,
                    "the text cannot be printed there in a readable size; the review says what helps.",
                )
            if item.clipped or item.missing:
                written.remove(item)
    return fill_blanks(form, written, mark=mark or (DRAFT_MARK if draft else ""))


def fill_blanks(form: FormOnHand, written: Sequence[Written], *, mark: str = "") -> FilledForm:
    """Return the official form with these texts in its blanks, read back; ``mark`` stands at the head of every page.

    Raises:
        FillError: the official form is not on hand, a text does not fit, or what was read back is not what was meant.
    """
    template = form.template
    if template is None:
        raise FillError(form.edition.name, "the official form is not on hand; add it under “Official forms”.")
    in_fields = {w.entry.blank: w.text for w in written if not w.entry.places}
    own = {w.entry.blank: w.entry.widgets for w in written if w.entry.widgets is not None}
    drawn = [item for w in written for item in _flat(w.entry, w.text)]
    data = fill(template, in_fields, own=own, drawn=drawn, mark=mark)
    proof = prove(template, data, in_fields, own=own, drawn=drawn, mark=mark, never=_ice_blanks(form.edition, template))
    return FilledForm(form=form, data=data, proof=proof)


def _flat(entry: Entry, text: str) -> list[FlatText]:
    return [FlatText(blank=entry.blank, page=p.page - 1, line=p.line, size=p.size, text=text) for p in entry.places]


def _prefilled(template: Template, entry: Entry) -> bool:
    """Say whether ICE has already written into an optional blank (the OPLA location): such a value is left alone."""
    return entry.optional and entry.blank in template.fields and template.fields[entry.blank].has_entry


def _ice_blanks(edition: Edition, template: Template) -> list[tuple[str, int, Rect]]:
    """Return (blank, page from 0, box) of everything that has to stay empty."""
    found: list[tuple[str, int, Rect]] = []
    for blank in edition.left_blank:
        if blank.line:
            x0, y, x1 = blank.line
            found.append((blank.blank, blank.page - 1, (x0, y, x1, y + 12)))
        else:
            widgets = template.fields[blank.blank].widgets
            found += [(blank.blank, widgets[n].page, widgets[n].rect) for n in blank.widgets or range(len(widgets))]
    return found
