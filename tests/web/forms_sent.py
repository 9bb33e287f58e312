"""Send a page's form as a browser would: every box with what stands in it, every choice that is made."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class FormFields(HTMLParser):
    """The fields of the one form of a page that a person fills in, by name, in the order of the page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.rows: list[tuple[str, str]] = []
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.area: str | None = None
        self.text = ""
        forms = re.findall(r"<form .*?</form>", source, re.DOTALL)
        self.feed(max(forms, key=len))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "input" and name and found.get("type") not in {"file", "submit"}:
            if found.get("type") not in {"checkbox", "radio"} or "checked" in found:
                self.rows.append((name, found.get("value", "")))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option":
            self.options.append((found.get("value", ""), "selected" in found))
        elif tag == "textarea":
            self.area, self.text = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select and self.options:
            chosen = [value for value, on in self.options if on] or [self.options[0][0]]
            self.rows.append((self.select, chosen[0]))
        if tag == "textarea" and self.area:
            self.rows.append((self.area, self.text.removeprefix("\n")))
        if tag in {"select", "textarea"}:
            self.select = self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.text += data


def fields_of(source: str) -> dict[str, list[str]]:
    """Return what a browser would send of the longest form of a page, token included."""
    values: dict[str, list[str]] = {}
    for name, value in FormFields(source).rows:
        values.setdefault(name, []).append(value)
    return values
