"""Rosters drawn at random, with the truth beside them: headings, orders, notes, names, values and shapes.

The words come from how agencies and their HR programs write, noted here by hand; nothing is imported from the reader,
so that it cannot agree with itself. All people are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

ASK = "ask"
"""The truth of a cell that nobody could read for sure: it must be asked."""
OPEN = "open"
"""The truth of a cell that says nothing, or of an answer that may be read or left open with a word."""


def _cut(words: str) -> list[str]:
    return words.split("|")


HEADS: dict[str, str] = {
    "full_name": "Name|NAME|Officer Name|Employee Name|Deputy Name|Nominee|Full Name|Name of Officer|Worker"
        "|Employee|Member"
    "|Staff Name|EMPLOYEE_NAME|EMP_NAME|Officer|Nominee Name|Personnel|Legal Name|Name (Last, First)|Last, First"
    "|Candidate|Name of Nominee|Full Legal Name|FULL_NM|Deputy|Ofc Name|Employee Full Name|Name (Last, First, MI)",
    "first_name": "First|First Name|FIRST NAME|FName|FIRST_NAME|Given Name|First Nm|Officer First Name|EMP_FIRST_NM",
    "middle_name": "MI|Middle|M|Middle Name|Middle Initial|M.I.|MIDDLE_NAME|Mid Init",
    "last_name": "Last|Last Name|LAST NAME|LName|LAST_NAME|Surname|Family Name|Officer Last Name|EMP_LAST_NM",
    "suffix": "Suffix|SUFFIX|Name Suffix|Sfx",
    "rank": "Rank|RANK|Title|Job Title|Position|Rank/Title|JOB_TITLE_DESC|Current Rank|Position Title|Rank or Title"
    "|Job Title Desc|RANK_DESC|Title/Rank|Business Title|Job Ttl",
    "badge_number": "Badge|Badge #|Badge No.|Badge Number|BADGE_NBR|Shield #|Star No.|ID|ID #|Employee ID|EMPLID|Emp #"
    "|Employee No.|Badge/ID|PID|DSN|Badge or ID #|Unit #|Emp ID|Bdg #|Employee Number|Personnel No.|Shield No|PIN",
    "models": "Model|Model(s)|287(g) Model|MOA Model|Program|Nominated For|Program Type|Model Nominated For"
        "|287g Program"
    "|MODEL|Nominated for (TFM/WSO/JEM)|MOA Type",
    "us_citizen": "US Citizen|U.S. Citizen?|Citizen (Y/N)|USC|Citizenship|US Cit|USC (Y/N)|Citizenship Status"
        "|US_CITIZEN"
    "|U.S. Citizen (Yes/No)|Citizen|US CITIZEN Y/N|United States Citizen|US_CIT_FLG",
    "background_investigation": "Background|BI|BGI|Background Check|BI Complete|Background Investigation|BI Completed?"
    "|Background Cleared|Bkgd Inv|BGI Status|Background Inv. Complete (Y/N)|BI Status|Background Status|BG Check",
    "background_completed_on": "BI Date|Background Date|Date of last background|BGI Date Completed|BI Completed On"
    "|Background Completion Date|Date BI Completed|BGI Date|Date of Background Investigation|BKGD_INV_CMPL_DT",
    "law_enforcement_since": "Hire Date|Date of Hire|DOH|Date Hired|Sworn Date|Date Sworn|LE Since|Original Hire Date"
    "|ORIG_HIRE_DT|Appointed|Svc Date|Service Date|Start Dt|POST Cert Date|POST Cert. Date|Oath Date|Entry on Duty|EOD"
    "|HIRE_DT|Date of Appointment|Appointment Date|Date Certified|Sworn|Hired|HireDate|Date of Hire (mm/dd/yyyy)"
    "|Start Date|LE Start Date|DOE|Date Employed|Law Enforcement Since",
    "law_enforcement_years": "Years of Service|Yrs of Svc|Yrs Svc|Years LE Exp|YOS|Yrs Exp|Exp (yrs)|Tenure|LE Exp"
    "|Total LEO Yrs|Years Sworn|Length of Service|Years|Length of Employment|Years of Experience|Yrs LE|LE Years"
    "|Total Law Enforcement Experience (years)|YEARS_LE_EXP|Years of LE Experience",
    "facility_security_trained": "Facility security|Jail security training|Facility Security Training"
    "|Trained in facility security|Jail Security Trained (Y/N)",
    "enforced_laws": "Enforced laws|Has enforced laws|Enforces laws?|Has Enforced Laws (Y/N)",
    "enforced_inmate_rules": "Enforced inmate rules|Inmate rules|Has enforced inmate rules",
    "inmate_rules_authority": "Inmate rules authority|Authority over inmate rules|Authority to enforce inmate rules",
    "model:TFM": "TFM|TFM?|Task Force Model|TFM (Y/N)|TFO",
    "model:WSO": "WSO|WSO?|Warrant Service Officer|WSO (Y/N)",
    "model:JEM": "JEM|JEM?|Jail Enforcement Model|JEM (Y/N)",
}  # fmt: skip
OTHERS: dict[str, str] = {
    "phone": "Phone|Cell|Cell Phone|Work Phone|Mobile #|Phone Number",
    "email": "E-mail|Work Email|Email Address|EMAIL_ADDR",
    "shift": "Shift|Squad|Watch|Platoon",
    "division": "Division|Assignment|Bureau|Department|Unit|District/Division|Work Location|Section",
    "person": "Supervisor|Supervisor Name|Manager|Reports To|Emergency Contact|FTO",
    "other day": "Rehire Date|Recertification Date|Promotion Date|Last Evaluation|Decertification Date|Cert Expiration"
    "|REHIRE_DT|Date of last promotion|Next Review Date|Retirement Eligible Date|Position Start Date|LEOSA Exp",
    "yes no": "Sworn (Y/N)|2+ Years Experience|2 yrs LE exp?|At least 2 years LEO?|Two years experience (Y/N)"
        "|Min 2 yrs",
    "private": "DOB|SSN|Date of Birth|Home Address|Race|Gender|Sex|Age|Ethnicity",
    "grade": "Pay Grade|Salary|Step|Pay Band|Annual Salary|Hourly Rate",
    "number": "No.|#|Row|Line",
    "time in": "Time in Rank|Time in Position|Time in Job Profile",
    "note": "Notes|Remarks|Comments",
}  # fmt: skip
FIRST = _cut(
    "Alex|Bea|Cy|Di|Eli|Fay|Gus|Hana|Ian|Joy|Kim|Lee|María José|Nora|Omar|Pat|Quinn|Rosa|Sam|Tia|Uri|Val|Wes|Xan|"
    "Yara|Zoe|Jean-Luc|D'Andre|Siobhán|Þóra|Anh|José|Mary Beth|T. J.|J.|DeShawn|Björn|Noël|Major|Chase|Junior|"
    "Duke|Earl|Sky"
)
LAST = _cut(
    "Ash|Bay|Cobb|Dell|Eel|Fenn|Grove|Hale|Ivy|Joyce|Kane|Lane|Marrow|Nash|Orr|Pike|Quill|Roe|Stone|Tansy|Ural|"
    "Vale|Wade|Yates|Zorn|De La Cruz|Van Buren|O'Brien|O’Hara|Peñas|Nguyễn|Orr-Baines|St. John|Two Feathers|"
    "McAdams|Le|Ng|Saint-Cyr|Al'Tamar|von Trapp|del Río|Marshall|Sargent|Constable|Page|Church|Hall|Park|Field|"
    "Day|May|Young|Long|Price|Banks|Case|Ochoa|Ávila|Smith Jones|D'Angelo|Mc Cabe|Ruiz y Mora|Kowalczyk|Schröder|"
    "Guerra|Bishop|King|Noble|Major"
)
MIDDLE = ["A", "B.", "Q", "R.", "Lynn", "Jo", "T", "Marie", "Ray", ""]
SUFFIX = ("Jr.", "Jr", "Sr.", "III", "II", "IV", "JR", "SR.")
RANKS = _cut(
    "Deputy|Sergeant|Corporal|Lieutenant|Captain|Detention Officer|Police Officer|Deputy Sheriff|Detective|Sgt|"
    "Cpl|Dep|Lt|Deputy II|Master Deputy|Correctional Officer|Officer|Investigator|Deputy Sheriff I|Trooper|"
    "Jail Deputy|Sgt.|Lt.|Capt.|Police Officer First Class|Chief Deputy|Court Security Deputy|Jailer|Patrolman|"
    "Detention Deputy"
)
NAME_RANKS = (
    "Sgt.",
    "Sgt",
    "Cpl.",
    "Dep.",
    "Deputy",
    "Lt.",
    "Det.",
    "Ofc.",
    "Capt.",
    "Sergeant",
    "Officer",
    "DEPUTY",
    "SGT.",
)
NOTES = _cut(
    "Prepared by: HR, 1/15/2026|Prepared by HR|Submitted by Sheriff Kay Orr|See attached sheet for reserves|"
    "* Subject to change|Total: 12|TOTAL|Total nominees: 9|Grand Total|Page 1 of 3|Page 2|VACANT|Vacant|"
    "Open position|TBD|Vacancy|OPEN|To be hired|PATROL DIVISION|JAIL DIVISION|Patrol|Court Security|"
    "INVESTIGATIONS|Night Shift|Updated 1/5/2026|Revised 12/1/2025|As of 1/1/2026|Signature: ______________|"
    "Approved by: Chief Deputy|Note: all deputies are POST certified|End of report|Count: 14|"
    "*Pending academy graduation|Printed 01/05/2026 08:14|Report run on 1/5/2026|FOR OFFICIAL USE ONLY|"
    "Sheriff's signature|Unfilled|Position frozen|Reserve Deputies|Yellow = pending background|Subtotal 5|"
    "Total Sworn 44|(continued)|Please return to Capt. Boss by Friday|Names in bold are alternates|"
    "Vacant - Deputy|HOLD|Deputy (Vacant)|Reviewed by Lt. Kay Orr|Task Force Nominees:|"
    "The following deputies are nominated:|Source: HRIS|Confidential|Detention|Sworn Personnel|8 officers total"
)
HEALTH_NOTES = (
    "* Deputy Cobb on FMLA until 3/1", "Sgt. Orr out on medical leave", "** light duty per doctor, surgery in March",
    "Ash: maternity leave through May", "*on workers comp", "Deputy Wade injured on duty, returns 4/1",
)  # fmt: skip
MODELS: dict[str, tuple[str, ...]] = {
    "TFM": ("TFM", "Task Force", "Task Force Model", "TFO", "Task Force Officer", "tfm"),
    "WSO": ("WSO", "Warrant Service Officer", "Warrant Service", "wso"),
    "JEM": ("JEM", "Jail Enforcement", "Jail Enforcement Model", "Jail"),
}
HEALTH_WORDS = ("FMLA", "medical", "maternity", "workers comp", "light duty", "injured", "surgery")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
LONG_MONTHS = _cut("January|February|March|April|May|June|July|August|September|October|November|December")
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
NUMBERS = {1: "one", 2: "two", 3: "three", 5: "five", 7: "seven", 8: "eight", 10: "ten", 12: "twelve", 20: "twenty"}


@dataclass(slots=True)
class Truth:
    """What is right about a roster: of each column its answers, of each row the person or None, with every answer."""

    columns: dict[int, frozenset[str | None]] = field(default_factory=dict)
    people: dict[int, dict[str, Any]] = field(default_factory=dict)
    others: set[int] = field(default_factory=set)
    health_rows: set[int] = field(default_factory=set)
    shape: str = ""
    has_headings: bool = True
    sheets: tuple[str, ...] = ()


@dataclass(slots=True)
class Person:
    """A made-up person and what is true of them."""

    first: str
    middle: str
    last: str
    suffix: str
    rank: str
    badge: str
    models: tuple[str, ...]
    citizen: bool
    since: date
    years: float
    background: str
    background_on: date
    yes_no: dict[str, bool]

    @property
    def plain_name(self) -> str:
        return " ".join(part for part in (self.first, self.middle, self.last, self.suffix) if part)


def draw_person(random: Random, number: int) -> Person:
    since = date(1990, 1, 1) + timedelta(days=random.randrange(12_900))
    badge = random.choice((f"{1000 + number}", f"D-{100 + number}", f"{number + 10:04d}", f"S{200 + number}"))
    return Person(
        first=random.choice(FIRST), middle=random.choice(MIDDLE) if random.random() < 0.5 else "",
        last=random.choice(LAST), suffix=random.choice(SUFFIX) if random.random() < 0.12 else "",
        rank=random.choice(RANKS), badge=badge,
        models=tuple(m for m in MODELS if random.random() < 0.4) or ("TFM",), citizen=random.random() < 0.96,
        since=since, years=random.choice((random.randrange(1, 35), random.randrange(2, 60) / 2)),
        background=random.choice(("completed", "completed", "pending")),
        background_on=date(2023, 1, 1) + timedelta(days=random.randrange(1_000)),
        yes_no={key: random.random() < 0.8 for key in ("laws", "security", "rules", "authority")},
    )  # fmt: skip


def write_day(random: Random, day: date, style: str) -> tuple[object, object]:
    """Return a day as the style writes it, and what is true of the cell."""
    month, long_month = MONTHS[day.month - 1], LONG_MONTHS[day.month - 1]
    if random.random() < 0.05:
        style = random.choice(("month year", "year", "month/year", "mon-yy", "bracket", "dots", "word"))
    pairs: dict[str, tuple[object, object]] = {
        "us": (f"{day.month}/{day.day}/{day.year}", day),
        "us0": (day.strftime("%m/%d/%Y"), day),
        "short": (f"{day.month}/{day.day}/{day:%y}", day),
        "dash": (day.strftime("%m-%d-%Y"), day),
        "iso": (day.isoformat(), day),
        "time": (f"{day.month}/{day.day}/{day.year} 12:00:00 AM", day),
        "isotime": (f"{day.isoformat()}T00:00:00", day),
        "compact": (day.strftime("%Y%m%d"), day),
        "dmy": (f"{day.day}-{month}-{day:%y}", day),
        "dmY": (f"{day.day}-{month}-{day.year}", day),
        "mil": (f"{day.day:02d}{month.upper()}{day.year}", day),
        "long": (f"{long_month} {day.day}, {day.year}", day),
        "mon": (f"{month} {day.day}, {day.year}", day),
        "nth": (f"{long_month} {day.day}{_nth(day.day)}, {day.year}", day),
        "weekday": (f"{WEEKDAYS[day.weekday()]}, {long_month} {day.day}, {day.year}", day),
        "excel": (day, day),
        "month year": (f"{long_month} {day.year}", ASK),
        "year": (str(day.year), ASK),
        "month/year": (day.strftime("%m/%Y"), ASK),
        "mon-yy": (f"{month}-{day:%y}", ASK),
        "bracket": (f"{day.month}/{day.day}/{day.year} (rehired 2019)", ASK),
        "dots": (day.strftime("%m.%d.%Y"), day if day.day == day.month or day.day > 12 else ASK),
        "word": (random.choice(("before 2010", "see file 12", "long ago")), ASK),
    }
    return pairs[style]


DAY_STYLES = (
    "us", "us", "us0", "us0", "short", "dash", "iso", "time", "isotime", "compact", "dmy", "dmY", "mil", "long", "mon",
    "nth", "weekday", "excel", "excel",
)  # fmt: skip


def _nth(day: int) -> str:
    return {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}.get(day, "th")


def write_years(random: Random, years: float, style: str) -> tuple[object, object]:
    whole, rest = int(years), years - int(years)
    if random.random() < 0.05:
        return random.choice((("a while", ASK), ("10-15", ASK), ("n/a", OPEN), ("various", ASK)))
    months = round(rest * 12)
    plain = str(whole) if not rest else f"{whole}.5"
    forms = {
        "plain": plain,
        "yrs": f"{plain} yrs",
        "years": f"{plain} years",
        "half": f"{whole} 1/2" if rest else str(whole),
        "about": f"~{plain}",
        "plus": f"{plain}+",
        "more": f"> {plain}",
        "word": NUMBERS.get(whole, plain) if not rest else plain,
        "ym": f"{whole} years, {months} months" if rest else f"{whole} years",
        "yrs mos": f"{whole} yrs {months} mos",
        "workday": f"{whole} year(s), {months} month(s), 0 day(s)",
        "9y7m": f"{whole}y{months}m",
        "excel": "",
    }
    if style == "excel":
        return (whole if not rest else years), years
    return forms[style], years


YEAR_STYLES = (
    "plain", "plain", "yrs", "years", "half", "about", "plus", "more", "word", "ym", "workday", "9y7m", "excel",
    "yrs mos",
)  # fmt: skip


def write_truth(random: Random, style: str, *, answer: bool, citizen: bool = False) -> tuple[object, object]:
    if random.random() < 0.04:
        return random.choice((("perhaps", ASK), ("Y?", ASK), ("ask him", ASK), ("", None), ("N/A", OPEN), ("?", OPEN)))
    if citizen and random.random() < 0.15 and answer:
        return random.choice(("Naturalized", "Born US", "Y (native)", "USC", "US Citizen", "Yes - naturalized")), True
    pairs = {
        "Y": "YN",
        "Yes": ("Yes", "No"),
        "yes": ("yes", "no"),
        "X": ("X", ""),
        "TRUE": ("TRUE", "FALSE"),
        "1": "10",
    }
    yes, no = pairs[style]
    cell = yes if answer else no
    return cell, (answer if cell else None)


def write_background(random: Random, person: Person, style: str) -> tuple[object, object]:
    if random.random() < 0.05:
        return random.choice((("DUI 2009", ASK), ("see Lt. Orr", ASK), ("N/A", OPEN), ("", None)))
    is_done = person.background == "completed"
    done = {"word": "Completed", "yes": "Y", "passed": "Passed", "year": "Completed 2019", "cleared": "Cleared"}
    still = {
        "word": "Pending",
        "yes": "pending",
        "passed": "In progress",
        "year": "Initiated 1/2026",
        "cleared": "In process",
    }
    return (done if is_done else still)[style], person.background


def write_models(random: Random, models: tuple[str, ...], style: int) -> tuple[object, object]:
    if random.random() < 0.05:
        return random.choice((("ALL", ASK), ("JEM?", ASK), ("Task Farce", ASK), ("both", ASK), ("287g", ASK), ("", ())))
    mark = random.choice((";", "/", ",", " & ", " and ", "; "))
    return mark.join(random.choice(MODELS[m]) if style else m for m in models), models


def write_name(random: Random, person: Person, style: str, *, last_first: bool = False) -> tuple[str, dict[str, Any]]:
    """Return a cell of a name, and what is true of it: the name, and a rank or a number that it holds."""
    p = person
    truth: dict[str, Any] = {"full_name": p.plain_name}
    given = f"{p.first} {p.middle}".strip()
    tail = f" {p.suffix}" if p.suffix else ""
    if random.random() < 0.06:
        styles = ("rank middle", "last suffix first", "rank comma", "rank first", "numbered", "id")
        style = random.choice(styles[:3] if last_first else styles)
    rank = random.choice(NAME_RANKS)
    if "rank" in style:
        truth["name_rank"] = rank
    forms = {
        "plain": f"{given} {p.last}{tail}",
        "comma": f"{p.last}, {given}{tail}",
        "comma suffix": f"{p.last}{tail}, {given}",
        "caps": f"{p.last}, {given}{tail}".upper(),
        "last suffix first": f"{p.last}, {p.suffix}, {given}" if p.suffix else f"{p.last}, {given}",
        "comma comma": f"{p.last}, {given}, {p.suffix}" if p.suffix else f"{p.last}, {given}",
        "rank first": f"{rank} {given} {p.last}{tail}",
        "rank comma": f"{rank} {p.last}, {given}{tail}",
        "rank middle": f"{p.last}, {rank} {given}{tail}",
        "rank last": f"{given} {p.last}{tail}, {rank}",
        "numbered": f"{random.randrange(1, 40)}. {given} {p.last}{tail}",
        "id": f"{given} {p.last}{tail} ({random.randrange(10_000, 99_999):06d})",
    }
    return forms[style], truth


NAME_STYLES = (
    "plain", "plain", "plain", "comma", "comma", "comma suffix", "caps", "comma comma", "rank first", "rank comma",
    "rank middle", "id", "numbered", "last suffix first",
)  # fmt: skip
LAST_FIRST_STYLES = ("comma", "comma", "comma suffix", "caps", "comma comma", "rank comma", "last suffix first")
