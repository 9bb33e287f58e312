"""Cells of a roster are corrected in their rows; rows that are not added wait; nobody's corrections are lost."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import openpyxl
from sqlalchemy import text

from assistant.services.application import applications, rosters
from assistant.services.installation.purge import purge
from tests.web.test_roster import give, people
from tests.web.test_two_people import asked, load, send, sent_by

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient

SHEET = (
    "Name\tBadge number\tUS citizen\tLaw enforcement since\n"
    "Robin Sample\t2001\tyes\t06/01/2018\n"
    "Kim Sample\t2002\tperhaps\t06/01/2018\n"
    "Chris Example\t2003\tyes\t06/31/2018\n"
)
CITIZEN, SINCE = "cell-3-2", "cell-4-3"


def waiting_words(client: PageClient, filled: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", client.get(f"{filled}nominees/").text)).split())


def test_a_bad_cell_is_corrected_in_its_row_beside_what_the_sheet_says(
    client: PageClient, parts: Parts, filled: str
) -> None:
    look = give(client, filled, SHEET).location
    page = client.get(look).text
    assert "1 row can be added; 2 rows must be corrected first" in page
    assert page.index("Add the 1 good row") < page.index("To correct (2)")
    assert "The sheet says “perhaps”." in page
    values = load(client, look)
    assert (values[CITIZEN], values[SINCE]) == (["perhaps"], ["06/31/2018"])
    again = send(client, look, values, **{CITIZEN: "yes", SINCE: "06/30/2018", "go": "save"})
    assert again.location.endswith("again=1")
    page = client.get(look).text
    assert "3 rows can be added; 0 rows must be corrected first" in page
    assert "What you corrected (2)" in page
    send(client, look, load(client, look), go="add", models=["TFM"])
    added = people(parts, filled)[1:]
    assert [(one.full_name, one.us_citizen, str(one.law_enforcement_since)) for one in added] == [
        ("Robin Sample", True, "2018-06-01"), ("Kim Sample", True, "2018-06-01"), ("Chris Example", True, "2018-06-30"),
    ]  # fmt: skip


def test_what_is_still_wrong_stays_as_it_was_typed(client: PageClient, filled: str) -> None:
    look = give(client, filled, SHEET).location
    send(client, look, load(client, look), **{CITIZEN: "who knows", "go": "save"})
    page = client.get(look).text
    assert 'value="who knows"' in page
    assert "The sheet says “perhaps”." in page
    assert "2 rows must be corrected first" in page


def test_an_answer_may_be_left_open_and_a_correction_taken_back(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    send(client, look, load(client, look), **{"open-3-2": "yes", "go": "save"})
    values = load(client, look)
    assert (values[CITIZEN], values["open-3-2"]) == (["perhaps"], ["yes"])
    del values["open-3-2"]
    send(client, look, values, go="save")
    assert "2 rows must be corrected first" in client.get(look).text
    send(client, look, load(client, look), **{CITIZEN: "", "go": "save"})
    send(client, look, load(client, look), go="add")
    assert [one.us_citizen for one in people(parts, filled)[1:]] == [True, None]


def test_rows_that_are_left_out_wait_until_they_are_added_or_dropped(
    client: PageClient, parts: Parts, filled: str, clock: Clock
) -> None:
    look = give(client, filled, SHEET).location
    assert "A roster with 3 people is not added yet." in waiting_words(client, filled)
    first = load(client, look)
    for _ in range(2):
        location = send(client, look, first, go="add", models=["TFM"]).location
        assert location.endswith("/nominees/criteria/?added=1"), "a second click adds nobody"
        assert "2 rows wait." in client.get(location).text
    assert len(people(parts, filled)) == 2
    assert "2 rows wait. They were left out when the others were added." in waiting_words(client, filled)
    clock.now += timedelta(days=9)
    give(client, filled, "Name\nAlex Other")
    page = client.get(look).text
    assert "Robin Sample" not in page
    assert "1 from this roster was added before." in page
    send(client, look, load(client, look), **{CITIZEN: "yes", "out-4": "yes", "go": "save"})
    assert "Left out by you (1)" in client.get(look).text
    send(client, look, load(client, look), go="add", models=["TFM"])
    assert [one.full_name for one in people(parts, filled)[1:]] == ["Robin Sample", "Kim Sample"]
    assert "wait." not in waiting_words(client, filled)


def test_rows_that_wait_can_be_deleted(client: PageClient, filled: str) -> None:
    look = give(client, filled, SHEET).location
    send(client, look, load(client, look), go="add")
    assert send(client, look, load(client, look), go="drop").location.endswith("/nominees/")
    assert "wait." not in waiting_words(client, filled)
    assert client.get(look).status_code == 404


def test_rows_that_wait_are_sealed_and_purged_with_the_nominees(
    client: PageClient, parts: Parts, filled: str, clock: Clock
) -> None:
    look = give(client, filled, SHEET).location
    send(client, look, load(client, look), **{CITIZEN: "Zwischenzeit", "go": "save"})
    send(client, look, load(client, look), go="add")
    with parts.engine.connect() as connection:
        rows = repr(connection.execute(text("SELECT * FROM roster_drafts")).all())
    assert not [word for word in ("Kim", "2002", "Zwischenzeit", "Robin", "perhaps") if word in rows]
    clock.now += timedelta(days=400)
    with parts.writer() as session:
        purge(session, None, older_than=timedelta(days=365), now=clock.now)
        session.commit()
    with parts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM roster_drafts")).scalar() == 0


def test_what_is_added_leaves_the_store(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    send(client, look, load(client, look), go="add")
    with parts.reader() as session:
        application = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        draft = rosters.find(session, application, UUID(look.strip("/").rpartition("/")[2]))
        assert "Robin" not in draft.sheet
        assert "Kim Sample" in draft.sheet


def test_no_social_security_number_is_stored_where_one_is_typed(client: PageClient, filled: str) -> None:
    look = give(client, filled, SHEET).location
    response = send(client, look, load(client, look), **{CITIZEN: "yes", SINCE: "123-45-6789", "go": "save"})
    assert response.status_code == 422
    assert f'href="#{SINCE}"' in response.text
    assert "Social Security number" in response.text
    values = load(client, look)
    assert (values[CITIZEN], values[SINCE]) == (["perhaps"], ["06/31/2018"])


def test_a_row_set_aside_is_added_only_after_a_yes(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET + "Total\t3\t\t\n").location
    page = client.get(look).text
    assert "Rows set aside (1)" in page
    assert "This is a nominee" in page
    send(client, look, load(client, look), **{"person-5": "yes", "go": "save"})
    page = client.get(look).text
    assert "You said that this is a nominee." in page
    values = load(client, look)
    assert values["person-5"] == ["yes"]
    del values["person-5"]
    send(client, look, values, go="save")
    send(client, look, load(client, look), go="add")
    assert [one.full_name for one in people(parts, filled)[1:]] == ["Robin Sample"]


def test_columns_that_are_certain_are_folded_away(client: PageClient, filled: str) -> None:
    page = client.get(give(client, filled, SHEET).location).text
    folded = re.search(r"<details>\s*<summary>4 columns are certain.*?</details>", page, re.DOTALL)
    assert folded
    assert folded[0].count("<select") == 4


def test_two_people_correct_one_roster(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    one, other = load(client, look), load(client, look)
    send(client, look, one, **{CITIZEN: "yes", "go": "save"})
    assert send(client, look, other, **{SINCE: "06/30/2018", "go": "save"}).status_code == 302
    assert "3 rows can be added" in client.get(look).text, "both corrections stand"
    late = send(client, look, other, **{SINCE: "06/30/2018", CITIZEN: "no", "go": "save"})
    assert late.status_code == 409
    assert asked(late) == ["Row 3, column “US citizen”"]
    page = sent_by(late.text)
    assert send(client, look, page, **{f"keep-{CITIZEN}": "mine", "go": "save"}).status_code == 302
    unseen = send(client, look, one, go="add")
    assert unseen.status_code == 302
    assert len(people(parts, filled)) == 1, "nobody adds rows that nobody has seen"
    send(client, look, load(client, look), go="add")
    assert [one.us_citizen for one in people(parts, filled)[1:]] == [True, False, True]


def test_a_row_that_the_other_added_or_dropped_is_not_changed(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, SHEET).location
    mine = load(client, look)
    send(client, look, load(client, look), **{CITIZEN: "yes", "go": "save"})
    send(client, look, load(client, look), go="add")
    assert send(client, look, mine, **{CITIZEN: "no", SINCE: "06/30/2018", "go": "save"}).status_code == 302
    send(client, look, load(client, look), go="add")
    assert [one.us_citizen for one in people(parts, filled)[1:]] == [True, True, True]


def test_what_could_be_the_result_of_a_check_is_neither_shown_nor_stored(
    client: PageClient, parts: Parts, filled: str
) -> None:
    sheet = "Name\tBackground investigation\nRobin Sample\tfailed badly\nKim Sample\tcompleted\n"
    look = give(client, filled, sheet).location
    assert load(client, look)["cell-2-1"] == [""]
    assert "failed" not in client.get(look).text
    send(client, look, load(client, look), **{"cell-2-1": "cleared after appeal", "go": "save"})
    assert load(client, look)["cell-2-1"] == [""]
    with parts.reader() as session:
        application = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        draft = rosters.find(session, application, UUID(look.strip("/").rpartition("/")[2]))
        assert "appeal" not in draft.sheet
    send(client, look, load(client, look), **{"cell-2-1": "pending", "go": "save"})
    assert "2 rows can be added" in client.get(look).text


def test_a_health_note_that_is_typed_is_refused(client: PageClient, filled: str) -> None:
    look = give(client, filled, SHEET).location
    response = send(client, look, load(client, look), **{CITIZEN: "on medical leave", "go": "save"})
    assert response.status_code == 422
    assert "note about someone’s health" in unescape(response.text)


def test_a_sheet_that_the_other_chose_is_seen_first(client: PageClient, filled: str) -> None:
    book = openpyxl.Workbook()
    for name, person in (("Day", "Robin Sample"), ("Night", "Kim Night")):
        sheet = book.create_sheet(name)
        sheet.append(["Name", "US citizen"])
        sheet.append([person, "perhaps"])
    kept = io.BytesIO()
    book.save(kept)
    look = give(client, filled, sheet=kept.getvalue()).location
    mine = load(client, look)
    assert send(client, look, load(client, look), sheet="Night", go="sheet").location.endswith("again=1")
    assert "Kim Night" in client.get(look).text
    late = send(client, look, mine, **{"cell-2-1": "yes", "go": "save"})
    assert late.status_code == 409
    assert "Someone else chose another sheet" in late.text
    assert send(client, look, load(client, look), sheet="Nowhere", go="sheet").status_code == 404


def test_a_page_of_a_roster_full_of_questions_stays_small(client: PageClient, filled: str) -> None:
    head = "Name\tBadge number\tUS citizen\tLaw enforcement since\tModels\tBackground investigation\n"
    odd = "".join(f"Officer {n:x}x Long\tP{n}\tperhaps\ta summer\tTask Farce\twho knows\n" for n in range(10, 400))
    told = "".join(f"Sgt. Other {n:x}x Long\tQ{n}\tyes\t6/1/15\tTFM\tcompleted\n" for n in range(10, 400))
    aside = "".join("Vacant\t\t\t\t\t\n" for _ in range(90))
    look = give(client, filled, head + odd + told + aside).location
    page = client.get(look)
    assert len(page.data) < 150_000
    assert "They are shown when you have saved these." in page.text
    assert "Rows set aside (90)" in page.text


def test_columns_that_nobody_is_certain_of_stand_before_the_rows(client: PageClient, parts: Parts, filled: str) -> None:
    look = give(client, filled, "Robin Sample\t2001\tyes\nKim Example\t2002\tperhaps\nLee Other\t2003\tyes\n").location
    page = client.get(look).text
    assert page.index("Look at 3 columns first") < page.index("Columns to look at (3)")
    assert page.index("Columns to look at (3)") < page.index("Rows that can be added")
    send(client, look, load(client, look), **{"column-1": "badge_number", "column-2": "us_citizen", "go": "columns"})
    assert load(client, look)["cell-2-2"] == ["perhaps"]
    send(client, look, load(client, look), go="add")
    send(client, look, load(client, look), **{"cell-2-2": "no", "go": "save"})
    send(client, look, load(client, look), go="add")
    assert [(one.full_name, one.badge_number, one.us_citizen) for one in people(parts, filled)[1:]] == [
        ("Robin Sample", "2001", True), ("Lee Other", "2003", True), ("Kim Example", "2002", False),
    ]  # fmt: skip
