from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rules.contacts import is_email, is_person, is_phone
from assistant.rules.spelling import meant_word
from assistant.rules.wording import comparable, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.answers import Answers
    from assistant.rules import Finding

PUBLIC = "public_information_contact"
SAME_PERSON = {
    f"{PUBLIC}.full_name": "SAM O'BRIEN",
    f"{PUBLIC}.phone": "404.555.0102",
    f"{PUBLIC}.email": "Sam@ecso.example.gov ",
}

WRONG: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("contact-format", {"agency.address.zip": "3465"}, "agency.address.zip", "warning", "five and four"),
    ("contact-format", {"agency.address.zip": "34652-01"}, "agency.address.zip", "warning", "not five digits"),
    ("contact-format", {"agency.phone": "555-0100"}, "agency.phone", "warning", "telephone number of the agency"),
    ("contact-format", {"signatory.phone": "(404) 555-01011 22"}, "signatory.phone", "warning",
     "of the person who signs"),
    ("contact-format", {"program_contact.phone": "ask Sam"}, "program_contact.phone", "warning",
     "of the program contact"),
    ("contact-format", {f"{PUBLIC}.phone": "+44 20 7946 0000"}, f"{PUBLIC}.phone", "warning", "ten-digit U.S. number"),
    ("contact-format", {"agency.email": "records@ecso,example.gov"}, "agency.email", "warning",
     "e-mail address of the agency"),
    ("contact-format", {"signatory.email": "a@b"}, "signatory.email", "warning",
     "not in the form of an e-mail address"),
    ("contact-format", {"program_contact.email": "a@x.gov; b@x.gov"}, "program_contact.email", "warning",
     "one address"),
    ("contact-format", {f"{PUBLIC}.email": "pio"}, f"{PUBLIC}.email", "warning", "public-information contact"),
    ("pubinfo-no-contact", {f"{PUBLIC}.phone": None, f"{PUBLIC}.email": None}, f"{PUBLIC}.phone", "warning",
     "no way to reach the public-information contact"),
    ("poc-a-no-contact", {"program_contact.phone": None, "program_contact.email": None}, "program_contact.phone",
     "warning", "no way to reach the program contact"),
    ("pubinfo-no-person", {f"{PUBLIC}.full_name": None}, f"{PUBLIC}.full_name", "warning",
     "No person is named as the public"),
    ("pubinfo-no-person", {f"{PUBLIC}.full_name": "Public Information Office"}, f"{PUBLIC}.full_name", "warning",
     "looks like an office or a title"),
    ("poc-a-no-person", {"program_contact.full_name": None}, "program_contact.full_name", "warning",
     "No person is named"),
    ("poc-a-no-person", {"program_contact.full_name": "Jail Commander"}, "program_contact.full_name", "warning",
     "an office"),
    ("contact-mismatch", {**SAME_PERSON, f"{PUBLIC}.phone": "(404) 555-0199"}, f"{PUBLIC}.phone", "warning",
     "two telephone numbers"),
    ("contact-mismatch", {**SAME_PERSON, f"{PUBLIC}.email": "other@ecso.example.gov"}, f"{PUBLIC}.email", "warning",
     "two e-mail addresses"),
    ("represents-self", {"agency.represents": "Example Co. Sheriff's Office"}, "agency.represents", "note",
     "names the agency again"),
    ("represents-self", {"agency.represents": "ECSO"}, "agency.represents", "note", "county, city or state"),
    ("represents-person", {"agency.represents": "Sheriff Jordan Nunez"}, "agency.represents", "warning",
     "This names a person"),
    ("represents-person", {"agency.represents": "the Hon. Jordan Núñez, Example County"}, "agency.represents",
     "warning",
     "names a person"),
    ("represents-person", {"agency.represents": "Chief Smith"}, "agency.represents", "warning", "This names a person"),
    ("placeholder-left", {"ice.opla_location": "ADDRESS."}, "ice.opla_location", "blocker", "placeholder was left"),
    ("placeholder-left", {"agency.legal_name": "XXXXXXXXX"}, "agency.legal_name", "blocker", "Enter the real text"),
    ("placeholder-left", {"agency.short_name": "xxx"}, "agency.short_name", "blocker", "placeholder"),
    ("placeholder-left", {"nominees.1.rank": "TBD"}, "nominees.1.rank", "blocker", "placeholder"),
    ("placeholder-left", {"nominees.1.full_name": "[Officer 2]"}, "nominees.1.full_name", "blocker", "placeholder"),
    ("placeholder-left", {f"{PUBLIC}.title": "title to be completed later"}, f"{PUBLIC}.title", "blocker",
     "placeholder"),
    ("placeholder-left", {"signatory.full_name": "____"}, "signatory.full_name", "blocker", "placeholder"),
    ("placeholder-left", {"agency.address.street": "Street Address"}, "agency.address.street", "blocker",
     "placeholder"),
    ("opla-not-opla", {"ice.opla_location": "ERO Miami"}, "ice.opla_location", "warning", "ICE's lawyers"),
    ("opla-not-opla", {"ice.opla_location": "Atlanta Field Office"}, "ice.opla_location", "warning", "does not name"),
    ("opla-not-opla", {"ice.opla_location": "Tampa Sub-Office"}, "ice.opla_location", "warning", "does not name"),
    ("opla-not-opla", {"ice.opla_location": "500 12th St. SW, Washington, DC"}, "ice.opla_location", "warning",
     "does not"),
    ("opla-not-opla", {"ice.opla_location": "ECSO"}, "ice.opla_location", "warning", "does not name"),
    ("party-not-lea", {"agency.legal_name": "City of Example"}, "agency.legal_name", "warning",
     "government above the agency"),
    ("party-not-lea", {"agency.legal_name": "Example County Board of Commissioners"}, "agency.legal_name", "warning",
     "have ready the resolution"),
    ("typo", {"agency.legal_name": "Example County Sherriff’s Office"}, "agency.legal_name", "note",
     "In the agency's name, “sherriffs” may be a typing error for “sheriffs”"),
    ("typo", {"signatory.title": "Sherif"}, "signatory.title", "note", "title of the person who signs"),
    ("typo", {"program_contact.title": "Captian"}, "program_contact.title", "note", "“captain”"),
    ("typo", {f"{PUBLIC}.title": "Public Informaton Officer"}, f"{PUBLIC}.title", "note", "“information”"),
    ("typo", {"agency.represents": "Example Couny, Georgia"}, "agency.represents", "note", "“county”"),
    ("typo", {"approvals.governing_body": "Board of Commisioners"}, "approvals.governing_body", "note",
     "“commissioners”"),
    ("opla-address-typo", {"ice.opla_location": "180 Ted Tuner Drive SW, Suite 332, Atlanta, GA 30303"},
     "ice.opla_location", "warning", "180 Ted Turner Drive SW"),
]  # fmt: skip

RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("contact-format", {"agency.phone": "+1 404 555 0100", "signatory.phone": "404-555-0101 ext. 5"}),
    ("contact-format", {"agency.phone": None, "agency.email": " records@ecso.example.gov "}),
    ("pubinfo-no-contact", {f"{PUBLIC}.phone": None}),
    ("pubinfo-no-contact", {f"{PUBLIC}.email": None}),
    ("pubinfo-no-contact", {PUBLIC: {}}),
    ("poc-a-no-contact", {"program_contact.phone": None}),
    ("pubinfo-no-person", {PUBLIC: {}}),
    ("poc-a-no-person", {"program_contact.full_name": "Sheriff Jordan Núñez"}),
    ("contact-mismatch", SAME_PERSON),
    ("contact-mismatch", {**SAME_PERSON, f"{PUBLIC}.phone": None, f"{PUBLIC}.email": None}),
    ("contact-mismatch", {"program_contact.full_name": None, f"{PUBLIC}.full_name": None}),
    ("contact-mismatch", {**SAME_PERSON, f"{PUBLIC}.phone": "+1 (404) 555-0102"}),
    ("contact-mismatch", {**SAME_PERSON, f"{PUBLIC}.full_name": None, f"{PUBLIC}.phone": "(404) 555-0199"}),
    ("represents-self", {"agency.represents": "ECSO", "models": ["JEM", "WSO"]}),
    ("represents-self", {"agency.represents": None}),
    ("represents-person", {"agency.represents": "Chief Smith", "models": ["JEM"]}),
    ("represents-person", {"agency.represents": "Sheriff’s Office of Example County"}),
    ("represents-person", {"agency.represents": "Example County", "signatory.full_name": None}),
    ("represents-person", {"agency.represents": "Chief Village"}),
    ("placeholder-left", {"agency.legal_name": "Address Verification Unit, Example County"}),
    ("placeholder-left", {"agency.short_name": "TBA"}),
    ("placeholder-left", {"nominees.0.full_name": "Malcolm XX"}),
    ("opla-not-opla", {"ice.opla_location": "Atlanta Field Office OPLA"}),
    ("opla-not-opla", {"ice.opla_location": "Office of the Chief Counsel, ERO building"}),
    ("opla-not-opla", {"ice.opla_location": "Office of the Principal Legal Advisor, Atlanta Field Office"}),
    ("opla-not-opla", {"ice.opla_location": None}),
    ("opla-not-opla", {"ice.opla_location": "Zero Street, Aeroville"}),
    ("party-not-lea", {"agency.legal_name": "City of Example Police Department"}),
    ("party-not-lea", {"agency.legal_name": "Cityofexample"}),
    ("party-not-lea", {"agency.legal_name": None}),
    ("typo", {"agency.represents": "Country Club Hills", "signatory.full_name": "Sherif Couny"}),
    ("typo", {"agency.represents": None}),
    ("opla-address-typo", {"ice.opla_location": "180 Ted Turner Dr. SW, Ste 332, Atlanta, GA 30303"}),
    ("opla-address-typo", {"ice.opla_location": "180 Ted Turner Drive SW"}),
    ("opla-address-typo", {"ice.opla_location": "OPLA, 180 Ted Turner Drive SW, Suite 332, Atlanta, GA 30303"}),
    ("opla-address-typo", {"ice.opla_location": "1 Nowhere Lane, Example City, GA 30301"}),
    ("opla-address-typo", {"ice.opla_location": "Atlnta"}),
    ("opla-address-typo", {"ice.opla_location": None}),
]


@pytest.mark.parametrize(("code", "changes", "where", "severity", "words"), WRONG)
def test_what_is_wrong_is_found(
    found: Callable[..., list[Finding]], *, code: str, changes: dict[str, Any], where: str, severity: str, words: str
) -> None:
    (finding,) = found(code, changes)
    assert (finding.where, finding.severity) == (where, severity)
    assert words in finding.message


@pytest.mark.parametrize(("code", "changes"), RIGHT)
def test_what_is_right_is_left_alone(found: Callable[..., list[Finding]], code: str, changes: dict[str, Any]) -> None:
    assert found(code, changes) == []


@pytest.mark.parametrize("code", sorted({row[0] for row in WRONG}))
def test_the_ready_application_passes(found: Callable[..., list[Finding]], code: str) -> None:
    assert found(code) == []


def test_represents_is_a_warning_on_the_form_with_two_values(found: Callable[..., list[Finding]]) -> None:
    changes = {"agency.represents": "The Example County Sheriff’s Office (ECSO), GA"}
    (old,) = found("represents-self", changes, editions={"TFM": "moa-tfm/2025-02-12"})
    (new,) = found("represents-self", changes, editions={"TFM": "moa-tfm/2025-03-07"})
    assert (old.severity, new.severity) == ("warning", "note")


@pytest.mark.parametrize(
    "names",
    [
        ("Example County Sheriff’s Office", "example county sheriff's office", "The Example Co. Sheriffs Office"),
        ("Example County Sheriff’s Office", "Example County SO", "Example County Sheriff’s Office (ECSO), Georgia"),
        ("Example Police Department", "Example PD", "Example Police Dept.", "Example Police Department, FL"),
    ],
)
def test_ways_of_writing_one_name_compare_equal(names: tuple[str, ...]) -> None:
    assert len({comparable(name) for name in names}) == 1


def test_other_names_stay_apart() -> None:
    assert comparable("Example County, Georgia") != comparable("Example County Sheriff’s Office")
    assert comparable("Example, Division of Police") == "example division of police"
    assert comparable("Therapy County") == "therapy county"


@pytest.mark.parametrize(
    "text", ["(404) 555-0102", "404 555 0102", "+1-404-555-0102", "404.555.0102 x5", "1 404 555 0102"]
)
def test_a_number_may_be_written_in_many_ways(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize("text", ["", "911", "555-0102", "404-555-010", "+44 20 7946 0000", "x"])
def test_what_is_no_us_number(text: str) -> None:
    assert not is_phone(text)


@pytest.mark.parametrize("text", ["a.b@ecso.example.gov", " a@x.gov ", "o'brien@x.gov", "a+b@penablanca.example"])
def test_an_address_of_mail(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a@", "@x.gov", "a@x", "a@@x.gov", "a@x,gov", "a b@x.gov", "a@x.gov,b@x.gov"]
)
def test_what_is_no_address_of_mail(text: str) -> None:
    assert not is_email(text)


@pytest.mark.parametrize("name", ["Dana Lee", "X", "Sheriff Dana Lee", "Deputy Major Marshal III", "Nguyễn Văn An"])
def test_a_person(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name", ["Sheriff’s Office", "Sheriff of the Jail", "Media Relations", "PIO", "Records Division", "Sheriff"]
)
def test_no_person(name: str) -> None:
    assert not is_person(name)


@given(st.text(max_size=40))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert isinstance(is_phone(text), bool)
    assert isinstance(is_email(text), bool)
    assert comparable(comparable(text)) == comparable(text) or "the the" in comparable(f"the {text}")
    assert meant_word(text) != text


@pytest.mark.parametrize(
    ("word", "meant"),
    [("sherif", "sheriff"), ("sherriff", "sheriff"), ("shreiff", "sheriff"), ("sheruff", "sheriff"), ("sheriff", None),
     ("sheriffs", None), ("sheriffx", "sheriff"), ("country", None), ("office", None), ("heriff", None), ("sher", None),
     ("ounty", None),
     ("offices", None), ("shreriffs", "sheriffs"), ("deputys", "deputy"), ("countsx", None),
     ("offiecr", "officer"), ("officre", "officer"), ("policeee", None),
     ("policy", None), ("directory", None), ("c", None), ("polxxe", None), ("captainxx", None),
     ("coutny", "county"), ("cuonty", "county"), ("countty", "county"), ("shriff", "sheriff"),
     ("shff", None), ("polcie", "police"), ("", None)],
)  # fmt: skip
def test_one_slip_is_seen(word: str, meant: str | None) -> None:
    assert meant_word(word) == meant


def test_texts_are_those_that_people_wrote(ready: Answers) -> None:
    paths = dict(texts(ready))
    assert paths["agency.address.city"] == "Example City"
    assert paths["nominees.1.full_name"] == "Robin Example"
    assert paths["nominees.0.badge_number"] == "1412"
    assert paths["approvals.governing_body"] == "Example County Board of Commissioners"
    assert not {"format", "agency.kind", "agency.state", "models.0", "nominees.0.models.0"} & paths.keys()
    assert not [path for path in paths if path.endswith("_on") and path.startswith("nominees")]
    assert "nominees.0.background_investigation" not in paths
