"""What stands on the papers of orders, contracts, concessions and changes. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.features.archive.folders.effects import folder_of
from app.features.archive.folders.models import PaperKind
from app.features.archive.models import Applies, Stage
from app.features.archive.papers.models import Paper
from app.features.archive.rules import LENT_BY_BANK
from app.features.deals.contracts.models import Contract
from app.features.deals.discounts.models import DiscountRequest
from app.features.deals.reservations.models import Buyer, Reservation
from app.features.deals.reservations.price import lined_plan_of
from app.features.organisation.parameters import parameter
from app.features.organisation.printed import escrow_account
from app.features.pricing.rules import Payer, PlanRow
from app.features.units.printed import unit_values
from app.kernel.base import now
from app.kernel.papers.definition import Row, Values
from app.kernel.papers.kinds import NONE, Desk, day, in_capitals, money, percent, person, told
from app.kernel.workflow import StateChange, history

UNSCOPED = {"unscoped": True}
BY_HAND = "____年__月__日"  # the order has not taken effect: the day is not known before the deposit is there
OURS = ("order", "receipt", "discount", "supplement", "change", "loan_contract")  # papers that nobody brings


# ── parts that several papers share ─────────────────────────
def buyer_rows(desk: Desk, buyers: Sequence[Buyer]) -> list[Row]:
    """买受人表."""
    return [
        {
            "姓名": one.name, "证件类型": one.id_kind.label, "证件号码": desk.personal(one, "id_number"), "份额": one.share_told,
            "电话": desk.personal(one, "phone"),
        }
        for one in buyers
    ]  # fmt: skip


def names(buyers: Sequence[Buyer], customer_name: str) -> str:
    """Everybody who buys."""
    return "、".join(one.name for one in buyers) or customer_name


def price_rows(order: Reservation) -> list[Row]:
    """计价项目: 房款, then 装修款, 车位 and 储藏间; empty where the home is all that is sold."""
    if not order.lines:
        return []
    of_lines = sum((line.list_total for line in order.lines), Decimal(0))
    home: Row = {
        "项目": "房款", "名称": order.unit.full_name, "表价": money((order.list_total or Decimal(0)) - of_lines),
        "成交价": money(order.home_total),
    }  # fmt: skip
    lines: list[Row] = [
        {"项目": line.kind.label, "名称": line.name, "表价": money(line.list_total), "成交价": money(line.public_total)}
        for line in order.lines
    ]
    return [home, *lines]


def _attached(order: Reservation) -> str:
    """附属: the places that the order sells, and what was typed beside them."""
    return told("、".join(filter(None, (*(line.name for line in order.attached_lines), order.attached))))


def plan_rows(order: Reservation) -> list[Row]:
    """付款计划 as the order owes it: with something sold beside the home, a row for each 计价项目."""
    return told_plan(lined_plan_of(order), lined=bool(order.lines))


def told_plan(plan: Sequence[PlanRow], *, lined: bool) -> list[Row]:
    """The rows of a plan; lined: each names its 计价项目."""
    return [
        {
            "款项": f"{row.kind.value}（{row.line.named(row.line_name)}）" if lined and row.line else row.kind.value,
            "付款人": row.payer.value, "时间": _when(row.anchor.value, row.days), "金额": money(row.amount),
        }
        for row in plan
    ]  # fmt: skip


def _when(anchor: str, days: int) -> str:
    return f"{anchor}后 {days} 天内" if days else f"{anchor}当天"


def _loan(order: Reservation) -> str:
    parts = (
        order.loan_bank, f"贷款 {money(order.loan_amount)} 元" if order.loan_amount else "",
        f"其中公积金 {money(order.fund_amount)} 元" if order.fund_amount else "", f"{order.loan_years} 年" if order.loan_years else "",
    )  # fmt: skip
    return told("，".join(part for part in parts if part))


def _order(desk: Desk, order: Reservation) -> Values:
    """What every paper of an order may say."""
    unit = order.unit
    return {
        **unit_values(unit), "买受人": names(order.buyers, order.customer_name), "置业顾问": person(order.owner_id),
        "认购书编号": order.number or "", "认购日期": day(order.reserved_on), "成交总价": money(order.total),
        "成交总价大写": in_capitals(order.total), "成交单价": money(order.unit_price), "付款方式": told(order.scheme and order.scheme.name),
        "定金": money(order.deposit), "定金大写": in_capitals(order.deposit), "应签约日": day(order.sign_due_on) if order.sign_due_on is not None else BY_HAND,
        "监管账户": escrow_account(desk.session, order.project_id, unit.permit or unit.building.permit),
    }  # fmt: skip


# ── 认购书 and what goes with it ────────────────────────────
def reservation(desk: Desk, order: Reservation) -> Values:
    """认购书 (02 §2.4)."""
    return {
        **_order(desk, order), "买受人表": buyer_rows(desk, order.buyers), "共有方式": order.ownership.label,
        "委托代理人": told(f"{order.agent} {order.agent_paper}".strip()), "监护人": told(order.guardian),
        "送达地址": desk.personal(order, "mail_address"), "表价总价": money(order.list_total),
        "计价项目": price_rows(order), "分项计价": "是" if order.lines else "", "公开折后总价": money(order.public_total), "特殊折扣单": told(order.discount_request and order.discount_request.number),
        "付款计划": plan_rows(order), "付款计划合计": money(sum((Decimal(row[2]) for row in order.plan_rows), Decimal(0))),
        "贷款情况": _loan(order), "附属": _attached(order), "备注": told(order.remark),
    }  # fmt: skip


def unit_choice(desk: Desk, order: Reservation) -> Values:
    """选房确认单."""
    return {
        **_order(desk, order), "买受人表": buyer_rows(desk, order.buyers), "表价总价": money(order.list_total or order.unit.list_total),
        "销控时间": f"{order.locked_at:%Y-%m-%d %H:%M}" if order.locked_at is not None else NONE,
    }  # fmt: skip


def sign_guide(desk: Desk, order: Reservation) -> Values:
    """签约须知: until when, how much, which papers."""
    before = [row for row in plan_rows(order) if row["付款人"] == "买受人"]
    whole = sum((row.amount for row in lined_plan_of(order) if row.payer is Payer.BUYER), Decimal(0))
    return {
        **_order(desk, order), "签约前应付": before, "应付合计": money(whole), "应付合计大写": in_capitals(whole),
        "所需资料": [{"资料": kind.name} for kind in _brought(desk, order, (Stage.ORDER, Stage.SIGN), (*OURS, "contract"))],
        "需要贷款": "是" if order.loan_amount or any(row[0] in ("按揭", "公积金") for row in order.plan_rows) else "",
    }  # fmt: skip


def _brought(desk: Desk, order: Reservation, stages: Sequence[Stage], besides: Collection[str]) -> list[PaperKind]:
    """The papers that the customer brings at these stages, by the project's list. besides: codes of those that the site makes."""
    query = select(PaperKind).where(
        PaperKind.project_id == order.project_id, PaperKind.active, PaperKind.stage.in_(stages)
    )
    rows = desk.session.scalars(query.order_by(PaperKind.position, PaperKind.id), execution_options=UNSCOPED)
    with_fund = bool(order.fund_amount)
    return [kind for kind in rows if kind.code not in besides and (kind.applies_to is not Applies.FUND or with_fund)]


def loan_list(desk: Desk, order: Reservation) -> Values:
    """按揭资料清单: what the bank asks for, what is on file already (02 §2.5.9)."""
    folder = folder_of(desk.session, Reservation.__tablename__, order.id)
    there: set[int] = set()
    if folder is not None:
        on_file = select(Paper.kind_id).where(Paper.folder_id == folder.id, Paper.number.is_not(None))
        there = set(desk.session.scalars(on_file, execution_options=UNSCOPED))
    asked = _brought(desk, order, (Stage.ORDER, Stage.SIGN, Stage.LOAN), OURS)
    rows: list[Row] = [
        {
            "序号": str(i), "资料": kind.name, "要求": "原件" if kind.original else "复印件，原件核对",
            "情况": "已有" if kind.id in there else "未交", "签收": "",
        }
        for i, kind in enumerate(asked, 1)
    ]  # fmt: skip
    return {
        **_order(desk, order),
        "资料清单": rows,
        "贷款情况": _loan(order),
        "缺件": "、".join(r["资料"] for r in rows if r["情况"] == "未交") or NONE,
    }


def lent_by_bank(order: Any) -> bool:
    """Whether its payment scheme has a loan."""
    return order.scheme is not None and order.scheme.kind.value in {payment.value for payment in LENT_BY_BANK}


# ── 合同 ────────────────────────────────────────────────────
def contract_cover(desk: Desk, contract: Contract) -> Values:
    """The data of the contract's cover: parties, unit, price, dates, penalties."""
    order, unit = contract.reservation, contract.unit
    return {
        **unit_values(unit), "买受人": contract.buyers or contract.customer_name, "买受人表": buyer_rows(desk, _signers(contract, order)),
        "合同号": told(contract.contract_no), "范本": contract.form.label, "认购书编号": told(order and order.number),
        "合同建筑面积": f"{contract.building_area}", "计价方式": contract.pricing_basis.label, "合同单价": money(contract.unit_price),
        "合同总价": money(contract.total), "合同总价大写": in_capitals(contract.total), "付款方式": told(contract.scheme and contract.scheme.name),
        "交付日": day(contract.handover_on), "逾期费率": f"万分之 {(contract.late_rate * 10000).normalize():f}",
        "解除天数": str(contract.late_days), "解除违约金": percent(contract.termination_rate), "面积差异条款": contract.area_clause,
        "份数": str(contract.copies), "领用编号": told(contract.paper_no), "签约日": day(contract.signed_on), "网签号": told(contract.online_no),
        "网签日": day(contract.online_on), "备案号": told(contract.filed_no), "备案日": day(contract.filed_on),
        "共有方式": told(order and order.ownership), "置业顾问": person(contract.owner_id), "补充协议": told(contract.supplement),
        "计价项目": price_rows(order) if order is not None else [], "分项计价": "是" if order is not None and order.lines else "",
        "监管账户": escrow_account(desk.session, contract.project_id, unit.permit or unit.building.permit),
    }  # fmt: skip


def _signers(contract: Contract, order: Reservation | None) -> list[Buyer]:
    """The buyers as they were when it was written."""
    buyers = list(order.buyers) if order is not None else []
    return [one for one in buyers if one.id in contract.buyer_ids] or buyers


# ── 特殊优惠审批单, 申请表 ─────────────────────────────────
def discount(desk: Desk, paper: DiscountRequest) -> Values:
    """特殊优惠审批单 with its trail (02 §2.2.3); the floor price is never on it."""
    return {
        **unit_values(paper.unit), "客户": paper.customer_name, "付款方式": told(paper.scheme and paper.scheme.name),
        "表价总价": money(paper.list_total), "公开折后总价": money(paper.public_total), "申请总价": money(paper.asked_total),
        "申请总价大写": in_capitals(paper.asked_total), "额外让利": paper.extra_percent,
        "让利金额": money(paper.public_total - paper.asked_total), "理由": paper.reason, "希望有效至": day(paper.wanted_until),
        "核定总价": money(paper.granted_total), "核定总价大写": in_capitals(paper.granted_total), "有效至": day(paper.valid_until),
        "申请人": person(paper.submitted_by or paper.created_by), "结论": paper.state.label,
    }  # fmt: skip


# ── letters and slips of an order on its way ────────────────
def sign_demand(desk: Desk, order: Reservation) -> Values:
    """催签函: the day of signing has passed (02 §2.2.1)."""
    today = now().date()
    late = (today - order.sign_due_on).days if order.sign_due_on is not None else 0
    return {
        **_order(desk, order), "逾期天数": str(max(late, 0)), "送达地址": desk.personal(order, "mail_address"),
        "宽限日": day(today + timedelta(days=parameter(desk.session, order.project_id, "sign_grace_days"))),
    }  # fmt: skip


def end_notice(desk: Desk, order: Reservation) -> Values:
    """解除认购通知书: the 催签函 was of no avail (02 §2.2.1); what it says of the 定金 is law, what happens to it is decided apart."""
    return {
        **_order(desk, order), "催签函寄出日": day(order.demanded_on), "催签函快递单号": told(order.demand_express),
        "送达地址": desk.personal(order, "mail_address"), "通知日": day(order.end_notice_on) if order.end_notice_on is not None else BY_HAND,
        "快递单号": told(order.end_notice_express),
    }  # fmt: skip


ROUTE = (  # 环节, the step that does it, of the order or of the contract
    ("认购书审核", "reservation.approve", True), ("资料核对", "check_material", True), ("客户签认购书", "customer_sign", True),
    ("认购书盖章", "seal", True), ("合同提交审核", "submit", False), ("合同审核", "contract.approve", False), ("网签录入", "enter", False),
    ("买方签署", "buyer_sign", False), ("甲方盖章", "seller_seal", False), ("签约完成", "sign", False), ("网签提交", "go_online", False),
    ("备案", "file", False), ("合同领取", "collect", False),
)  # fmt: skip


def sign_route(desk: Desk, contract: Contract) -> Values:
    """签约流转单: every station with who and when, the coming ones open."""
    done: dict[tuple[str, bool], StateChange] = {}
    for record, of_order in ((contract.reservation, True), (contract, False)):
        for change in history(desk.session, record) if record is not None else ():
            done[(change.step.removesuffix("_on_paper"), of_order)] = change
    rows: list[Row] = []
    for i, (name, step, of_order) in enumerate(ROUTE, 1):
        taken = done.get((step, of_order))
        rows.append({
            "序号": str(i), "环节": name, "经办人": taken.person_name if taken else "", "日期": f"{taken.at:%Y-%m-%d %H:%M}" if taken else "",
            "说明": taken.note if taken else "", "签字": "",
        })  # fmt: skip
    return {**contract_cover(desk, contract), "流转记录": rows}
