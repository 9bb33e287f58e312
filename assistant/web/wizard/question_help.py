"""Beside each question: why it is asked, and the document that says so; and the words of a page that need explaining.

Only what a source says, or what this program does with the answer. Citations are made when a page is shown, because
facts can be imported while the server runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import program

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.program import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionHelp:
    """Why a question is asked; ``source`` is the key of the document that says so, "" for what this program does."""

    why: str
    source: str = ""
    section: str | None = None
    page: int | None = None

    @property
    def citation(self) -> str:
        """Return the citation of its source, "" without one."""
        return str(program.cite(self.source, self.section, self.page)) if self.source else ""


_CALLS = QuestionHelp(why="ICE reaches the program contact this way.", source="moa-tfm", section="Appendix A")
_ASKS = QuestionHelp(
    why="ICE asks here before anything about the program goes to the press.", source="moa-jem", section="Appendix C"
)
_REACH = QuestionHelp(why="The letter of interest prints it at its head, so that ICE can reach the agency.")

HELP: Mapping[str, QuestionHelp] = {
    "agency.legal_name": QuestionHelp(
        why="It names the agency as a party, on the first page and where the agreement is signed.",
        source="moa-tfm",
        page=1,
    ),
    "agency.short_name": QuestionHelp(
        why="The letter has it beside the legal name, and one form has a blank for it. Leave it empty if there is none."
    ),
    "agency.kind": QuestionHelp(
        why="It shows which models are open to you. The Tribal Task Force Model is for tribal agencies only.",
        source="page",
        section="287(g) Program Models",
    ),
    "agency.represents": QuestionHelp(
        why="The Task Force Model agreement says which county, city or State the agency stands for.",
        source="moa-tfm",
        page=1,
    ),
    "agency.state": QuestionHelp(
        why="Each State has an ICE field office. Some States have laws on these agreements.", source="field-offices"
    ),
    "agency.county": QuestionHelp(
        why="In California, New York and Texas the county decides which field office it is.", source="field-offices"
    ),
    "agency.address.street": QuestionHelp(
        why="The appendix on public information has lines for it, and the letter prints it at its head.",
        source="moa-tfm",
        section="Appendix C",
    ),
    "agency.address.city": QuestionHelp(why="Forms and letter print it with the street, as the address of the agency."),
    "agency.address.state": QuestionHelp(
        why="It is filled in from the agency’s State. Change it only if the office is in another State."
    ),
    "agency.address.zip": QuestionHelp(
        why="It ends the address that forms and letter print: five digits, or nine with a hyphen."
    ),
    "agency.phone": _REACH,
    "agency.email": _REACH,
    "agency.law_enforcement_agency": QuestionHelp(
        why="If the answer is no, this agency cannot apply. A page then says what you can do.",
        source="page",
        section="How Can Your Agency Participate",
    ),
    "agency.operates_jail": QuestionHelp(
        why="Both jail models are for people in the agency’s own custody.",
        source="moa-jem",
        section="II. Purpose",
        page=1,
    ),
    "agency.conducts_patrol": QuestionHelp(
        why="It shows whether the Task Force Model fits.", source="page", section="287(g) Program Models"
    ),
    "approvals.governing_body": QuestionHelp(
        why="Whoever signs says that each party is fully authorized to do so. State and local law decide what that "
        "takes. If counsel says that no body has to approve, write “None needed, per counsel”.",
        source="moa-tfm",
        section="XVIII",
        page=9,
    ),
    "approvals.governing_body_approved_on": QuestionHelp(
        why="The letter of interest says that the body has approved, and when. No one should sign before that day."
    ),
    "approvals.counsel_reviewed_on": QuestionHelp(
        why="The agreements raise questions of State law, cost and liability. The checklist keeps this step open until "
        "counsel has read them."
    ),
    "signatory.full_name": QuestionHelp(
        why="Newer forms have a line for the name under the signature.", source="moa-tfm", page=9
    ),
    "signatory.title": QuestionHelp(why="It is printed under the signature.", source="moa-tfm", page=9),
    "signatory.chief_officer": QuestionHelp(
        why="Published agreements were signed by sheriffs, chiefs, city managers, mayors and heads of agencies.",
        source="form-review",
    ),
    "signatory.phone": QuestionHelp(why="No form has a blank for it. It is stored with your answers only."),
    "signatory.email": QuestionHelp(why="The email draft made here has it as its sender."),
    "program_contact.full_name": QuestionHelp(
        why="The agreement has lines for the agency’s point of contact.", source="moa-tfm", section="Appendix A"
    ),
    "program_contact.title": QuestionHelp(
        why="It tells ICE who this is within the agency.", source="moa-tfm", section="Appendix A"
    ),
    "program_contact.phone": _CALLS,
    "program_contact.email": _CALLS,
    "public_information_contact.full_name": QuestionHelp(
        why="The agreement has lines for the person who answers for the agency in public.",
        source="moa-jem",
        section="Appendix C",
    ),
    "public_information_contact.title": QuestionHelp(
        why="It tells ICE who this is within the agency.", source="moa-jem", section="Appendix C"
    ),
    "public_information_contact.phone": _ASKS,
    "public_information_contact.email": _ASKS,
    "ice.field_office": QuestionHelp(
        why="Its director lets trained officers do the work, and oversees them.", source="moa-jem"
    ),
    "ice.opla_location": QuestionHelp(
        why="The agreement names the office where an officer who is sued asks to be defended.",
        source="moa-tfm",
        section="XIV",
        page=7,
    ),
    "full_name": QuestionHelp(why="The roster goes to ICE with the letter and names each nominee."),
    "rank": QuestionHelp(why="The roster has a column for it."),
    "badge_number": QuestionHelp(why="It tells two people of one name apart on the roster."),
    "models": QuestionHelp(why="Each model has its own criteria and its own training. The next page asks only those."),
}
"""By the path of the question; a nominee's answers have no section."""

TERMS: Mapping[str, tuple[str, ...]] = {
    "agency": ("MOA", "Letter of Interest"),
    "eligibility": ("JEM", "WSO", "TFM", "TTFM"),
    "models": ("287(g)", "MOA", "Administrative warrant", "Detainer", "Authorization letter"),
    "approvals": ("MOA", "Countersignature"),
    "signatory": ("MOA", "Countersignature"),
    "program-contact": ("ERO", "Deconfliction"),
    "public-information-contact": ("MOA",),
    "ice-office": ("ERO", "Field office", "OPLA"),
    "nominees": ("Nominee", "Authorization letter"),
}
"""Words of the glossary that a page uses, by its step."""


def help_beside(*, nominee: bool = False) -> dict[str, QuestionHelp]:
    """Return the help by path: of the questions about a nominee, or of all others."""
    return {path: one for path, one in HELP.items() if nominee != ("." in path)}


def terms_of(slug: str) -> list[Term]:
    """Return what the glossary says of the words of a step's page."""
    names = TERMS.get(slug, ())
    return [term for term in program.glossary() if term.term in names]
