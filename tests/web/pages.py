"""What every page must be, told from its source."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """What a page holds, as far as its quality can be told from the source."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"title": [], "h1": [], "script": [], "style": []}
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.boxes: list[dict[str, str | None]] = []
        self.words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids[str(found["id"])] += 1
        if tag == "label" and found.get("for"):
            self.labels.add(str(found["for"]))
        if tag in {"input", "select", "textarea"} and found.get("type") not in {"hidden", "submit"}:
            self.boxes.append(found)
        if tag in self.texts:
            self.texts[tag].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        opened = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        for tag in self.texts:
            if tag in self.open:
                self.texts[tag][-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def look_at(source: str) -> Page:
    """Hold a page to what every page must be."""
    assert "\x00" not in source
    page = Page(source)
    assert not page.open, f"never closed: {page.open}"
    assert page.named("html")[0].get("lang") == "en"
    assert len(page.texts["title"]) == 1
    assert page.texts["title"][0].strip()
    assert len(page.texts["h1"]) == 1, "one h1 a page"
    assert page.texts["h1"][0].strip()
    twice = [name for name, count in page.ids.items() if count > 1]
    assert not twice, f"ids stand twice: {twice}"
    for attrs in page.boxes:
        assert attrs.get("id") in page.labels, f"no label for {attrs.get('name')}"
        assert attrs.get("autocomplete") or attrs.get("type") in {"radio", "checkbox", "file"}, (
            f"no autocomplete: {attrs}"
        )
        for described in (attrs.get("aria-describedby") or "").split():
            assert page.ids[described], f"{attrs.get('id')} is described by {described}, which is not there"
    for _, attrs in page.tags:
        inline = [name for name in attrs if name == "style" or name.startswith("on")]
        assert not inline, f"inline: {attrs}"
        assert not (attrs.get("href") or "").lower().startswith("javascript:")
    assert not any(script.strip() for script in page.texts["script"]), "an inline script"
    assert not page.texts["style"], "an inline style"
    assert not any("disabled" in attrs for _, attrs in page.tags), "no disabled buttons"
    for attrs in page.named("form"):
        assert attrs.get("method") == "post"
    for attrs in page.named("img"):
        assert attrs.get("alt")
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    if 'id="error-summary"' in source:
        assert page.texts["title"][0].strip().startswith("Error: ")
        levels = levels[1:]  # the summary stands before the h1, as it must
        linked = [attrs["href"] for attrs in page.named("a") if (attrs.get("href") or "").startswith("#")]
        for href in linked:
            assert page.ids[str(href)[1:]], f"{href} leads nowhere"
    for before, after in pairwise(levels):
        assert after <= before + 1, f"heading jumps from h{before} to h{after}"
    return page
