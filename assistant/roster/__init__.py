"""Nominees from a spreadsheet, and back: read a roster, return it marked, make the empty one.

Knows the columns people make and the values they write; judges nobody: whether a nominee may be nominated is a
matter for ``rules``. Never keeps dates of birth, Social Security numbers or home addresses.
"""

from assistant.roster.marking import annotate
from assistant.roster.reading import Remark, Roster, read_roster
from assistant.roster.template import make_template

__all__ = ["Remark", "Roster", "annotate", "make_template", "read_roster"]
