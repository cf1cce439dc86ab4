"""统一口径: written, approved by the site manager, signed by everybody who sells, revised version by version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.scripts.effects import begin_series, valid_scripts
from app.features.customers.scripts.models import SalesScript, ScriptState, Topic
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.readings import receipts_of
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.cast import Cast
from tests.features.deals.orders import decided, fresh, step
from tests.tables import bring, plain, table

Client = Callable[[str], FlaskClient]


def script(cast: Cast, title: str = "为什么比隔壁贵", topic: Topic = Topic.RIVAL, project: str = "a") -> SalesScript:
    """A draft of the supervisor."""

    def work() -> SalesScript:
        with as_step(cast.session):
            paper = SalesScript(
                project_id=cast.project_ids[project], title=title, topic=topic, content="按得房率比较单价", never="不得承诺涨价",
                created_by=cast.person_ids["supervisor"],
            )  # fmt: skip
            cast.session.add(paper)
            cast.session.flush()
            begin_series(cast.session, paper)
        return paper

    with acting_as(SYSTEM):
        return write(cast.session, work)


def valid(cast: Cast, **more: Any) -> SalesScript:
    """Approved by the site manager."""
    paper = script(cast, **more)
    step(cast, paper, "submit", "supervisor")
    return decided(cast, paper, "site_manager") or fresh(cast, SalesScript, paper.id)


def test_everybody_who_sells_is_asked_to_sign(cast: Cast, session: Session) -> None:
    valid(cast)
    with acting_as(SYSTEM):
        paper = session.scalars(select(SalesScript)).one()
        assert paper.state is ScriptState.VALID and paper.valid_from is not None
        assert paper.number.startswith("KJ-JPYL-")
        asked = {one.person_name for one in receipts_of(session, paper)}
    assert {"林晓", "何涛", "孙鹏", "冯凯", "周敏", "高远"} == asked
    step(cast, paper, "sign", "consultant1")
    with acting_as(SYSTEM):
        paper = session.get(SalesScript, paper.id)
        assert [one.person_name for one in receipts_of(session, paper) if one.read_at] == ["林晓"]


def test_one_version_is_valid_and_one_is_being_revised(cast: Cast, session: Session) -> None:
    valid(cast)
    with acting_as(SYSTEM):
        first = session.scalars(select(SalesScript)).one()
    step(cast, first, "revise", "supervisor", changes="补充学区说明")
    with pytest.raises(RuleError, match="已有一个版本在修订中"):
        step(cast, fresh(cast, SalesScript, first.id), "revise", "site_manager", changes="再改")
    with acting_as(SYSTEM):
        second = session.scalars(select(SalesScript).where(SalesScript.revision == 2)).one()
    step(cast, second, "submit", "supervisor")
    decided(cast, fresh(cast, SalesScript, second.id), "site_manager")
    with acting_as(SYSTEM):
        session.rollback()
        states = {p.revision: (p.state, p.number) for p in session.scalars(select(SalesScript))}
        assert [states[n][0] for n in (1, 2)] == [ScriptState.SUPERSEDED, ScriptState.VALID]
        assert states[2][1] == states[1][1] + "-2"
        assert all(
            one.read_at for one in receipts_of(session, session.get(SalesScript, first.id))
        )  # nobody is asked for the old one


def test_answers_stand_beside_the_customer_whose_doubts_they_meet(cast: Cast, session: Session, client_as: Client, registered: Any) -> None:  # fmt: skip
    valid(cast)
    script(cast, "贷款能办吗", Topic.LOAN)  # a draft is no answer
    pk = registered("consultant1", profile={"resistance": "还在比较隔壁楼盘，首付不够"}).id
    page = client_as("consultant1").get(f"/customer/show/{pk}").get_data(as_text=True)
    assert "为什么比隔壁贵" in page and "不得承诺涨价" in page and "贷款能办吗" not in page
    with acting_as(cast.actor("other_consultant")):
        assert valid_scripts(session, cast.project_ids["a"], list(Topic), 10) == []


def test_a_list_of_questions_comes_in_as_drafts_and_only_once(cast: Cast, client_as: Client, session: Session) -> None:
    valid(cast)
    rows = [
        ["客户问题", "方面", "标准答案", "不能承诺"],
        ["首付最低多少", "贷款", "按银行审批，一般 15 %", "不得承诺包过"],
        ["学位有没有", "学区", "以教育部门公布为准", ""],
        ["为什么比隔壁贵", "竞品对比", "按得房率比较单价", "不得承诺涨价"],
    ]
    boss = client_as("supervisor")
    way = bring(boss, "sales-script", table(*rows)).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 302
    with acting_as(SYSTEM):
        session.rollback()
        made = session.scalars(
            select(SalesScript).where(SalesScript.state == ScriptState.DRAFT).order_by(SalesScript.id)
        ).all()
        assert [(one.title, one.topic, one.origin_id == one.id) for one in made] == [
            ("首付最低多少", Topic.LOAN, True), ("学位有没有", Topic.SCHOOL, True),
        ]  # fmt: skip
    again = bring(boss, "sales-script", table(*rows)).check()
    assert "0 行新增，3 条已存在且一致" in plain(again.preview), plain(again.preview)
    refused = bring(boss, "sales-script", table(rows[0], ["x", "天气", "y", ""])).check()
    assert "没有“天气”这一项" in plain(refused.preview)
    assert client_as("consultant1").get("/import/sales-script").status_code == 403
