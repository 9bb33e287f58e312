"""The answers of a part in words: what came back, and what both sides changed, with the question's own label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.answers import Answers, get_path, with_path
from assistant.errors import AnswersError
from assistant.services.application.changes import NOMINEES
from assistant.services.application.part_merge import SEPARATOR, WORDINGS
from assistant.services.application.parts import WHOLE, state_of
from assistant.web.kit.page_forms import shown_answer
from assistant.web.nominees.nominee_forms import CriteriaForm, PersonForm
from assistant.web.wizard.steps import label_of_path, question_of, step_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.services.application.changes import Change
    from assistant.storage.tables import Application

NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One answer that both sides changed: ``value`` is that of the file as JSON text, ``choice`` what is chosen."""

    key: str
    number: int
    label: str
    from_file: str
    here: str
    value: str
    choice: str = ""

    @property
    def id(self) -> str:
        """Return the id of the first of the two radio buttons."""
        return f"keep-{self.number}"


def label_of(key: str, person: str = "") -> str:
    """Return what an answer is called, by the key of its conflict; ``person`` is the nominee's name."""
    section, _, rest = key.partition(SEPARATOR)
    if section == WORDINGS and rest:
        return f"Shorter wording of “{label_of(question_of(rest))}”"
    if section == NOMINEES and rest:
        name = rest.partition(SEPARATOR)[2]
        field = _nominee_field(name) if name else None
        who = person or "Nominee without a name"
        return f"{who}: {field.label.text}" if field else f"{who}: the whole entry"
    if key == "editions":
        return "Editions of the forms"
    return label_of_path(key)


def value_words(key: str, value: Any) -> str:
    """Return an answer as a page shows it; ``value`` is JSON."""
    section, _, rest = key.partition(SEPARATOR)
    if section == NOMINEES and rest and SEPARATOR not in rest:
        return "removed" if value is None else "on the list, with changes"
    if value in (None, "", [], {}):
        return NO_ANSWER
    name = rest.partition(SEPARATOR)[2] if section == NOMINEES else ""
    field = _nominee_field(name) if name else _field(key)
    path = f"nominees.0.{name}" if name else key
    if field is None:
        return ", ".join(f"{one}: {other}" for one, other in value.items()) if isinstance(value, dict) else str(value)
    empty = _WITH_ONE if name else Answers()
    try:
        return shown_answer(field, get_path(with_path(empty, path, value, any_text=True), path)) or NO_ANSWER
    except (AnswersError, KeyError):
        return str(value)


def value_here(application: Application, key: str) -> Any:
    """Return the answer that is saved now, as JSON, by the key of a conflict; None where there is none."""
    state = state_of(WHOLE, application.answers, application.nominee_ids)
    section, _, rest = key.partition(SEPARATOR)
    if section == WORDINGS and rest:
        return state.wordings.get(rest)
    if section == NOMINEES and rest:
        short_id, _, name = rest.partition(SEPARATOR)
        person = state.people.get(short_id)
        return person.get(name) if person is not None and name else person
    return state.values.get(key)


def person_here(application: Application, key: str) -> str:
    """Return the name of the nominee whom a key is about; "" where nobody of that id is on the list."""
    section, _, rest = key.partition(SEPARATOR)
    short_id = rest.partition(SEPARATOR)[0]
    if section != NOMINEES or short_id not in application.nominee_ids:
        return ""
    return application.answers.nominees[application.nominee_ids.index(short_id)].full_name or ""


def change_words(changes: Sequence[Change]) -> list[str]:
    """Return what changed, each line once."""
    lines = []
    for change in changes:
        if change.nominee_id is not None:
            name = (change.after or change.before or {}).get("full_name") or "Nominee without a name"
            act = "added" if change.before is None else "removed" if change.after is None else "changed"
            lines.append(f"{name}: {act}")
        elif change.path == NOMINEES:
            lines.append("The order of the nominees")
        elif change.path == WORDINGS:
            lines.append("Shorter wordings")
        else:
            lines.append(label_of(change.path))
    return list(dict.fromkeys(lines))


def _field(path: str) -> Any:
    step = step_of(path)
    if step.page_form is None:
        return None
    return next((field for own, field in step.page_form().questions() if own == path), None)


def _nominee_field(name: str) -> Any:
    return next(
        (field for form in (PersonForm, CriteriaForm) for own, field in form().questions() if own == name), None
    )


_WITH_ONE = with_path(Answers(), "nominees", [{}])
