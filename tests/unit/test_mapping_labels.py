"""What a label, a tooltip or a name asks for, of whom, and whose the field is that bears it."""

from __future__ import annotations

import pytest

from assistant.mapping.context import Blank
from assistant.mapping.field_hints import hear
from assistant.mapping.labels import is_agencys, is_ices, kind_of, owner_of

KINDS = {
    "name": [
        "Name", "Printed Name", "LEA Printed Name", "Name of signatory", "Name of agency head", "Agency Official Name",
        "Name (print):",
    ],
    "title": ["Title", "Title/Rank", "LEA point of contact title", "Official title"],
    "name and title": ["Printed name and title", "Name/Title", "Title and name"],
    "phone": ["Telephone", "Phone Number", "Tel.", "LEA point of contact telephone", "Office telephone number"],
    "email": ["E-mail", "Email Address", "LEA public information officer email address"],
    "signature": ["Signature", "Signature of Sheriff or Chief", "Signed by"],
    "date": ["Date", "Date Signed", "LEA Date", "Date of signature"],
    "agency": [
        "Agency", "Agency Name", "Name of Law Enforcement Agency", "Law Enforcement Agency (full name)",
        "Enter the full legal name of the law enforcement agency",
    ],
    "short": ["Agency abbreviation (short name)", "Short name / abbreviation", "Agency’s initials"],
    "represents": [
        "County, city, State or tribe", "County, city or State represented", "Jurisdiction", "The agency represents",
        "County, city or State that the agency represents",
    ],
    "address": ["Address", "Mailing address", "Agency address", "Address of the law enforcement agency"],
    "street": ["Street Address"],
    "opla": ["OPLA field location", "ICE OPLA field location", "Local OPLA Location"],
    "field office": ["ICE ERO Field Office", "ERO Field Office"],
    None: [
        "", "First Name", "Fax", "City, State, ZIP", "Initials", "Effective date", "Name of County", "Notice", "Police",
        "Badge number", "Supervisor name", "Alternate contact name", "Office", "hereinafter referred to",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, texts in KINDS.items() for text in texts])
def test_a_label_asks_for_one_thing_or_is_not_understood(text: str, kind: str | None) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("POC Email", "program_contact"),
        ("lea_poc_name", "program_contact"),
        ("LEA point of contact title", "program_contact"),
        ("PIO Name", "public_information_contact"),
        ("Public information point of contact", "public_information_contact"),
        ("LEA Signatory Title", "signatory"),
        ("Agency phone", "agency"),
        ("Title", None),
        ("Companion", None),
    ],
)
def test_of_whom_a_text_speaks(text: str, owner: str | None) -> None:
    assert owner_of(text) == owner


@pytest.mark.parametrize(
    "text",
    ["ICE Signature", "ice_poc_name", "Title_ICE", "Name of ICE official", "DHS title", "ICETitle", "Signature for ICE",
     "form1[0].page2[0].ICEName[0]", "U.S. Immigration and Customs Enforcement", "Field Office Director, just title",
     "For official use only"],
)  # fmt: skip
def test_what_may_be_ices_is_known_by_its_name(text: str) -> None:
    assert is_ices(text)
    assert not is_agencys(text)


@pytest.mark.parametrize(
    "text",
    ["LEA Name", "Police title", "Office", "Notice date", "Service", "pursuant to which ICE delegates to nominated",
     "ICE OPLA field location", "ICE ERO Field Office", "Justice", "in theName of LEA", "Price"],
)  # fmt: skip
def test_what_is_not_ices_is_not_called_so(text: str) -> None:
    assert not is_ices(text)


def heard(name: str, hint: str = "") -> tuple[str | None, str | None, str | None]:
    found = hear(Blank(name=name, hint=hint, page=1, rect=(0, 0, 9, 9), kind="Tx"))
    return found.side, found.owner, found.kind


def test_a_tooltip_and_a_name_are_heard_together() -> None:
    assert heard("Text1", "LEA point of contact email") == ("agency", "program_contact", "email")
    assert heard("POC Email") == (None, "program_contact", "email")
    assert heard("LEA Name", "Name of Law Enforcement Agency") == ("agency", "agency", "agency")
    assert heard("Title", "LEA point of contact email") == ("agency", "program_contact", None), "they disagree"
    assert heard("lea_name", "ICE official") == ("ice", "agency", "agency"), "what may be ICE’s is ICE’s"
    assert heard("Text12") == (None, None, None)
