"""An edition written as the file that ``editions.read_edition`` reads; what is read from it is the same edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomlkit
from tomlkit.items import KeyType, SingleKey

from assistant.editions.catalog import LeftBlank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tomlkit.items import Item

    from assistant.editions.catalog import Edition, Entry, FlatLine
    from assistant.editions.edition_files import EntryTable, LeftBlankTable, PlaceTable
    from assistant.mapping.drafts import Draft

HEAD = (
    "A draft, proposed by `moa forms map`. Compare every line with the pictures next to this file and correct it:",
    "nothing uses the draft until you run `moa forms register`. The numbers are those on the pictures.",
)

REGISTERED = ("Registered after a person checked it. The note after a line says where that line comes from.",)


def registered_toml(text: bytes) -> bytes:
    """Return a draft's file as it is kept: its head no longer calls it a draft, all else stays as written."""
    draft, registered_head = (_comment_lines(head).encode() for head in (HEAD, REGISTERED))
    return registered_head + text.removeprefix(draft) if text.startswith(draft) else text


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
    document = tomlkit.document()
    for line in head:
        document.add(tomlkit.comment(_printable(line)))
    plain: dict[str, object] = {
        "model": edition.model, "title": edition.title, "stamp": edition.revision_text, "pages": edition.pages,
        "signing_page": edition.signing_page or None, "notes": list(edition.notes) or None,
    }  # fmt: skip
    for key, value in plain.items():
        if value is not None:
            document.add(key, _item(value))
    if known_by := edition.recognise:
        criteria: dict[str, object] = {
            "acroform": known_by.acroform, "words": list(known_by.words),
            "stamp_words": known_by.revision_words or None,
            "text_sha256": known_by.text_sha256 or None, "places_sha256": known_by.places_sha256 or None,
            "active_sha256": known_by.active_sha256 or None, "prints": sorted(known_by.prints) or None,
        }  # fmt: skip
        _add_table(document, "recognise", ((key, value, None) for key, value in criteria.items() if value is not None))
    _add_table(document, "fields", ((e.blank, _entry(e), remarks.get((False, e.blank))) for e in edition.entries))
    _add_table(document, "places", ((e.blank, _places(e.places), None) for e in edition.entries if e.places))
    _add_table(document, "left_blank", ((b.blank, _left(b), remarks.get((True, b.blank))) for b in edition.left_blank))
    return tomlkit.dumps(document)


def _comment_lines(head: Sequence[str]) -> str:
    return "".join(f"# {_printable(line)}\n" for line in head)


def _add_table(document: tomlkit.TOMLDocument, name: str, rows: Iterable[tuple[str, object, str | None]]) -> None:
    """Add a table of one line per row (key, value, remark); nothing where there is no row."""
    table = tomlkit.table()
    for key, value, remark in rows:
        item = _item(value)
        if remark:
            item.comment(_printable(remark))
        table.add(SingleKey(_whole_letters(key), t=KeyType.Basic) if name != "recognise" else key, item)
    if table:
        document.add(name, table)


def _entry(entry: Entry) -> EntryTable:
    row: EntryTable = {"page": entry.page, "label": entry.label, "from": entry.path}
    if entry.format != "text":
        row["format"] = entry.format
    if entry.alternatives:
        row["or"] = entry.alternatives[0] if len(entry.alternatives) == 1 else list(entry.alternatives)
    if entry.optional:
        row["optional"] = True
    if entry.widgets is not None:
        row["widgets"] = list(entry.widgets)
    return row


def _places(places: Sequence[FlatLine]) -> list[PlaceTable]:
    """Return the places, those alike on several pages as one."""
    alike: dict[tuple[tuple[float, float, float], float], list[int]] = {}
    for place in places:
        alike.setdefault((place.line, place.size), []).append(place.page)
    return [
        {"page": pages[0] if len(pages) == 1 else pages, "line": list(line), "size": size}
        for (line, size), pages in alike.items()
    ]


def _left(blank: LeftBlank) -> LeftBlankTable:
    row: LeftBlankTable = {"page": blank.page, "label": blank.label, "side": blank.side, "reason": blank.reason}
    if blank.widgets is not None:
        row["widgets"] = list(blank.widgets)
    if blank.line is not None:
        row["line"] = list(blank.line)
    return row


def _item(value: object) -> Item:
    """Return a value as TOML holds it; a table within a line is written within the line."""
    if isinstance(value, str):
        return tomlkit.string(_whole_letters(value))
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(_item(one) for one in value)
        return array
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        for key, one in value.items():
            table.add(key, _item(one))
        return table
    if isinstance(value, float):
        return tomlkit.item(int(value) if value.is_integer() else float(f"{value:g}"))
    return tomlkit.item(value)


def _whole_letters(text: str) -> str:
    """Return a text with a question mark for each half of a surrogate pair, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
