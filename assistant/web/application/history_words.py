"""What a line of the history says, in plain words: the act, and each answer as its question calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.editions.formats import revision_date
from assistant.services.application.changes import NOMINEES
from assistant.services.application.part_merge import SEPARATOR, WORDINGS
from assistant.services.application.parts import PARTS
from assistant.web.application.part_rows import NO_ANSWER, label_of, value_words
from assistant.web.wizard.steps import get_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.services.application.changes import Change
    from assistant.services.application.history import HistoryEntry

ACTS = {
    "started": "Application started",
    "changed": "Answers saved",
    "copied": "Started as a copy of another application",
    "transferred": "Started from an answers file",
    "started from an agreement": "Started from a finished agreement",
    "opened from a file": "Opened from a colleague’s file",
    "taken back": "A colleague’s part was taken back",
    "handed over": "Handed over to a colleague",
    "sent back": "Sent back to a colleague",
    "exported": "Bundle exported",
    "signed copies added": "Signed copies added",
    "signed copy matched": "Signed copy assigned to its document",
    "signed copies joined": "Signed copies put together",
    "signed pages confirmed": "Signed pages checked by a person",
    "confirmation withdrawn": "Check of the signed pages withdrawn",
    "signed copy removed": "Signed copy removed",
    "message added": "Message added",
    "marked as sent": "Marked as sent",
    "message moved": "Message moved to another application",
    "message sorted": "Message sorted",
    "message removed": "Message removed",
    "listing decided": "Rows of ICE’s lists looked at",
    "review asked": "Review asked for",
    "review finished": "Review finished",
    "approved": "Approved",
    "declined": "Declined",
    "locked": "Locked against changes",
    "unlocked": "Unlocked",
    "comment added": "Comment added",
    "comment resolved": "Comment resolved",
    "nominees purged": "Data of the nominees erased",
    "deleted": "Application deleted",
}
KIND_WORDS = {
    "answers": "Answers",
    "exports": "Exports",
    "approvals": "Reviews and approvals",
    "signing": "Signed copies",
    "sending": "Messages",
    "hand-over": "Hand-overs",
    "other": "Other",
}
HASH_LETTERS = 12
"""Letters of a hash by which people compare it; the page of the approval has all of them."""
LONGEST_VALUE = 300
"""Letters of an answer that a line shows; the rest is left out with "…"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """An answer before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeLines:
    """A nominee who was added, removed or changed, with the answers that differ."""

    name: str
    state: str
    lines: tuple[ChangeLine, ...] = ()


def title_of_entry(entry: HistoryEntry, *, sha256_now: str | None = None) -> str:
    """Return what happened: "Signatory: saved", "Drafts exported, reference A1B2C3D4".

    ``sha256_now`` is the hash of what would print now, None where nobody asks: an approval of anything else is void.
    """
    words = ACTS.get(entry.act, entry.act[:1].upper() + entry.act[1:])
    if entry.act == "exported":
        words = "Drafts exported" if entry.facts.get("draft") else words
        return f"{words}, reference {str(entry.facts.get('export', ''))[:8].upper()}"
    if entry.act in {"approved", "declined"}:
        sha256 = str(entry.facts.get("sha256", ""))
        is_void = sha256_now is not None and sha256 != sha256_now
        return f"{words}, SHA-256 {sha256[:HASH_LETTERS]}…{', but something changed since' if is_void else ''}"
    if entry.act == "changed":
        return title_of_save(entry.section)
    if entry.act in {"handed over", "sent back"} and entry.section in PARTS:
        return f"{words}: {PARTS[entry.section].title}"
    return words


def title_of_save(section: str) -> str:
    """Return which page was saved: "Signatory: saved"."""
    step = get_step(section)
    if step is not None:
        return f"{step.title}: saved"
    return {"nominees": "Nominees: saved", "editions": "Editions of the forms: changed"}.get(section, "Answers saved")


def lines_of_changes(changes: Sequence[Change]) -> Iterator[ChangeLine]:
    """Yield the answers of an application that changed, the nominees left out."""
    for change in changes:
        if change.section == NOMINEES:
            continue
        if change.path == WORDINGS:
            yield from _lines_of_mapping(change, f"{WORDINGS}{SEPARATOR}")
        elif change.path == "editions":
            before, after = (change.before or {}), (change.after or {})
            for model in dict.fromkeys((*before, *after)):
                if before.get(model) != after.get(model):
                    editions = [_revision(edition_id) for edition_id in (before.get(model), after.get(model))]
                    yield _line(f"Edition of the {model} form", *editions)
        else:
            yield ChangeLine(
                label=label_of(change.path),
                before=_words(change.path, change.before),
                after=_words(change.path, change.after),
            )


def nominee_changes(changes: Sequence[Change]) -> list[NomineeLines]:
    """Return the nominees who were added, removed or changed, by name."""
    rows = []
    for change in changes:
        if change.nominee_id is not None:
            rows.append(_nominee_change(change))
        elif change.path == NOMINEES:
            rows.append(NomineeLines(name="The list", state="put in another order"))
    return rows


def _nominee_change(change: Change) -> NomineeLines:
    before, after = (change.before or {}), (change.after or {})
    name = after.get("full_name") or before.get("full_name") or "Nominee without a name"
    if change.before is None or change.after is None:
        return NomineeLines(name=name, state="added" if change.before is None else "removed")
    lines = []
    for field in dict.fromkeys((*before, *after)):
        if before.get(field) != after.get(field):
            key = f"{NOMINEES}{SEPARATOR}{change.nominee_id}{SEPARATOR}{field}"
            label = label_of(key, name).removeprefix(f"{name}: ")
            lines.append(
                ChangeLine(label=label, before=_words(key, before.get(field)), after=_words(key, after.get(field)))
            )
    return NomineeLines(name=name, state="changed", lines=tuple(lines))


def _lines_of_mapping(change: Change, prefix: str) -> Iterator[ChangeLine]:
    before: Mapping[str, Any] = change.before or {}
    after: Mapping[str, Any] = change.after or {}
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key) and not key.startswith(f"{NOMINEES}."):
            yield _line(label_of(f"{prefix}{key}"), before.get(key), after.get(key))


def _revision(edition_id: str | None) -> str | None:
    """Return "02/14/2025 (flat)" for "2025-02-14.flat", as the revision is printed."""
    day, _, word = (edition_id or "").partition(".")
    return f"{revision_date(day)}{f' ({word})' if word else ''}" if day else None


def _line(label: str, before: str | None, after: str | None) -> ChangeLine:
    return ChangeLine(label=label, before=before or NO_ANSWER, after=after or NO_ANSWER)


def _words(key: str, value: Any) -> str:
    words = value_words(key, value)
    return words if len(words) <= LONGEST_VALUE else f"{words[:LONGEST_VALUE]}…"
