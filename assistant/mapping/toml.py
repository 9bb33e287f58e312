"""An edition written as the file that ``editions.read_edition`` reads; what is read from it is the same edition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from assistant.editions.catalog import LeftBlank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assistant.editions.catalog import Edition, Entry, FlatLine
    from assistant.mapping.drafts import Draft

HEAD = (
    "A draft, proposed by `moa forms map`. Hold every line against the pictures beside this file and correct it:",
    "nothing uses the draft before `moa forms register` takes it in. Numbers are those drawn on the pictures.",
)

REGISTERED = ("Taken in after a person looked through it. The remark behind a line tells how that line came about.",)


def registered_toml(text: bytes) -> bytes:
    """Return a draft's file as it is kept: its head no longer calls it a draft, all else stays as written."""
    draft, kept = (_lines(head).encode() for head in (HEAD, REGISTERED))
    return kept + text.removeprefix(draft) if text.startswith(draft) else text


def draft_toml(draft: Draft) -> str:
    """Return a draft as a file, each line with its number, how sure it is, and why."""
    remarks = {
        (isinstance(row.blank, LeftBlank), row.blank.blank): f"{row.number}, {row.sureness}: {row.why}"
        for row in draft.rows
    }
    return edition_toml(draft.edition, head=HEAD, remarks=remarks)


def edition_toml(
    edition: Edition, *, head: Sequence[str] = (), remarks: Mapping[tuple[bool, str], str] | None = None
) -> str:
    """Return the text of an ``edition.toml``; ``remarks``, by (stays empty, blank), stand behind their lines."""
    remarks = remarks or {}
    lines = _lines(head).splitlines()
    plain = {"model": edition.model, "title": edition.title, "stamp": edition.stamp, "pages": edition.pages}
    lines += [f"{key} = {_value(value)}" for key, value in plain.items() if value is not None]
    lines += [f"signing_page = {edition.signing_page}"] if edition.signing_page else []
    lines += [f"notes = {_value(list(edition.notes))}"] if edition.notes else []
    if known := edition.recognise:
        lines += ["", "[recognise]", f"acroform = {_value(known.acroform)}", f"words = {_value(list(known.words))}"]
        lines += [f"stamp_words = {_value(known.stamp_words)}"] if known.stamp_words else []
        lines += [f"text_sha256 = {_value(known.text_sha256)}"] if known.text_sha256 else []
        lines += [f"places_sha256 = {_value(known.places_sha256)}"] if known.places_sha256 else []
        lines += [f"active_sha256 = {_value(known.active_sha256)}"] if known.active_sha256 else []
        lines += [f"prints = {_value(sorted(known.prints))}"] if known.prints else []
    lines += _section("fields", ((e.blank, _entry(e), remarks.get((False, e.blank))) for e in edition.entries))
    lines += _section("places", ((e.blank, _places(e.places), None) for e in edition.entries if e.places))
    lines += _section("left_blank", ((b.blank, _left(b), remarks.get((True, b.blank))) for b in edition.left_blank))
    return "\n".join(lines) + "\n"


def _lines(head: Sequence[str]) -> str:
    return "".join(f"# {_remark(line)}\n" for line in head)


def _section(name: str, rows: Iterable[tuple[str, Any, str | None]]) -> Iterator[str]:
    for n, (blank, value, remark) in enumerate(rows):
        if n == 0:
            yield from ("", f"[{name}]")
        yield f"{_value(blank)} = {_value(value)}" + (f"  # {_remark(remark)}" if remark else "")


def _entry(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"page": entry.page, "label": entry.label, "from": entry.path}
    if entry.format != "text":
        row["format"] = entry.format
    if entry.instead:
        row["or"] = entry.instead[0] if len(entry.instead) == 1 else list(entry.instead)
    if entry.optional:
        row["optional"] = True
    if entry.widgets is not None:
        row["widgets"] = list(entry.widgets)
    return row


def _places(places: Sequence[FlatLine]) -> list[dict[str, Any]]:
    """Return the places, those alike on several pages as one."""
    alike: dict[tuple[tuple[float, float, float], float], list[int]] = {}
    for place in places:
        alike.setdefault((place.line, place.size), []).append(place.page)
    return [
        {"page": pages[0] if len(pages) == 1 else pages, "line": list(line), "size": size}
        for (line, size), pages in alike.items()
    ]


def _left(blank: LeftBlank) -> dict[str, Any]:
    row: dict[str, Any] = {"page": blank.page, "label": blank.label, "side": blank.side, "reason": blank.reason}
    if blank.widgets is not None:
        row["widgets"] = list(blank.widgets)
    if blank.line is not None:
        row["line"] = list(blank.line)
    return row


def _value(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # As JSON writes it, but for DEL, which TOML wants escaped, and half letters, which it cannot hold.
        text = value.encode("utf-8", "replace").decode("utf-8")
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_value(item)}' for key, item in value.items())} }}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _remark(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
