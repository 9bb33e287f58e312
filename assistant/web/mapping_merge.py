"""A page of a map that was changed while it was open: what it showed, what was typed and what is kept, in one.

A page carries what it showed of each blank. So what somebody else saved since is taken over where nothing was typed,
and where both changed the same, the page says so and shows what was typed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.web.errors_shown import PageError
from assistant.web.mapping_words import asked_of, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.mapping.lines import MapLine

CHANGED = (
    "Somebody else changed this page in the meantime. What they saved stands here now, beside what you entered: look "
    "through it, and save again."
)
_GROUPS = (
    ("meaning", "format", "side", "optional", "reason"),
    ("label",),
    ("left", "base", "right", "size"),
)
"""What is decided together: an answer and how it is written, a name, a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A page as it was sent, with what was saved in the meantime; ``changed`` says whether that touches this page."""

    form: Mapping[str, str]
    changed: bool
    conflicts: tuple[PageError, ...]


def shown_of(line: MapLine) -> str:
    """Return what a page shows of a line, as the page carries it along."""
    return json.dumps({"blank": line.blank, **_shown(line)}, ensure_ascii=False)


def merged(lines: Sequence[MapLine], form: Mapping[str, str]) -> Merged:
    """Return a page that was sent from an older state of ``lines``, its lines as they are kept now."""
    made = dict(form)
    changed, conflicts = False, []
    sent = {name.partition("-")[2] for name in form if name.startswith("meaning-")}
    for line in lines:
        number = str(line.number)
        kept, was = _shown(line), _read(form.get(f"was-{number}", ""), line)
        changed = changed or was != kept
        if number not in sent:
            continue
        typed = {part: form.get(f"{part}-{number}", "" if part == "optional" else kept[part]) for part in kept}
        for group in (group for group in _GROUPS if group[0] in kept):
            mine, theirs, before = ([values.get(part) for part in group] for values in (typed, kept, was))
            if mine == before:
                made |= {f"{part}-{number}": kept[part] for part in group}
            elif theirs not in (before, mine):
                conflicts.append(_conflict(line, group[0]))
                if group[0] == "meaning" and typed["format"] == was.get("format"):
                    made[f"format-{number}"] = kept["format"]  # nobody said here how it is written
    gone = sent - {str(line.number) for line in lines}
    for number in sorted(gone):
        changed = True
        if _touched(number, form):
            message = (
                f"Somebody else took out blank {number[:9]} in the meantime, so what you entered for it is not kept."
            )
            conflicts.append(PageError(message=message))
    return Merged(form=made, changed=changed, conflicts=tuple(conflicts))


def _shown(line: MapLine) -> dict[str, str]:
    asked = asked_of(line)
    parts = {part: str(getattr(asked, part)) for group in _GROUPS[: 3 if asked.placed else 2] for part in group}
    return {**parts, "optional": "yes" if asked.optional else ""}


def _read(text: str, line: MapLine) -> dict[str, str]:
    """Return what the page showed of a line; nothing where it does not say, or showed another blank."""
    values = _values(text)
    return {part: str(value) for part, value in values.items()} if values.pop("blank", None) == line.blank else {}


def _values(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _touched(number: str, form: Mapping[str, str]) -> bool:
    was = _values(form.get(f"was-{number}", ""))
    return any(form.get(f"{part}-{number}", "") != was.get(part, "") for group in _GROUPS for part in group)


def _conflict(line: MapLine, part: str) -> PageError:
    start = f"Blank {line.number}: somebody else saved"
    theirs = {"meaning": f"“{said(line)}”", "label": f"the name “{line.label}”"}.get(part, "another place")
    message = f"{start} {theirs} in the meantime. What you entered stands here; save again to keep it."
    return PageError(message=message, id=f"{part}-{line.number}")
