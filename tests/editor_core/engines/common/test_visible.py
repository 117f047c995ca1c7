"""Whether an edit can be seen."""

from types import SimpleNamespace

import numpy as np
import pytest

from editor_core.engines.common.visible import is_seen, tell_where_nothing_is_seen

BEFORE = np.full((64, 64, 3), 100, np.uint8)


def changed(side: int, by: int) -> np.ndarray:
    after = BEFORE.copy()
    after[20 : 20 + side, 20 : 20 + side, 1] += np.uint8(by)
    return after


@pytest.mark.parametrize(
    ("side", "by", "seen"), [(0, 0, False), (64, 6, False), (1, 60, False), (12, 30, True), (64, 20, True)]
)
def test_a_few_levels_or_a_single_pixel_are_not_seen(side, by, seen):
    assert is_seen(BEFORE, changed(side, by)) is seen


def test_the_next_thing_to_try_is_named_for_every_way():
    told = []
    context = SimpleNamespace(notice=lambda message: told.append(str(message)))
    for method in ("fisedit", "instdiffedit", "masafusion", "embctrl"):
        tell_where_nothing_is_seen(context, method, BEFORE, BEFORE)
        tell_where_nothing_is_seen(context, method, BEFORE, changed(20, 100))
    assert len(told) == 4 and all(text.startswith("Nothing visible changed. Try ") for text in told)
