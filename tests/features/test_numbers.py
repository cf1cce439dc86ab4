"""Every kind of numbered paper has a prefix of its own: two kinds with one prefix share a count and leave gaps."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from app.kernel.base import Numbered
from app.kernel.workflow import FLOWS


def test_every_prefix_belongs_to_one_kind_of_paper(session: Any) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for model in FLOWS:
        if issubclass(model, Numbered) and model.__number__:  # files are numbered by their household
            kinds[model.__number__].add(model.__tablename__)
    assert {prefix: names for prefix, names in kinds.items() if len(names) > 1} == {}
