"""What the locks name: a list of all components (``sbom``), and which have known weaknesses (``audit``).

Standard library only. ``sbom`` asks nobody: the same locks give the same bytes. ``audit`` asks OSV's public list and
sends it names and versions of packages, nothing else; where it cannot be asked, it says "not run" and never passes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import urllib.error
import urllib.request
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON_LOCKS = ("requirements.lock", "requirements-scan.lock")
TEST_LOCKS = ("requirements-test.lock", "requirements-node.lock")
NPM_LOCK = "package-lock.json"
OSV = "https://api.osv.dev/v1/querybatch"
WAIT_SECONDS = 20
MOST_BYTES = 20_000_000
CLEAN, WEAK, UNUSABLE, NOT_RUN = 0, 1, 2, 75
"""Exit statuses. 75 is EX_TEMPFAIL: the same command may succeed where the list can be reached."""
_PACKAGE = re.compile(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)(?: ;([^\\\n]*))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def python_packages(root: Path, locks: tuple[str, ...]) -> dict[tuple[str, str], list[str]]:
    """Return the SHA-256 of the files of every package, by (name, version), of these locks."""
    packages: dict[tuple[str, str], list[str]] = {}
    for lock in locks:
        text = (root / lock).read_text("utf-8")
        starts = list(_PACKAGE.finditer(text))
        for start, after in zip(starts, [*starts[1:], None], strict=True):
            part = text[start.start() : after.start() if after else len(text)]
            packages[start[1].lower(), start[2]] = _HASH.findall(part)
    return packages


def npm_packages(root: Path) -> list[dict[str, str]]:
    """Return name, version, integrity and license of every package of the npm lock."""
    rows = json.loads((root / NPM_LOCK).read_text("utf-8"))["packages"]
    return [
        {
            "name": place.rpartition("node_modules/")[2],
            **{key: str(row.get(key, "")) for key in ("version", "integrity", "license")},
        }
        for place, row in sorted(rows.items())
        if place
    ]


def make_sbom(root: Path = ROOT) -> dict[str, Any]:
    """Return the components of an installation as a CycloneDX 1.6 document."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            **_licenses(license_of(name)),
            # A package has a file for each system: what a component's own "hashes" mean is one file.
            "properties": [{"name": "lock:sha256", "value": value} for value in hashes],
        }
        for (name, version), hashes in sorted(python_packages(root, PYTHON_LOCKS).items())
    ]
    for row in npm_packages(root):
        purl = f"pkg:npm/{row['name'].replace('@', '%40')}@{row['version']}"
        components.append(
            {
                "type": "library",
                "bom-ref": purl,
                "name": row["name"],
                "version": row["version"],
                "purl": purl,
                **_licenses(row["license"]),
                "properties": [{"name": "lock:integrity", "value": row["integrity"]}],
            }
        )
    project = re.search(r'__version__ = "([^"]+)"', (root / "assistant" / "__init__.py").read_text("utf-8"))
    main = {
        "type": "application",
        "bom-ref": "moa-assistant",
        "name": "moa-assistant",
        "licenses": [{"expression": "MIT"}],
    }
    body = {
        "metadata": {"component": main | {"version": project[1] if project else "0"}},
        "components": components,
        "dependencies": [{"ref": "moa-assistant", "dependsOn": [one["bom-ref"] for one in components]}],
    }
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    head = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(digest[:32], version=4)}",
    }
    return {**head, "version": 1, **body}


def license_of(name: str) -> str:
    """Return what an installed Python package says of its license, "" where it is not installed or says nothing."""
    try:
        facts = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classes = [one.rpartition(" :: ")[2] for one in facts.get_all("Classifier") or [] if one.startswith("License ::")]
    text = facts.get("License-Expression") or (facts.get("License") or "").strip().partition("\n")[0]
    return text[:100] or ", ".join(classes)


def _licenses(text: str) -> dict[str, Any]:
    return {"licenses": [{"license": {"name": text}}]} if text else {}


def audit(root: Path = ROOT, address: str = OSV) -> tuple[int, list[str]]:
    """Return the exit status, and lines to print: the known weaknesses of every package of every lock."""
    packages = [("PyPI", name, version) for name, version in sorted(python_packages(root, PYTHON_LOCKS + TEST_LOCKS))]
    packages += [("npm", row["name"], row["version"]) for row in npm_packages(root)]
    queries = [{"package": {"ecosystem": kind, "name": name}, "version": version} for kind, name, version in packages]
    try:
        results = ask(address, {"queries": queries})["results"]
        weak = {
            package: [one["id"] for one in result["vulns"]]
            for package, result in zip(packages, results, strict=True)
            if result.get("vulns")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = "it answers something else" if not isinstance(error, OSError) else "it cannot be reached"
        return NOT_RUN, [
            f"not run: the list of known weaknesses was not asked, because {why} ({type(error).__name__})."
        ]
    if weak:
        lines = [f"{name} {version} ({kind}): {', '.join(ids)}" for (kind, name, version), ids in weak.items()]
        return WEAK, [*lines, f"{len(weak)} of {len(packages)} packages have known weaknesses. Lock newer versions."]
    return CLEAN, [f"No known weakness in {len(packages)} packages."]


def ask(address: str, question: dict[str, Any]) -> Any:
    """Return the JSON answer to a JSON question.

    Raises:
        OSError: nobody answers, or with an error.
        ValueError: the answer is no JSON, or too large.
    """
    if not address.startswith(("https://", "http://127.0.0.1:")):
        raise ValueError(address)
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(question).encode(), headers)  # noqa: S310 - looked at above
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:  # noqa: S310 - as above
        data = answer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(address)
    return json.loads(data)


def main(arguments: list[str]) -> int:
    """Do what the command line asks and return the exit status."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("sbom", help="write the list of components as CycloneDX JSON")
    listing.add_argument("--out", type=Path, help="the file to write; else standard output")
    commands.add_parser("audit", help="ask for known weaknesses; status 0 none, 1 some, 75 not run")
    options = parser.parse_args(arguments)
    if options.command == "audit":
        status, lines = audit()
        print("\n".join(lines), file=sys.stderr if status else sys.stdout)
        return status
    text = json.dumps(make_sbom(), indent=2) + "\n"
    if options.out is None:
        sys.stdout.write(text)
        return 0
    try:
        options.out.write_text(text, "utf-8")
    except OSError as error:
        print(f"{options.out} cannot be written: {error.strerror}. Choose another file.", file=sys.stderr)
        return UNUSABLE
    print(f"{options.out} is written.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
