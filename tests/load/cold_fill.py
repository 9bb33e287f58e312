"""Fill a form once in a process of its own: what a first fill costs, starting Python included.

python tests/load/cold_fill.py ours|pypdf|nothing FORM.pdf VALUES.json

It prints the megabytes that the process grew by while it filled, compiled form and imports not counted.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main() -> None:
    """Fill once."""
    engine, form, values_file = sys.argv[1:]
    data, values = Path(form).read_bytes(), json.loads(Path(values_file).read_text("utf-8"))
    before = 0
    if engine == "ours":
        from assistant.pdf.filling.fill import fill  # noqa: PLC0415 - a process imports one engine only
        from assistant.pdf.form.template import compile_template  # noqa: PLC0415 - as above

        template = compile_template(data)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        fill(template, values)
    elif engine == "pypdf":
        from tests.load.peers import pypdf  # noqa: PLC0415 - as above

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        pypdf(data, values)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sys.stdout.write(f"{grown / 1024 if before else 0:.2f}\n")


if __name__ == "__main__":
    main()
