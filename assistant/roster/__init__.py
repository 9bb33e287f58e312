"""Nominees from a spreadsheet, and back: read a roster, return it marked, make the empty one.

Knows the columns people make and the values they write; judges nobody: whether a nominee may be nominated is a
matter for ``rules``. Never keeps dates of birth, Social Security numbers or home addresses.
"""

from assistant.roster.marking import annotate, annotate_sheet
from assistant.roster.reading import open_roster, read_roster, read_sheet
from assistant.roster.results import CellReading, Remark, Roster, RosterPerson, RowSetAside, SheetOffer
from assistant.roster.sheets import ALL_SHEETS, RosterSheet
from assistant.roster.stored_sheet import dump_sheet, load_sheet
from assistant.roster.template import make_template

__all__ = [
    "ALL_SHEETS",
    "CellReading",
    "Remark",
    "Roster",
    "RosterPerson",
    "RosterSheet",
    "RowSetAside",
    "SheetOffer",
    "annotate",
    "annotate_sheet",
    "dump_sheet",
    "load_sheet",
    "make_template",
    "open_roster",
    "read_roster",
    "read_sheet",
]
