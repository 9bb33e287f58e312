"""From what stands in the blanks to answers, as far as it goes: nothing is guessed that is not written."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.answers import Address, Agency, Answers, Contact, Ice, Kind, Signatory, to_document
from assistant.program.places import fold, state_code
from assistant.program.words import words
from assistant.reading.slots import CONTACTS, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.answers import Model
    from assistant.editions import Edition
    from assistant.reading.finished import Found

EMAIL = re.compile(r"[\w.+'-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)+")
PHONE = re.compile(
    r"(?:\+?1[ .-]?)?\(?\d{3}\)?[ .\-–]*\d{3}[ .\-–]*\d{4}(?:\s*(?:x|ext\.?|extension)\s*\d{1,6})?", re.IGNORECASE
)
LABELS = re.compile(
    r"\b(?:tel(?:ephone)?|phone|ph|cell|mobile|office|direct|fax|e-?mail|email address)\b\.?"
    r"\s*(?:#|no\.?|number)?\s*:?\s*$",
    re.IGNORECASE,
)
STREET = re.compile(
    r"^(?:p\.?\s?o\.?\s?box|\d+[\w-]*\s+\S+)|\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?$"
    r"|\b(?:street|avenue|suite|road|highway|blvd)\b",
    re.IGNORECASE,
)
CITY_STATE = re.compile(
    r"^(?P<city>[A-Za-z .'’-]+),?\s+(?P<state>[A-Za-z]{2}|[A-Za-z ]{4,20}?)\.?,?\s+(?P<zip>\d{5}(?:-\d{4})?)$"
)
INITIALS = re.compile(r"\s*\(\s*[“\"']?(?P<short>[A-Z][A-Za-z&.]{1,9})[”\"']?\s*\)\s*$")


def answers_from(found: Mapping[str, Found], model: Model | None) -> Answers:
    """Return the answers that stand in the blanks; every other answer is None."""
    name, short = _names(text_of(found, "agency"), text_of(found, "agency_again"))
    title, signer = split_title(text_of(found, "lea_title") or "")
    public, _ = contact_from(found.get("public"))
    program, address = contact_from(found.get("contact"))
    state = address.state if address else None
    return Answers(
        agency=Agency(
            legal_name=name,
            short_name=short,
            kind=kind_of_agency(name),
            represents=text_of(found, "represents"),
            state=state if state_code(state) else None,
            address=address or Address(),
        ),
        models=(model,) if model else (),
        signatory=Signatory(full_name=text_of(found, "lea_name") or signer, title=title),
        program_contact=program,
        public_information_contact=public,
        ice=Ice(opla_location=text_of(found, "opla")),
    )


def text_of(found: Mapping[str, Found], slot: str) -> str | None:
    """Return the text that was read in a slot, None where there is none."""
    item = found.get(slot)
    return (item.text or None) if item and item.read else None


def _names(name: str | None, again: str | None) -> tuple[str | None, str | None]:
    short = None
    if name and (match := INITIALS.search(name)):
        name, short = name[: match.start()], match["short"]
    if again and fold(again) != fold(name or ""):
        short = short or INITIALS.sub("", again)
    return name, short


def kind_of_agency(name: str | None) -> Kind | None:
    """Return the kind of agency that a name tells of itself, None where it tells none."""
    said = fold(name or "").split()
    if {"sheriff", "sheriffs", "county", "parish"} & set(said):
        return "county"
    if {"police", "city", "town", "village", "borough", "marshal", "marshals"} & set(said) and "state" not in said:
        return "municipality"
    return None


def split_title(text: str) -> tuple[str | None, str | None]:
    """Return title and name, where a title blank holds both: "Sheriff Jordan Lee", "Jordan Lee, Sheriff"."""
    text = " ".join(text.split())
    parts = [part.strip() for part in re.split(r"\s*[,;/]\s*|\s+[–-]\s+", text) if part.strip()]
    titled = [part for part in parts if _is_title(part)]
    others = [part for part in parts if part not in titled]
    if titled and len(others) == 1 and _may_be_name(others[0]):
        return ", ".join(titled), others[0]
    said = text.split()
    count = next((n for n, word in enumerate(said) if fold(word) not in words("titles")), len(said))
    rest = " ".join(said[count:])
    if 0 < count < len(said) and len(parts) == 1 and _may_be_name(rest):
        return " ".join(said[:count]), rest
    return text or None, None


def _is_title(text: str) -> bool:
    said = fold(text).split()
    return bool(said) and all(word in words("titles") for word in said)


def _may_be_name(text: str) -> bool:
    said = text.split()
    no_name = words("titles") | words("offices") | words("places")
    return len(said) in {2, 3, 4} and all(word[:1].isupper() for word in said) and not set(fold(text).split()) & no_name


def contact_from(found: Found | None) -> tuple[Contact, Address | None]:
    """Return the contact and the address in the lines of an appendix, whatever their order."""
    if found is None or not found.read:
        return Contact(), None
    parts = parted(line.text for line in found.lines)
    address = Address()
    for text in parts["address"]:
        address = _with_address(address, text)
    name, title = _person(parts["name"])
    made = Contact(
        full_name=name,
        title=title,
        phone=parts["phone"][0] if parts["phone"] else None,
        email=parts["email"][0] if parts["email"] else None,
    )
    return made, address if parts["address"] else None


def _person(lines: list[str]) -> tuple[str | None, str | None]:
    """Return name and title out of a contact's lines: the first line that holds a person, else the first line."""
    for n, line in enumerate(lines):
        title, name = split_title(line)
        said = line.split()
        if name is None and _may_be_name(line):
            title, name = None, line
        elif name is None and set(fold(line).split()) & words("titles") and _may_be_name(" ".join(said[-2:])):
            title, name = " ".join(said[:-2]), " ".join(said[-2:])
        if name:
            others = [text for text in (title, *lines[:n], *lines[n + 1 :]) if text]
            return name, ", ".join(others) or None
    return (lines[0], ", ".join(lines[1:]) or None) if lines else (None, None)


def parted(lines: Iterable[str]) -> dict[str, list[str]]:
    """Return the lines of a contact by what they are: name (and title), phone, address, e-mail."""
    found: dict[str, list[str]] = {"name": [], "phone": [], "address": [], "email": []}
    for line in lines:
        rest = line
        for key, pattern in (("email", EMAIL), ("phone", PHONE)):
            for match in list(pattern.finditer(rest)):
                found[key].append("".join(match[0].split()) if key == "email" else match[0].strip())
            rest = pattern.sub(" | ", rest)
        parts = rest.split("|")
        for n, part in enumerate(parts):
            # A label stands before a number or an address, and only there is it one.
            text = part.strip(" ,;:-/") if n == len(parts) - 1 else LABELS.sub("", part.strip(" ,;:-")).strip(" ,;:-/")
            if not any(c.isalpha() for c in text):
                continue
            if "@" in text:
                found["email"].append(text)
            else:
                found["address" if STREET.search(text) else "name"].append(text)
    return found


def city_and_state(text: str) -> re.Match[str] | None:
    """Return "city", "state" and "zip" of an address's line, alone or behind a street and a comma; None: it is none."""
    return CITY_STATE.match(text) or CITY_STATE.match(text.partition(",")[2].strip())


def _with_address(address: Address, text: str) -> Address:
    street = text.partition(",")[0]
    match = city_and_state(text)
    if match is None:
        return address if address.street else replace(address, street=text)
    made = replace(
        address, city=match["city"].strip(), state=state_code(match["state"]) or match["state"], zip=match["zip"]
    )
    return replace(made, street=street.strip()) if CITY_STATE.match(text) is None and not address.street else made


def read_answers(data: bytes) -> dict[str, Any]:
    """Return edition, values and answers of a filled form, as ``moa application read`` prints them.

    Raises:
        PdfError: the file cannot be opened.
    """
    from assistant.reading.reader import read_finished  # noqa: PLC0415 - it builds on this module

    finished = read_finished(data)
    answers = finished.answers or Answers()
    return {
        "edition": finished.edition.name if finished.edition else None,
        "exact": finished.exact,
        "values": [row for found in finished.found.values() for row in _rows(found, finished.edition, answers)],
        "answers": to_document(answers),
    }


def _rows(found: Found, edition: Edition | None, answers: Answers) -> list[dict[str, Any]]:
    entries = entries_of(found.slot, edition) if edition else ()
    shared = {"page": found.page, "sureness": found.sureness}
    if found.slot in CONTACTS and found.read:
        section = CONTACTS[found.slot]
        contact = getattr(answers, section)
        told = {part: getattr(contact, part) for part in ("full_name", "title", "phone", "email")}
        told_lines = [(f"{section}.{part}", text) for part, text in told.items() if text]
        told_lines += [("agency.address.one_line", text) for text in parted(x.text for x in found.lines)["address"]]
        return [{"path": path, "text": text, **shared, "blank": found.label} for path, text in told_lines]
    path = entries[0].path if entries else None
    return [{"path": path or found.slot, "text": found.text, **shared, "blank": found.label}]
