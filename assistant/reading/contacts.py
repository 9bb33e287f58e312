"""The lines of a contact parted by what they are: a person, a title, a telephone number, an address, an e-mail.

Where the map of this very edition names a line, the map is believed, unless what stands there is plainly another
thing; else the words themselves have to tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Address, Contact
from assistant.program.states_and_counties import fold, state_code
from assistant.program.words import words
from assistant.reading.agreement import ReadLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.reading.agreement import SlotReading

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
PLAINLY = re.compile(
    r"^p\.?\s?o\.?\s?box\b|^\d.*\b(?:street|st|avenue|ave|road|rd|suite|highway|hwy|blvd|drive|dr|lane|ln|way)\b",
    re.IGNORECASE,
)
"""What is an address even where the map asks for a name or a title."""
HONORIFIC = re.compile(r"^(?:mr|mrs|ms|miss)\b\.?\s+(?=\S+\s+\S)", re.IGNORECASE)
"""What is no part of a name where two words or more follow."""
BESIDE_PHONE = re.compile(
    r"[\s,;()/]*(?:(?:ext(?:ension)?\.?\s*:?\s*\d{1,6}|work|cell|mobile|office|direct|desk|home|main)\b[\s,;()/]*)+",
    re.IGNORECASE,
)
"""What stands on a telephone's line and says which telephone it is."""
NOTHING = frozenset({"n a", "na", "none", "nil", "not applicable"})
"""Words that say that a line is empty."""
ZIP = re.compile(r"[,\s]\s*(?P<zip>\d{5}(?:-\d{4})?)$")
CITY = re.compile(r"(?:[^\W\d_]|[ .'’ʻ-])+")
RANK_AND_NAME = 3
"""Words of a rank and a name of two words."""
FULL_NAME, TITLE = "full_name", "title"


@dataclass(frozen=True, slots=True)
class CityAndState:
    """The end of an address: what stands before it ("100 Main Street, Suite 200"), city, State and ZIP Code."""

    before: str
    city: str
    state: str
    zip: str


def city_and_state(text: str) -> CityAndState | None:
    """Return city, State and ZIP Code at the end of an address's line; None: it has none."""
    match = ZIP.search(text)
    if match is None:
        return None
    parts = [part.strip() for part in text[: match.start()].split(",") if part.strip()]
    last = parts[-1].rstrip(".") if parts else ""
    if len(parts) > 1 and _is_state(last):
        return _placed(parts[:-2], parts[-2], last, match["zip"])
    line_words = last.split()
    # The longest name first: West Virginia is not Virginia.
    for count in (4, 3, 2, 1):
        state = " ".join(line_words[-count:])
        if len(line_words) > count and _is_state(state):
            return _placed(parts[:-1], " ".join(line_words[:-count]), state, match["zip"])
    return None


def _is_state(text: str) -> bool:
    return state_code(text) is not None or re.fullmatch("[A-Z]{2}", text) is not None


def _placed(before: Sequence[str], city: str, state: str, zip_code: str) -> CityAndState | None:
    if not CITY.fullmatch(city):
        return None
    return CityAndState(", ".join(before), city, state_code(state) or state, zip_code)


def split_title(text: str) -> tuple[str | None, str | None]:
    """Return title and name, where a title blank holds both: "Sheriff Jordan Lee", "Jordan Lee, Sheriff"."""
    text = " ".join(text.split())
    parts = [part.strip() for part in re.split(r"\s*[,;/]\s*|\s+[–-]\s+", text) if part.strip()]
    titled = [part for part in parts if _is_title(part)]
    others = [part for part in parts if part not in titled]
    if titled and len(others) == 1 and _may_be_name(others[0]):
        return ", ".join(titled), others[0]
    text_words = text.split()
    count = next((n for n, word in enumerate(text_words) if fold(word) not in words("titles")), len(text_words))
    rest = " ".join(text_words[count:])
    if 0 < count < len(text_words) and len(parts) == 1 and (_may_be_name(rest) or _is_ranked_name(text_words)):
        return " ".join(text_words[:count]), rest
    return text or None, None


def _is_title(text: str) -> bool:
    title_words = fold(text).split()
    return bool(title_words) and all(word in words("titles") for word in title_words)


def _has_title(text: str) -> bool:
    return bool(set(fold(text).split()) & (words("titles") | words("ranks")))


def _may_be_name(text: str) -> bool:
    name_words = text.split()
    no_name = words("titles") | words("offices") | words("places")
    return (
        len(name_words) in {2, 3, 4}
        and all(word[:1].isupper() for word in name_words)
        and not set(fold(text).split()) & no_name
    )


def _is_ranked_name(text_words: Sequence[str]) -> bool:
    """Say whether a rank stands before two words of which one at most is of a place: "Sgt. Marshall Hill"."""
    if len(text_words) != RANK_AND_NAME or fold(text_words[0]) not in words("ranks") | words("abbreviations"):
        return False
    rest = [fold(word) for word in text_words[1:]]
    no_name = words("titles") | words("offices")
    capitals = all(word[:1].isupper() for word in text_words)
    return capitals and not set(rest) & no_name and not set(rest) <= words("places")


def contact_from(reading: SlotReading | None) -> tuple[Contact, Address | None]:
    """Return the contact and the address in the lines of an appendix, whatever their order."""
    if reading is None or not reading.read:
        return Contact(), None
    parts = parted(reading.lines)
    address = Address()
    for text in parts["address"]:
        address = _with_address(address, text)
    name, title = _person(parts["name"], parts["named"], parts["titled"])
    contact = Contact(
        full_name=HONORIFIC.sub("", name) if name else None,
        title=title,
        phone=parts["phone"][0] if parts["phone"] else None,
        email=parts["email"][0] if parts["email"] else None,
    )
    return contact, address if parts["address"] else None


def _person(lines: list[str], named: list[str], titled: list[str]) -> tuple[str | None, str | None]:
    """Return name and title: out of the lines that the map names, and out of ``lines``, of which no map tells.

    Where the two lines of the map hold each other's text, and where there is no map, the first line that holds a
    person has the name, else the first line.
    """
    swapped = named and titled and _is_title(named[0]) and not _has_title(titled[0]) and _may_be_name(titled[0])
    if swapped or not (named or titled):
        return _found_person([*named, *titled, *lines])
    if named and titled and not _may_be_name(named[0]) and split_title(titled[0])[1] and not split_title(named[0])[1]:
        # "Special Detail" above "Sgt. Marshall Hill".
        return _found_person([*titled, *named, *lines])
    if not named and any(split_title(text)[1] or _name_first(text) for text in titled):
        return _found_person([*titled, *lines])
    if not named:
        name, title = _found_person(lines) if any(map(_may_be_name, lines)) else (None, ", ".join(lines))
        return name, ", ".join(text for text in (title, *titled) if text) or None
    title, name = _name_first(named[0]) or split_title(named[0])
    if name is None:
        title, name = None, named[0]
    others = [text for text in (title, *named[1:], *titled, *lines) if text]
    return name, ", ".join(others) or None


def _name_first(text: str) -> tuple[str, str] | None:
    """Return title and name of a line that begins with a person: "Sam O’Brien, Captain, Patrol Operations"."""
    first, _, rest = text.partition(",")
    return (rest.strip(), first.strip()) if _may_be_name(first) and _has_title(rest) else None


def _found_person(lines: Sequence[str]) -> tuple[str | None, str | None]:
    for n, line in enumerate(lines):
        title, name = _name_first(line) or split_title(line)
        line_words = line.split()
        if name is None and _may_be_name(line):
            title, name = None, line
        elif name is None and set(fold(line).split()) & words("titles") and _may_be_name(" ".join(line_words[-2:])):
            title, name = " ".join(line_words[:-2]), " ".join(line_words[-2:])
        if name:
            others = [text for text in (title, *lines[:n], *lines[n + 1 :]) if text]
            return name, ", ".join(others) or None
    return (lines[0], ", ".join(lines[1:]) or None) if lines else (None, None)


def parted(lines: Iterable[ReadLine | str]) -> dict[str, list[str]]:
    """Return the lines of a contact by what they are: phone, address, e-mail, and name (and title).

    "named" and "titled" are those of which the map says that a name, or a title, is asked for there.
    """
    texts_by_part: dict[str, list[str]] = {
        "name": [], "phone": [], "address": [], "email": [], "named": [], "titled": [],
    }  # fmt: skip
    for item in lines:
        line = item if isinstance(item, ReadLine) else ReadLine(text=item)
        if fold(line.text) in NOTHING:
            continue
        asked_for = line.path.rpartition(".")[2]
        rest = line.text
        for key, pattern in (("email", EMAIL), ("phone", PHONE)):
            for match in list(pattern.finditer(rest)):
                texts_by_part[key].append("".join(match[0].split()) if key == "email" else match[0].strip())
            rest = pattern.sub(" | ", rest)
        parts = rest.split("|")
        for n, part in enumerate(parts):
            # A label stands before a number or an address, and only there is it one.
            text = part.strip(" ,;:-/") if n == len(parts) - 1 else LABELS.sub("", part.strip(" ,;:-")).strip(" ,;:-/")
            if not any(c.isalpha() for c in text) or (len(parts) > 1 and BESIDE_PHONE.fullmatch(text)):
                continue
            texts_by_part[
                _kind_of(text, asked_for, first=not any(texts_by_part[key] for key in ("name", "named")))
            ].append(text)
    return texts_by_part


def _kind_of(text: str, asked_for: str, *, first: bool) -> str:
    """Return what a text is; ``first``: whether nothing before it may be a name."""
    if "@" in text:
        return "email"
    ends_so = city_and_state(text) is not None
    if asked_for in {FULL_NAME, TITLE}:
        if ends_so or PLAINLY.search(text):
            return "address"
        return "named" if asked_for == FULL_NAME else "titled"
    if ends_so or asked_for in {"one_line", "street"}:
        return "address"
    # A street's word in a title ("Deputy, East Street Division"), or in a name, makes no address.
    digits = any(c.isdigit() for c in text)
    if STREET.search(text) and (digits or not (first or _has_title(text))):
        return "address"
    return "name"


def plain_parts(reading: SlotReading) -> frozenset[str]:
    """Return the texts of a contact that surely stand there so: whole lines, the one number, the one address."""
    sure = [line for line in reading.lines if not line.doubtful]
    parts, of_all = parted(sure), parted(reading.lines)
    alone = [parts[key][0] for key in ("phone", "email", "address") if len(parts[key]) == len(of_all[key]) == 1]
    return frozenset([*(line.text for line in sure), *alone])


def _with_address(address: Address, text: str) -> Address:
    end = city_and_state(text)
    if end is None:
        street = text if not address.street else f"{address.street}, {text}"
        return replace(address, street=street) if address.city is None else address
    before = ", ".join(part for part in (address.street, end.before) if part)
    return replace(address, street=before or None, city=end.city, state=end.state, zip=end.zip)
