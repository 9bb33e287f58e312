"""``moa application``: review answers, export the bundle, read answers back out of a filled form."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

application = LateGroup(
    "application",
    package="assistant.cli.application",
    table={
        "review": "Print the checklist: every finding, what to do, and its source.",
        "export": "Make the bundle: filled forms, letter, roster, checklist, e-mail draft, manifest.",
        "package": "Make the package to send: the signed copies, and an e-mail draft with them attached.",
        "read": "Read answers from a filled official form, as far as they can be read.",
        "move": "Show what would print differently on another edition of a form; with --out, move the answers to it.",
        "signing-day": "Write the signing-day sheet: pages to sign as pictures, boxes to tick, a code of the bundle.",
        "status": "Say what ICE's loaded lists say of the agency: pending, signed, posted, gone, and the usual wait.",
        "calendar": "Write the days after both sides signed as a calendar file, each with its source.",
        "brief": "Write the signatory's brief: what is signed, duties, costs, open points, how it ends.",
        "cost": "Write the cost sheet: officers, training days, who pays what, with blanks for your sums.",
        "board": "Write a packet for the governing body: agenda item, facts, questions, a draft resolution.",
        "hand-over": "Seal one step, or all of it, for a colleague's installation, and print the code once.",
        "take-back": "Merge the file that a colleague sent back into an answers file, answer by answer.",
        "nominee-changes": "Write a letter and a roster of nominees who are added, who leave, or lose their authority.",
    },
    help="Review answers and export the bundle.",
)
