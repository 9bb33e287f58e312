"""Every finding word for word: severity, place, message and source, of answers and of finished agreements.

After a change that was meant, write the golden file anew: ``python tests/unit/test_rules_golden.py``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.answers import has_path, parse
from assistant.editions.catalog import get_edition
from assistant.pdf.viewer.marks import PageMark
from assistant.reading.agreement import ReadLine, Signing
from assistant.rules import Case, check
from assistant.rules.agreement import check_agreement
from assistant.rules.completeness import WORDS
from tests.unit import test_rules_agency, test_rules_forms, test_rules_lists, test_rules_texts
from tests.unit.conftest import READY, case_of, changed, with_blanks
from tests.unit.test_finished_rules import CONTACT, MISTAKES, PUBLIC, TEXTS, TODAY, document, found

if TYPE_CHECKING:
    from assistant.reading import ReadAgreement
    from assistant.rules import Finding

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "findings.json"
STAMP = "Digitally signed by TESTER.JORDAN.1234567890 Date: 2025.03.20 10:11:12 -04'00'"
UNWRITABLE = (
    ("program_contact.full_name", "Sam O\ufffdBrien"),
    ("signatory.full_name", "Jordan\u202e Lee"),
    ("nominees.0.full_name", "Ann \U00013000\U00013001\U00013002\U00013003 Lee"),
    ("nominees.0.full_name", "Ann \U00013000\U00013001\U00013002\U00013003\U00013004 Lee"),
    ("signatory.title", "Sheriff \ue000"),
)
LISTED: dict[str, dict[str, Any]] = {
    "held": {}, "held, no day": {"signed": None}, "pending": {"status": "pending", "signed": None},
    "another name": {"agency": "Example County Sheriff's Department"},
}  # fmt: skip
EVERYBODY = {
    "us_citizen": None, "background_investigation": "pending", "background_completed_on": None,
    "law_enforcement_since": "2025-06-01", "enforced_laws": False, "facility_security_trained": None,
    "enforced_inmate_rules": False, "inmate_rules_authority": None,
}  # fmt: skip


@cache
def of_answers() -> dict[str, Case]:
    """Return the cases by name: the ready application with one thing changed, and some that lack much."""
    ready = parse(READY)
    cases = {}
    for module in (test_rules_agency, test_rules_forms, test_rules_texts):
        for code, changes, *_ in module.WRONG:
            cases[f"{code}: {changes}"] = case_of(changed(ready, changes))
    nobody = {f"nominees.0.{key}": value for key, value in EVERYBODY.items() if not key.endswith(("_on", "_since"))}
    cases["a nominee who meets nothing"] = case_of(changed(ready, nobody))
    cases["a nominee without a name"] = case_of(changed(ready, {"nominees.0.full_name": None, "nominees.0.models": ()}))
    cases["one person twice"] = case_of(replace(ready, nominees=(*ready.nominees, ready.nominees[0])))
    cases["nobody"] = case_of(replace(ready, nominees=()))
    cases["nothing"] = case_of(parse('{"format": "moa-application/1"}'))
    cases["older forms"] = case_of(ready, editions={"TFM": "moa-tfm/2025-02-12", "WSO": "moa-wso/2025-02-14"})
    for where, text in UNWRITABLE:
        cases[f"{where}: {text!a}"] = case_of(changed(ready, {where: text}))
    for name, values in LISTED.items():
        own = changed(ready, test_rules_lists.OWN)
        cases[f"listed: {name}"] = replace(case_of(own), listings=(test_rules_lists.listed(**values),))
    for size in (4.0, 5.5, 6.5, 6.95):
        case = case_of(ready)
        small = with_blanks(case, partial(replace, size=size, clipped=size < 5))
        cases[f"texts of {size} points"] = small
    case = case_of(ready, editions={"TFM": "moa-tfm/2025-02-12", "WSO": "moa-wso/2025-02-14"})
    cases["parts for the whole"] = with_blanks(case, lambda blank: replace(blank, wording="other"))
    return cases


@cache
def of_documents() -> dict[str, ReadAgreement]:
    """Return the finished agreements by name: a clean one with one thing wrong."""
    slots = (*TEXTS, "contact", "public", "contact_vii")
    cases = {f"{slot}: empty": document(found(slot, source="nothing")) for slot in slots}
    cases |= {f"{slot}: empty, by shape": document(found(slot, source="nothing", by_shape=True)) for slot in slots}
    cases |= {f"{slot}: faint": document(found(slot, "Atlanta", faint=True)) for slot in slots}
    cases |= {f"{slot}: by hand": document(found(slot, source="ink")) for slot in slots}
    cases |= {
        f"{slot}: cut": document(replace(found(slot), lines=(ReadLine(text="S", size=9, clipped=True),)))
        for slot in slots
    }
    cases |= {f"{code}: {item.slot}: {item.text}, {item.source}": document(item) for item, code, _ in MISTAKES}
    for item, code, _ in MISTAKES:
        cases[f"{code}: {item.slot}: {item.text}, recognised"] = document(replace(item, source="recognised"))
    clean = document()
    mark = PageMark(kind="Tx", rect=(0, 0, 9, 9), text="Sheriff", printed=False)
    unprinted = replace(found("lea_title"), source="field", lines=(ReadLine(text="Sheriff", size=10, mark=mark),))
    marks = {
        n: (PageMark(kind=kind, rect=(0, 0, 9, 9)),)
        for n, kind in ((2, "Highlight"), (3, "FreeText"), (5, "StrikeOut"))
    }
    unread = replace(clean.pages[-1], form_page=None, unread=True)
    strange = tuple(replace(page, form_page=None, likeness=0.4) for page in clean.pages)
    titles = (
        "Draft letter to the landlord",
        "287(g) Warrant Service Officer MOA",
        "A draft letter, 287(g)",
        "untitled",
    )
    more = {
        "not printed": document(unprinted),
        "swapped": document(found("lea_signature", "03/28/2025"), found("lea_date", source="nothing")),
        "stamp": document(signing=Signing(signed=True, signature_text=STAMP, electronic=True)),
        "typed": document(found("lea_signature", "J. Tester", source="note")),
        "unsigned": document(found("lea_title", source="nothing"), signing=Signing(signed=False)),
        "old form": document(revision="2025-02-12", edition=get_edition("moa-tfm/2025-02-12")),
        "old form, unsigned": document(
            revision="2025-02-12", edition=get_edition("moa-tfm/2025-02-12"), signing=Signing(signed=False)
        ),
        "pages missing": document(pages=clean.pages[:-2], missing=(13, 14)),
        "pages unread": document(pages=(*clean.pages[:-1], unread), missing=(14,)),
        "page twice": document(pages=(*clean.pages, replace(clean.pages[3], number=15))),
        "page of another paper": document(pages=(*clean.pages, replace(clean.pages[0], number=15, form_page=None))),
        "pages turned": document(pages=tuple(replace(p, shown_turned=p.number in {3, 5, 6}) for p in clean.pages)),
        "retyped": document(pages=(clean.pages[0], *strange[1:])),
        "altered": document(compared=True, altered=((3, "A line of the form as it was issued"),)),
        "drafts": document(drafts=(1, 2, 3)),
        "encrypted": document(encrypted=True),
        "active": document(active=frozenset({"Launch", "JavaScript"})),
        "review marks": document(marks=marks),
        "no agreement": document(like_an_moa=False),
        "one contact, two numbers": document(found("public", *CONTACT[:2], "(404) 555-0999", PUBLIC[3])),
        **{f"title {title}": document(info={"Title": title}) for title in titles},
    }
    return cases | more


@cache
def golden() -> dict[str, dict[str, list[list[str]]]]:
    found_before: dict[str, dict[str, list[list[str]]]] = json.loads(GOLDEN.read_text("utf-8"))
    return found_before


def told(findings: tuple[Finding, ...]) -> list[list[str]]:
    return [[f.severity, f.code, f.where, f.message, f.source, *filter(None, [f.command])] for f in findings]


def everything() -> dict[str, dict[str, list[list[str]]]]:
    """Return what is found, by case."""
    return {
        "answers": {name: told(check(case).findings) for name, case in of_answers().items()},
        "document": {name: told(check_agreement(d, today=TODAY).findings) for name, d in of_documents().items()},
    }


@pytest.mark.parametrize("name", of_answers())
def test_findings_about_answers(name: str) -> None:
    assert told(check(of_answers()[name]).findings) == golden()["answers"][name]


@pytest.mark.parametrize("name", of_documents())
def test_findings_about_a_finished_agreement(name: str) -> None:
    assert told(check_agreement(of_documents()[name], today=TODAY).findings) == golden()["document"][name]


def test_every_answer_that_may_be_missing_has_its_words() -> None:
    for path, words in WORDS.items():
        assert has_path(path)
        assert words.startswith(("the ", "whom "))


def write_golden() -> None:
    """Write the golden findings anew."""
    GOLDEN.write_text(json.dumps(everything(), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    write_golden()
