"""What headings of rosters ask for: the words people write, and how surely each means an answer about a nominee."""

from __future__ import annotations

from assistant.program.states_and_counties import fold

WHAT_TO_DO = "What to do"
"""The heading of the column that ``annotate`` adds. It is skipped when a corrected copy is read again."""

HEADINGS: dict[str, str] = {
    "full_name": "Full name",
    "rank": "Rank or title",
    "badge_number": "Badge number",
    "models": "Models",
    "us_citizen": "U.S. citizen",
    "background_investigation": "Background investigation",
    "background_completed_on": "Background completed on",
    "law_enforcement_since": "Law enforcement since",
    "law_enforcement_years": "Years in law enforcement",
    "enforced_laws": "Has enforced laws",
    "facility_security_trained": "Trained in facility security",
    "enforced_inmate_rules": "Has enforced inmate rules",
    "inmate_rules_authority": "Authority over inmate rules",
}
"""The heading of each answer about a nominee, as our template writes it."""

EXAMPLE = "Example:"
"""How the name in the template's row of examples begins."""
EXAMPLES: dict[str, str] = {
    "full_name": f"{EXAMPLE} Alex Nguyễn",
    "rank": "Deputy",
    "badge_number": "1412",
    "models": "TFM; WSO",
    "us_citizen": "Yes",
    "background_investigation": "completed",
    "background_completed_on": "2025-11-03",
    "law_enforcement_since": "2018-06-01",
    "law_enforcement_years": "",
    "enforced_laws": "Yes",
    "facility_security_trained": "Yes",
    "enforced_inmate_rules": "Yes",
    "inmate_rules_authority": "Yes",
}

SINCE, YEARS = "law_enforcement_since", "law_enforcement_years"
WORDINGS: tuple[tuple[str, float, str], ...] = (
    ("full_name", 1.0, ("name|full name|nominee|nominee name|name of nominee|full legal name|legal name|officer name"
     "|name of officer|deputy name|employee name|candidate name|nominee full name|name first last|name last first"
     "|name last first mi|name last name first|name first name last|last name first name|first and last name|last first"
     "|last first mi|last first middle|worker name|member name|staff name|names|officer full name|complete name"
     "|employee full name|name of employee|name of deputy|printed name|person name|name of person")),
    ("full_name", 0.88, ("officer|deputy|employee|candidate|personnel|worker|member|staff|officers|deputies|employees"
     "|nominees|personnel name|person|resource name|sworn personnel|sworn member")),
    ("full_name", 0.75, "preferred name|display name|known as|goes by"),
    ("first_name", 1.0, ("first name|first|given name|fname|firstname|forename|officer first name|nominee first name"
     "|employee first name|legal first name|first nm|given names")),
    ("first_name", 0.9, "preferred first name"),
    ("middle_name", 1.0, ("middle name|middle|mi|middle initial|m i|middlename"
     "|m|mintl|minit|mname|mid init|mid name|init|middle names")),
    ("last_name", 1.0, ("last name|last|surname|family name|lname|lastname|officer last name|nominee last name"
     "|employee last name|legal last name|last nm")),
    ("suffix", 1.0, "suffix|name suffix|generation|sfx|jr sr"),
    ("rank", 1.0, ("rank|rank title|rank or title|title rank|rank position|rank description|current rank|rank name"
     "|rank classification")),
    ("rank", 0.93, ("job title|job title desc|job title description|official title|working title|title of officer"
     "|working job title")),
    ("rank", 0.88, "title|position title|business title|class title|civil service title"),
    ("rank", 0.82, ("position|job|role|employee position|officer position|classification title"
     "|class description|position desc|position name|position description")),
    ("rank", 0.7, "classification|job class|job classification|job profile|class|job code description|occupation"),
    ("rank", 0.62, "grade"),
    ("badge_number", 1.0, ("badge|bdgno|badgeno|badgenum"
     "|badge number|badge no|shield|shield number|shield no|star number|star no|star"
     "|badge id|badge id number|badge or id number|badge or id|badge shield|badge shield number")),
    ("badge_number", 0.88, "dsn|officer id|deputy id|officer number|deputy number|badge employee number"),
    ("badge_number", 0.82, ("employee id|emplid|employee number|employee no|personnel number|employee id number|pid"
     "|personnel id|emp id|empl id|payroll number|payroll id|staff id|member id|person id|worker id")),
    ("badge_number", 0.76, "id|id number|id no|serial number|pin|p number"),
    ("badge_number", 0.66, "unit number|call sign|radio number|car number|unit id"),
    ("models", 1.0, ("model|models|moa|moa model|model nominated for|nominated for|287 g model|287g model"
     "|models nominated for|program model|program type|287 g program|agreement type|moa type|support type|287g"
     "|287g program|287g models|moa models|model requested|model type|nominated model|requested model")),
    ("models", 0.88, "program|programs|agreement|287g role|type of nomination|nomination"),
    ("us_citizen", 1.0, ("us citizen|citizen|citizenship|united states citizen|us citizenship|is us citizen"
     "|american citizen|usc|citizenship status|citizen of the united states|u s citizen|u s citizenship|us cit"
     "|citizenship verified|proof of citizenship|us citizen verified|cit")),
    ("background_investigation", 1.0, ("background|background investigation|background check|bi|background status"
     "|background investigation status|background check status|bi status|background investigation completed"
     "|background check completed|background completed|background investigation complete|background passed"
     "|background cleared|bgi|bgi status|background investigation passed|background on file|bi completed")),
    ("background_completed_on", 1.0, ("background completed on|background date|background investigation date"
     "|background check date|bi date|date of background investigation|date of background check"
     "|date background completed|background completion date|background investigation completed on"
     "|background investigation completion date|date background investigation completed|bi completed on"
     "|date of last background|bgi date completed|bgi date|date of bi|last background|date of last bi"
     "|last background investigation|background cleared date|date background cleared")),
    (SINCE, 1.0, ("law enforcement since|le since|leo since|officer since|in law enforcement since|le start date"
     "|law enforcement officer since|law enforcement start|law enforcement start date|leo start date|le start"
     "|peace officer since|date entered law enforcement|le entry date|law enforcement entry date")),
    (SINCE, 0.96, ("sworn|sworn date|date sworn|sworn in|sworn since|oath date|date of oath|sworn in date"
     "|date sworn in|swearing in date|commission date|date commissioned|commissioned|commissioned date")),
    (SINCE, 0.92, ("original hire date|first hire date|initial hire date|original date of hire|orig doh|first hired"
     "|date first hired|original appointment date|date of original appointment|date of original hire")),
    (SINCE, 0.88, ("hire date|date of hire|date hired|hired|doh|appointed|appointment date|date of appointment"
     "|service start|service since|service start date|start of service|entry on duty|entry on duty date|eod|eod date"
     "|employment date|date of employment|date employed|doe|hired on|year hired|hire year|hire|date appointed"
     "|appt date|year of hire|date entered service|employed since|date of entry|effective date of hire|hired date"
     "|current hire date|date joined|joined|date of joining|department hire date|county hire date|city hire date")),
    (SINCE, 0.86, ("service date|start date|start dt|start|started|post certification date|certification date"
     "|date of certification|post cert date|cert date|date certified|certified|began"
     "|employment start date|employment start|certified since|post certified|date of service|post date")),
    (SINCE, 0.8, "continuous service date|service entry date|benefit service date"),
    (SINCE, 0.45, ("seniority date|academy date|academy graduation|academy graduation date|graduation date|date|since"
     "|adjusted service date|seniority|date of academy graduation")),
    (YEARS, 1.0, ("years in law enforcement|law enforcement experience|years of law enforcement experience"
     "|le experience|le years|leo years|years le|law enforcement years|years of le experience|years as officer"
     "|total law enforcement experience|years of law enforcement officer experience|total leo years|years sworn"
     "|years of sworn service|total years of law enforcement|years le experience|years as leo|total le years")),
    (YEARS, 0.94, ("years of experience|years experience|experience|total years|total experience|experience years"
     "|total years of experience|years of total experience")),
    (YEARS, 0.9, ("years|years of service|yos|time in service|length of service|service years|years service|tenure"
     "|length of employment|seniority years|years employed|time employed|years with department|years with agency"
     "|service time|service length|time on job|years on")),
    ("enforced_laws", 1.0, ("enforced laws|has enforced laws|enforced laws and regulations|laws enforced"
     "|has enforced laws and regulations|knowledge of and have enforced laws|knowledge of and enforced laws"
     "|knowledge of laws|knowledge of and have enforced laws and regulations|law enforcement activities"
     "|enforces laws")),
    ("facility_security_trained", 1.0, ("facility security|trained in facility security|facility security training"
     "|facility security trained|trained on facility security|jail security training|security training"
     "|trained on maintaining the security of lea facilities|trained on maintaining security of facilities"
     "|security trained|jail security|jail training|facility training|jail security trained")),
    ("enforced_inmate_rules", 1.0, ("enforced inmate rules|has enforced inmate rules|inmate rules"
     "|inmate rules enforced|enforced rules on inmates|enforced inmate rules and regulations|enforces inmate rules"
     "|inmate accountability and conduct|enforced rules and regulations governing inmate accountability and conduct")),
    ("inmate_rules_authority", 1.0, ("inmate rules authority|authority over inmate rules|authority over inmates"
     "|authority to enforce inmate rules|has authority to enforce inmate rules|inmate authority"
     "|authority to enforce rules and regulations governing inmate accountability and conduct")),
)  # fmt: skip
"""(answer, how surely the words ask for it, the words). Of two columns for one answer, the surer has it."""
EXACT: dict[str, dict[str, float]] = {}
for _answer, _share, _wordings in WORDINGS:
    for _wording in _wordings.split("|"):
        EXACT.setdefault(fold(_wording), {})[_answer] = _share
for _answer, _heading in HEADINGS.items():
    EXACT[fold(_heading)] = {_answer: 1.0}
for _wording in ("employee", "officer", "deputy", "worker", "member", "personnel"):
    EXACT[_wording]["badge_number"] = 0.7  # numbers can be in such a column; what is in it decides

RULES: tuple[tuple[str, str, str, float], ...] = (
    ("inmate_rules_authority", "inmate authority", "", 0.95),
    ("enforced_inmate_rules", "inmate enforced", "authority", 0.95),
    ("enforced_inmate_rules", "inmate conduct", "", 0.95),
    ("facility_security_trained", "security facility trained", "", 0.95),
    ("enforced_laws", "enforced laws", "inmate", 0.95),
    ("first_name", "first name", "last", 0.95),
    ("last_name", "last name", "first", 0.95),
    ("middle_name", "middle", "first last", 0.95),
    ("full_name", "last first", "", 0.95),
    ("full_name", "full name", "", 0.95),
    ("full_name", "officer name", "last first middle", 0.9),
    ("full_name", "employee name", "last first middle", 0.9),
    ("full_name", "nominee name", "last first middle", 0.9),
    ("badge_number", "badge", "date", 0.95),
    ("badge_number", "shield number", "", 0.95),
    ("badge_number", "employee number", "", 0.8),
    ("badge_number", "employee id", "", 0.8),
    ("rank", "rank", "date years time", 0.92),
    ("rank", "job title", "date years time", 0.88),
    ("us_citizen", "citizen", "", 0.95),
    ("us_citizen", "citizenship", "", 0.95),
    ("background_completed_on", "background date", "", 0.95),
    ("background_completed_on", "background on", "file", 0.9),
    ("background_investigation", "background", "date", 0.9),
    ("models", "287g model", "", 0.95),
    ("models", "nominated", "", 0.85),
    ("models", "moa model", "", 0.9),
    (SINCE, "sworn date", "", 0.94),
    (SINCE, "original hire", "years", 0.91),
    (SINCE, "hire date", "years", 0.87),
    (SINCE, "appointment date", "years", 0.87),
    (SINCE, "laws enforcement since", "", 0.95),
    (SINCE, "laws enforcement date", "", 0.9),
    (YEARS, "years laws enforcement", "date", 0.95),
    (YEARS, "years sworn", "date", 0.95),
    (YEARS, "years experience", "date", 0.92),
    (YEARS, "years service", "date", 0.89),
    (YEARS, "total years", "date", 0.92),
)  # fmt: skip
"""(answer, words that a heading must have, words that it must not have, how surely): for headings put otherwise."""

SHORT: dict[str, str] = {
    **dict.fromkeys(("of", "the", "a", "as", "has", "have", "is", "in", "to", "and", "nominees", "s", "or", "for"), ""),
    **dict.fromkeys(("desc", "descr", "description", "cd", "code", "flg", "flag", "ind", "txt", "val", "your"), ""),
    **dict.fromkeys(("leo", "le"), "law enforcement"),
    **dict.fromkeys(("yrs", "yr", "year"), "years"),
    **dict.fromkeys(("bi", "bgi"), "background investigation"),
    **dict.fromkeys(("inmates", "detainee", "detainees", "prisoners"), "inmate"),
    **dict.fromkeys(("facilities", "jail"), "facility"),
    **dict.fromkeys(("training", "train"), "trained"),
    **dict.fromkeys(("enforce", "enforces", "enforcing"), "enforced"),
    **dict.fromkeys(("no", "num", "nbr", "nmbr"), "number"),
    **dict.fromkeys(("emp", "empl", "ee"), "employee"),
    **dict.fromkeys(("complete", "cmpl", "compl", "completion", "cmplt", "comp"), "completed"),
    **dict.fromkeys(("bkgd", "bg", "bkgrnd", "bckgrnd", "backgrd", "bkg"), "background"),
    **dict.fromkeys(("invest", "inv", "investig"), "investigation"),
    **dict.fromkeys(("cit", "citizens", "ctzn"), "citizen"),
    "dt": "date", "dte": "date", "svc": "service", "exp": "experience", "exper": "experience", "law": "laws",
    "nm": "name", "orig": "original", "appt": "appointment", "ttl": "title", "mid": "middle", "cert": "certification",
    "ofc": "officer", "ofcr": "officer", "dep": "deputy", "bdg": "badge",
}  # fmt: skip
"""Short or changed forms of words in headings; words without meaning become ""."""

TICK_WEAK = frozenset({"jail", "tribal", "task force", "taskforce"})
"""Names of models that are names of units too: a column of ticks under them is asked, unless it is a question."""
PASSED_OVER = frozenset({fold(WHAT_TO_DO), "", "no", "number", "row", "line", "item", "count", "nr", "seq", "ct"})
"""Headings that tell nothing about a nominee, and so need no remark."""
