"""Find how a field is called on its page, and how its value reads there, by its name alone: no database is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.web.kit.fields import Day, Offering
from assistant.web.kit.page_forms import PageForm

if TYPE_CHECKING:
    from collections.abc import Iterator

MAP_WORDS = {
    "meaning": "what goes in",
    "format": "how it is written",
    "side": "whose it is",
    "reason": "why it stays empty",
    "label": "what is printed beside it",
    "left": "begins at",
    "base": "height of the line",
    "right": "ends at",
}
OTHER_WORDS = {
    "pasted": "Pasted rows",
    "title": "Title",
    "name": "Name",
    "models": "Model",
    "take": "Taken over",
    "whose": "Whose agreement it is",
}
SHORT = "short-"


def describe_field(name: str, value: str) -> tuple[str, str] | None:
    """Return the label of a field and its value in the words of its page; None where no page has such a field."""
    if name.startswith(SHORT):
        named = describe_field(name.removeprefix(SHORT), value)
        return named and (f"Shorter wording of “{named[0]}”", value)
    return _describe_question(name, value) or _describe_other(name, value)


def _describe_question(name: str, value: str) -> tuple[str, str] | None:
    for kind in _page_forms(PageForm):
        for field in kind():
            if field.name == name:
                return field.label.text, field.words(value) if isinstance(field, Offering) else value
            if isinstance(field, Day) and name in {f"{field.name}-{part}" for part in field.parts}:
                return f"{field.label.text}: {name.rpartition('-')[2]}", value
    return None


def _describe_other(name: str, value: str) -> tuple[str, str] | None:
    part, _, rest = name.partition("-")
    label = OTHER_WORDS.get(name)
    if part in MAP_WORDS:
        label = f"{'New place' if rest == 'new' else f'Blank {rest}'}: {MAP_WORDS[part]}"
    elif part == "column" and rest.isdigit():
        label = f"Column {int(rest) + 1}"
    elif part == "text" and rest:
        label = rest.replace(".", ", ").replace("_", " ").capitalize()
    return None if label is None else (label, value)


def _page_forms(kind: type[PageForm]) -> Iterator[type[PageForm]]:
    for one in kind.__subclasses__():
        yield one
        yield from _page_forms(one)
