"""What changed since an export: what would print differently on the forms, and which other answers are different."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from assistant.answers import parse
from assistant.documents.letter import compose_letter
from assistant.documents.wording import LETTER_FILE, agreement_file, counted
from assistant.editions.catalog import LETTER, get_edition
from assistant.editions.form_plan import plan_blanks
from assistant.editions.library import FormOnHand
from assistant.errors import UnknownFormError
from assistant.services.application.changes import NOMINEES, compare
from assistant.services.application.editions import compare_plans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.answers import Answers, Model
    from assistant.editions.form_plan import FormPlan
    from assistant.services.application.changes import Change
    from assistant.services.application.editions import PrintDifference
    from assistant.services.application.plan import ApplicationPlan
    from assistant.storage.tables import ExportRow


ROSTER_FILES = ("03-nominee-roster.pdf", "03-nominee-roster.xlsx")
SIGNATURE_PAGES = "05-signature-pages.pdf"
FORM_SENTENCES = {
    "form": "Another blank form is used now.",
    "gone": "It is no longer part of this application.",
    "new": "It was not part of that export.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChange:
    """A form that would print differently. ``name`` is the model, or the form id of ICE's letter.

    ``kind`` is "text" where only texts differ, "form" where the export was made on another file of the form or on none,
    "gone" where the form is no longer part of the application, "new" where it was not part of the export.
    """

    name: str
    kind: Literal["text", "form", "gone", "new"]
    differences: tuple[PrintDifference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSince:
    """All that is different from an export: forms that print differently, other answers, and how many nominees.

    ``answers`` are the changes outside the nominees, those that print on a form too.
    """

    forms: tuple[FormChange, ...]
    answers: tuple[Change, ...]
    nominees: int

    def __bool__(self) -> bool:
        """Say whether anything is different."""
        return bool(self.forms or self.answers or self.nominees)


def changed_since(export: ExportRow, plan: ApplicationPlan, *, version: int) -> ChangedSince:
    """Return what is different from what was exported; ``plan`` and ``version`` are those of the application now."""
    # Nothing was saved since: the answers need not be opened to be compared with themselves.
    before = plan.answers if export.version == version else parse(export.answers, any_text=True)
    return ChangedSince(
        forms=tuple(_changed_forms(before, export.editions, plan)),
        answers=tuple(_changed_answers(before, plan.answers)),
        nominees=0 if export.purged_at else _count_changed_nominees(before, plan.answers),
    )


def outdated_files(export: ExportRow, changed: ChangedSince, plan: ApplicationPlan) -> dict[str, str]:
    """Return the documents of an export that would print differently now, by file name, each with what is different.

    Documents that only report (the checklist, the proof, the technical files) are not among them.
    """
    files: dict[str, str] = {}
    for form in changed.forms:
        blanks = counted(len(form.differences), "blank", "blanks")
        files[_file_of(form, export, plan)] = FORM_SENTENCES.get(form.kind) or f"{blanks} would print differently."
        if form.name != LETTER and form.kind != "new":
            files.setdefault(SIGNATURE_PAGES, "An agreement would print differently.")
    uses_own_letter = plan.letter is None and LETTER not in export.editions
    if (changed.answers or changed.nominees) and uses_own_letter and _own_letter_differs(export, plan):
        files[LETTER_FILE] = "Its text would be different."
    if changed.nominees:
        people = counted(changed.nominees, "nominee is", "nominees are")
        files |= dict.fromkeys(ROSTER_FILES, f"{people} new, gone or different.")
    return files


def _file_of(change: FormChange, export: ExportRow, plan: ApplicationPlan) -> str:
    """Return the file name of a changed form: as it is now, or as it was where it is gone."""
    if change.name == LETTER:
        return LETTER_FILE
    model = cast("Model", change.name)
    if change.kind == "gone":
        return agreement_file(model, is_filled=export.editions[model]["sha256"] is not None)
    return agreement_file(model, is_filled=plan.agreements[model].form.data is not None)


def _own_letter_differs(export: ExportRow, plan: ApplicationPlan) -> bool:
    """Say whether the letter that the agency writes itself says something else, its date aside."""
    both = [parse(export.answers, any_text=True), plan.answers]
    if export.purged_at:
        both = [replace(answers, nominees=()) for answers in both]
    old, new = (compose_letter(answers, today=export.made_at.date(), draft=False) for answers in both)
    return old.blocks != new.blocks


def _changed_answers(before: Answers, after: Answers) -> Iterator[Change]:
    """Yield the changes of answers that an agency gave: an edition that was pinned is no answer."""
    for change in compare(before, _numbers(before), after, _numbers(after)):
        if change.section not in {NOMINEES, "editions"}:
            yield change


def _numbers(answers: Answers) -> list[str]:
    return [str(place) for place in range(len(answers.nominees))]


def _count_changed_nominees(before: Answers, after: Answers) -> int:
    """Return how many nominees are new, gone, or have another answer."""
    if before.nominees == after.nominees:
        return 0
    old, new = set(before.nominees), set(after.nominees)
    return max(len(old - new), len(new - old)) or 1


def _changed_forms(
    before: Answers, exported_forms: Mapping[str, Mapping[str, str | None]], plan: ApplicationPlan
) -> Iterator[FormChange]:
    plans: dict[str, FormPlan] = {str(model): agreement for model, agreement in plan.agreements.items()}
    if plan.letter is not None:
        plans[LETTER] = plan.letter
    for name, form in exported_forms.items():
        now = plans.get(name)
        if now is None:
            yield FormChange(name=name, kind="gone")
            continue
        other_form = form["sha256"] != now.form.sha256
        same = not other_form and form["edition"] == now.form.edition.name
        if same and before is plan.answers:
            continue  # the same answers on the same form: planning them again would make the same plan
        differences = _differences(now.form if same else _without_file(form["edition"]), before, now)
        if differences or not same:
            yield FormChange(name=name, kind="text" if same else "form", differences=differences)
    for name in plans:
        if name not in exported_forms:
            yield FormChange(name=name, kind="new")


def _without_file(name: str | None) -> FormOnHand | None:
    """Return an edition whose file is not at hand; None where the edition is known no more."""
    try:
        return FormOnHand(edition=get_edition(name or ""))
    except UnknownFormError:
        return None


def _differences(old: FormOnHand | None, before: Answers, now: FormPlan) -> tuple[PrintDifference, ...]:
    return () if old is None else tuple(compare_plans(plan_blanks(old, before), now))
