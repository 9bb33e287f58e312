"""The plan of a form: what goes into each of its blanks; and filling the form as planned.

A plan is made once for a form and the answers. The review judges it, a fill writes it, the proof reads the same texts
back, and an entry sheet lists it where no official form is available.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.answers import Answers, get_path, with_path
from assistant.editions import formats
from assistant.editions.formats import MIN_TEXT_PT, READABLE_TEXT_PT
from assistant.errors import FillError
from assistant.pdf.filling.fill import FlatText, fill
from assistant.pdf.filling.proof import Proof, prove
from assistant.pdf.form.measure import measure_flat, tightest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.editions.catalog import Edition, Entry
    from assistant.editions.library import FormOnHand
    from assistant.geometry import Rect
    from assistant.pdf.form.layout import Fit
    from assistant.pdf.form.template import Template

DRAFT_MARK = "DRAFT – not ready to be signed or sent"

Wording = Literal["full", "other", "short", "empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBlank:
    """What goes into one blank. ``size`` and ``best_size`` are points, None where no official form is available."""

    entry: Entry
    text: str
    wording: Wording
    path: str
    """The path of the answer that the text comes from."""
    size: float | None = None
    best_size: float | None = None
    clipped: bool = False
    missing: str = ""
    """Letters that no font here can write correctly."""

    @property
    def prints_at(self) -> float:
        """Return the size in points at which the whole text can be read, 0 where some of it is lost."""
        return 0.0 if self.clipped or self.missing else self.size or 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPlan:
    """What goes into the blanks of a form, in the form's order."""

    form: FormOnHand
    blanks: tuple[PlannedBlank, ...]

    def texts_to_write(self) -> list[PlannedBlank]:
        """Return what a fill writes: the blanks that have a text, and that ICE has not filled in already."""
        template = self.form.template
        return [item for item in self.blanks if item.text and not (template and is_prefilled(template, item.entry))]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A filled official form, the plan it was filled by, and the proof of what stands in it."""

    plan: FormPlan
    data: bytes
    proof: Proof

    @property
    def form(self) -> FormOnHand:
        """Return the blank form."""
        return self.plan.form


def plan_blanks(form: FormOnHand, answers: Answers, *, by_map: bool = False) -> FormPlan:
    """Return what goes into each blank of a form.

    Without the official form nothing is measured, except with ``by_map``: then a text is measured by the line that the
    edition's map gives, where it gives one.

    The mapped wording is taken where it prints at 7 pt or more; else the shorter wording that the user chose for this
    answer, if it prints larger and at 6 pt or more; else the first of the map's wordings that prints at 6 pt or more
    (initials are added to a name, and models called by their names, only at 7 pt or more); else whichever prints
    largest, and a finding says so.
    """
    template = form.template
    return FormPlan(
        form=form,
        blanks=tuple(plan_blank(entry, answers, template, by_map=by_map) for entry in form.edition.entries),
    )


def plan_blank(entry: Entry, answers: Answers, template: Template | None, *, by_map: bool = False) -> PlannedBlank:
    """Return what goes into one blank, as ``plan_blanks``."""
    text = formats.write(entry.format, get_path(answers, entry.path), answers)
    if not text:
        return PlannedBlank(entry=entry, text="", wording="empty", path=entry.path)
    if template is None and not (by_map and entry.places):
        return PlannedBlank(entry=entry, text=text, wording="full", path=entry.path)
    full = _measured(entry, entry.path, text, "full", template)
    if full.prints_at >= READABLE_TEXT_PT:
        return full
    shorts = [_measured(entry, p, text, "short", template) for p, text in _short_texts(entry, answers)]
    texts = [(path, formats.write("text", get_path(answers, path), answers)) for path in entry.alternatives]
    others = [_measured(entry, path, text, "other", template) for path, text in texts if text]
    if shorts:
        short = next((w for w in shorts if w.prints_at >= READABLE_TEXT_PT), max(shorts, key=lambda w: w.prints_at))
        if short.prints_at >= MIN_TEXT_PT and short.prints_at > full.prints_at:
            return short
    wordings = [*others, full] if entry.format in {"name-with-initials", "model-names"} else [full, *others]
    readable = [w for w in wordings if w.prints_at >= MIN_TEXT_PT]
    return readable[0] if readable else max([*shorts, *wordings], key=lambda w: w.prints_at)


def _short_texts(entry: Entry, answers: Answers) -> list[tuple[str, str]]:
    """Return the (path, text) that the user's shorter wordings make of a blank: first as its format writes them."""
    read = dict.fromkeys((entry.path, *entry.alternatives, *formats.parts(entry.format, entry.path)))
    with_wording = [path for path in read if path in answers.short_wordings]
    if not with_wording:
        return []
    shortened = answers
    for path in with_wording:
        # A date or a choice is no text, and a derived text is no answer: their wording stands as it was given.
        if isinstance(get_path(answers, path), str | None) and not path.endswith((".one_line", ".addressee")):
            shortened = with_path(shortened, path, answers.short_wordings[path], any_text=True)
    value = answers.short_wordings.get(entry.path, get_path(shortened, entry.path))
    candidates = [(with_wording[0], formats.write(entry.format, value, shortened))]
    if entry.format == "name-with-initials":
        candidates.append((with_wording[0], formats.write("text", value, shortened)))
    return candidates + [
        (p, formats.write("text", answers.short_wordings[p], answers)) for p in entry.alternatives if p in with_wording
    ]


def _measured(entry: Entry, path: str, text: str, wording: Wording, template: Template | None) -> PlannedBlank:
    fit = measure_entry(entry, text, template)
    return PlannedBlank(
        entry=entry,
        text=text,
        wording=wording,
        path=path,
        size=fit.size,
        best_size=fit.best_size,
        clipped=fit.clipped,
        missing=fit.missing,
    )


def measure_entry(entry: Entry, text: str, template: Template | None) -> Fit:
    """Return how a text fits into a blank: its tightest widget or place decides.

    Raises:
        ValueError: the blank is a field, and the form with it is not available.
    """
    if entry.places:
        return tightest([measure_flat(item.box, text) for item in flat_texts_of(entry, text)])
    if template is None:
        raise ValueError(f"{entry.blank} cannot be measured without the form.")
    return template.measure(entry.blank, text, entry.widgets)


def fill_form(form: FormOnHand, answers: Answers, *, draft: bool = False, mark: str = "") -> FilledForm:
    """Return the official form, planned and filled; errors as ``fill_planned``."""
    return fill_planned(plan_blanks(form, answers), draft=draft, mark=mark)


def fill_planned(plan: FormPlan, *, draft: bool = False, mark: str = "") -> FilledForm:
    """Return the official form, filled as planned and read back.

    In a draft a text that would be cut or cannot be written is left out (a finding says so) and every page is marked.

    Raises:
        FillError: the official form is not available, a text would be cut or too small to read, or what was read
            back is not what was meant.
    """
    _require_template(plan)
    blanks = plan.texts_to_write()
    small = next((item for item in blanks if item.prints_at < MIN_TEXT_PT), None)
    if small and not draft:
        raise FillError(
            small.entry.blank, "the text cannot be printed there at a readable size. The review says what helps."
        )
    whole = [item for item in blanks if not (item.clipped or item.missing)]
    return fill_blanks(plan, whole, mark=mark or (DRAFT_MARK if draft else ""))


def fill_blanks(plan: FormPlan, blanks: Sequence[PlannedBlank], *, mark: str = "") -> FilledForm:
    """Return the official form with some of a plan's texts in it, read back; ``mark`` heads every page.

    Raises:
        FillError: the official form is not available, a text does not fit, or what was read back is not what was meant.
    """
    template = _require_template(plan)
    in_fields = {item.entry.blank: item.text for item in blanks if not item.entry.places}
    agency_widgets = {item.entry.blank: item.entry.widgets for item in blanks if item.entry.widgets is not None}
    flat_texts = [flat for item in blanks for flat in flat_texts_of(item.entry, item.text)]
    data = fill(template, in_fields, agency_widgets=agency_widgets, flat_texts=flat_texts, mark=mark)
    never = _ice_blanks(plan.form.edition, template)
    proof = prove(
        template, data, in_fields, agency_widgets=agency_widgets, flat_texts=flat_texts, mark=mark, never=never
    )
    return FilledForm(plan=plan, data=data, proof=proof)


def _require_template(plan: FormPlan) -> Template:
    template = plan.form.template
    if template is None:
        raise FillError(plan.form.edition.name, "the official form has not been added. Add it under “Official forms”.")
    return template


def flat_texts_of(entry: Entry, text: str) -> list[FlatText]:
    """Return a text as it is drawn on the lines of a flat form."""
    return [FlatText(blank=entry.blank, page=p.page - 1, line=p.line, size=p.size, text=text) for p in entry.places]


def is_prefilled(template: Template, entry: Entry) -> bool:
    """Say whether ICE has already written into an optional blank (the OPLA location): such a value is left alone."""
    return entry.optional and entry.blank in template.fields and template.fields[entry.blank].has_entry


def _ice_blanks(edition: Edition, template: Template) -> list[tuple[str, int, Rect]]:
    """Return (blank, page from 0, box) of everything that has to stay empty."""
    rows: list[tuple[str, int, Rect]] = []
    for blank in edition.left_blank:
        if blank.line:
            x0, y, x1 = blank.line
            rows.append((blank.blank, blank.page - 1, (x0, y, x1, y + 12)))
        else:
            widgets = template.fields[blank.blank].widgets
            rows += [(blank.blank, widgets[n].page, widgets[n].rect) for n in blank.widgets or range(len(widgets))]
    return rows
