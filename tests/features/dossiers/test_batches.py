"""报送批次: consent decides who is told of, the copy is frozen, the other side sees what was sent and nothing else (S1.11.2)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.features.customers.choices import ConsentChannel, Grade
from app.features.customers.consents.models import Purpose
from app.features.customers.models import Customer
from app.features.dossiers.jobs import LATE_URL, tell_of_late_files
from app.features.dossiers.models import BatchKind, BatchState, DossierBatch, DossierFile, LeftOut, Standing
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.notices import Notice
from app.kernel.transactions import write
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o

AGREED = {"version": "2026-01", "channel": ConsentChannel.PAPER, "agree_developer": True}


def graded(session: Session, customer: Customer, **values: Any) -> None:
    values = {"grade": Grade.A} | values
    with acting_as(SYSTEM):
        write(session, lambda: session.execute(update(Customer).where(Customer.id == customer.id).values(**values)))


def batch(cast: Cast, kind: BatchKind = BatchKind.INTENT) -> DossierBatch:
    made_by = {"created_by": cast.person_ids["supervisor"]}
    return saved(cast.session, DossierBatch(project_id=cast.project_ids["a"], kind=kind, **made_by))


def files(cast: Cast, login: str) -> list[tuple[str, int, Standing]]:
    with acting_as(cast.actor(login)):
        rows = cast.session.scalars(select(DossierFile).order_by(DossierFile.id)).all()
        return [(row.customer_name, row.edition, row.standing) for row in rows]


@pytest.fixture
def two(session: Session, cast: Cast) -> tuple[Customer, Customer]:
    """王伟 agreed to be told of, 李娜 did not; both are A customers."""
    willing = o.customer(cast, phone="10000001234", name="王伟")
    silent = o.customer(cast, phone="10000005678", name="李娜")
    o.step(cast, willing, "note_consent", "consultant1", **AGREED)
    for one in (willing, silent):
        graded(session, one)
    return willing, silent


def test_who_did_not_agree_is_left_out_with_the_reason(session: Session, cast: Cast, two: Any) -> None:
    paper = o.step(cast, batch(cast), "fill", "clerk")
    assert (paper.count, paper.left_out) == (1, 1)
    assert files(cast, "clerk") == [("王伟", 1, Standing.WAITING), ("李娜", 1, Standing.LEFT_OUT)]
    with acting_as(SYSTEM):
        left = session.scalars(select(DossierFile).where(DossierFile.standing == Standing.LEFT_OUT)).one()
        assert (left.left_out_why, left.phones, left.source) == (LeftOut.NO_CONSENT, None, ""), (
            "a name and nothing else"
        )
    assert files(cast, "developer_marketing") == []
    other = o.step(cast, batch(cast), "fill", "clerk")
    assert (other.count, other.left_out) == (0, 1), "who waits in one batch is not put into a second"
    with pytest.raises(RuleError, match="没有要报送的客户"):
        o.step(cast, other, "fill", "clerk")


def test_the_other_side_reads_what_was_sent_receives_and_signs(session: Session, cast: Cast, two: Any) -> None:
    paper = o.step(cast, o.step(cast, batch(cast), "fill", "clerk"), "submit", "supervisor")
    assert paper.number.startswith("DA-JPYL-")
    assert files(cast, "developer_marketing") == [("王伟", 1, Standing.SENT)]
    with acting_as(cast.actor("developer_marketing")):
        assert session.scalars(select(Customer)).all() == [], "the customer himself stays with the agency"
        assert session.scalars(select(DossierFile.phones)).one() == "10000001234"
    told = {n.person_id for n in session.scalars(select(Notice))}
    assert cast.person_ids["developer_marketing"] in told
    for login in ("developer_site", "consultant1", "other_supervisor", "supervisor2"):
        assert files(cast, login) == [], login
    paper = o.step(cast, paper, "receive", "developer_marketing")
    assert (paper.state, paper.receiver) == (BatchState.RECEIVED, "许诺")


def test_a_copy_stays_as_it_was_and_a_change_is_the_next_edition(session: Session, cast: Cast, two: Any) -> None:
    paper = o.step(cast, o.step(cast, batch(cast), "fill", "clerk"), "submit", "clerk")
    graded(session, two[0], grade=Grade.B, occupation="教师")
    with acting_as(SYSTEM):
        assert session.scalars(select(DossierFile.grade).where(DossierFile.customer_name == "王伟")).one() == "A"
    paper = o.step(cast, paper, "give_back", "developer_marketing", note="请补职业")
    assert paper.correction == "请补职业"
    o.step(cast, paper, "submit", "clerk")
    assert files(cast, "developer_marketing") == [("王伟", 1, Standing.REPLACED), ("王伟", 2, Standing.SENT)]
    with acting_as(SYSTEM):
        newest = session.scalars(select(DossierFile).where(DossierFile.edition == 2)).one()
        assert (newest.changed, newest.occupation) == ("职业、等级、已有、缺少", "教师")
    paper = o.fresh(cast, DossierBatch, paper.id)
    again = o.step(cast, o.step(cast, paper, "give_back", "developer_marketing", note="再看"), "submit", "clerk")
    assert (again.turn, len(files(cast, "developer_marketing"))) == (3, 2), "what did not change is no new edition"


@pytest.fixture
def both(session: Session, cast: Cast, two: Any) -> tuple[DossierBatch, Customer, Customer]:
    """A submitted batch of two households that agreed."""
    o.step(cast, two[1], "note_consent", "consultant1", **AGREED)
    return (o.step(cast, o.step(cast, batch(cast), "fill", "clerk"), "submit", "clerk"), *two)


def file_id(cast: Cast, name: str) -> str:
    with acting_as(SYSTEM):
        query = select(DossierFile.id).where(DossierFile.customer_name == name).order_by(DossierFile.id.desc())
        return str(cast.session.scalars(query).first())


def test_one_household_comes_back_and_the_others_go_on(session: Session, cast: Cast, both: Any) -> None:
    paper, wang, _li = both
    paper = o.step(cast, paper, "return_one", "developer_marketing", household=file_id(cast, "王伟"), note="请补职业")
    assert (paper.state, paper.count) == (BatchState.SUBMITTED, 1)
    assert files(cast, "developer_marketing") == [("王伟", 1, Standing.RETURNED), ("李娜", 1, Standing.SENT)]
    told = [n.title for n in session.scalars(select(Notice)) if n.person_id == cast.person_ids["clerk"]]
    assert any("有一户退回补正" in title and "王伟" not in title for title in told)
    paper = o.step(cast, paper, "receive", "developer_marketing")
    assert paper.state is BatchState.RECEIVED

    graded(session, wang, occupation="教师")
    following = o.step(cast, batch(cast), "fill", "clerk")
    assert (following.count, following.left_out) == (1, 0), "only who came back is due again"
    with acting_as(SYSTEM):
        waiting = session.scalars(select(DossierFile).where(DossierFile.standing == Standing.WAITING)).one()
        assert (waiting.customer_name, waiting.edition, waiting.correction) == ("王伟", 2, "请补职业")
    o.step(cast, following, "submit", "clerk")
    assert files(cast, "developer_marketing") == [
        ("王伟", 1, Standing.REPLACED), ("李娜", 1, Standing.SENT), ("王伟", 2, Standing.SENT),
    ]  # fmt: skip
    with acting_as(SYSTEM):
        assert "职业" in session.scalars(select(DossierFile.changed).where(DossierFile.edition == 2)).one()
    with pytest.raises(RuleError, match="没有要报送的客户"):
        o.step(cast, batch(cast), "fill", "clerk")


def test_a_household_found_wanting_after_the_receipt_comes_back_too(session: Session, cast: Cast, both: Any) -> None:
    paper = o.step(cast, both[0], "receive", "developer_marketing")
    paper = o.step(cast, paper, "return_one", "developer_marketing", household=file_id(cast, "李娜"), note="电话打不通")
    assert (paper.state, paper.count) == (BatchState.RECEIVED, 1)
    again = o.step(cast, o.step(cast, batch(cast), "fill", "clerk"), "submit", "clerk")
    again = o.step(cast, again, "give_back", "developer_marketing", note="再补")
    assert again.state is BatchState.RETURNED, "the last household of a batch is given back with it"


def test_who_is_not_on_the_batch_is_not_given_back_and_the_last_one_is_the_batch(
    session: Session, cast: Cast, both: Any, client_as: Any
) -> None:
    paper, *_people = both
    client = client_as("developer_marketing")
    url = f"/dossier-batch/step/return_one/{paper.id}"
    page = client.get(url).get_data(as_text=True)
    assert "王伟 第 1 版" in page and "李娜 第 1 版" in page
    refused = client.post(url, data={"household": "999", "note": "x", "_version": str(paper.version)})
    assert refused.status_code == 422 and "请从列表中选择" in refused.get_data(as_text=True)
    assert client_as("clerk").get(url).status_code == 403
    first = file_id(cast, "王伟")
    paper = o.step(cast, paper, "return_one", "developer_marketing", household=first, note="请补职业")
    with pytest.raises(RuleError, match="刚被别人处理过"):
        o.step(cast, paper, "return_one", "developer_marketing", household=first, note="请补职业")
    paper = o.fresh(cast, DossierBatch, paper.id)
    with pytest.raises(RuleError, match="退回整批"):
        o.step(cast, paper, "return_one", "developer_marketing", household=file_id(cast, "李娜"), note="请补职业")


def test_a_household_that_came_back_and_took_its_consent_back_is_stopped(cast: Cast, both: Any) -> None:
    o.step(cast, both[0], "return_one", "developer_marketing", household=file_id(cast, "王伟"), note="请补职业")
    o.step(cast, both[1], "withdraw_consent", "consultant1", purpose=Purpose.SHARE_DEVELOPER)
    assert files(cast, "developer_marketing") == [("李娜", 1, Standing.SENT)]


def test_a_withdrawn_consent_takes_the_file_back(session: Session, cast: Cast, two: Any) -> None:
    o.step(cast, o.step(cast, batch(cast), "fill", "clerk"), "submit", "clerk")
    o.step(cast, two[0], "withdraw_consent", "consultant1", purpose=Purpose.SHARE_DEVELOPER)
    assert files(cast, "developer_marketing") == []
    assert ("王伟", 1, Standing.STOPPED) in files(cast, "clerk")
    titles = [n.title for n in session.scalars(select(Notice)) if n.person_id == cast.person_ids["developer_marketing"]]
    assert any("撤回了同意" in title and "王伟" not in title for title in titles)


def test_consent_is_asked_again_at_the_submission(session: Session, cast: Cast, two: Any) -> None:
    paper = o.step(cast, batch(cast), "fill", "clerk")
    o.step(cast, two[0], "withdraw_consent", "consultant1", purpose=Purpose.BASIC)
    with pytest.raises(RuleError, match="没有可以报送的客户"):
        o.step(cast, paper, "submit", "clerk")
    o.step(cast, two[1], "note_consent", "consultant1", **AGREED)
    o.step(cast, o.fresh(cast, DossierBatch, paper.id), "submit", "clerk")
    assert files(cast, "developer_marketing") == [("李娜", 1, Standing.SENT)]


def test_a_deal_is_told_of_with_money_and_papers_and_is_due_after_three_days(
    session: Session, cast: Cast, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = o.customer(cast)
    o.step(cast, who, "note_consent", "consultant1", **AGREED)
    order = o.effective(cast, o.unit(cast), who, o.scheme(cast))
    page = client_as("supervisor").get("/").get_data(as_text=True)
    assert "户成交客户的档案逾期未报送" not in page
    with acting_as(SYSTEM):
        table = type(order).__table__
        long_ago = o.today(-4)
        write(session, lambda: session.execute(update(table).values(deposit_confirmed_on=long_ago)))
    page = client_as("supervisor").get("/").get_data(as_text=True)
    assert "1 户成交客户的档案逾期未报送" in page
    with acting_as(SYSTEM):
        assert [write(session, lambda: tell_of_late_files(session)) for _hour in range(2)] == [1, 0], "once a day"
        told = {n.person_id for n in session.scalars(select(Notice).where(Notice.title.contains("逾期未报送")))}
    assert {cast.person_ids["supervisor"], cast.person_ids["clerk"]} <= told
    assert cast.person_ids["consultant1"] not in told and cast.person_ids["other_supervisor"] not in told
    assert client_as("supervisor").get(LATE_URL).status_code == 200
    paper = o.step(cast, o.step(cast, batch(cast, BatchKind.DEALS), "fill", "clerk"), "submit", "clerk")
    with acting_as(SYSTEM):
        assert write(session, lambda: tell_of_late_files(session)) == 0
        one = session.scalars(select(DossierFile)).one()
        assert (one.unit_name, one.reservation_id, str(one.paid)) == (order.unit.full_name, order.id, "20000.00")
        assert one.needed > 15 and "证件号码" in one.missing_names
    client = client_as("developer_marketing")
    assert "1 批客户档案待接收" in client.get("/").get_data(as_text=True)
    shown = client.get(f"/dossier-batch/show/{paper.id}").get_data(as_text=True)
    assert "100****1234" in shown and "10000001234" not in shown and "未报送</" not in shown
    assert client.get(f"/dossier-file/show/{one.id}").status_code == 200
    assert client.get(f"/customer/show/{who.id}").status_code in (403, 404)


def test_the_meter_stands_on_the_customers_page(cast: Cast, client_as: Any) -> None:
    who = o.customer(cast)
    page = client_as("consultant1").get(f"/customer/show/{who.id}").get_data(as_text=True)
    assert "电子档案" in page and "还缺" in page and "购房用途" in page


def test_the_data_sheet_asks_for_a_reason(cast: Cast, client_as: Any, two: Any) -> None:
    paper = o.step(cast, o.step(cast, batch(cast), "fill", "clerk"), "submit", "clerk")
    client = client_as("developer_marketing")
    asked = client.get(f"/dossier-file/list/export?batch_id={paper.id}").get_data(as_text=True)
    assert "原因" in asked
    done = client.post(f"/dossier-file/list/export?batch_id={paper.id}", data={"reason": "制作客户分析"})
    assert done.mimetype.endswith("spreadsheetml.sheet")
