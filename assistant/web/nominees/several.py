"""Change several nominees at once: one answer for all that are ticked, or for all that a filter leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wtforms import Form

from assistant.web.kit.fields import Choice, Day, YesNo
from assistant.web.kit.page_errors import PageError
from assistant.web.kit.page_forms import MODEL_NAMES
from assistant.web.nominees.nominee_forms import COUNTS_FOR, CriteriaForm
from assistant.web.nominees.nominee_table import LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from werkzeug.datastructures import MultiDict

    from assistant.answers import Model, Nominee
    from assistant.web.nominees.nominee_table import NomineeTable

ADD, TAKE_OFF, DATE = "add", "take-off", "date"
DATE_WORDS = {
    "background_completed_on": "Background: completed and passed on the date below",
    "law_enforcement_since": "Law-enforcement officer since the date below",
}
TICK_SOMEBODY = "Tick at least one nominee, or choose everyone in this list."
CHOOSE_CHANGE = "Choose what to change."
EVERYONE = "everyone"


class DayForm(Form):
    """The date of a change that has one."""

    day = Day("Date", named="the date", hint="Only for a change that has a date. For example, November 3 2025.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOption:
    """One line of the list of changes: ``value`` is what the page sends, "us_citizen=yes"."""

    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralChange:
    """A change to make to some nominees, or why it cannot be made."""

    ids: tuple[str, ...]
    change: Callable[[Nominee], Nominee] | None
    words: str
    errors: tuple[PageError, ...]
    day: Day
    ticked: frozenset[str]
    value: str


def change_options(models: Sequence[Model]) -> dict[str, list[ChangeOption]]:
    """Return what can be changed for several nominees, by the heading of its part of the list."""
    criteria: list[ChangeOption] = []
    for name, question in CriteriaForm().questions():
        label = LABELS.get(name, question.label.text)
        if name in COUNTS_FOR and not COUNTS_FOR[name] & set(models):
            continue
        if isinstance(question, Choice):
            words = {value: answer for value, answer in question.offered if value}
            criteria += [
                ChangeOption(value=f"{name}={value}", words=f"{label}: {answer}") for value, answer in words.items()
            ]
            criteria.append(ChangeOption(value=f"{name}=", words=f"{label}: not answered yet"))
        elif isinstance(question, Day):
            criteria.append(ChangeOption(value=f"{name}={DATE}", words=DATE_WORDS[name]))
    about_models = [
        ChangeOption(value=f"models={how}:{model}", words=f"{words} {MODEL_NAMES[model]}")
        for model in models
        for how, words in ((ADD, "Nominate for"), (TAKE_OFF, "No longer nominate for"))
    ]
    return {"Criteria": criteria, "Model": about_models}


def read_change(form: MultiDict[str, str], table: NomineeTable, models: Sequence[Model]) -> SeveralChange:
    """Return the change that a page sends for the nominees ticked on it, or for all that its filter leaves."""
    ticked = frozenset(form.getlist("nominee"))
    ids = table.matching if form.get("who") == EVERYONE else tuple(one for one in table.matching if one in ticked)
    value = form.get("set", "")
    options = {option.value: option.words for group in change_options(models).values() for option in group}
    errors = []
    if not ids:
        errors.append(PageError(message=TICK_SOMEBODY, id="who"))
    if value not in options:
        errors.append(PageError(message=CHOOSE_CHANGE, id="set"))
    name, _, answer = value.partition("=")
    day_form = DayForm(form)
    day: Any = day_form.day
    if answer == DATE:
        day_form.validate()
        if not day.data and not day.errors:
            day.errors = ["Enter the date."]
        errors += [PageError(message=str(day.errors[0]), id=day.id)] if day.errors else []
    return SeveralChange(
        ids=ids,
        change=None if errors else _change_of(name, answer, day),
        words=options.get(value, ""),
        errors=tuple(errors),
        day=day,
        ticked=ticked,
        value=value,
    )


def _change_of(name: str, answer: str, day: Day) -> Callable[[Nominee], Nominee]:
    if name == "models":
        how, _, model = answer.partition(":")
        return lambda nominee: replace(nominee, models=_with_model(nominee.models, model, add=how == ADD))
    question = dict(CriteriaForm().questions())[name]
    value: Any = day.data if answer == DATE else answer or None
    if isinstance(question, YesNo):
        value = {"yes": True, "no": False, "": None}[answer]
    counts_for = COUNTS_FOR.get(name)

    def change(nominee: Nominee) -> Nominee:
        if counts_for is not None and not counts_for & set(nominee.models):
            return nominee
        passed: dict[str, Any] = {"background_investigation": "completed"} if name == "background_completed_on" else {}
        return replace(nominee, **{name: value}, **passed)

    return change


def _with_model(models: Iterable[str], model: str, *, add: bool) -> tuple[Any, ...]:
    models_then = {*models, model} if add else {*models} - {model}
    return tuple(code for code in MODEL_NAMES if code in models_then)
