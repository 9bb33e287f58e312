"""All answers as rows to check: the question, the answer, the way back to the question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from assistant.answers import get_path
from assistant.rules.editions import EDITION_MISSING
from assistant.rules.fit import TOO_LONG
from assistant.rules.groups import name_in_group
from assistant.services.application.nominees import nominees_of
from assistant.web.kit.page_forms import shown_answer
from assistant.web.nominees.nominee_forms import CriteriaForm, PersonForm
from assistant.web.nominees.nominee_table import LABELS
from assistant.web.wizard import teamwork
from assistant.web.wizard.application_state import address_of
from assistant.web.wizard.paper_places import paper_addresses
from assistant.web.wizard.steps import STEPS, label_of_path, question_of, step_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.rules import Finding
    from assistant.rules.groups import FindingGroup
    from assistant.storage.tables import Application
    from assistant.web.wizard.teamwork import CommentView

NOMINEES_SHOWN = 50
PEOPLE_LINKED = 100
"""Nominees of one group of findings that a page leads to; the printed checklist names them all."""
OUTDATED = "form-outdated"
ABOUT_FORMS = frozenset({OUTDATED, "official-form-not-on-hand"})
"""Findings that no answer can fix, but a newer blank form can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLink:
    """Where on the page a finding about an answer stands; the answer's row only leads there."""

    number: int
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One answer: ``id`` names the row on the page, ``link_text`` is the Change link as a screen reader says it."""

    id: str
    label: str
    value: str
    change: str
    link_text: str
    findings: Sequence[FindingLink]
    paper: str = ""
    """Where the answer stands in the preview of a document; "": on no official form that is on file."""
    comments: Sequence[CommentView] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeLine:
    """One nominee in one line, with how many answers are to fix and to look at."""

    id: str
    number: int
    name: str
    details: str
    address: str
    blockers: int
    warnings: int
    comments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSection:
    """The rows of one step, or its nominees; it is open on the page where something in it has to be fixed."""

    slug: str
    title: str
    rows: tuple[AnswerRow, ...] = ()
    nominees: tuple[NomineeLine, ...] = ()
    more: int = 0
    blockers: int = 0
    warnings: int = 0
    comments: int = 0

    @property
    def is_open(self) -> bool:
        """Say whether something in it has to be fixed, or a comment waits for an answer."""
        return bool(self.blockers or self.comments)

    @property
    def summary(self) -> str:
        """Return how much of the step is answered: "5 of 6 answered", "30 nominees"."""
        if self.slug == "nominees":
            count = len(self.nominees) + self.more
            return f"{count:,} nominee{'' if count == 1 else 's'}"
        return f"{sum(bool(row.value) for row in self.rows)} of {len(self.rows)} answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeLink:
    """A nominee of a group of findings, with the way to the question; ``number`` is the row of the roster."""

    number: int
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The nominees of a group of findings: the first of them, and how many there are."""

    rows: tuple[NomineeLink, ...] = ()
    count: int = 0

    @property
    def more(self) -> int:
        """Return how many are not listed."""
        return self.count - len(self.rows)


def people_of(application: Application, group: FindingGroup[Any]) -> People:
    """Return the nominees whom a group of findings concerns."""
    everyone = application.answers.nominees
    rows = tuple(
        NomineeLink(
            number=place + 1,
            name=name_in_group(everyone[place].full_name or "no name yet", finding),
            address=place_of_finding(application, finding)[0],
        )
        for place, finding in zip(group.nominees[:PEOPLE_LINKED], group.findings, strict=False)
    )
    return People(rows=rows, count=len(group.nominees))


def place_of_group(application: Application, group: FindingGroup[Any]) -> tuple[str, str]:
    """Return (address, name) of the place where a finding is corrected; of a group, the list of nominees."""
    if group.nominees:
        # The list shows those nominees alone where they have a gap in a criterion.
        field = group.first.where.split(".")[-1]
        gap = field if field in LABELS else None
        return url_for("nominees.listing", application_id=application.public_id, gap=gap), "Nominees"
    return place_of_finding(application, group.first)


def sections_of(
    application: Application, findings: Sequence[Finding], numbers: Mapping[str, int]
) -> list[AnswerSection]:
    """Return every answer in the order of the steps; steps that cannot start are left out.

    ``numbers`` gives the number of a finding on the page by ``key_of``.
    """
    by_path: dict[str, list[FindingLink]] = {}
    for finding in findings:
        if finding.severity != "note" and (number := numbers.get(key_of(finding))):
            link = FindingLink(number=number, severity=finding.severity)
            by_path.setdefault(question_of(finding.where), []).append(link)
    answers = application.answers
    on_paper = paper_addresses(application)
    comments = teamwork.open_comments(application)
    sections = []
    for step in STEPS:
        if step.needs(answers):
            continue
        if step.slug == "nominees":
            sections.append(_nominees(application, findings, comments))
        elif step.page_form:
            page_form = step.page_form.of(answers)
            rows = tuple(
                AnswerRow(
                    id=path,
                    label=field.label.text,
                    value=shown_answer(field, get_path(answers, path)),
                    change=address_of(application.public_id, step, path=path, back=f"row-{path}"),
                    link_text=f"{step.title}: {field.label.text}",
                    findings=by_path.get(path, ()),
                    paper=on_paper.get(path, ""),
                    comments=comments.get(path, ()),
                )
                for path, field in page_form.questions()
            )
            about = [link.severity for row in rows for link in row.findings]
            sections.append(
                AnswerSection(
                    slug=step.slug,
                    title=step.title,
                    rows=rows,
                    blockers=about.count("blocker"),
                    warnings=about.count("warning"),
                    comments=sum(len(row.comments) for row in rows),
                )
            )
    return sections


def key_of(finding: Finding) -> str:
    """Return what tells a finding from all others of a review."""
    # One name may be too long for several blanks: then path and code are the same, and the message is not.
    return f"{finding.where} {finding.code} {finding.message}"


def _nominees(
    application: Application, findings: Sequence[Finding], comments: Mapping[str, Sequence[CommentView]]
) -> AnswerSection:
    everyone = nominees_of(application)
    about: dict[str, Counter[str]] = {}
    for finding in findings:
        section, _, rest = finding.where.partition(".")
        if section == "nominees" and rest:
            about.setdefault(rest.partition(".")[0], Counter())[finding.severity] += 1
    lines = []
    for nominee_row in everyone[:NOMINEES_SHOWN]:
        person = nominee_row.nominee
        mine = about.get(str(nominee_row.place), Counter())
        details = [person.rank, person.badge_number and f"badge {person.badge_number}", ", ".join(person.models)]
        address = url_for(
            "nominees.person",
            application_id=application.public_id,
            nominee_id=nominee_row.id,
            back=f"row-nominee-{nominee_row.id}",
        )
        lines.append(
            NomineeLine(
                id=nominee_row.id,
                number=nominee_row.place + 1,
                name=person.full_name or "No name yet",
                details=" · ".join(part for part in details if part),
                address=address,
                blockers=mine["blocker"],
                warnings=mine["warning"],
                comments=len(comments.get(f"nominees.{nominee_row.id}", ())),
            )
        )
    return AnswerSection(
        slug="nominees",
        title="Nominees",
        nominees=tuple(lines),
        more=len(everyone) - len(lines),
        blockers=sum(one["blocker"] for one in about.values()),
        warnings=sum(one["warning"] for one in about.values()),
        comments=sum(len(some) for path, some in comments.items() if path.partition(".")[0] == "nominees"),
    )


def place_of_finding(application: Application, finding: Finding) -> tuple[str, str]:
    """Return (address of the page where a finding is fixed, what that place is called)."""
    where = finding.where
    application_id = application.public_id
    if finding.code == OUTDATED and where.rpartition(".")[2] in application.answers.editions:
        return url_for("editions.listing", application_id=application_id), "Editions of the forms"
    if finding.code in ABOUT_FORMS or (finding.code in TOO_LONG and where == "models"):
        return url_for("forms.listing"), "Official forms"
    if finding.code == EDITION_MISSING:
        return url_for("editions.listing", application_id=application_id), "Editions of the forms"
    parts = where.split(".")
    if (
        parts[0] == "nominees"
        and len(parts) > 1
        and parts[1].isdigit()
        and int(parts[1]) < len(application.nominee_ids)
    ):
        place = int(parts[1])
        nominee_id = application.nominee_ids[place]
        name = application.answers.nominees[place].full_name or f"Nominee {place + 1}"
        field = next(iter(parts[2:]), "full_name")  # nominees.<place>.<field>
        page, endpoint = (
            (PersonForm, "nominees.person") if field in PersonForm.paths() else (CriteriaForm, "nominees.questions")
        )
        address = url_for(
            endpoint, application_id=application_id, nominee_id=nominee_id, back=f"row-nominee-{nominee_id}",
            _anchor=page.html_id(field),
        )  # fmt: skip
        return address, f"Nominees: {name}"
    step = step_of(where)
    question = question_of(where)
    back = {"back": f"row-{question}"} if step.page_form else {}
    return address_of(application_id, step, path=question, **back), label_of_path(where)
