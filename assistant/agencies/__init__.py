"""ICE's published lists of agencies that take part in the 287(g) program, or are about to (DOMAIN.md, 7).

``published`` reads a list, ``names`` says how alike two agencies' names are, ``words`` reads the words ICE writes in
many spellings, ``chart`` draws. Knows spreadsheets; knows no database.
"""
