"""Moving an application from one form edition to another: what would print differently, and the move.

Opens no database: the same for the wizard and for an answers file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from assistant.editions.catalog import Entry, editions_for
from assistant.editions.form_plan import plan_blanks
from assistant.editions.formats import MIN_TEXT_PT
from assistant.errors import AnswersError
from assistant.mapping.compare import pair_blanks

if TYPE_CHECKING:
    from assistant.answers import Answers, Model
    from assistant.editions.form_plan import FormPlan, PlannedBlank
    from assistant.editions.library import FormLibrary

PrintChange = Literal["new", "gone", "text", "size"]

TOO_SMALL = "too small to read"
MIN_SIZE_CHANGE_PT = 0.5
"""Points by which a text has to print larger or smaller to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDifference:
    """A blank that would print differently; pages count from 1, sizes are points, None where nothing prints."""

    kind: PrintChange
    label: str
    old_page: int | None
    new_page: int | None
    old_text: str
    new_text: str
    old_size: float | None
    new_size: float | None
    old_fault: str = ""
    new_fault: str = ""
    """The fault in a printed text that blocks the export, such as "it would be cut off"."""

    @property
    def was(self) -> str:
        """Return what prints now: "“Sheriff” (p. 9, 11 pt)"."""
        return _printed(self.old_text, self.old_page, self.old_size, self.old_fault)

    @property
    def now(self) -> str:
        """Return what would print."""
        return _printed(self.new_text, self.new_page, self.new_size, self.new_fault)

    def to_document(self) -> dict[str, object]:
        """Return it for a program."""
        return {name: getattr(self, name) for name in self.__slots__}


def differences(answers: Answers, library: FormLibrary, model: Model, to: str | None) -> list[PrintDifference]:
    """Return what would print differently on another edition (None: the newest form added here), blank by blank.

    A size is compared only where both official forms are available.

    Raises:
        AnswersError: as ``FormLibrary.choose``, or the application is not for this model.
    """
    _check_model(answers, model)
    old, new = library.choose(model, answers.editions.get(model)), library.choose(model, to)
    return compare_plans(plan_blanks(old, answers), plan_blanks(new, answers))


def compare_plans(old: FormPlan, new: FormPlan) -> list[PrintDifference]:
    """Return what prints differently on two plans of one form, blank by blank; on two editions or for two answers."""
    before, after = _by_blank(old), _by_blank(new)
    changes = []
    for was, now in pair_blanks(old.form.edition, new.form.edition):
        one = before.get(was.blank) if isinstance(was, Entry) else None
        other = after.get(now.blank) if isinstance(now, Entry) else None
        kind = _kind(one, other)
        if kind:
            changes.append(
                PrintDifference(
                    kind=kind,
                    label=other.entry.label if other else one.entry.label if one else "",
                    old_page=one.entry.page if one else None,
                    new_page=other.entry.page if other else None,
                    old_text=one.text if one else "",
                    new_text=other.text if other else "",
                    old_size=one.size if one else None,
                    new_size=other.size if other else None,
                    old_fault=_fault(one),
                    new_fault=_fault(other),
                )
            )
    return changes


def begun_with(answers: Answers, library: FormLibrary) -> Answers:
    """Return the answers pinned, for each model without a pin, to the form available: the edition they are begun with.

    So an application keeps its edition when a newer form is added. Where no form is available, nothing is pinned.
    """
    forms = {model: library.choose(model) for model in answers.models if model not in answers.editions}
    pins: dict[str, str] = {model: form.edition.edition_id for model, form in forms.items() if form.data is not None}
    return replace(answers, editions=MappingProxyType({**answers.editions, **pins})) if pins else answers


def move(answers: Answers, model: Model, to: str | None) -> Answers:
    """Return the answers pinned to another edition of a model's form; with None the pin is taken out.

    Nothing else changes: an edition decides where an answer prints, never what the answer is.

    Raises:
        AnswersError: there is no such edition, or the application is not for this model.
    """
    _check_model(answers, model)
    edition_ids = [edition.edition_id for edition in editions_for(model)]
    if to is not None and to not in edition_ids:
        raise AnswersError(
            f"editions.{model}", f"There is no {model} edition {to}. Use one of {', '.join(edition_ids)}."
        )
    pins = {pinned_model: pin for pinned_model, pin in answers.editions.items() if pinned_model != model}
    if to is not None:
        pins[model] = to
    return replace(answers, editions=MappingProxyType(pins))


def _check_model(answers: Answers, model: Model) -> None:
    if model not in answers.models:
        raise AnswersError("models", f"The application is not for {model}. Add the model first, or choose another.")


def _by_blank(plan: FormPlan) -> dict[str, PlannedBlank]:
    return {planned.entry.blank: planned for planned in plan.blanks}


def _kind(old: PlannedBlank | None, new: PlannedBlank | None) -> PrintChange | None:
    """Return how two prints of a blank differ, None where they do not."""
    before, after = (old.text if old else ""), (new.text if new else "")
    if before != after:
        return "new" if not before else "gone" if not after else "text"
    if old and new and old.size is not None and new.size is not None:
        other = abs(old.size - new.size) >= MIN_SIZE_CHANGE_PT or _fault(old) != _fault(new)
        return "size" if after and other else None
    return None


def _fault(blank_text: PlannedBlank | None) -> str:
    """Return why a print could not be read as it was meant, "" where it can; each of them blocks the export."""
    if blank_text is None or not blank_text.text or blank_text.size is None:
        return ""
    if blank_text.missing:
        return "letters in it cannot be printed"
    if blank_text.clipped:
        return "it would be cut off"
    return TOO_SMALL if blank_text.size < MIN_TEXT_PT else ""


def _printed(text: str, page: int | None, size: float | None, fault: str) -> str:
    if not text:
        return "nothing"
    where = f"p. {page}" if page else "page not known"
    # What is cut off or cannot be printed has no size at which it could be read.
    sized = f", {size:.1f} pt" if size is not None and fault in {"", TOO_SMALL} else ""
    return f"“{text}” ({where}{sized}{f'; {fault}, which blocks the export' if fault else ''})"
