"""办证: first registration, papers, taxes, whole batches, the 不动产权证 in the buyer's hand (02 §2.2.2, §2.5.9)."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from app.features.archive.folders.models import Folder
from app.features.archive.models import Stage
from app.features.archive.papers.models import Paper
from app.features.handover.deeds.models import DeedBatch, DeedBatchState, DeedState, TitleDeed
from app.features.handover.deeds.rules import due_days, require_taxes
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from tests.factories import saved
from tests.features.deals import orders
from tests.features.handover.homes import CO, SVC, handed_over, signed_home, unit_of
from tests.tables import bring, plain, table

D = DeedState


@pytest.fixture
def batch(cast):
    """One handed-over flat, its building's first registration is done."""
    contract = signed_home(cast)
    handed_over(cast, contract)
    return saved(cast.session, DeedBatch(
        project_id=cast.project_ids["a"], name="第 1 批", building_id=unit_of(cast, contract).building_id,
        first_registered_on=orders.today(-10), first_no="大证 1", created_by=cast.person_ids[CO],
    ))  # fmt: skip


def deed(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = cast.session.query(TitleDeed).one()
        assert len(found.papers) == 7
        return found


def ready(cast):
    orders.step(cast, deed(cast), "receive_rest", CO, on=orders.today())
    orders.step(cast, deed(cast), "papers_complete", CO)
    return orders.step(
        cast, deed(cast), "pay_taxes", CO, on=orders.today(), deed_tax=Decimal(16602), deed_tax_no="QS-1", repair_fund=Decimal(8953),
        repair_fund_no="WX-1",
    )  # fmt: skip


@pytest.mark.both_databases
def test_a_batch_from_the_first_registration_to_the_certificates(cast, batch, client_as):
    orders.step(cast, batch, "open_deeds", CO)
    made = deed(cast)
    assert made.state is D.COLLECTING and made.first_registered_on == orders.today(-10)
    assert (made.filing_due_on, made.deed_due_on) == (orders.today(60), orders.today(90))
    assert unit_of(cast, made).title_state == "收资料"
    with pytest.raises(RuleError, match="没有「待送件」"):
        orders.step(cast, batch, "submit", CO, on=orders.today(), acceptance_no="SL-1")
    with pytest.raises(RuleError, match="测绘成果表"):
        orders.step(cast, made, "papers_complete", CO)
    assert ready(cast).state is D.READY
    assert (
        orders.step(cast, batch, "submit", CO, on=orders.today(), acceptance_no="SL-1").state
        is DeedBatchState.SUBMITTED
    )
    assert deed(cast).acceptance_no == "SL-1"
    with pytest.raises(RuleError, match="没有不动产权证号"):
        orders.step(cast, batch, "issue", CO, on=orders.today())
    way = bring(
        client_as(CO), "title-deed", table(["房号", "房产证号"], ["1102栋1单元1102", "江（2026）不动产权第0001号"])
    ).check()
    assert way.status == 200, plain(way.columns)
    assert way.confirm().status_code == 302
    orders.step(cast, batch, "issue", CO, on=orders.today())
    assert deed(cast).state is D.ISSUED and "不动产权第0001号" in deed(cast).certificate_no
    orders.step(cast, deed(cast), "collect", CO, on=orders.today(), collected_by="王伟")
    assert unit_of(cast, deed(cast)).title_state == "已领证"
    with acting_as(SYSTEM):
        assert cast.session.query(Folder).one().stage is Stage.TITLE
        titles = {p.title for p in cast.session.query(Paper).filter_by(source="title_deed")}
    assert {"契税完税凭证", "维修资金票据", "测绘成果表", "不动产登记申请表", "房款结清确认"} <= titles


def test_what_the_registry_sends_back_is_collected_again(cast, batch):
    orders.step(cast, batch, "open_deeds", CO)
    ready(cast)
    orders.step(cast, deed(cast), "submit", CO, on=orders.today(), acceptance_no="SL-1")
    back = orders.step(cast, deed(cast), "send_back", CO, note="申请表未签名")
    assert (back.state, back.returned_why) == (D.COLLECTING, "申请表未签名")


def test_a_batch_takes_nobody_twice_and_only_the_officer_acts(cast, batch):
    orders.step(cast, batch, "open_deeds", CO)
    orders.step(cast, batch, "open_deeds", CO)
    assert deed(cast).number.startswith("BZ-JPYL-")
    for login in (SVC, "clerk", "supervisor"):
        with pytest.raises(Forbidden):
            orders.step(cast, deed(cast), "receive_rest", login, on=orders.today())


def test_a_building_without_keys_has_no_deeds(cast):
    contract = signed_home(cast)
    early = saved(cast.session, DeedBatch(
        project_id=cast.project_ids["a"], name="早", building_id=unit_of(cast, contract).building_id, created_by=cast.person_ids[CO],
    ))  # fmt: skip
    with pytest.raises(RuleError, match="还没有已交付"):
        orders.step(cast, early, "open_deeds", CO)


def test_taxes_come_with_their_papers():
    require_taxes(Decimal(0), "", Decimal(0), "")
    for wrong, field in (((Decimal(-1), "", Decimal(0), ""), "deed_tax"), ((Decimal(1), "", Decimal(0), ""), "deed_tax_no"),
                         ((Decimal(0), "", Decimal(5), ""), "repair_fund_no")):  # fmt: skip
        with pytest.raises(RuleError) as refusal:
            require_taxes(*wrong)
        assert refusal.value.field == field


def test_days_count_from_the_handover():
    assert due_days(None, 60, 90) == (None, None)
    assert due_days(orders.today(), 60, 90) == (orders.today(60), orders.today(90))


def test_pages(cast, batch, client_as):
    orders.step(cast, batch, "open_deeds", CO)
    made = deed(cast)
    officer = client_as(CO)
    page = officer.get(f"/title-deed/show/{made.id}").get_data(as_text=True)
    assert "还缺" in page and "应出证日" in page
    assert re.search(r'btn-primary"[^>]*href="/title-deed/edit/', page), (
        "what is due is to note the papers, not to pass the step"
    )
    assert made.number in officer.get(f"/deed-batch/show/{batch.id}").get_data(as_text=True)
    assert officer.get("/title-deed/list/?chip=late").status_code == 200
    assert officer.get(f"/title-deed/edit/{made.id}").status_code == 200
    assert client_as("clerk").get("/archive/").status_code == 200
