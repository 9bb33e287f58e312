"""What was left in from somebody else's agreement: told where it is sure, asked where it may be right, else nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from assistant.rules.agreement import check_agreement
from tests.unit.test_finished_rules import TODAY, document, found

if TYPE_CHECKING:
    from assistant.reading import SlotReading

PERSON = ("Sam Sample", "(404) 555-0102")
LAKE: dict[str, SlotReading] = {
    "agency": found("agency", "Lake County Sheriff’s Office (LCSO)"),
    "agency_again": found("agency_again", "Lake County Sheriff’s Office"),
    "represents": found("represents", "Lake County, Florida"),
    "lea_agency": found("lea_agency", "Lake County Sheriff’s Office"),
    "appendix_b": found("appendix_b", "Lake County Sheriff’s Office"),
    "contact": found("contact", "Sam Sample", "Captain, Patrol", "(407) 555-0102", "sam@lcso.example.gov"),
    "public": found("public", "Dana Example", "Public Information Officer", "(407) 555-0103", "pio@lcso.example.gov"),
}


def others(*changed: SlotReading, **more: Any) -> list[tuple[str, str, str]]:
    """Return slot, severity and message of what is found in an agreement of Lake County, Florida."""
    slots = LAKE | {item.slot: item for item in changed}
    where = {item.where: slot for slot, item in slots.items()}
    findings = check_agreement(document(*slots.values(), **more), today=TODAY).findings
    return [(where[f.where], f.severity, f.message) for f in findings if f.code == "other-agency-data"]


def test_the_agencys_own_data_bring_nothing() -> None:
    assert others() == []


@pytest.mark.parametrize(
    "changed",
    [
        found("represents", "Polk County, Florida"),
        found("contact_vii", "Sheriff, Polk County Sheriff’s Office"),
        found("lea_title", "Sheriff of Polk County"),
        found("lea_agency", "Polk County Sheriff’s Office"),
        found("agency_again", "Orleans Parish Sheriff’s Office"),
    ],
)
def test_another_county_in_a_blank_of_the_agencys_own_blocks(changed: SlotReading) -> None:
    [(slot, severity, message)] = others(changed)
    assert (slot, severity) == (changed.slot, "blocker")
    assert message.startswith("Another county is named here than in the agency's name. Write")


@pytest.mark.parametrize(
    "changed",
    [
        found("represents", "Lake County and Polk County, Florida"),
        found("lea_title", "Sheriff Lake County"),
        found("lea_title", "County Sheriff"),
        found("represents", "Polk County, Florida", source="recognised"),
        found("represents", source="ink"),
        found("represents", "LAKE COUNTY, FLORIDA"),
        found("represents", "Lakes County, Florida"),
        found("contact_vii", "Sheriff, Lake Parish Sheriff’s Office"),
    ],
)
def test_a_county_that_may_be_the_agencys_own_is_left_alone(changed: SlotReading) -> None:
    assert others(changed) == []


def test_a_contact_of_another_county_is_asked_about() -> None:
    [(slot, severity, message)] = others(found("contact", "Captain, Polk County Sheriff’s Office", *PERSON))
    assert (slot, severity) == ("contact", "warning")
    assert message.endswith("Make sure that this contact is the agency's own.")


@pytest.mark.parametrize(
    "line",
    [
        "100 Polk County Road, Example City",
        "Captain, Lake County Sheriff’s Office",
        "Captain Lake County",
        "Records, Sunnydale County",
        "Captain, Polk Police",
    ],
)
def test_a_contact_that_may_be_the_agencys_own_is_left_alone(line: str) -> None:
    assert others(found("contact", "Sam Sample", line, PERSON[1])) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (found("represents", "Lake County, Illinois"), "Illinois is named here, but Florida in the"),
        (found("appendix_b", "Lake County Sheriff’s Office, IL"), "Illinois is named here, but Florida in the"),
        (found("represents", "Lake County, State of Illinois"), "Illinois is named here, but Florida in the"),
    ],
)
def test_another_state_blocks(changed: SlotReading, told: str) -> None:
    [(slot, severity, message)] = others(found("agency", "Lake County Sheriff’s Office, FL"), changed)
    assert (slot, severity) == (changed.slot, "blocker")
    assert message.startswith(told)
    assert message.endswith("(p. 9). Write the agency's own State.")


@pytest.mark.parametrize(
    "changed",
    [
        found("represents", "Lake County, Illinois", source="recognised"),
        found("represents", "Lake County, FL"),
        found("represents", "Lake County, Fla"),
        found("represents", "Washington"),
    ],
)
def test_what_is_no_other_state_is_left_alone(changed: SlotReading) -> None:
    assert others(found("agency", "Lake County Sheriff’s Office, FL"), changed) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("100 Main Street, Example City, GA 30301", "The address is in Georgia, but the agency is in Florida."),
        ("Example City, Georgia 30301", "The address is in Georgia, but the agency is in Florida."),
        ("100 Main Street, Example City, FL 90210", "No ZIP Code of Florida begins with 9."),
        ("100 Main Street, Example City, FL 34652", ""),
        ("100 Main Street, Example City, FL", ""),
        ("100 Main Street", ""),
    ],
)
@pytest.mark.parametrize("slot", ["contact", "public"])
def test_an_address_lies_in_the_agencys_state(slot: str, line: str, told: str) -> None:
    told_there = others(found(slot, *PERSON, line))
    assert [(s, severity) for s, severity, _ in told_there] == ([(slot, "warning")] if told else [])
    assert all(message.startswith(told) for _, _, message in told_there)
    assert others(found(slot, *PERSON, line, source="recognised")) == []


def test_without_a_state_of_its_own_only_the_code_is_looked_at() -> None:
    here = (found("represents", source="ink"), found("contact", *PERSON, "Example City, GA 30301"))
    assert others(*here) == []
    there = (found("represents", source="ink"), found("contact", *PERSON, "Example City, GA 90210"))
    assert [severity for _, severity, _ in others(*there)] == ["warning"]


@pytest.mark.parametrize(
    ("mail", "told"),
    [
        ("pio@polkcountyfl.example.gov", "Polk County"),
        ("pio@polksheriff.example.gov", "Polk County"),
        ("pio@miamidadecounty.example.gov", "Miamidade County"),
        ("pio@lakecountyfl.example.gov", ""),
        ("pio@polkcountylake.example.gov", ""),
        ("pio@polk.example.gov", ""),
        ("pio@example.gov", ""),
        ("pio@leesheriff.example.gov", ""),
    ],
)
def test_an_address_at_another_county_is_asked_about(mail: str, told: str) -> None:
    told_there = others(found("public", *PERSON, mail))
    assert [(slot, severity) for slot, severity, _ in told_there] == ([("public", "warning")] if told else [])
    assert all(f"is for {told}, but" in message for _, _, message in told_there)


def test_an_agency_without_a_county_is_not_compared() -> None:
    city = [found(slot, "Example City Police Department") for slot in ("agency", "agency_again", "lea_agency")]
    city += [found("appendix_b", "Example City Police Department"), found("represents", "City of Example")]
    city += [found("lea_title", "Chief of Police")]
    assert others(*city, found("public", *PERSON, "pio@polkcountyfl.example.gov")) == []
    told = others(*city, found("contact_vii", "Chief, Polk County Sheriff’s Office"))
    assert [(slot, severity) for slot, severity, _ in told] == [("contact_vii", "warning")]
    assert "county" not in told[0][2].casefold()


def test_where_the_name_is_unread_two_blanks_that_share_one_are_judged_by() -> None:
    unread, another = found("agency", source="ink"), found("lea_agency", "Polk County Sheriff’s Office")
    assert [(slot, severity) for slot, severity, _ in others(unread, another)] == [("lea_agency", "blocker")]


def test_of_an_unread_name_that_no_two_blanks_share_nothing_is_said() -> None:
    unread, another = found("agency", source="ink"), found("lea_agency", "Polk County Sheriff’s Office")
    alone = [found(slot, source="ink") for slot in ("agency_again", "appendix_b", "represents", "contact_vii")]
    assert others(unread, another, *alone) == []


POLICE = {
    slot: found(slot, "Cypress Bend Police Department")
    for slot in ("agency", "agency_again", "represents", "lea_agency", "appendix_b")
} | {"lea_title": found("lea_title", "Chief of Police"), "contact_vii": found("contact_vii", "Chief of Police, CBPD")}


def kinds_told(*changed: SlotReading) -> list[tuple[str, str]]:
    """Return slot and severity of what is found in the agreement of a police department."""
    slots = LAKE | POLICE | {item.slot: item for item in changed}
    where = {item.where: slot for slot, item in slots.items()}
    findings = check_agreement(document(*slots.values()), today=TODAY).findings
    return [(where[f.where], f.severity) for f in findings if "named here. Make sure that nothing" in f.message]


def test_a_police_departments_own_people_bring_nothing() -> None:
    assert kinds_told() == []


@pytest.mark.parametrize(
    "changed",
    [
        found("contact_vii", "Sheriff of Polk County"),
        found("contact_vii", "Polk County Sheriff’s Office, (863) 555-0104"),
        found("lea_title", "Sheriff"),
        found("contact", "Sam Sample", "Major, Polk County Sheriff's Office", "(863) 555-0104"),
    ],
)
def test_a_sheriff_in_a_police_departments_agreement_is_asked_about(changed: SlotReading) -> None:
    assert kinds_told(changed) == [(changed.slot, "warning")]


@pytest.mark.parametrize(
    "changed",
    [
        found("contact_vii", "Chief of Police, Cypress Bend, formerly Sheriff’s Office"),
        found("contact", "Sam Sample", "Captain", "(863) 555-0104", "sam@polksheriff.example.gov"),
        found("contact", "Sheriffa Lopez", "Captain", "(863) 555-0104"),
        found("contact_vii", "Patrol Division, State Police Barracks"),
        found("contact_vii", "Sheriff of Polk County", source="recognised"),
    ],
)
def test_what_only_looks_like_another_kind_of_agency_is_left_alone(changed: SlotReading) -> None:
    assert kinds_told(changed) == []


def test_a_police_department_in_a_sheriffs_agreement_is_asked_about() -> None:
    ((slot, severity, message),) = others(found("contact_vii", "Lakeside Police Department"))
    assert (slot, severity) == ("contact_vii", "warning")
    assert message.startswith("The agreement is with a sheriff’s office, but a police department is named here.")
