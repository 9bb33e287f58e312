from __future__ import annotations

import json

from click.testing import CliRunner

from assistant.cli.models import command as models_command
from assistant.cli.rules import command as rules_command
from assistant.rules import all_rules
from assistant.rules.agreement import all_document_rules


def test_models_as_json() -> None:
    done = CliRunner().invoke(models_command, ["--json"])
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert [entry["code"] for entry in document] == ["JEM", "TFM", "TTFM", "WSO"]
    task_force = document[1]
    assert task_force["name"] == "Task Force Model"
    assert "routine police duties" in task_force["for"]
    years = next(c for c in task_force["criteria"] if c["code"] == "nominee-two-years")
    assert "at least two years" in years["text"]
    assert "VII. Nomination of Personnel, p. 3" in years["source"]
    assert (years["decided_by"], years["checked_on"]) == ("agency", "2026-11-24")
    assert years["fields"] == ["law_enforcement_since", "law_enforcement_years"]
    assert {c["decided_by"] for c in task_force["criteria"]} == {"agency", "ICE"}
    tribal = {said["topic"]: said for said in document[2]["statements"]}
    assert (tribal["training"]["sureness"], tribal["training"]["source"]) == ("not published", None)


def test_models_as_text() -> None:
    done = CliRunner().invoke(models_command)
    assert done.exit_code == 0
    assert "Warrant Service Officer (WSO)\n=============================" in done.stdout
    assert "Press reports; secondary" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_rules_as_json() -> None:
    done = CliRunner().invoke(rules_command, ["list", "--json"])
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    codes = [entry["code"] for entry in document]
    assert len(codes) == len(set(codes))
    assert set(codes) == {card.code for card in (*all_rules(), *all_document_rules())}
    looks_at = {entry["code"]: entry["looks_at"] for entry in document}
    assert looks_at["nominee-citizen"] == ["answers"]
    assert looks_at["placeholder-left"] == ["answers", "document"]
    assert looks_at["pages-missing"] == ["document"]
    assert {
        "code": "nominee-citizen", "severity": "blocker", "subject": "nominees",
        "requirement": "Every nominee is a citizen of the United States.",
    }.items() <= next(entry for entry in document if entry["code"] == "nominee-citizen").items()  # fmt: skip


def test_rules_as_text() -> None:
    done = CliRunner().invoke(rules_command, ["list"])
    assert done.exit_code == 0
    assert done.stdout.startswith("agency\n  agency-not-lea (blocker; answers)\n")
    assert "\nice office\n" in done.stdout
    assert all(card.code in done.stdout for card in all_rules())
