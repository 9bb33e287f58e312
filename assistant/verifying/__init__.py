"""Hold a signed copy against the file that was issued: pages, order, rotation, text, signature, ICE's side.

Knows both files as bytes, and what ``assistant.reading`` says of them; knows no page and no command. It never says
that a copy is valid: what it cannot tell it calls unclear, and a person confirms.
"""
