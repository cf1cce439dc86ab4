"""Who decides last: one level higher than the amount asks for (07 «费用»); a least post that the chain does not name."""

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


@pytest.mark.parametrize(
    ("chain", "at_least", "last"),
    [
        ("销售主管 1\n案场经理 不限", Post.DEVELOPER_LEAD, Post.DEVELOPER_LEAD),  # nobody of the chain reaches him: he decides last
        ("销售主管 1\n甲方现场负责人 不限", Post.DEVELOPER_LEAD, Post.DEVELOPER_LEAD),
        ("案场经理 5\n甲方负责人 不限", Post.SUPERVISOR, Post.SITE_MANAGER),  # above the post that the chain does not name
        ("销售主管 5\n甲方负责人 不限", Post.DEVELOPER_SITE, Post.DEVELOPER_LEAD),
        ("销售主管 5\n甲方现场负责人 不限", Post.SITE_MANAGER, Post.DEVELOPER_SITE),
    ],
)  # fmt: skip
@pytest.mark.parametrize("mode", list(Mode))
def test_a_chain_without_the_least_post(chain: str, at_least: Post, last: Post, mode: Mode) -> None:
    assert route(parse_chain(chain), mode, Decimal(1), at_least=at_least)[-1].post is last
