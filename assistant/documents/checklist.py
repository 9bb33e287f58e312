"""The checklist: what the review found, and the steps from here to the training, by who takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from assistant.documents.blocks import Block, Check, Checks, PaperDocument, PaperHeading, Paragraph
from assistant.documents.setting import to_pdf
from assistant.documents.wording import (
    agency_name,
    banner,
    counted,
    model_name,
    models_in_order,
    place_in_words,
)
from assistant.editions.formats import join_with_and, long_date
from assistant.program import recipient_address
from assistant.rules.groups import group_findings, name_in_group
from assistant.rules.invalid import invalid_answers
from assistant.text import describe_check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answers import Answers
    from assistant.documents.blocks import State
    from assistant.rules.groups import FindingGroup, GroupedFinding

PLACE = "04-checklist.pdf"
CORRECT_FIRST = "Correct the answers above that cannot be right, then make the bundle again."


class ChecklistReview(Protocol):
    """A review, by what is printed of it."""

    @property
    def ready(self) -> bool:
        """Say whether nothing blocks."""

    @property
    def findings(self) -> Sequence[GroupedFinding]:
        """Return all findings."""


# Severity, heading, what it means, the state of each.
_GROUPS: tuple[tuple[str, str, str, State], ...] = (
    ("blocker", "Fix before signing", "The bundle stays a draft until these are done.", "blocked"),
    ("warning", "To check", "These do not block the bundle. Look at each one, then decide.", "to check"),
    ("note", "To know", "Facts and advice about these answers. None of them blocks the export.", "to know"),
)


def checklist_pdf(answers: Answers, review: ChecklistReview, *, today: date, draft: bool) -> bytes:
    """Return the checklist as a PDF to print and tick off.

    Raises:
        FillError: a letter cannot be printed.
    """
    return to_pdf(compose_checklist(answers, review, today=today, draft=draft))


def compose_checklist(answers: Answers, review: ChecklistReview, *, today: date, draft: bool) -> PaperDocument:
    """Return what the checklist says."""
    name = agency_name(answers)
    models = models_in_order(answers.models)
    named = f" Models: {join_with_and([model_name(model) for model in models])}." if models else ""
    numbers = {severity: sum(f.severity == severity for f in review.findings) for severity, *_ in _GROUPS}
    blocks: list[Block] = [
        PaperHeading(text=f"Checklist – {name}", level=1),
        Paragraph(text=f"As of {long_date(today)}.{named}"),
        Paragraph(
            text=f"The review found {counted(numbers['blocker'], 'blocker', 'blockers')}, "
            f"{counted(numbers['warning'], 'warning', 'warnings')} and {counted(numbers['note'], 'note', 'notes')}. "
            + ("Nothing blocks the export." if review.ready else "Fix the blockers before anyone signs."),
            bold=True,
        ),
    ]
    for severity, heading, meaning, state in _GROUPS:
        of_severity = [finding for finding in review.findings if finding.severity == severity]
        if of_severity:
            blocks += [
                PaperHeading(text=heading),
                Paragraph(text=meaning, small=True, with_next=True),
                Checks(checks=tuple(_check(group, answers, state) for group in group_findings(of_severity))),
            ]
    blocks.append(PaperHeading(text="Steps"))
    invalid = bool(invalid_answers(review.findings))
    for who, checks in _steps(answers, ready=review.ready and not draft, invalid=invalid, today=today).items():
        blocks += [PaperHeading(text=who, level=3), Checks(checks=tuple(checks))]
    return PaperDocument(
        title=f"Checklist – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        banner=banner(draft=draft),
        place=PLACE,
    )


def _check(group: FindingGroup[GroupedFinding], answers: Answers, state: State) -> Check:
    first = group.first
    where = place_in_words(first.where)
    if group.nominees:
        where = where.partition(", ")[2]
    return Check(
        state=state,
        text=group.message,
        detail=f"Where: {where}" if where else "",
        source=f"Source: {first.source.rstrip('.')}. {describe_check(first.last_check)}".rstrip()
        if first.source
        else "",
        about_people=_about_people(group.nominees, len(answers.nominees)),
        people=tuple(
            f"{place + 1}  {name_in_group(answers.nominees[place].full_name or '[name: not given]', finding)}"
            for place, finding in zip(group.nominees, group.findings, strict=False)
        ),
    )


def _about_people(places: Sequence[int], everyone: int) -> str:
    """Return "Nominees 11 to 15:" for places from 0; each number is the row of the roster."""
    if not places:
        return ""
    if len(places) == everyone:
        return f"All {everyone:,} nominees:"
    if places[-1] - places[0] == len(places) - 1:
        return f"Nominees {places[0] + 1:,} to {places[-1] + 1:,}:"
    return f"{len(places):,} nominees, with their numbers in the roster:"


def _steps(answers: Answers, *, ready: bool, invalid: bool, today: date) -> dict[str, list[Check]]:
    """Return the steps by who takes them; what has to wait for the blockers says so.

    ``invalid``: an answer cannot be right as it stands, so the papers are not done.
    """
    approvals = answers.approvals
    body = approvals.governing_body or "The governing body"
    approved, read = approvals.governing_body_approved_on, approvals.counsel_reviewed_on
    signing: State = "to do" if ready else "blocked"
    signatory = answers.signatory.full_name or "the signatory"
    papers = f"the letter of interest and {'the MOA' if len(answers.models) == 1 else 'every MOA'}"
    later = "Only after ICE has signed."
    return {
        "Agency": [
            Check(
                state=("to do" if invalid else "done") if ready else "blocked",
                text="Prepare the letter, the forms and the roster.",
                detail=(CORRECT_FIRST if invalid else "") if ready else "Fix the blockers, then make the bundle again.",
            ),
            *_nominee_steps(answers),
        ],
        "Counsel": [
            Check(
                state="done" if read and read <= today else "to do",
                text="Read every agreement, and the state law on signing it.",
                detail=f"Reviewed on {long_date(read)}." if read else "",
            )
        ],
        "Governing body": [
            Check(state="done", text="No governing body has to approve the agreement.", detail=f"{body}.")
            if approvals.needs_no_body
            else Check(
                state="done" if approved and approved <= today else "to do",
                text=f"{body} approves the agreement, if your law requires that.",
                detail=f"Approved on {long_date(approved)}." if approved else "Ask counsel whether approval is needed.",
            )
        ],
        "Signatory": [
            Check(
                state=signing,
                text=f"Sign and date {papers} ({signatory}).",
                detail="Sign only the agency’s side. See 05-signing-instructions.pdf.",
            )
        ],
        "Agency, after signing": [
            Check(state=signing, text="Scan all pages of each signed document at 300 dpi, in order and right side up."),
            Check(
                state=signing,
                text=f"E-mail the signed letter and every signed MOA to {recipient_address()}.",
                detail="email.eml is a draft without attachments: attach the signed copies.",
            ),
            Check(state=signing, text="Keep the signed copies and the sent message."),
        ],
        "ICE": [
            Check(
                state="to do",
                text="ICE signs each MOA and returns it.",
                detail="The agreement is in force only with both signatures. ICE’s page says that it answers questions "
                "within one business day. It does not say how long it takes to sign.",
            ),
            Check(
                state="to do", text="ICE checks the nominees, trains and tests them, and authorizes them.", detail=later
            ),
        ],
    }


def _nominee_steps(answers: Answers) -> list[Check]:
    people = answers.nominees
    if not people:
        return [
            Check(
                state="to do",
                text="Choose the officers to nominate.",
                detail="You may also nominate after ICE signs.",
            )
        ]
    completed_count = sum(nominee.background_investigation == "completed" for nominee in people)
    return [
        Check(
            state="done" if completed_count == len(people) else "to do",
            text="Complete the background investigation of every nominee.",
            detail=f"{completed_count:,} of {len(people):,} completed.",
        )
    ]
