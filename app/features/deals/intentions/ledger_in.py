"""排号台账 from a table: each row a draft 认筹单 with the place that the ledger gives it; decided and paid for as ever."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.customers.models import Customer
from app.features.customers.name_lookup import customers_named
from app.features.deals.intentions.effects import check_paper, follow_customer
from app.features.deals.intentions.models import Intention, IntentionState, Keeping
from app.features.units.home_lookup import units_named
from app.kernel.errors import NotFound, RuleError
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.transactions import write
from app.kernel.workflow import as_step

OVER = (IntentionState.VOID, IntentionState.LEFT, IntentionState.DEPOSITED)
WISHES = ("first_unit_id", "second_unit_id", "third_unit_id")
PLAIN = ("keeping", "amount", "refund_name", "refund_account", "remark", "sequence")


def _written(desk: Desk, values: Values) -> Intention:
    """The paper of a row, not added. Raises RuleError as the form does, and for a place that another paper has."""
    customer = desk.session.get(Customer, values["customer_id"])
    if customer is None:
        raise NotFound("customer")
    given = {name: values[name] for name in (*WISHES, *PLAIN) if values.get(name) is not None}
    defaults: Values = {"keeping": Keeping.COLLECTED if values.get("amount") else Keeping.NONE, "amount": 0}
    paper = Intention(created_by=desk.actor.person_id, state=IntentionState.DRAFT, **(defaults | given))
    follow_customer(paper, customer, desk.actor.person_id)
    if paper.sequence is not None:
        _check_sequence(desk, paper.project_id, paper.sequence)
    check_paper(desk.session, paper)
    return paper


def _check_sequence(desk: Desk, project_id: int, sequence: int) -> None:
    if sequence < 1:
        raise RuleError("序号应从 1 开始", field="sequence")
    query = select(Intention).where(Intention.project_id == project_id, Intention.sequence == sequence)
    other = desk.session.scalars(query, execution_options={"unscoped": True}).first()
    if other is not None:
        raise RuleError("序号 {n} 已是认筹单 {no} 的排号", field="sequence", n=sequence, no=other.number or other.id)


def check_row(desk: Desk, values: Values) -> None:
    """Nothing is written."""
    with desk.session.no_autoflush:
        _written(desk, values)


def make_paper(desk: Desk, values: Values) -> Any:
    """A draft; its place is kept until it is decided."""

    def work() -> Intention:
        with as_step(desk.session):
            paper = _written(desk, values)
            desk.session.add(paper)
            desk.session.flush()
        return paper

    return write(desk.session, work)


def _running(query: Any) -> Any:
    return query.where(Intention.state.not_in(OVER))


QUEUE_IN = Import(
    columns=(
        ImportColumn("sequence", L("序号"), kind="integer", aliases=("排号", "排号序号", "认筹序号", "排队号", "号码"), compared=False),
        ImportColumn(
            "customer_id", L("客户"), look_up=customers_named, required=True, personal="phone",
            aliases=("客户手机", "手机", "手机号", "手机号码", "联系电话", "客户姓名", "姓名"),
        ),
        ImportColumn(
            "first_unit_id", look_up=units_named, required=True, aliases=("意向房源", "意向房号", "第一意向房源", "首选")
        ),
        ImportColumn("second_unit_id", look_up=units_named, required=False, aliases=("第二意向房源", "备选一")),
        ImportColumn("third_unit_id", look_up=units_named, required=False, aliases=("第三意向房源", "备选二")),
        ImportColumn(
            "keeping", aliases=("收款方式", "诚意金收取方式"), required=False,
            words={"冻结": "银行冻结", "收款": "收取", "已收": "收取", "不收": "不收款（意向登记）", "意向登记": "不收款（意向登记）"},
        ),
        ImportColumn("amount", aliases=("诚意金金额", "认筹金", "排号费", "金额"), required=False),
        ImportColumn("refund_name", aliases=("户名", "退款人"), compared=False),
        ImportColumn("refund_account", kind="identity", aliases=("账号", "退款银行账号"), compared=False),
        ImportColumn("remark", aliases=("说明",), compared=False),
    ),
    key=("customer_id",), among=_running, check=check_row, create=make_paper,
    notes=(
        L("客户写手机号码或姓名，须先有客户资料；每位客户只能有一份进行中的认筹单。"),
        L("导入的认筹单是草稿，序号照台账保留，提交后由主管审核；诚意金仍由甲方财务确认。"),
    ),
)  # fmt: skip
