"""Read the names of the fields out of a page that was rendered, and put values into them.

It works on our own pages alone, whose attributes are all written with double quotes. So every page with a form can
show what was typed on it, whichever view it comes from.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE_FORM = re.compile(r'<form [^>]*class="page-form".*?</form>', re.DOTALL)
TOKEN = "csrf_token"  # noqa: S105 - the name of the field
_NAME = re.compile(r' name="([^"]*)"')
_FIELD = re.compile(
    r"<textarea(?P<area>[^>]*)>.*?</textarea>|<(?P<kind>input|select|option)(?P<rest>[^>]*)>|</select>", re.DOTALL
)
_ATTRIBUTE = re.compile(r' ([a-z-]+)(?:="([^"]*)")?')


def field_names(form: str) -> list[str]:
    """Return the names of all fields and buttons of a form but the token, sorted, each once."""
    return sorted({unescape(name) for name in _NAME.findall(form)} - {TOKEN})


def hidden_names(form: str) -> set[str]:
    """Return the names of the hidden fields of a form."""
    fields = (_read_attributes(field["rest"] or "") for field in _FIELD.finditer(form))
    return {attributes["name"] for attributes in fields if attributes.get("type") == "hidden"}


def fill_form(form: str, values: Mapping[str, Sequence[str]], *, hidden_only: bool = False) -> tuple[str, set[str]]:
    """Return a form with the values in its fields, and the names of the fields that were there.

    ``values`` holds a list for each name, in the order of the page: the texts of its boxes, or what is chosen.
    A field without a name among them stays as it is, and so does the token.
    """
    filler = _Filler(values, hidden_only=hidden_only)
    return _FIELD.sub(filler.fill_field, form), filler.placed


class _Filler:
    """Where the reading of a form has come to: the list that is open, and how many boxes of each name were filled."""

    def __init__(self, values: Mapping[str, Sequence[str]], *, hidden_only: bool) -> None:
        self.values = {name: list(texts) for name, texts in values.items() if name != TOKEN}
        self.hidden_only = hidden_only
        self.placed: set[str] = set()
        self.select = ""
        self.boxes: dict[str, int] = {}

    def fill_field(self, field: re.Match[str]) -> str:
        source, kind = field[0], field["kind"] or ("textarea" if field["area"] is not None else "")
        attributes = _read_attributes(field["area"] or field["rest"] or "")
        if kind in {"select", ""}:
            self.select = attributes.get("name", "")
            if self.select in self.values and not self.hidden_only:
                self.placed.add(self.select)
            return source
        name = self.select if kind == "option" else attributes.get("name", "")
        if name not in self.values or (self.hidden_only and attributes.get("type") != "hidden"):
            return source
        self.placed.add(name)
        if kind == "option":
            return _set_mark(source, "selected", on=attributes.get("value", "") in self.values[name])
        if attributes.get("type") in {"checkbox", "radio"}:
            return _set_mark(source, "checked", on=attributes.get("value", "on") in self.values[name])
        text = self._next_text(name)
        if kind == "textarea":
            return f"<textarea{field['area']}>\n{escape(text)}</textarea>"
        return _set_value(source, text)

    def _next_text(self, name: str) -> str:
        number = self.boxes.get(name, 0)
        self.boxes[name] = number + 1
        texts = self.values[name]
        return texts[number] if number < len(texts) else ""


def _read_attributes(source: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(source)}


def _set_mark(tag: str, mark: str, *, on: bool) -> str:
    bare = re.sub(rf" {mark}(?=[ >])", "", tag)
    return f"{bare[:-1]} {mark}>" if on else bare


def _set_value(tag: str, text: str) -> str:
    bare = re.sub(r' value="[^"]*"', "", tag)
    return f'{bare[:-1]} value="{escape(text)}">'
