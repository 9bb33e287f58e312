"""The checklist as a page: the same words as the printed one, each line led to the place where it is dealt with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from assistant.documents.blocks import Checks, PaperHeading, Paragraph
from assistant.documents.checklist import compose_checklist
from assistant.rules import SEVERITIES
from assistant.rules.groups import group_findings
from assistant.web.application.answer_rows import People, people_of, place_of_group
from assistant.web.kit.context import application_of, today
from assistant.web.wizard import application_state
from assistant.web.wizard.steps import get_step

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from assistant.documents.blocks import Check
    from assistant.rules import Finding
    from assistant.rules.groups import FindingGroup
    from assistant.storage.tables import Application
    from assistant.web.kit.context import PageContext

bp = Blueprint("checklist", __name__, url_prefix="/applications/<uuid:application_id>/checklist")

MAX_FINDINGS_SHOWN = 200  # lines of one severity; the printed one has them all
STEPS = "Steps"
STATES = ("done", "to do", "blocked")
DEALT_WITH: dict[str, tuple[str, ...]] = {
    "Agency": ("documents", "nominees"),
    "Counsel": ("approvals",),
    "Governing body": ("approvals",),
    "Signatory": ("documents",),
    "Agency, after signing": ("documents",),
}
"""The step that belongs to each line of a taker, in their order; the last one is for the lines that follow."""

NOBODY = People()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    """One thing to tick off, with the page where it is dealt with and what that page is called."""

    check: Check
    address: str
    place: str
    people: People = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistPart:
    """Lines under one heading: findings of one severity, or the steps of one taker."""

    title: str
    about: str
    lines: tuple[ChecklistRow, ...]
    finding_count: int = 0
    more: int = 0

    def count(self, state: str) -> int:
        """Return how many lines are in a state."""
        return sum(line.check.state == state for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The whole: what stands above, the findings, the steps by who takes them."""

    intro: tuple[str, ...]
    findings: tuple[ChecklistPart, ...]
    steps: tuple[ChecklistPart, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many steps are done, to do and blocked."""
        counts: Counter[str] = Counter(line.check.state for part in self.steps for line in part.lines)
        return {state: counts[state] for state in STATES}


def checklist_of(application: Application) -> Checklist:
    """Return the checklist of an application as it stands."""
    review = application_state.review_of(application)
    composed = compose_checklist(application.answers, review, today=today(), draft=not review.ready)
    # The printed list has the findings by severity; so its lines and these go side by side.
    groups = iter(
        [
            group
            for severity in SEVERITIES
            for group in group_findings([f for f in review.findings if f.severity == severity])
        ]
    )
    intro: list[str] = []
    parts: dict[bool, list[ChecklistPart]] = {True: [], False: []}
    in_steps, title, about = False, "", ""
    for block in composed.blocks:
        if isinstance(block, PaperHeading):
            in_steps = in_steps or block.text == STEPS
            title, about = (block.text, "") if block.level > 1 else ("", "")
        elif isinstance(block, Paragraph):
            if title:
                about = block.text
            else:
                intro.append(block.text)
        elif isinstance(block, Checks) and in_steps:
            parts[True].append(ChecklistPart(title=title, about=about, lines=_steps(application, title, block)))
        elif isinstance(block, Checks):
            mine = [next(groups) for _ in block.checks]
            # A place is worked out for what is shown only: there may be thousands.
            lines = tuple(
                _line(application, check, group)
                for check, group in zip(block.checks[:MAX_FINDINGS_SHOWN], mine[:MAX_FINDINGS_SHOWN], strict=True)
            )
            findings = sum(len(group.findings) for group in mine)
            more = sum(len(group.findings) for group in mine[MAX_FINDINGS_SHOWN:])
            parts[False].append(ChecklistPart(title=title, about=about, lines=lines, finding_count=findings, more=more))
    return Checklist(intro=tuple(intro), findings=tuple(parts[False]), steps=tuple(parts[True]))


def _line(application: Application, check: Check, group: FindingGroup[Finding]) -> ChecklistRow:
    address, place = place_of_group(application, group)
    return ChecklistRow(check=check, address=address, place=place, people=people_of(application, group))


def _steps(application: Application, who: str, block: Checks) -> tuple[ChecklistRow, ...]:
    slugs = DEALT_WITH.get(who, ())
    lines = []
    for number, check in enumerate(block.checks):
        step = get_step(slugs[min(number, len(slugs) - 1)]) if slugs else None
        address = application_state.address_of(application.public_id, step) if step else ""
        lines.append(ChecklistRow(check=check, address=address, place=step.title if step else ""))
    return tuple(lines)


@bp.get("/")
def show(application_id: UUID) -> ResponseReturnValue:
    """Show the checklist, to work through or to print."""
    application = application_of(application_id)
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "checklist": checklist_of(application),
        "states": STATES,
    }
    return render_template("application/checklist/checklist.html", **context)


def register_template_helpers(app: Flask) -> None:
    """Let the task list end with the checklist."""
    app.jinja_env.globals.update(checklist_of=checklist_of)
