"""A page of questions that two people save: what it sends, merged with what is saved now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.answers import get_path
from assistant.services.application.earlier import WORDINGS, find_earlier_version, find_last_save
from assistant.services.application.merging import ConflictError, Merge, merge_values
from assistant.web.kit.choices import ConflictRow, chosen_for, describe_save, hidden_fields, read_asked
from assistant.web.kit.context import db
from assistant.web.kit.page_forms import shown_answer, value_as_sent
from assistant.web.wizard.fit_meter import paper_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.storage.tables import Application
    from assistant.web.kit.page_forms import PageForm


def wording_key(path: str) -> str:
    """Return the key under which the shorter wording of the answer at a path is merged."""
    return f"{WORDINGS}.{paper_path(path)}"


def merge_page(
    application: Application, page_form: PageForm, mine: Mapping[str, Any], *, version: int
) -> dict[str, object]:
    """Return the values to save, by path: what the page sends, merged with what was saved since ``version``.

    ``mine`` holds the answers by path, and shorter wordings by ``wording_key``. Read under the lock, or where a
    change by somebody else is noticed at the save.

    Raises:
        ConflictError: both changed an answer, to different values.
    """
    answers = application.answers
    earlier = find_earlier_version(db(), application, version)
    fields = dict(page_form.questions())
    base = earlier.values(fields)
    theirs: dict[str, object] = {path: get_path(answers, path) for path in fields}
    for path in fields:
        theirs[wording_key(path)] = answers.short_wordings.get(paper_path(path))
    if (wordings := earlier.wordings()) is not None:
        base |= {wording_key(path): wordings.get(paper_path(path)) for path in fields}
    merge = merge_values(base, keep_untouched(fields, base, mine), theirs)
    if merge.conflicts:
        raise ConflictError(merge)
    values = {path: value for path, value in merge.values.items() if path in fields}
    shorter = {path: text for path, text in answers.short_wordings.items() if wording_key(path) not in merge.values}
    wordings_to_save = {paper_path(path): merge.values[wording_key(path)] for path in fields}
    shorter |= {path: text for path, text in wordings_to_save.items() if text}
    return values | ({WORDINGS: shorter} if shorter != dict(answers.short_wordings) else {})


def keep_untouched(fields: Mapping[str, Any], base: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, object]:
    """Return my values; one that the page sends of itself for a saved value counts as that value."""
    return {
        key: base[key] if key in base and key in fields and value == value_as_sent(fields[key], base[key]) else value
        for key, value in mine.items()
    }


def show_merge(page_form: PageForm, merge: Merge[str]) -> None:
    """Show on the page what somebody else saved where the user changed nothing; conflicts keep what was entered."""
    for path, field in page_form.questions():
        if path in merge.values and path not in merge.conflicts:
            field.process(None, merge.values[path])


def conflict_rows(
    application: Application, page_form: PageForm, mine: Mapping[str, Any], keys: tuple[str, ...] | None = None
) -> list[ConflictRow]:
    """Return the rows that ask which answer to keep; ``keys`` None stands for the rows of the page that was sent."""
    keys_asked = read_asked(mine) if keys is None else keys
    choose = chosen_for if keys is None else _not_chosen
    rows = []
    for path, field in page_form.questions():
        short = wording_key(path)
        if path in keys_asked and not field.errors:
            saved = find_last_save(db(), application, path)
            # A box for the shorter wording stands beside its question, and goes where the question goes.
            names = (*field_names(field), *(() if short in keys_asked else (f"short-{field.name}",)))
            rows.append(
                ConflictRow(
                    key=path,
                    label=field.label.text,
                    mine=shown_answer(field, mine[path]),
                    theirs=shown_answer(field, get_path(application.answers, path)),
                    saved=describe_save(saved.at, saved.who) if saved else describe_save(None),
                    hidden=hidden_fields(*names),
                    choice=choose(path),
                )
            )
        if short in keys_asked:
            saved = find_last_save(db(), application, WORDINGS, paper_path(path))
            rows.append(
                ConflictRow(
                    key=short,
                    label=f"Shorter wording of “{field.label.text}”",
                    mine=mine[short] or "",
                    theirs=application.answers.short_wordings.get(paper_path(path), ""),
                    saved=describe_save(saved.at, saved.who) if saved else describe_save(None),
                    hidden=hidden_fields(f"short-{field.name}"),
                    choice=choose(short),
                )
            )
    return rows


def _not_chosen(_: str) -> str:
    return ""


def field_names(field: Any) -> tuple[str, ...]:
    """Return the names under which a page sends the answer of a question."""
    return tuple(f"{field.name}-{part}" for part in field.parts) if field.kind == "date" else (field.name,)
