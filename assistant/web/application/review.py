"""The review: every finding once, with its source and the way to fix it, and every answer to check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from assistant.rules.groups import group_findings
from assistant.rules.invalid import invalid_answers
from assistant.web.application.answer_rows import People, key_of, people_of, place_of_group, sections_of
from assistant.web.kit.context import application_of
from assistant.web.kit.csrf import csrf_failed, reshow_on_csrf_failure
from assistant.web.wizard import application_state
from assistant.web.wizard.after_save import what_was_saved
from assistant.web.wizard.steps import known_step, not_eligible, place_of
from assistant.web.wizard.wizard import count_added, leave_list, not_yet

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.rules import Finding
    from assistant.storage.tables import Application

bp = Blueprint("review", __name__, url_prefix="/applications/<uuid:application_id>/review")

MAX_FINDINGS_SHOWN = 200  # texts of one severity; a roster of thousands would make a page nobody reads
HEADINGS = {
    "blocker": ("Fix before you export", "No blockers."),
    "warning": ("Look at these", "No warnings."),
    "note": ("Good to know", "No notes."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A finding with the way to its question, or what many nominees have in common.

    ``link_text`` tells one Change link from every other.
    """

    number: int
    finding: Finding
    message: str
    people: People
    change: str
    place: str
    link_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The findings of one severity."""

    severity: str
    heading: str
    nothing: str
    rows: tuple[FindingRow, ...]
    more: int

    @property
    def count(self) -> int:
        """Return how many lines of this severity there are: what many nominees share is one."""
        return len(self.rows) + self.more


@bp.route("/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show(application_id: UUID) -> ResponseReturnValue:
    """Show the review, or go on to the documents."""
    application = application_of(application_id)
    row = known_step("review")
    if reason := row.needs(application.answers):
        return not_yet(application, row, reason)
    if request.method == "POST" and not csrf_failed():
        return leave_list(application, row)
    number, total = place_of(row)
    review = application_state.review_of(application)
    groups, numbers = _groups(application, review.findings)
    invalid = len(invalid_answers(review.findings))
    return render_template(
        "application/review/review.html",
        application=application,
        application_title=application_state.title_of(application),
        number=number,
        total=total,
        review=review,
        invalid=invalid,
        left=next(group.count for group in groups if group.severity == "blocker") + invalid,
        not_eligible=not_eligible(application.answers),
        groups=groups,
        sections=sections_of(application, review.findings, numbers),
        opened=(request.args.get("saved"), request.args.get("open")),
        saved=what_was_saved(application),
        added=count_added(),
        # Where the documents take long to make, their own page says so first.
        can_export=review.ready and not invalid and not application_state.longest_seconds(application),
    )


def _groups(application: Application, findings: tuple[Finding, ...]) -> tuple[list[Group], dict[str, int]]:
    """Return the findings by severity, and the number of each on the page by ``key_of``."""
    groups = []
    numbers: dict[str, int] = {}
    used_texts: set[str] = set()
    for severity, (heading, nothing) in HEADINGS.items():
        mine = [finding for finding in findings if finding.severity == severity]
        together = group_findings(mine, most_single=1)
        rows = []
        for number, group in enumerate(together[:MAX_FINDINGS_SHOWN], 1):
            change, place = place_of_group(application, group)
            link_text = f"{place}: {group.message}"
            link_text = f"{link_text} ({severity} {number})" if link_text in used_texts else link_text
            used_texts.add(link_text)
            numbers |= dict.fromkeys(map(key_of, group.findings), len(used_texts))
            rows.append(
                FindingRow(
                    number=len(used_texts),
                    finding=group.first,
                    message=group.message,
                    people=people_of(application, group),
                    change=change,
                    place=place,
                    link_text=link_text,
                )
            )
        more = len(together[MAX_FINDINGS_SHOWN:])
        groups.append(Group(severity=severity, heading=heading, nothing=nothing, rows=tuple(rows), more=more))
    return groups, numbers
