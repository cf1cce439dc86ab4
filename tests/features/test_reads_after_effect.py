"""推盘批次, 销控指令, 销售方案, 付款方式: read by everybody of the project after the decision, before it by whoever makes and decides (07)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.features.pricing.models import PaymentScheme, PublicDiscount, SalesScheme, SchemeState
from app.features.units.models import ControlKind, ControlLine, ControlOrder, ReleaseBatch, ReleaseLine
from app.kernel.actors import acting_as
from tests.cast import Cast
from tests.factories import saved
from tests.features.pricing import papers
from tests.features.pricing.test_price_lists import agree, step
from tests.features.units import makers

BEFORE = {
    ReleaseBatch: {"supervisor", "supervisor2", "site_manager", "project_manager", "sales_admin", "general_manager",
                   "developer_site", "auditor"},
    SalesScheme: {"supervisor", "supervisor2", "site_manager", "project_manager", "sales_admin", "general_manager",
                  "developer_lead", "auditor"},
}  # fmt: skip
AFTER = {"consultant1", "clerk", "contract_officer", "developer_finance", "developer_service", "finance"}


def seen_by(cast: Cast, login: str, model: type[Any]) -> int:
    cast.session.remove()
    with acting_as(cast.actor(login)):
        return len(cast.session.scalars(select(model)).all())


def sees(cast: Cast, model: type[Any]) -> set[str]:
    logins = {*BEFORE[ReleaseBatch], *BEFORE[SalesScheme], *AFTER}
    return {login for login in logins if seen_by(cast, login, model)}


def batch(cast: Cast, **more: Any) -> tuple[ReleaseBatch, ReleaseLine]:
    unit = makers.house(cast, "1102")[0]
    paper = saved(
        cast.session,
        ReleaseBatch(project_id=cast.project_ids["a"], name="第 2 批", planned_on=papers.now().date(), **more),
    )
    return paper, saved(cast.session, ReleaseLine(project_id=paper.project_id, batch_id=paper.id, unit_id=unit.id))


@pytest.mark.parametrize("model", [ReleaseBatch, ReleaseLine])
def test_a_batch_in_preparation_is_not_for_everybody(cast: Cast, model: type[Any]) -> None:
    batch(cast)
    assert sees(cast, model) == BEFORE[ReleaseBatch]
    assert seen_by(cast, "other_supervisor", model) == 0


def test_a_control_order_in_preparation_is_not_for_everybody(cast: Cast) -> None:
    order = saved(
        cast.session, ControlOrder(project_id=cast.project_ids["a"], kind=ControlKind.NOTICE, content="内容", reason="")
    )
    unit = makers.house(cast, "1102")[0]
    saved(cast.session, ControlLine(project_id=order.project_id, order_id=order.id, unit_id=unit.id))
    assert sees(cast, ControlOrder) == sees(cast, ControlLine) == BEFORE[ReleaseBatch]


@pytest.mark.parametrize("model", [SalesScheme, PublicDiscount, PaymentScheme])
def test_schemes_are_read_by_everybody_once_they_hold(
    cast: Cast, client_as: Callable[[str], FlaskClient], model: type[Any]
) -> None:
    paper = papers.sales(cast, papers.IN_TIME, state=SchemeState.DRAFT)
    pays = papers.mortgage(cast, state=SchemeState.DRAFT)
    shown = {SalesScheme: paper.id, PaymentScheme: pays.id}.get(model)
    assert sees(cast, model) == BEFORE[SalesScheme]
    client = client_as("consultant1")
    name = model.__tablename__.replace("_", "-")
    if shown is not None:
        assert client.get(f"/{name}/show/{shown}").status_code == 404
    for one in (paper, pays):
        step(cast, one, "submit", "site_manager")
        agree(cast, one, "project_manager", "developer_lead")
    assert sees(cast, model) == BEFORE[SalesScheme] | BEFORE[ReleaseBatch] | AFTER
    if shown is not None:
        assert client.get(f"/{name}/show/{shown}").status_code == 200
    step(cast, makers.read(cast, paper), "retire", "site_manager", note="换新")
    assert seen_by(cast, "consultant1", SalesScheme) == 1, "what once held stays readable"


def test_a_discount_added_to_a_scheme_in_force_is_public_with_it(cast: Cast) -> None:
    papers.sales(cast, papers.IN_TIME)
    assert seen_by(cast, "consultant1", PublicDiscount) == 1
