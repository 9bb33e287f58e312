"""The papers made beside the official form: letter, roster, checklist, signing instructions, entry sheet.

Each document is composed as ``blocks`` (what it says) and then set on ``paper`` (how it looks). Knows answers and
form editions by their attributes; knows no database, no request, and never touches an official form.
"""
