"""The fit meter: how large a value prints in its tightest blank, and the shorter wording the user may choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from wtforms.validators import ValidationError

from assistant.answers import get_path
from assistant.cache import LruCache, content_key
from assistant.editions import formats
from assistant.editions.formats import MIN_TEXT_PT, READABLE_TEXT_PT
from assistant.rules.room import Advice, advise, longest_part
from assistant.web.kit.fields import refuse_unreadable
from assistant.web.kit.page_errors import PageError
from assistant.web.kit.page_forms import MODEL_NAMES
from assistant.web.wizard.application_state import forms_fingerprint, plan_of
from assistant.web.wizard.steps import DERIVED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.editions.form_plan import PlannedBlank
    from assistant.services.application.plan import ApplicationPlan
    from assistant.storage.tables import Application
    from assistant.web.kit.page_forms import PageForm

WRITTEN_AS = {question: path for path, question in DERIVED.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """What stands beside a value: its printed size, and the box for a shorter wording where one helps."""

    text: str
    state: Literal["good", "small", "cut"]
    offer_shorter: bool
    shorter: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shorter:
    """The shorter wordings typed on a page, by the path of their question (None: none), and what cannot be read."""

    texts: Mapping[str, str | None]
    errors: tuple[PageError, ...]


_measured: LruCache[bytes, dict[str, tuple[str, PlannedBlank, Advice]]] = LruCache(64, personal=True)


def paper_path(path: str) -> str:
    """Return the path under which forms write the answer at a path."""
    return WRITTEN_AS.get(path, path)


def meters(application: Application, page_form: PageForm, entries: Mapping[str, str]) -> dict[str, Meter]:
    """Return a meter for each question whose saved value goes into a blank of an available form."""
    answers = application.answers
    paths = frozenset(paper_path(path) for path, field in page_form.questions() if field.kind == "line")
    key = content_key(application.public_id, application.document_sealed, forms_fingerprint(), paths)
    tightest = _measured.get_or_make(key, lambda: _tightest(plan_of(application), paths)) if paths else {}
    result = {}
    for path, field in page_form.questions():
        short_wording = entries.get(f"short-{field.name}", answers.short_wordings.get(paper_path(path), ""))
        if field.kind == "line" and paper_path(path) in tightest:
            result[path] = _meter(
                *tightest[paper_path(path)], full=str(get_path(answers, paper_path(path))), short_wording=short_wording
            )
    return result


def _tightest(plan: ApplicationPlan, paths: frozenset[str]) -> dict[str, tuple[str, PlannedBlank, Advice]]:
    """Return by path the form and the blank in which an answer has the least room, and what helps there."""
    tightest: dict[str, tuple[str, PlannedBlank]] = {}
    everything = list(_planned(plan, paths))
    answers = plan.answers
    for name, blank_text in everything:
        if blank_text.size is None or blank_text.wording == "empty":
            continue
        path = longest_part(blank_text, answers)
        # A blank composed of several answers has a place of its own on a page only where one of them must be shorter.
        if path != blank_text.entry.path and not blank_text.clipped and (blank_text.size or 0.0) >= READABLE_TEXT_PT:
            continue
        current = tightest.get(path)
        if current is None or _room(blank_text) < _room(current[1]):
            tightest[path] = (name, blank_text)
    entries = [blank_text.entry for _, blank_text in everything]
    return {
        path: (name, blank_text, advise(blank_text, answers, entries)) for path, (name, blank_text) in tightest.items()
    }


def _planned(plan: ApplicationPlan, paths: frozenset[str]) -> Iterator[tuple[str, PlannedBlank]]:
    """Yield (name of the form, what goes into a blank) for each blank that is filled from one of these paths."""
    forms = [(MODEL_NAMES[model], agreement) for model, agreement in plan.agreements.items()]
    for name, form in [*forms, *([("Letter of Interest", plan.letter)] if plan.letter else [])]:
        for blank in form.blanks:
            if paths & {*formats.parts(blank.entry.format, blank.entry.path)}:
                yield name, blank


def _room(blank_text: PlannedBlank) -> tuple[bool, float]:
    return not blank_text.clipped, blank_text.size or 0.0


def _meter(name: str, blank_text: PlannedBlank, advice: Advice, *, full: str, short_wording: str) -> Meter:
    size = blank_text.size or 0.0
    page = f", page {blank_text.entry.page}" if blank_text.entry.page else ""
    where = f"its tightest blank ({name}{page})"
    if blank_text.wording in {"short", "other"} and blank_text.text != full:
        text = f"In {where}, the shorter wording prints at {size:.1f} pt: “{blank_text.text}”."
    else:
        text = f"Prints at {size:.1f} pt in {where}."
    # A box for a shorter wording only where one helps; one that was given before can be taken out again.
    offer = advice.wording or bool(short_wording)
    if blank_text.clipped or size < MIN_TEXT_PT:
        fault = "The end is cut off there" if blank_text.clipped else "That is too small to read"
        text = f"{text} {fault}{': enter a shorter wording.' if advice.wording else f'. {advice.sentence}'}"
        return Meter(text=text, state="cut", offer_shorter=offer, shorter=short_wording)
    if size < READABLE_TEXT_PT and (blank_text.best_size or 0.0) > size:
        how = "a shorter wording" if advice.wording else "a shorter answer"
        return Meter(
            text=f"{text} That is small: {how} would print larger.",
            state="small",
            offer_shorter=offer,
            shorter=short_wording,
        )
    return Meter(text=text, state="good", offer_shorter=bool(short_wording), shorter=short_wording)


def shorter_wordings(page_form: PageForm, entries: Mapping[str, str]) -> Shorter:
    """Return the shorter wordings that a page sends; one without a box on the page is not among them."""
    texts: dict[str, str | None] = {}
    errors = []
    for path, field in page_form.questions():
        name = f"short-{field.name}"
        if name not in entries:
            continue
        text = entries[name].strip()
        try:
            refuse_unreadable(text, name="the shorter wording")
        except ValidationError as error:
            errors.append(PageError(message=str(error), id=f"short-{field.id}"))
        else:
            texts[path] = text or None
    return Shorter(texts=texts, errors=tuple(errors))
