"""What follows from consents, on plain values (02 §2.5.11)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from app.features.customers.choices import CustomerState, FollowMethod
from app.features.customers.consents.models import Purpose
from app.kernel.errors import RuleError

CALLS = frozenset({FollowMethod.PHONE, FollowMethod.WECHAT})  # the site addresses the customer
BOUGHT = frozenset({CustomerState.RESERVED, CustomerState.SIGNED})  # calls fulfil the contract, they market nothing
EVERYTHING = frozenset(Purpose)


def taken_back(named: Purpose | None) -> frozenset[Purpose]:
    """What a withdrawal ends: one purpose, or with the basic one (or none named) all of them."""
    return EVERYTHING if named in (None, Purpose.BASIC) else frozenset({named})


def given(ticked: Collection[Purpose], standing: Collection[Purpose]) -> list[Purpose]:
    """What is to be written, in the order of the list: the basic one always, nothing that stands already."""
    wanted = {Purpose.BASIC, *ticked} - set(standing)
    return [one for one in Purpose if one in wanted]


def may_call(method: FollowMethod, no_calls_since: datetime | None, state: CustomerState) -> bool:
    """Whether the site may address him this way: after his withdrawal only for a contract that is being fulfilled."""
    return no_calls_since is None or method not in CALLS or state in BOUGHT


def check_call(method: FollowMethod, no_calls_since: datetime | None, state: CustomerState) -> None:
    """Raises RuleError for a marketing call to somebody who wants none."""
    if not may_call(method, no_calls_since, state):
        raise RuleError(
            "客户已于 {day} 撤回营销联系的同意，不能再打营销电话或发微信；他自己来电、来访时照常登记",
            field="method",
            day=no_calls_since.date().isoformat() if no_calls_since else "",
        )
