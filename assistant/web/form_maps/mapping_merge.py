"""A page of a map that was changed while it was open: what it showed, what was entered and what is saved, in one.

A page carries, signed, what it showed of each blank. So what somebody else saved since is taken over where nothing
was entered; where both changed the same, or one took out a blank that the other changed, the page asks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.mapping.lines import line_from_document
from assistant.services.application.merging import merge_values
from assistant.web.form_maps.mapping_words import FORMATS, OTHER, SIDES, asked_of, choices_for
from assistant.web.kit.choices import MINE, THEIRS, ConflictRow, chosen_for, describe_save, hidden_fields, read_asked
from assistant.web.kit.page_errors import PageError
from assistant.web.kit.signed_values import read_shown, sign_shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.mapping.lines import MapLine
    from assistant.services.form_maps.form_drafts import OpenedDraft

_GROUPS: tuple[tuple[str, ...], ...] = (
    ("meaning", "format", "side", "optional", "reason"),
    ("label",),
    ("left", "base", "right", "size"),
)
"""What is decided together: an answer and how it is written, a name, a place. A group is called by its first part."""
_WHAT = {"meaning": "what goes in", "label": "what it is called", "left": "its place"}
REMOVED_KEY = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedPage:
    """A page as it was sent, with what was saved in the meantime.

    ``form`` shows my entries where both changed the same, ``entries`` what is to be saved; ``restored`` are the
    blanks that are to be put back. ``is_new`` says that something is asked which the page has not asked before.
    """

    form: Mapping[str, str]
    entries: Mapping[str, str]
    rows: tuple[ConflictRow, ...]
    is_new: bool
    restored: tuple[MapLine, ...] = ()
    errors: tuple[PageError, ...] = ()


def sign_line(draft: OpenedDraft, line: MapLine) -> str:
    """Return what a page shows of a line, as the page carries it along; a place that can be taken out goes whole."""
    whole = {"line": line.to_document()} if line.places else {}
    return sign_shown(_place(draft, line.number), {"blank": line.blank, "shown": _values_on_page(line), **whole})


def merge_lines(draft: OpenedDraft, lines: Sequence[MapLine], form: Mapping[str, str], *, version: int) -> MergedPage:
    """Return a page made from a ``version`` of the map, merged with ``lines``: its blanks as they are saved now."""
    sent = {name.partition("-")[2] for name in form if name.startswith("meaning-")}
    base: dict[str, tuple[str, ...]] = {}
    mine: dict[str, tuple[str, ...]] = {}
    theirs: dict[str, tuple[str, ...]] = {}
    by_key: dict[str, tuple[MapLine, tuple[str, ...]]] = {}
    for line in (line for line in lines if str(line.number) in sent):
        stored = _values_on_page(line)
        was = stored if version == draft.row.version else _values_shown(draft, line, form)
        entered = {
            part: form.get(f"{part}-{line.number}", "" if part == "optional" else stored[part]) for part in stored
        }
        for group in (group for group in _GROUPS if group[0] in stored):
            key = f"{group[0]}-{line.number}"
            by_key[key] = line, group
            mine[key], theirs[key] = (tuple(values[part] for part in group) for values in (entered, stored))
            if was:
                base[key] = tuple(was[part] for part in group)
    merge = merge_values(base, mine, theirs)
    rows_asked = [key for key in read_asked(by_key) if key not in merge.conflicts]
    rows = []
    values_shown, entries = dict(form), dict(form)
    for key, (line, group) in by_key.items():
        values = merge.values[key]
        if group[0] == "meaning" and values != theirs[key] and key in base and values[1] == base[key][1]:
            values = (values[0], theirs[key][1], *values[2:])  # nobody said here how it is written
        values_shown |= _form_values(group, line.number, values)
        takes_theirs = key in rows_asked and chosen_for(key) == THEIRS
        entries |= _form_values(group, line.number, theirs[key] if takes_theirs else values)
        if key in rows_asked or key in merge.conflicts:
            choice = chosen_for(key) if key in rows_asked else ""
            rows.append(_row(draft, line, group, (mine[key], theirs[key]), choice))
    page = MergedPage(form=values_shown, entries=entries, rows=tuple(rows), is_new=bool(merge.conflicts))
    return _merge_removed(draft, page, sorted(sent - {str(line.number) for line in lines}))


def _merge_removed(draft: OpenedDraft, page: MergedPage, numbers: Sequence[str]) -> MergedPage:
    """Return the page with the blanks that somebody has taken out and this user has changed."""
    rows, errors = list(page.rows), []
    restored: list[MapLine] = []
    entries, is_new = dict(page.entries), page.is_new
    for number in numbers:
        was = read_shown(_place(draft, number), page.form.get(f"was-{number}", ""))
        parts = [part for group in _GROUPS for part in group]
        if was and all(page.form.get(f"{part}-{number}", "") == was["shown"].get(part, "") for part in parts):
            continue
        if "line" not in was:
            message = (
                f"Someone else removed blank {number[:9]} while you were working. What you entered for it is not saved."
            )
            errors.append(PageError(message=message))
            continue
        key = f"{REMOVED_KEY}-{number}"
        is_asked = bool(read_asked({key}))
        is_new = is_new or not is_asked
        row = ConflictRow(
            key=key,
            label=f"Blank {number}, {was['shown']['label']}: removed from the map",
            mine="put it back, with what I entered",
            theirs="leave it out",
            saved=describe_save(draft.row.changed_at),
            hidden=hidden_fields(*(f"{part}-{number}" for part in (*parts, "was"))),
            choice=chosen_for(key) if is_asked else "",
        )
        rows.append(row)
        if row.choice == MINE:
            line = line_from_document(was["line"])
            removed = {before.number for before in (*draft.lines, *restored)}
            line = replace(line, number=line.number if line.number not in removed else max(removed) + 1)
            restored.append(line)
            entries |= {f"{part}-{line.number}": page.form.get(f"{part}-{number}", "") for part in parts}
    return replace(
        page,
        rows=tuple(rows),
        restored=tuple(restored),
        errors=tuple(errors),
        entries=entries,
        is_new=is_new or bool(errors),
    )


def _row(
    draft: OpenedDraft,
    line: MapLine,
    group: tuple[str, ...],
    values: tuple[tuple[str, ...], tuple[str, ...]],
    choice: str,
) -> ConflictRow:
    mine, theirs = (_in_words(line, dict(zip(group, value, strict=True)), draft) for value in values)
    return ConflictRow(
        key=f"{group[0]}-{line.number}",
        label=f"Blank {line.number}, {line.label}: {_WHAT[group[0]]}",
        mine=f"{mine} (as it is in the boxes below)",
        theirs=theirs,
        saved=describe_save(draft.row.changed_at),
        choice=choice,
    )


def _in_words(line: MapLine, values: Mapping[str, str], draft: OpenedDraft) -> str:
    if "label" in values:
        return f"“{values['label']}”"
    if "left" in values:
        return "from {left} to {right}, at the height {base}, size {size} at most".format_map(values)
    offered = choices_for(line, fields=draft.identity.acroform)
    words = {choice: text for _, choices in offered for choice, text in choices}.get(values["meaning"], "")
    reason = values["reason"] if values["meaning"] == OTHER else ""
    format_words = FORMATS.get(values["format"], "") if "." in values["meaning"] else ""
    optional = "may stay empty" if values["optional"] else ""
    parts = (words or "Not decided yet", reason, format_words, SIDES.get(values["side"], ""), optional)
    return "; ".join(part for part in parts if part)


def _form_values(group: tuple[str, ...], number: int, values: tuple[str, ...]) -> dict[str, str]:
    return {f"{part}-{number}": value for part, value in zip(group, values, strict=True)}


def _values_on_page(line: MapLine) -> dict[str, str]:
    sent = asked_of(line)
    parts = {part: str(getattr(sent, part)) for group in _GROUPS[: 3 if sent.placed else 2] for part in group}
    return {**parts, "optional": "yes" if sent.optional else ""}


def _values_shown(draft: OpenedDraft, line: MapLine, form: Mapping[str, str]) -> dict[str, str]:
    """Return what the page showed of a line; nothing where that is not known, or where it showed another blank."""
    values = read_shown(_place(draft, line.number), form.get(f"was-{line.number}", ""))
    values_on_page: dict[str, str] = values.get("shown", {}) if values.get("blank") == line.blank else {}
    return values_on_page if values_on_page.keys() == _values_on_page(line).keys() else {}


def _place(draft: OpenedDraft, number: int | str) -> str:
    return f"{draft.row.public_id}/blank/{number}"
