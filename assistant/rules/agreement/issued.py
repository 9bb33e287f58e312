"""An agreement that this program issued: text that matches the issued text gets no finding about its wording.

The user chose these wordings, also the shorter ones, and the review of the answers has already checked them. Text that
someone wrote into the agreement later, or changed, is checked as in any other agreement.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from assistant.reading.slots import NAMED
from assistant.rules.agreement.answers_rules import CODES_ABOUT_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from assistant.reading import ReadAgreement, SlotReading
    from assistant.rules.agreement.lists import PartyDocument
    from assistant.rules.registry import Finding

ABOUT_WORDINGS = CODES_ABOUT_ANSWERS | {"name-inconsistent", "other-agency-data"}
"""Codes of findings that may be about a wording and nothing else."""
NAMES_COMPARED = frozenset({"name-inconsistent", "other-agency-data"})
"""Codes of findings that compare a blank with the first one that names the agency."""
NAME_SLOTS = frozenset({"agency", *NAMED})
READ_ALIKE = 90
"""From this likeness on (0 to 100), a text that was recognized from a picture is the issued one."""
FILE_NAME = "issued.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedTexts:
    """What the answers print on the agreements: ``names`` of the agency, full and shorter, and all ``texts``."""

    names: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def write_to(self, folder: Path) -> None:
        """Write them into a folder for a child process; names of people do not belong on a command line."""
        document = {"names": sorted(self.names), "texts": sorted(self.texts)}
        (folder / FILE_NAME).write_text(json.dumps(document), "utf-8")

    @classmethod
    def read_from(cls, folder: Path) -> IssuedTexts:
        """Return what ``write_to`` wrote; an empty value if it wrote nothing."""
        file = folder / FILE_NAME
        if not file.is_file():
            return cls()
        document = json.loads(file.read_text("utf-8"))
        return cls(names=frozenset(document["names"]), texts=frozenset(document["texts"]))

    def has(self, reading: SlotReading) -> bool:
        """Say whether a blank has exactly the issued text."""
        issued = {plain_text(text) for text in (self.names if _holds_a_name(reading) else self.texts)}
        lines = [plain_text(line.text) for line in reading.lines if line.text.strip()]
        return bool(lines) and (
            _is_among(plain_text(reading.text), issued, reading)
            or all(_is_among(line, issued, reading) for line in lines)
        )


def plain_text(text: str) -> str:
    """Return a text for comparison: the kind of space, the kind of apostrophe and capitals make no difference."""
    return " ".join(text.replace("’", "'").split()).casefold()


def without_issued_wordings(findings: Iterable[Finding], document: ReadAgreement, issued: IssuedTexts) -> list[Finding]:
    """Return the findings except those about the wording of a blank with the issued text."""
    places: dict[str, list[SlotReading]] = {}
    for reading in (*document.readings.values(), *document.footers):
        places.setdefault(reading.where, []).append(reading)
    as_issued = {where for where, readings in places.items() if all(issued.has(reading) for reading in readings)}
    first = document.get("agency")
    party_as_issued = first is not None and first.where in as_issued
    return [
        finding
        for finding in findings
        if finding.code not in ABOUT_WORDINGS
        or finding.where not in as_issued
        or (finding.code in NAMES_COMPARED and not party_as_issued)
    ]


def party_as_issued(party: PartyDocument, document: ReadAgreement, issued: IssuedTexts) -> PartyDocument:
    """Return who the party is and whether its name is as issued; other issued names do not count as other parties."""
    first = document.get("agency")
    issued_names = {plain_text(name) for name in issued.names}
    return {
        **party,
        "as_issued": first is not None and issued.has(first),
        "others": [one for one in party["others"] if plain_text(one["name"]) not in issued_names],
    }


def _holds_a_name(reading: SlotReading) -> bool:
    return reading.slot in NAME_SLOTS or reading.slot.startswith("footer")


def _is_among(text: str, issued: set[str], reading: SlotReading) -> bool:
    if text in issued:
        return True
    return reading.source == "recognised" and any(fuzz.ratio(text, one) >= READ_ALIKE for one in issued)
