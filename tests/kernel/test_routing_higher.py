"""One level higher than the amount asks for: the chain of an expense over its budget (07 «费用»)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.kernel.approval.routing import Mode, parse_chain, route
from app.kernel.posts import Post

CHAIN = parse_chain("销售主管 500\n案场经理 2000\n项目经理 10000\n总经理 不限")


@pytest.mark.parametrize(
    ("measure", "higher", "last"),
    [
        ("500.00", 0, Post.SUPERVISOR),
        ("500.00", 1, Post.SITE_MANAGER),
        ("500.01", 0, Post.SITE_MANAGER),
        ("500.01", 1, Post.PROJECT_MANAGER),
        ("10000", 1, Post.GENERAL_MANAGER),
        ("10000.01", 0, Post.GENERAL_MANAGER),
        ("10000.01", 1, Post.GENERAL_MANAGER),  # nobody stands above the last
    ],
)
def test_one_level_higher(measure, higher, last):
    for mode in Mode:
        legs = route(CHAIN, mode, Decimal(measure), higher=higher)
        assert legs[-1].post is last
        assert not legs[-1].informed
