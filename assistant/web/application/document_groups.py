"""The documents in three groups: what is signed and sent, what the agency keeps, and the technical files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.bundle.bundle import MANIFEST, README
from assistant.services.after_export.since_export import changed_since, outdated_files
from assistant.services.application import export_log
from assistant.web.kit.context import agency_id, db
from assistant.web.wizard import application_state, teamwork
from assistant.web.wizard.steps import label_of_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from assistant.services.application.changes import Change
    from assistant.services.application.export_log import Exported
    from assistant.storage.tables import Application
    from assistant.web.application.bundle_preview import BundleFile

TECHNICAL = frozenset({"answers.json", MANIFEST, README})
KEPT_STARTS = ("03-", "04-", "06-")
"""The roster, the checklist and the proof; ICE asks for none of them."""
MOST_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCard:
    """A document: ``outdated`` says what of it changed since the last export ("": nothing)."""

    file: BundleFile
    outdated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentGroup:
    """Documents under one heading, with one line about what becomes of them."""

    slug: str
    title: str
    about: str
    cards: tuple[DocumentCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBundle:
    """The last export, drafts too, beside the application as it is now.

    ``outdated`` has by file name what would print differently; ``answers`` names the changed answers, ``more`` counts
    those that are not named.
    """

    public_id: UUID
    export: Exported
    reference: str
    outdated: Mapping[str, str]
    answers: tuple[str, ...]
    more: int
    nominees: int
    is_approved_since: bool = False
    """Whether exactly this was approved after it was exported, so that its proof does not name the approval."""

    @property
    def is_changed(self) -> bool:
        """Say whether anything is different from what was exported."""
        return bool(self.outdated or self.answers or self.nominees)


def last_bundle(application: Application, exports: Sequence[Exported]) -> LastBundle | None:
    """Return the last export and what of it is out of date; ``exports`` as ``exports_of``; None: there is none."""
    if not exports:
        return None
    row = export_log.get_export(db(), agency_id(), exports[0].public_id)
    plan = application_state.plan_of(application)
    changed = changed_since(row, plan, version=application.version)
    labels = _labels(changed.answers)
    return LastBundle(
        public_id=row.public_id,
        export=exports[0],
        reference=export_log.reference_of(row.public_id),
        outdated=outdated_files(row, changed, plan) if changed else {},
        answers=tuple(labels[:MOST_NAMED]),
        more=max(0, len(labels) - MOST_NAMED),
        nominees=changed.nominees,
        is_approved_since=_is_approved_since(application, exports[0]),
    )


def _is_approved_since(application: Application, export: Exported) -> bool:
    last = teamwork.last_decision(application)
    if last is None or last.is_void or last.decision.kind != "approved":
        return False
    return last.decision.at > export.made_at


def _labels(changes: Sequence[Change]) -> list[str]:
    """Return the questions whose answers changed, each once."""
    return list(dict.fromkeys(label_of_path(change.path) for change in changes))


def document_groups(files: Sequence[BundleFile], outdated: Mapping[str, str]) -> list[DocumentGroup]:
    """Return the documents of a bundle in their groups, a group without any left out."""
    kinds: dict[str, list[DocumentCard]] = {"sign": [], "keep": [], "technical": []}
    for file in files:
        card = DocumentCard(file=file, outdated=outdated.get(file.name, ""))
        kinds[_group_of(file.name)].append(card)
    groups = [
        DocumentGroup(slug=slug, title=title, about=about, cards=tuple(kinds[slug])) for slug, title, about in _HEADINGS
    ]
    return [group for group in groups if group.cards]


_HEADINGS = (
    ("sign", "Sign and send", "What is signed, how to sign it, and the message that goes with it."),
    ("keep", "Keep", "For your own file. You do not send these to ICE now."),
    ("technical", "Technical files", "To check the bundle, or to move the answers to another computer."),
)


def _group_of(name: str) -> str:
    if name in TECHNICAL:
        return "technical"
    return "keep" if name.startswith(KEPT_STARTS) else "sign"
