"""交楼: batch, notice, inspection, defects, refusal, two books and a form, dues, keys, 收楼 (02 §2.2.2, §2.5.7)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest

from app.features.archive.folders.models import Folder
from app.features.archive.models import Stage
from app.features.archive.papers.models import Paper
from app.features.handover.defects.models import DefectKind, DefectState, HandoverDefect, Severity
from app.features.handover.handings.compensation import late_compensation
from app.features.handover.handings.models import BatchState, Handover, HandoverBatch, HandoverState
from app.features.handover.handings.rules import given_documents, reading, whole_keys
from app.features.payments.models import Credited, Refund, RefundState
from app.features.payments.verify import verify as ledger_agrees
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import files_of
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.money import half_up
from tests.browser.picture import png
from tests.factories import saved
from tests.features.deals import orders
from tests.features.handover.homes import (
    SVC,
    changed,
    even,
    handed_over,
    handing,
    receipts_of,
    settlement,
    signed_home,
    to_documents,
    unit_of,
)

S = HandoverState
ALL_THREE = dict.fromkeys(("quality_book", "manual", "completion_form"), True)


def defect(cast, paper, severity=Severity.COMMON):
    made = saved(
        cast.session,
        HandoverDefect(
            handover_id=paper.id, place="厨房", kind=DefectKind.LEAK, severity=severity, description="水管渗水",
            due_on=orders.today(15), unit_id=paper.unit_id, reservation_id=paper.reservation_id, customer_id=paper.customer_id,
            project_id=paper.project_id, owner_id=paper.owner_id, team_id=paper.team_id, created_by=cast.person_ids[SVC],
        ),
    )  # fmt: skip
    return orders.fresh(cast, HandoverDefect, made.id)


def test_the_whole_way_to_the_keys(cast):
    contract = signed_home(cast)
    paper = handed_over(cast, contract)
    assert (paper.state, paper.keys, paper.power) == (S.RECEIVED, 3, "88.5")
    unit = unit_of(cast, contract)
    assert unit.state is UnitState.HAND and unit.handed_on == orders.today()
    with acting_as(SYSTEM):
        assert cast.session.query(Folder).one().stage is Stage.HANDOVER
        assert {p.title for p in cast.session.query(Paper).filter_by(source="handover")} == {
            f"交楼签收文件 {paper.number}", f"验房表 {paper.number}",
        }  # fmt: skip


def test_two_books_and_one_form_are_given(cast):
    paper = handing(cast, signed_home(cast))
    orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    orders.step(cast, paper, "inspect", SVC, on=orders.today(), inspection="合格")
    with pytest.raises(RuleError, match="竣工验收备案表"):
        orders.step(cast, paper, "document", SVC, on=orders.today(), quality_book=True, manual=True)
    assert "住宅使用说明书" in orders.step(cast, paper, "document", SVC, on=orders.today(), **ALL_THREE).documents


def test_no_keys_before_everything_is_paid(cast):
    from app.features.payments.effects import account_of, add_receivable
    from app.features.payments.models import FundKind

    contract = signed_home(cast)
    paper = to_documents(cast, handing(cast, contract))
    with pytest.raises(RuleError, match="还没有面积补差单"):
        orders.step(cast, paper, "settle", SVC)
    settlement(cast, contract, "90.53")
    with pytest.raises(RuleError, match="待确认"):
        orders.step(cast, paper, "settle", SVC)
    with acting_as(SYSTEM):
        from app.features.handover.areas.models import AreaSettlement

        draft = cast.session.query(AreaSettlement).one()
    orders.step(cast, draft, "void", SVC, note="填错")
    even(cast, contract)
    with acting_as(SYSTEM):
        account = account_of(cast.session, contract.reservation_id)
        add_receivable(
            cast.session, account, cast.actor("developer_finance"), FundKind.LATE_FEE, Decimal(300), orders.today()
        )
    with pytest.raises(RuleError, match=r"滞纳金 300\.00 元"):
        orders.step(cast, paper, "settle", SVC)


def test_a_severe_defect_comes_before_the_papers(cast):
    paper = handing(cast, signed_home(cast))
    orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    orders.step(cast, paper, "inspect", SVC, on=orders.today(), inspection="厨房渗水")
    with pytest.raises(RuleError, match="登记问题"):
        orders.step(cast, paper, "rectify", SVC)
    found = defect(cast, paper, Severity.SEVERE)
    with pytest.raises(RuleError, match="严重问题"):
        orders.step(cast, paper, "document", SVC, on=orders.today(), **ALL_THREE)
    orders.step(cast, paper, "rectify", SVC)
    with pytest.raises(RuleError, match="严重问题"):
        orders.step(cast, paper, "inspect_again", SVC, on=orders.today(), inspection="已修")
    orders.step(cast, found, "assign", SVC, contractor="江城建设", due_on=orders.today(30))
    orders.step(cast, found, "fix", SVC, on=orders.today())
    back = orders.step(cast, found, "send_back", SVC, note="仍渗水")
    assert (back.state, back.returns, back.due_on) == (DefectState.ASSIGNED, 1, orders.today(30))
    orders.step(cast, found, "fix", SVC, on=orders.today())
    orders.step(cast, found, "pass_check", SVC, conclusion="不再渗水")
    assert orders.step(cast, paper, "inspect_again", SVC, on=orders.today(), inspection="已修好").state is S.INSPECTED


def test_a_light_defect_does_not_hold_up_the_keys(cast):
    paper = handing(cast, signed_home(cast))
    orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    orders.step(cast, paper, "inspect", SVC, on=orders.today(), inspection="有小问题")
    defect(cast, paper, Severity.MINOR)
    assert orders.step(cast, paper, "document", SVC, on=orders.today(), **ALL_THREE).state is S.DOCUMENTED


@pytest.mark.parametrize(
    ("verdict", "state", "sum_"), [("approve", S.REFUSED, "5000.00"), ("refuse", S.INSPECTED, "0.00")]
)
def test_a_refusal_is_judged_by_the_developer(cast, verdict, state, sum_):
    paper = handing(cast, signed_home(cast))
    orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    orders.step(cast, paper, "inspect", SVC, on=orders.today(), inspection="客厅裂缝")
    orders.step(cast, paper, "refuse", SVC, refusal="客厅结构裂缝", compensation=Decimal(5000))
    paper = orders.decided(cast, paper, "developer_site", verdict=verdict)
    assert (paper.state, paper.compensation) == (state, Decimal(sum_))
    with acting_as(SYSTEM):
        owed = cast.session.query(Refund).all()
        assert [(one.amount, one.paper, one.settled) for one in owed] == (
            [(Decimal(5000), str(paper), True)] if verdict == "approve" else []
        )
        assert list(ledger_agrees(cast.session)) == []


def test_what_is_owed_for_a_late_home_is_paid_by_the_cashier(cast):
    """L6: paid × 0.02 % × days since the contract's day; a second refusal owes anew, a running order keeps its bills."""
    contract = signed_home(cast)
    paper = handing(cast, contract)
    changed(cast, contract, handover_on=orders.today(-10))
    with acting_as(SYSTEM):
        assert late_compensation(cast.session.get(Handover, paper.id)) is None, "paid today: no day has passed since"
    for receipt in receipts_of(cast, contract):
        changed(cast, receipt, paid_on=orders.today(-40))
    with acting_as(SYSTEM):
        due = late_compensation(cast.session.get(Handover, paper.id))
        assert due == half_up(contract.total * Decimal("0.0002") * 10)
    orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    for turn in (1, 2):
        orders.step(cast, paper, "book" if turn == 1 else "rectify", SVC, **_booking(turn, cast, paper))
        orders.step(cast, paper, "refuse", SVC, refusal="逾期交付", compensation=due)
        orders.decided(cast, paper, "developer_site")
    with acting_as(SYSTEM):
        first, second = cast.session.query(Refund).order_by(Refund.id).all()
    assert first.amount == second.amount == due and first.state is RefundState.PENDING
    paid = orders.step(
        cast, first, "pay", "developer_finance", paid_on=orders.today(), credited=Credited.GENERAL, payee_account="6200",
        reference="BC-1",
    )  # fmt: skip
    assert paid.state is RefundState.PAID
    with acting_as(SYSTEM):
        assert list(ledger_agrees(cast.session)) == []


def _booking(turn, cast, paper):
    if turn == 1:
        return {"at": now() + timedelta(days=1)}
    defect(cast, paper, Severity.SEVERE)
    return {}


def test_nothing_is_owed_before_the_day_of_the_contract(cast):
    contract = signed_home(cast)
    paper = handing(cast, contract)
    changed(cast, contract, handover_on=orders.today())
    with acting_as(SYSTEM):
        assert late_compensation(cast.session.get(Handover, paper.id)) is None


def test_deemed_only_after_the_day_of_a_notice_that_was_signed_for(cast):
    contract = signed_home(cast)
    even(cast, contract)
    paper = handing(cast, contract)
    paper = orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    assert paper.due_on == orders.today(15)
    with pytest.raises(RuleError, match="没有登记签收"):
        orders.step(cast, paper, "deem", SVC, note="逾期")
    orders.step(cast, paper, "sign_for", SVC, on=orders.today())
    with pytest.raises(RuleError, match="还没有到期"):
        orders.step(cast, paper, "deem", SVC, note="逾期")
    changed(cast, paper, due_on=orders.today(-1))
    paper = orders.step(cast, paper, "deem", SVC, note="合同第十一条")
    assert paper.state is S.DEEMED and unit_of(cast, contract).state is UnitState.HAND
    late = orders.step(cast, paper, "keys_later", SVC, on=orders.today(), keys=Decimal(2))
    assert late.keys == 2


def test_a_batch_opens_the_whole_building(cast):
    contract = signed_home(cast)
    other = orders.unit(cast, "1104")
    building = unit_of(cast, contract).building_id
    batch = saved(cast.session, HandoverBatch(
        project_id=cast.project_ids["a"], name="首批", building_id=building, completion_no="JG-1", completion_on=orders.today(-30),
        from_on=orders.today(), until_on=orders.today(20), created_by=cast.person_ids[SVC],
    ))  # fmt: skip
    done = orders.step(cast, batch, "issue", SVC)
    assert (done.state, done.opened) == (BatchState.ISSUED, 1)
    with acting_as(SYSTEM):
        paper = cast.session.query(Handover).one()
        assert (paper.contract_no, paper.due_on, paper.state) == ("HT-1", orders.today(20), S.PREPARED)
    assert orders.step(cast, batch, "issue_again", SVC).opened == 1
    empty = saved(cast.session, HandoverBatch(
        project_id=cast.project_ids["a"], name="空", building_id=other.building_id, completion_no="JG-1", completion_on=orders.today(-30),
        from_on=orders.today(), until_on=orders.today(20), created_by=cast.person_ids[SVC],
    ))  # fmt: skip
    with pytest.raises(RuleError, match="没有待交付"):
        orders.step(cast, empty, "issue", SVC)


def test_only_the_service_hands_over(cast):
    paper = handing(cast, signed_home(cast))
    for login in ("consultant1", "supervisor", "contract_officer", "developer_site"):
        with pytest.raises(Forbidden):
            orders.step(cast, paper, "notify", login, on=orders.today(), express_no="x")


def test_an_appointment_is_ahead_and_shown_today(cast, client_as):
    paper = handing(cast, signed_home(cast))
    orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    with pytest.raises(RuleError, match="预约时间"):
        orders.step(cast, paper, "book", SVC, at=now() - timedelta(hours=1))
    paper = orders.step(cast, paper, "book", SVC, at=now() + timedelta(minutes=1))
    svc = client_as(SVC)
    assert paper.number in svc.get("/handover/list/?chip=today").get_data(as_text=True)
    page = svc.get(f"/handover/show/{paper.id}").get_data(as_text=True)
    assert "登记问题" in page and "缴费核对" in page and "还没有面积补差单" in page
    form = svc.post("/handover-defect/add", data={
        "handover_id": paper.id, "place": "阳台", "kind": "doors", "severity": "minor", "description": "推拉门卡", "found_on": orders.today().isoformat(),
        "contractor": "", "due_on": "",
    })  # fmt: skip
    assert form.status_code == 302, form.get_data(as_text=True)
    with acting_as(SYSTEM):
        made = cast.session.query(HandoverDefect).one()
        assert made.due_on == orders.today(7) and made.number.startswith("WT-JPYL-")
    assert "提疑难单" in client_as("consultant1").get(f"/handover/show/{paper.id}").get_data(as_text=True)


def test_an_order_that_ends_takes_its_handover_along(cast):
    from app.features.deals.changes.models import ChangeKind, FaultOf
    from app.features.handover.areas.models import AreaSettlement, AreaState

    contract = signed_home(cast)
    paper, draft = handing(cast, contract), settlement(cast, contract, "90.53")
    from app.features.deals.reservations.models import Reservation

    order = orders.fresh(cast, Reservation, contract.reservation_id)
    change = orders.step(
        cast, orders.change(cast, order, ChangeKind.CANCELLATION, FaultOf.SELLER), "submit_cancellation", "consultant1"
    )
    for login in ("supervisor", "site_manager", "project_manager", "developer_lead"):
        change = orders.decided(cast, change, login)
    for name in ("revoke", "accept_revocation", "revoked"):
        orders.step(cast, contract, name, "contract_officer", note="退房")
    orders.step(cast, change, "execute", "developer_finance")
    assert orders.fresh(cast, Handover, paper.id).state is S.VOID
    assert orders.fresh(cast, AreaSettlement, draft.id).state is AreaState.VOID
    assert orders.fresh(cast, Unit, contract.unit_id).state is UnitState.FREE


def test_plain_values():
    assert given_documents(ALL_THREE) == "住宅质量保证书、住宅使用说明书、竣工验收备案表"
    assert reading("  ", "water", "水表读数") == "" and reading("128.5", "water", "水表读数") == "128.5"
    for wrong in ("-1", "12,8", "1e9", "１００"):
        with pytest.raises(RuleError):
            reading(wrong, "water", "水表读数")
    for wrong in (0, -1, 51):
        with pytest.raises(RuleError):
            whole_keys(wrong)


def test_photos_of_a_defect_are_saved_with_it(cast, client_as):
    paper = handing(cast, signed_home(cast))
    orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    orders.step(cast, paper, "book", SVC, at=now() + timedelta(minutes=1))
    svc, pk = client_as(SVC), paper.id
    said = {
        "handover_id": pk, "place": "阳台", "kind": "doors", "severity": "minor", "description": "推拉门卡",
        "found_on": orders.today().isoformat(), "contractor": "", "due_on": "",
    }  # fmt: skip
    bad = svc.post("/handover-defect/add", data=said | {"_files": [(BytesIO(b"MZ"), "x.exe")]})
    assert bad.status_code == 422
    page = bad.get_data(as_text=True)
    assert "推拉门卡" in page
    assert "请再选一次" in page
    two = [(BytesIO(png(40, 30)), "阳台.png"), (BytesIO(png(20, 30)), "门缝.png")]
    answer = svc.post("/handover-defect/add", data=said | {"_files": two})
    assert answer.headers["Location"].endswith(f"/handover/show/{pk}")  # back to the home, for the next defect
    with acting_as(SYSTEM):
        made = cast.session.query(HandoverDefect).one()
        assert [file.name for file in files_of(cast.session(), made)] == ["阳台.png", "门缝.png"]
    assert "阳台.png" in svc.get(f"/handover-defect/show/{made.id}").get_data(as_text=True)
