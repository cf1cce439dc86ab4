"""How the whole suite is spread over two processes: what takes long begins first, so that both end together.

Files are the units, for tests of a file share worlds; the files of BY_TEST share none, or one that is quickly made.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest

T = TypeVar("T")

OF_THE_DEMO = ("tests/test_commands.py", "tests/test_demo_world.py")  # one unit: they look at one world
FIRST = (  # as measured (docs/developers/tests.md); the matrix in one piece, for its world goes when another test comes
    *OF_THE_DEMO, "tests/matrix/", "tests/stress/", "tests/browser/",
    "tests/features/deals/test_random_orders.py", "tests/features/payments/test_random_money.py", "tests/look/", "tests/stock/",
    "tests/developers/",
)  # fmt: skip
BY_TEST = ("tests/matrix/", "tests/stress/", "tests/browser/")
TOGETHER = ("tests/matrix/test_statements.py",)  # its world is made for ten seconds


def unit_of(nodeid: str) -> str:
    """The file of a test, or the test itself where tests of one file may run apart."""
    if nodeid.startswith(OF_THE_DEMO):
        return "the demo"
    return nodeid if nodeid.startswith(BY_TEST) and not nodeid.startswith(TOGETHER) else nodeid.partition("::")[0]


def rank(nodeid: str) -> int:
    """The place of its folder or file in FIRST."""
    return next((place for place, name in enumerate(FIRST) if nodeid.startswith(name)), len(FIRST))


def in_order(nodeids: Sequence[str]) -> list[int]:
    """The places of the tests in the order of their start: FIRST, then the fullest files; the last pieces are small."""
    size = Counter(map(unit_of, nodeids))
    keys = [(rank(one), -size[unit_of(one)], unit_of(one).partition("::")[0]) for one in nodeids]
    return sorted(range(len(nodeids)), key=keys.__getitem__)


def reordered(items: list[T], order: str) -> list[T]:
    """Backwards for «reversed», else drawn by the number: a test that leans on its neighbour falls."""
    if order == "reversed":
        return items[::-1]
    return random.Random(int(order)).sample(items, len(items))


class Spread(LoadScopeScheduling):
    """Units in the order of the collection, which in_order has arranged."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)  # type: ignore[arg-type]

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
