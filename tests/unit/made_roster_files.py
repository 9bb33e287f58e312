"""Put drawn people, notes and columns together into files: CSV, workbooks, and lists as people paste them."""

from __future__ import annotations

import csv
import io
from random import Random
from typing import Any

import openpyxl

from tests.unit import made_rosters as words
from tests.unit.made_rosters import ASK, HEADS, OPEN, OTHERS, Person, Truth, draw_person

FILE_SHAPES = ("csv", "csv", "xlsx", "xlsx", "xlsx", "tsv", "semicolon", "markdown", "aligned", "two sheets")
LIST_SHAPES = ("names", "numbered", "bullets", "last first", "name rank")
TICKS = {
    "Y": "YN", "Yes": ("Yes", "No"), "yes": ("yes", ""), "X": ("X", ""), "TRUE": ("TRUE", "FALSE"), "1": "10",
}  # fmt: skip
RIVALS = (
    ("Original Hire Date", "Hire Date", True), ("Sworn Date", "Hire Date", True), ("LE Since", "Date Hired", True),
    ("ORIG_HIRE_DT", "SERVICE_DT", True), ("Date Sworn", "Continuous Service Date", True),
    ("Hire Date", "Service Date", False), ("Date of Hire", "Start Date", False),
    ("Date of Appointment", "Hire Date", False), ("DOH", "POST Cert Date", False),
)  # fmt: skip
"""(a heading, another one, whether the first is meant for sure)."""
CRITERIA = {
    "enforced_laws": "laws", "facility_security_trained": "security", "enforced_inmate_rules": "rules",
    "inmate_rules_authority": "authority",
}  # fmt: skip


def draw_heading(random: Random, key: str) -> str:
    heading = random.choice((HEADS.get(key) or OTHERS[key]).split("|"))
    change = random.random()
    if change < 0.12:
        return heading.upper()
    if change < 0.16:
        return heading.lower()
    if change < 0.2:
        return f" {heading} "
    if change < 0.23:
        return heading.replace(" ", "\n", 1)
    if change < 0.26:
        return f"{heading}:"
    return heading


class Sheet:
    """One sheet on its way: its columns, how each is written, its rows and what is true of them."""

    def __init__(self, random: Random, *, plain: bool) -> None:
        self.random = random
        self.keys = self._draw_keys(plain=plain)
        self.headings = self._draw_headings()
        self.asks_days = False
        if "law_enforcement_since" in self.keys and random.random() < 0.15:
            self._add_rival()
        self.day_style = {key: random.choice(words.DAY_STYLES) for key in self.keys}
        self.year_style = random.choice(words.YEAR_STYLES)
        self.truth_style = {key: random.choice(("Y", "Yes", "yes", "TRUE", "X", "1")) for key in self.keys}
        self.background_style = random.choice(("word", "yes", "passed", "year", "cleared"))
        self.model_style = random.randrange(2)
        self.name_style = random.choice(words.NAME_STYLES)
        self.is_last_first = any("last, first" in " ".join(heading.lower().split()) for heading in self.headings)
        if self.is_last_first:
            self.name_style = random.choice(words.LAST_FIRST_STYLES)

    def _draw_keys(self, *, plain: bool) -> list[str]:
        random = self.random
        names = ["full_name"] if random.random() < 0.65 else ["last_name", "first_name"]
        if names[0] == "last_name":
            random.shuffle(names)
            names += [key for key in ("middle_name", "suffix") if random.random() < 0.5]
        pool = [
            "rank", "badge_number", "models", "us_citizen", "background_investigation", "background_completed_on",
            "law_enforcement_since", "law_enforcement_years", *CRITERIA,
        ]  # fmt: skip
        keys = [key for key in pool if random.random() < (0.55 if key not in CRITERIA else 0.15)]
        if "models" not in keys and random.random() < 0.25:
            keys += ["model:TFM", "model:WSO", "model:JEM"][: random.randrange(1, 4)]
        if not plain:
            keys += [key for key in OTHERS if random.random() < 0.16]
        if random.random() < 0.6:
            order = list(keys)
            random.shuffle(order)
            keys = order
        keys = [*names, *keys] if random.random() < 0.7 else [*keys[:2], *names, *keys[2:]]
        if "number" in keys:
            keys.remove("number")
            keys.insert(0, "number")
        return keys if len(keys) > 1 else [*keys, "rank"]

    def _draw_headings(self) -> list[str]:
        headings: list[str] = []
        for key in self.keys:
            heading = draw_heading(self.random, key)
            while heading.strip().lower() in {other.strip().lower() for other in headings}:
                heading = draw_heading(self.random, key)
            headings.append(heading)
        return headings

    def _add_rival(self) -> None:
        """Add a second day of service beside the first: one of the two is meant for sure, or it must be asked."""
        first, second, is_sure = self.random.choice(RIVALS)
        at = self.keys.index("law_enforcement_since")
        self.keys.append("rival day")
        self.headings[at] = first
        self.headings.append(second)
        self.asks_days = not is_sure

    def column_truth(self) -> dict[int, frozenset[str | None]]:
        open_key = "law_enforcement_since" if self.asks_days else ""
        return {
            index: frozenset({key if key in HEADS and key != open_key else None}) for index, key in enumerate(self.keys)
        }

    def row(self, person: Person) -> tuple[list[object], dict[str, Any]]:
        cells: list[object] = []
        truth: dict[str, Any] = {}
        for key in self.keys:
            cell, more = self._cell(key, person)
            cells.append(cell)
            truth |= more
        if "rank" not in self.keys and "name_rank" in truth:
            truth["rank"] = truth["name_rank"]
        truth.pop("name_rank", None)
        if self.asks_days:
            truth.pop("law_enforcement_since", None)
        if truth.get("background_investigation", ASK) is None and "background_completed_on" in truth:
            truth["background_investigation"] = OPEN  # the other column answers it
        ticks = [key.partition(":")[2] for key in self.keys if key.startswith("model:")]
        if ticks:
            truth["models"] = OPEN if any(truth.pop(f"tick {t}", None) is ASK for t in ticks) else tuple(
                m for m in ("JEM", "TFM", "WSO") if m in ticks and m in person.models and truth.get(f"ticked {m}")
            )  # fmt: skip
        return cells, {key: value for key, value in truth.items() if not key.startswith("tick")}

    def _cell(self, key: str, p: Person) -> tuple[object, dict[str, Any]]:
        random = self.random
        if key == "full_name":
            return words.write_name(random, p, self.name_style, last_first=self.is_last_first)
        if key in {"first_name", "middle_name", "last_name", "suffix"}:
            has_suffix = "suffix" in self.keys
            text = {"first_name": p.first, "middle_name": p.middle, "last_name": p.last, "suffix": p.suffix}[key]
            if key == "last_name" and not has_suffix and p.suffix:
                text = f"{p.last} {p.suffix}"
            if key == "first_name" and "middle_name" not in self.keys and p.middle:
                text = f"{p.first} {p.middle}"
            return text, {"full_name": p.plain_name}
        if key == "rank":
            return p.rank, {"rank": p.rank}
        if key == "badge_number":
            return p.badge, {"badge_number": p.badge}
        if key == "models":
            cell, truth = words.write_models(random, p.models, self.model_style)
            return cell, {"models": truth}
        if key.startswith("model:"):
            model = key.partition(":")[2]
            answer = model in p.models
            return TICKS[self.truth_style[key]][0 if answer else 1], {f"ticked {model}": answer}
        if key == "us_citizen":
            cell, truth = words.write_truth(random, self.truth_style[key], answer=p.citizen, citizen=True)
            return cell, {"us_citizen": truth}
        if key in CRITERIA:
            if key == "facility_security_trained" and random.random() < 0.15 and p.yes_no["security"]:
                return random.choice(("In-service", "Completed 2019", "trained")), {key: True}
            cell, truth = words.write_truth(random, self.truth_style[key], answer=p.yes_no[CRITERIA[key]])
            return cell, {key: truth}
        return self._dated_cell(key, p)

    def _dated_cell(self, key: str, p: Person) -> tuple[object, dict[str, Any]]:
        random = self.random
        if key == "background_investigation":
            cell, truth = words.write_background(random, p, self.background_style)
            return cell, {"background_investigation": truth}
        if key == "background_completed_on":
            if p.background == "pending":
                return random.choice(("pending", "Pending", "", "In progress")), {"background_completed_on": None}
            cell, truth = words.write_day(random, p.background_on, self.day_style[key])
            return cell, {"background_completed_on": truth}
        if key == "law_enforcement_since":
            cell, truth = words.write_day(random, p.since, self.day_style[key])
            return cell, {"law_enforcement_since": truth}
        if key == "law_enforcement_years":
            cell, truth = words.write_years(random, p.years, self.year_style)
            return cell, {"law_enforcement_years": truth}
        return self._other_cell(key, p), {}

    def _other_cell(self, key: str, p: Person) -> object:
        random = self.random
        if key == "phone":
            return f"555-010-{random.randrange(100, 200):04d}"
        if key == "email":
            return f"{p.badge.lower()}@example.gov"
        if key in {"other day", "rival day"}:
            later = p.since.replace(year=2024, day=min(p.since.day, 28))
            return words.write_day(random, later, self.day_style[key])[0]
        if key == "private":
            return random.choice(("x", "", "4/1/1990"))
        if key == "number":
            return random.randrange(1, 400)
        choices = {
            "shift": ("A", "B", "Days", "Nights", "1st"), "division": ("Patrol", "Jail", "Courts", "Division I"),
            "person": ("Lt. Kay Orr", "Capt. Boss", "Orr, Kay"), "yes no": ("Y", "Y", "N"), "time in": ("3 years",),
            "grade": ("723", "12", "54,000", "G7"), "note": ("", "", "alternate", "FTO", "bilingual"),
        }  # fmt: skip
        return random.choice(choices[key])


def make_roster(seed: int) -> tuple[bytes, Truth]:
    """Return a file and the truth about it; rows count from 1, those of a second sheet from 1,001."""
    random = Random(seed)  # noqa: S311 - no secret
    if random.random() < 0.15:
        return _make_list(random)
    shape = random.choice(FILE_SHAPES)
    truth = Truth(shape=shape)
    sheet = Sheet(random, plain=shape in {"markdown", "aligned"})
    truth.columns = sheet.column_truth()
    rows = _draw_rows(random, sheet, truth, clean=shape == "aligned")
    if shape in {"xlsx", "two sheets"}:
        book = openpyxl.Workbook()
        page = book.active
        assert page is not None
        page.title = "Patrol"
        for row in rows:
            page.append(row)
        if shape == "two sheets":
            second = book.create_sheet("Jail")
            more = Truth()
            for row in _draw_rows(random, sheet, more, clean=True):
                second.append(row)
            truth.sheets = ("Patrol", "Jail")
        output = io.BytesIO()
        book.save(output)
        return output.getvalue(), truth
    texts = [[_as_text(cell) for cell in row] for row in rows]
    if shape == "markdown":
        texts = [[cell.replace("\n", " ") for cell in row] for row in texts]
        lines = ["| " + " | ".join(row) + " |" if row else "" for row in texts]
        place = next(n for n, row in enumerate(rows) if row == sheet.headings)
        lines.insert(place + 1, "|" + "---|" * len(sheet.keys))
        _shift(truth, place + 1)
        return "\n".join(lines).encode(), truth
    if shape == "aligned":
        texts = [[" ".join(cell.split()) or "-" for cell in row] for row in texts]
        widths = [max(len(row[n]) for row in texts if len(row) > 1) + 3 for n in range(len(sheet.keys))]
        lines = ["".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=False)) for row in texts]
        return "\n".join(lines).encode(), truth
    mark = {"csv": ",", "tsv": "\t", "semicolon": ";"}[shape]
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(texts)
    return out.getvalue().encode(), truth


def _shift(truth: Truth, from_row: int) -> None:
    truth.people = {row + (row > from_row): person for row, person in truth.people.items()}
    truth.others = {row + (row > from_row) for row in truth.others}
    truth.health_rows = {row + (row > from_row) for row in truth.health_rows}


def _as_text(cell: object) -> str:
    if hasattr(cell, "strftime"):
        return f"{cell.month}/{cell.day}/{cell.year}"  # type: ignore[attr-defined]  # a date
    return str(cell)


def _draw_rows(random: Random, sheet: Sheet, truth: Truth, *, clean: bool) -> list[list[object]]:
    width = len(sheet.keys)
    rows: list[list[object]] = []
    if not clean:
        if random.random() < 0.3:
            rows.append(["Example County Sheriff's Office Sworn Roster", *[""] * (width - 1)])
        if random.random() < 0.1:
            rows.append([""] * width)
    rows.append(list(sheet.headings))
    name_at = next(n for n, key in enumerate(sheet.keys) if key in {"full_name", "last_name", "first_name"})
    note_at = random.choice((name_at, name_at, 0))
    people = random.randrange(3, 25)
    # Nominees of one roster have a name of their own.
    for number in range(people):
        if not clean and random.random() < 0.07:
            _add_note(random, sheet, truth, rows, random.choice((note_at, name_at)))
        cells, person = sheet.row(draw_person(random, number))
        rows.append(cells)
        truth.people[len(rows)] = person
    for _ in range(random.randrange(3) if not clean else 0):
        _add_note(random, sheet, truth, rows, note_at)
    return rows


def _add_note(random: Random, sheet: Sheet, truth: Truth, rows: list[list[object]], place: int) -> None:
    width = len(sheet.keys)
    kind = random.random()
    if kind < 0.1:
        rows.append([""] * width)
        return
    if kind < 0.2:
        rows.append(list(sheet.headings))
    else:
        is_health = kind < 0.3
        cells: list[object] = [""] * width
        cells[place] = random.choice(words.HEALTH_NOTES if is_health else words.NOTES)
        if str(cells[place]).lower() in {"vacant", "open", "tbd", "unfilled", "open position"} and "rank" in sheet.keys:
            cells[place] = cells[place] if place != sheet.keys.index("rank") else ""
            name_at = next(n for n, key in enumerate(sheet.keys) if key in {"full_name", "last_name", "first_name"})
            cells[name_at] = "Vacant"
            cells[sheet.keys.index("rank")] = "Deputy"
        rows.append(cells)
        if is_health:
            truth.health_rows.add(len(rows))
    truth.others.add(len(rows))


def _make_list(random: Random) -> tuple[bytes, Truth]:
    shape = random.choice(LIST_SHAPES)
    truth = Truth(shape=shape, has_headings=False, columns={0: frozenset({"full_name"})})
    style = random.choice(("plain", "plain", "rank first", "rank last" if shape != "name rank" else "plain"))
    lines: list[str] = []
    for number in range(random.randrange(4, 25)):
        person = draw_person(random, number)
        if shape == "last first":
            person.suffix = ""
            cell, answers = f"{person.last}, {person.first} {person.middle}".strip(), {"full_name": person.plain_name}
        else:
            if shape == "name rank":
                person.suffix = ""
            calm = Random(1)  # noqa: S311 - no secret
            text, answers = words.write_name(calm, person, "plain" if shape == "name rank" else style)
            if "name_rank" in answers:
                answers["rank"] = answers.pop("name_rank")
            cell = text
        if shape == "numbered":
            cell = f"{number + 1}. {cell}"
        elif shape == "bullets":
            cell = f"- {cell}"
        elif shape == "name rank":
            cell = f"{cell}, {person.rank}"
            answers["rank"] = person.rank
        lines.append(cell)
        truth.people[len(lines)] = answers
    return "\n".join(lines).encode(), truth
