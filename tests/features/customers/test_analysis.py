"""意向客户分析 and 难单协助单 (S1.3.1, S3.12): pages, advice, the clock, counts of the site's own history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.world import travel
from app.features.customers.analysis.effects import follow_customer
from app.features.customers.analysis.likelihood import history_of
from app.features.customers.analysis.matching import matches, wish_of_customer
from app.features.customers.analysis.models import AdviceWay, AnalysisState, IntentAnalysis
from app.features.customers.assists.effects import begin, call_manager
from app.features.customers.assists.models import AssistOutcome, AssistPlace, AssistRequest, AssistState, Difficulty
from app.features.customers.choices import AreaBand, CustomerState, Grade, Source, TotalBand
from app.features.customers.models import Customer
from app.features.customers.statistics.helping import helped
from app.features.customers.statistics.rules import Period
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.customers.conftest import Register
from tests.features.deals import orders
from tests.features.deals.orders import step

Client = Callable[[str], FlaskClient]
NEEDS = {
    "wanted_layout": "三房",
    "wanted_area": AreaBand.TO_100,
    "wanted_total": TotalBand.TO_120,
    "down_payment": Decimal("400000"),
}
SATURDAY = datetime(2026, 11, 28, 10, 0)  # the site works at weekends


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)[-800:]
    return str(answer.get_data(as_text=True))


def written(client: FlaskClient, pk: int, **more: str) -> Any:
    values = {
        "customer_id": str(pk), "situation": "看中三房，差首付五万", "next_step": "周六带父母来看", "next_on": (now().date() + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    return client.post("/intent-analysis/add", data=values | more)


def only(session: Session, model: Any) -> Any:
    with acting_as(SYSTEM):
        session.rollback()
        return session.scalars(select(model)).one()


def test_an_analysis_is_advised_and_done(client_as: Client, cast: Cast, session: Session, registered: Register) -> None:
    customer = registered("consultant1", grade=Grade.B, profile=NEEDS)
    mine, head = client_as("consultant1"), client_as("supervisor")
    assert "今日待分析 <b>1</b>" in text(head.get("/customer-insight/"))
    assert written(mine, customer.id).status_code == 302
    paper = only(session, IntentAnalysis)
    assert (paper.owner_id, paper.grade, paper.state) == (cast.person_ids["consultant1"], "B", AnalysisState.ASKED)
    waiting = text(head.get("/customer-insight/?list=waiting"))
    assert "王伟" in waiting and "看中三房" in waiting
    assert "王伟" not in text(head.get("/customer-insight/?list=todo"))
    with pytest.raises(Forbidden):
        step(cast, paper, "advise", "consultant1", way=AdviceWay.WORD, advice="自己给自己")
    step(cast, paper, "advise", "supervisor", way=AdviceWay.TALK, advice="已陪谈，客户认可")
    with acting_as(SYSTEM):
        told = session.scalars(select(Notice.title).where(Notice.person_id == cast.person_ids["consultant1"])).all()
    assert any("主管陪谈" in one for one in told)
    step(cast, paper, "done", "consultant1", outcome="已交小订")
    assert only(session, IntentAnalysis).state is AnalysisState.DONE


def test_nobody_advises_on_his_own_customer(
    client_as: Client, cast: Cast, session: Session, registered: Register
) -> None:
    customer = registered("supervisor", grade=Grade.A)
    assert written(client_as("supervisor"), customer.id).status_code == 302
    paper = only(session, IntentAnalysis)
    with pytest.raises(RuleError, match="由上一级给建议"):
        step(cast, paper, "advise", "supervisor", way=AdviceWay.WORD, advice="可")
    step(cast, paper, "advise", "site_manager", way=AdviceWay.WORD, advice="可申请优惠")


def test_a_foreign_customer_and_a_past_day_are_refused(client_as: Client, cast: Cast, registered: Register) -> None:
    foreign = registered("consultant2", grade=Grade.A).id
    own = registered("consultant1", "李静", "10000002222", grade=Grade.A).id
    mine = client_as("consultant1")
    assert written(mine, foreign).status_code == 422
    past = text(written(mine, own, next_on="2020-01-01"), 422)
    assert "行动日期不能早于今天" in past and "看中三房" in past


def test_papers_follow_their_customer(client_as: Client, cast: Cast, session: Session, registered: Register) -> None:
    customer = registered("consultant1", grade=Grade.A)
    written(client_as("consultant1"), customer.id)
    paper = only(session, IntentAnalysis)

    step(cast, customer, "change_owner", "supervisor", owner_id=cast.person_ids["consultant2"], note="原顾问请假")
    assert client_as("consultant1").get(f"/intent-analysis/show/{paper.id}").status_code == 404
    assert client_as("consultant2").get(f"/intent-analysis/show/{paper.id}").status_code == 200


def test_only_flats_on_sale_are_matched_at_their_public_price(cast: Cast, session: Session, registered: Register, client_as: Client) -> None:  # fmt: skip
    orders.scheme(cast)
    free, hidden, sold, stopped = (orders.unit(cast, room) for room in ("1101", "1102", "1103", "1104"))

    def put() -> None:
        for unit, state in ((hidden, UnitState.WAIT), (sold, UnitState.SIGN)):
            session.get(Unit, unit.id).__dict__  # noqa: B018 - loaded before the raw update below
            session.execute(Unit.__table__.update().where(Unit.__table__.c.id == unit.id).values(state=state))
        session.execute(Unit.__table__.update().where(Unit.__table__.c.id == stopped.id).values(stopped=True))

    with acting_as(SYSTEM):
        write(session, put)
        session.rollback()
    customer = registered("consultant1", grade=Grade.A, profile=NEEDS)
    with acting_as(cast.actor("consultant1")):
        found = matches(session, cast.project_ids["a"], wish_of_customer(customer))
    assert [m.offer.unit_id for m in found] == [free.id]
    assert {c.word: c.fits for c in found[0].criteria}["面积"]
    page = text(client_as("consultant1").get(f"/customer-insight/{customer.id}"))
    assert free.full_name in page and hidden.full_name not in page and "11,900" not in page  # no floor price
    for word in ("同类客户成交情况", "样本少，仅供参考", "写今日分析", "请主管协助"):
        assert word in page


def test_likelihood_is_counted_over_the_sites_own_months(cast: Cast, session: Session, registered: Register) -> None:
    people = [registered("consultant1", f"客户{n}", f"1000002{n}345", grade=Grade.B) for n in range(6)]

    def past() -> None:
        for place, one in enumerate(people):
            row = session.get(Customer, one.id)
            row.visits, row.reserved_at = (2 if place < 4 else 1), (now() if place in (1, 2, 5) else None)
            session.execute(Customer.__table__.update().where(Customer.__table__.c.id == one.id).values(
                first_at=now() - timedelta(days=400 if place == 3 else 30), source=Source.FRIEND if place == 2 else Source.PASSING,
            ))  # fmt: skip

    with acting_as(SYSTEM):
        write(session, past)
        session.expire_all()
        history = history_of(session, session.get(Customer, people[0].id), now().date())
    # the customer himself and whoever came before the months are left out: 1, 2, 4, 5 remain
    assert [(one.customers, one.reserved) for one in history.rows] == [(4, 3), (2, 2), (3, 2), (1, 1)]
    assert history.months == 12 and all(one.small for one in history.rows)


def asked_for_help(client: FlaskClient, pk: int) -> Any:
    values = {"customer_id": str(pk), "difficulty": "price", "place": "table", "question": "只差两个点"}
    return client.post("/assist-request/add", data=values)


def asked_on_saturday(cast: Cast, customer: Customer) -> AssistRequest:
    """As the form saves it, at ten of a Saturday."""

    def work() -> AssistRequest:
        paper = AssistRequest(
            customer_id=customer.id, difficulty=Difficulty.PRICE, place=AssistPlace.TABLE, question="只差两个点"
        )
        follow_customer(cast.session, paper)
        cast.session.add(paper)
        cast.session.flush()
        begin(cast.session, paper)
        return paper

    with travel(SATURDAY), acting_as(cast.actor("consultant1")):
        return write(cast.session, work)


def test_help_comes_in_time_and_is_counted(
    client_as: Client, cast: Cast, session: Session, registered: Register
) -> None:
    customer = registered("consultant1", grade=Grade.A)
    paper = asked_on_saturday(cast, customer)
    assert "已有一张未办完的难单协助单" in asked_for_help(client_as("consultant1"), customer.id).get_data(as_text=True)
    paper = only(session, AssistRequest)
    assert paper.number.startswith("XZ-JPYL-") and paper.due_at == SATURDAY + timedelta(minutes=10)
    with travel(SATURDAY + timedelta(minutes=4)):
        step(cast, paper, "join", "supervisor")
        step(cast, paper, "finish", "consultant1", outcome=AssistOutcome.RESERVED, result="申请 0.5 % 后当场认购")
    paper = only(session, AssistRequest)
    assert (paper.state, paper.waited_minutes, paper.helper_id) == (AssistState.DONE, 4, cast.person_ids["supervisor"])
    day = Period(SATURDAY.date(), SATURDAY.date())
    with acting_as(cast.actor("site_manager")):
        people, reasons, every = helped(session, cast.project_ids["a"], day)
    assert (every.asked, every.joined, every.in_time, every.mean_minutes, every.closed_deals) == (1, 1, 1, "4.0", 1)
    assert list(people) == [cast.person_ids["consultant1"]] and len(reasons) == 1
    with acting_as(cast.actor("consultant2")):
        assert helped(session, cast.project_ids["a"], day)[2].asked == 0  # within scope


def test_nobody_came_calls_the_manager_once(
    client_as: Client, cast: Cast, session: Session, registered: Register
) -> None:
    customer = registered("consultant1", grade=Grade.A)
    asked_on_saturday(cast, customer)
    with acting_as(SYSTEM):
        with travel(SATURDAY + timedelta(minutes=10)):
            assert call_manager(session) == 0  # until the minute is over
        with travel(SATURDAY + timedelta(minutes=11)):
            assert call_manager(session) == 1
            assert call_manager(session) == 0
        titles = session.scalars(select(Notice.title).where(Notice.person_id == cast.person_ids["site_manager"])).all()
    assert any("逾时无人到场" in title for title in titles)


def test_whoever_asked_is_not_the_help(client_as: Client, cast: Cast, session: Session, registered: Register) -> None:
    customer = registered("supervisor", grade=Grade.A)
    asked_for_help(client_as("supervisor"), customer.id)
    paper = only(session, AssistRequest)
    with pytest.raises(RuleError, match="另一位主管或案场经理"):
        step(cast, paper, "join", "supervisor")
    with pytest.raises(Forbidden):
        step(cast, paper, "join", "consultant1")
    step(cast, paper, "join", "site_manager")


def test_who_has_bought_needs_no_help(client_as: Client, cast: Cast, session: Session) -> None:
    order = orders.effective(cast, orders.unit(cast), orders.customer(cast), orders.scheme(cast))
    assert "不用再做" in text(asked_for_help(client_as("consultant1"), order.customer_id), 422)
    with acting_as(SYSTEM):
        assert session.get(Customer, order.customer_id).state is CustomerState.RESERVED
