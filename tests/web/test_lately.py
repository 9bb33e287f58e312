"""What was worked out lately is kept by the very objects, for a while, and let go of on request."""

from __future__ import annotations

from assistant.web import lately
from assistant.web.lately import MOST, Lately


def test_the_same_objects_give_the_same_result() -> None:
    kept = Lately()
    made: list[None] = []

    def make() -> int:
        made.append(None)
        return len(made)

    one, other = ["a"], ["a"]
    assert [kept.find((one,), 1, make), kept.find((one,), 1, make)] == [1, 1]
    assert kept.find((other,), 1, make) == 2, "an equal object is not the same"
    assert kept.find((one,), 2, make) == 3
    lately.forget()
    assert kept.find((one,), 1, make) == 4


def test_only_the_last_ones_are_kept() -> None:
    kept = Lately()
    objects = [[number] for number in range(MOST + 1)]
    for one in objects:
        kept.find((one,), None, one.copy)
    objects[0].append(7)
    objects[-1].append(7)
    assert kept.find((objects[0],), None, objects[0].copy) == [0, 7], "the oldest was let go of"
    assert kept.find((objects[-1],), None, objects[-1].copy) == [MOST]
