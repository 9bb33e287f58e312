"""The questions of each page: how we ask. What we know is ``assistant.answers``.

A field of a page form is named as the answer it fills, inside the form's section; two underscores go one level
deeper (``address__street`` in the section ``agency`` is ``agency.address.street``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from wtforms import Form

from assistant.answers import Answers, get_path, with_path
from assistant.editions import formats
from assistant.program import field_offices, opla_locations, states
from assistant.web.kit.fields import Choice, Day, Email, LineField, Offering, Select, Several, YesNo

if TYPE_CHECKING:
    from assistant.answers import AnswersByPath
    from assistant.rules import Finding

LONGEST_NAME = 128  # characters; longer names were never seen in a published agreement
STATES = list(states().items())

NO_BODY = "None needed, per counsel"
"""What stands for the governing body where none has to approve."""

KIND_NAMES = {
    "county": "County",
    "municipality": "Municipality (city, town, village)",
    "state": "State",
    "tribal": "Indian tribe",
    "other": "Other (campus, airport, port, special district)",
}
MODEL_NAMES = {model: f"{name} ({model})" for model, name in formats.MODEL_NAMES.items()}


class PageForm(Form):
    """The questions of one page, and the way between them and the answers."""

    section = ""

    def __init__(self, formdata: Any = None, saved: Callable[[str], Any] | None = None) -> None:
        """Show what ``saved`` gives for each path, or what was typed over it."""
        saved_values = {} if saved is None else {name: saved(self.path(name)) for name in self.names()}
        super().__init__(formdata, prefix=f"{self.section}-" if self.section else "", data=saved_values)

    @classmethod
    def of(cls, answers: Answers, formdata: Any = None) -> Self:
        """Return the page as the answers fill it, with what was typed over them."""
        return cls(formdata, lambda path: get_path(answers, path))

    @classmethod
    @cache
    def names(cls) -> list[str]:
        """Return the names of the fields, in the order of the page."""
        named_fields = [(name, field) for name in dir(cls) if hasattr(field := getattr(cls, name), "field_class")]
        return [name for name, _ in sorted(named_fields, key=lambda pair: pair[1].creation_counter)]

    @classmethod
    def path(cls, name: str) -> str:
        """Return the path of the answer that a field fills."""
        inside = name.replace("__", ".")
        return f"{cls.section}.{inside}" if cls.section else inside

    @classmethod
    @cache
    def paths(cls) -> list[str]:
        """Return the paths of all answers this page asks for."""
        return [cls.path(name) for name in cls.names()]

    @classmethod
    def html_id(cls, path: str) -> str:
        """Return the id of the field on the page that fills the answer at a path."""
        inside = path.removeprefix(f"{cls.section}.").replace(".", "__")
        return f"{cls.section}-{inside}" if cls.section else inside

    def questions(self) -> Iterator[tuple[str, Any]]:
        """Yield (path, field) for each question, in the order of the page."""
        return ((self.path(name), self[name]) for name in self.names())

    def show_findings(self, findings: Mapping[str, Sequence[Finding]]) -> None:
        """Show beside each question what the review says of its answer; ``findings`` by path."""
        for path, field in self.questions():
            field.findings = findings.get(path, ())

    def entries(self) -> AnswersByPath:
        """Return what the page says now, by path."""
        return {path: answer_of(field) for path, field in self.questions()}

    def apply_to(self, answers: Answers) -> Answers:
        """Return the answers with those of this page in them."""
        for path, value in self.entries().items():
            answers = with_path(answers, path, value)
        return answers


def answer_of(field: Any) -> Any:
    """Return the answer a field holds, as the answers keep it."""
    if isinstance(field, YesNo):
        return field.answer
    return field.data


def value_as_sent(field: Any, value: Any) -> Any:
    """Return what a page sends for a saved answer that its user does not touch."""
    if isinstance(field, Offering):
        offered = dict(field.offered)
        if isinstance(value, tuple):
            return tuple(option for option in offered if option in value)
        return value if isinstance(value, bool) or value in offered else None
    if isinstance(field, LineField) and isinstance(value, str):
        return field.read(value) or None
    return value


def shown_answer(field: Any, value: Any) -> str:
    """Return a value in the words of its question, for a table or a comparison; "" when there is none."""
    if value in {None, (), ""}:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return ", ".join(value.values())
    if isinstance(field, Offering):
        return ", ".join(field.words(item) for item in (value if isinstance(value, tuple) else (value,)))
    if isinstance(field, Day):
        return f"{value:%B} {value.day}, {value.year}"
    return str(value)


def phone(label: str = "Telephone", *, autocomplete: str = "off") -> LineField:
    """Return the question for a telephone number: one box, any punctuation, an extension too."""
    return LineField(
        label,
        named="the telephone number",
        hint="Any punctuation works. Add an extension like this: “ext. 5”.",
        width="md",
        autocomplete=autocomplete,
        inputmode="tel",
        longest=60,
    )


def email(label: str = "Email address", *, autocomplete: str = "off") -> Email:
    """Return the question for an e-mail address."""
    return Email(
        label,
        named="the email address",
        hint="For example, records@agency.example.gov.",
        autocomplete=autocomplete,
        inputmode="email",
        longest=254,
    )


class AgencyForm(PageForm):
    """Who applies."""

    section = "agency"
    legal_name = LineField(
        "Full legal name of the agency",
        named="the legal name",
        longest=LONGEST_NAME,
        hint="Write it as it appears in law or on your letterhead. It is never shortened unless you say so.",
        autocomplete="organization",
    )
    short_name = LineField(
        "Short name or initials",
        named="the short name",
        width="md",
        longest=60,
        hint="For example, ECSO. It appears alone in the second name blank of the Task Force Model form revised "
        "02/12/2025, and next to the legal name in the letter. It never replaces the legal name.",
    )
    kind = Choice(
        "Kind of agency", choices=list(KIND_NAMES.items()), hint="These are the words ICE uses in its own lists."
    )
    represents = LineField(
        "County, city, State or tribe the agency represents",
        named="what the agency represents",
        hint="Enter the place, not the agency: for example, Example County, Florida.",
        longest=LONGEST_NAME,
    )
    state = Select(
        "State or territory", choices=STATES, hint="This decides the ICE office and the State law to ask counsel about."
    )
    county = LineField(
        "County where it is",
        named="the county",
        width="lg",
        longest=LONGEST_NAME,
        hint="Leave out the word “County”. Leave this empty if the State has no counties.",
    )


class AddressForm(PageForm):
    """How the agency is reached."""

    section = "agency"
    address__street = LineField(
        "Street address", named="the street address", autocomplete="street-address", longest=120
    )
    address__city = LineField("City", named="the city", width="lg", autocomplete="address-level2", longest=80)
    address__state = Select("State or territory of the address", choices=STATES, autocomplete="address-level1")
    address__zip = LineField(
        "ZIP Code", named="the ZIP Code", width="sm", autocomplete="postal-code", inputmode="numeric", longest=10
    )
    phone = phone("Main telephone number", autocomplete="tel")
    email = email("General email address", autocomplete="email")


class EligibilityForm(PageForm):
    """Whether the agency may apply at all, and which models fit it."""

    section = "agency"
    law_enforcement_agency = YesNo(
        "Is it a law-enforcement agency of a State, of a political subdivision of a State, or of an Indian tribe?",
        hint="ICE’s program page says that only law-enforcement agencies may take part.",
    )
    operates_jail = YesNo(
        "Does the agency run a jail or detention facility?",
        hint="The Jail Enforcement Model and the Warrant Service Officer model work inside the agency’s own jail.",
    )
    conducts_patrol = YesNo(
        "Do its officers do patrol or other routine police duties?",
        hint="The Task Force Model works during routine police duties.",
    )


class ModelsForm(PageForm):
    """Which agreements are wanted. An agency often signs several at once."""

    models = Several(
        "Which models are you applying for?",
        choices=list(MODEL_NAMES.items()),
        hint="Choose every model you are applying for. Each one has its own agreement. One letter names them all.",
    )


class ApprovalsForm(PageForm):
    """Who approved, and when."""

    section = "approvals"
    governing_body = LineField(
        "Governing body that approves the agreement",
        named="the governing body",
        longest=LONGEST_NAME,
        hint="For example, Example County Board of County Commissioners. Ask counsel whether one must.",
        suggestions=lambda: [NO_BODY],
    )
    governing_body_approved_on = Day(
        "Date of its approval",
        named="the date of approval",
        hint="For example, March 15 2026. Leave empty until it has approved.",
    )
    counsel_reviewed_on = Day(
        "Date of legal counsel’s review",
        named="the date of counsel’s review",
        hint="For example, 3 15 2026. Leave empty until counsel has read the agreement.",
    )


class SignatoryForm(PageForm):
    """Who signs for the agency."""

    section = "signatory"
    full_name = LineField("Full name", named="the full name", longest=LONGEST_NAME, width="xl")
    title = LineField("Title", named="the title", hint="For example, Sheriff or Chief of Police.", longest=LONGEST_NAME)
    chief_officer = YesNo(
        "Is this the agency’s sheriff, chief or head?",
        hint="If someone else signs, ICE may ask for the resolution that allows it.",
    )
    phone = phone()
    email = email()


class ProgramContactForm(PageForm):
    """Whom ICE calls about the program (Appendix A of the Task Force Model)."""

    section = "program_contact"
    full_name = LineField(
        "Full name", named="the full name", hint="Enter a person, not an office.", longest=LONGEST_NAME
    )
    title = LineField("Title", named="the title", hint="For example, Captain, Patrol Operations.", longest=LONGEST_NAME)
    phone = phone()
    email = email()


class PublicInformationContactForm(PageForm):
    """Whom ICE calls before anything is released to the public (Appendix C)."""

    section = "public_information_contact"
    full_name = LineField(
        "Full name", named="the full name", hint="Enter a person, not an office.", longest=LONGEST_NAME
    )
    title = LineField("Title", named="the title", hint="For example, Public Information Officer.", longest=LONGEST_NAME)
    phone = phone()
    email = email()


class IceForm(PageForm):
    """The ICE offices the agency deals with."""

    section = "ice"
    field_office = LineField(
        "ERO field office",
        named="the field office",
        width="lg",
        longest=LONGEST_NAME,
        hint="Enter the city in the office’s name, for example Miami.",
        suggestions=field_offices,
    )
    opla_location = LineField(
        "OPLA office",
        named="the OPLA office",
        width="lg",
        longest=LONGEST_NAME,
        hint="Enter the city of the Office of the Principal Legal Advisor (OPLA), which gives legal advice. It is not "
        "the ERO field office.",
        suggestions=lambda: [location.name for location in opla_locations()],
    )
