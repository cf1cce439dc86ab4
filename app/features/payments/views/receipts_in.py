"""收款明细 from a table: receipts as 待确认, against the account that the room, the order number or the contract number names."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.payments.models import OrderAccount, Receipt, ReceiptState
from app.features.payments.models.accounts import ORDER
from app.features.payments.registry import ORDER_NUMBERS
from app.features.payments.rules.entry import check_amounts, check_days, check_proof
from app.features.units.home_lookup import by_unit, units_named
from app.kernel.base import now
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks


def accounts_named(desk: Desk, texts: set[str]) -> dict[str, list[int]]:
    """Open accounts by order number, by a number of a later room, or by the room of their unit."""
    query = select(OrderAccount).where(OrderAccount.project_id == desk.project_id, OrderAccount.closed_at.is_(None))
    accounts = list(desk.session.scalars(query))
    by_order = {account.reservation_id: account.id for account in accounts if account.subject == ORDER}
    found = {account.order_number: [account.id] for account in accounts if account.order_number in texts}
    for numbers in ORDER_NUMBERS:
        for some in chunks(sorted(texts - found.keys())):
            known = numbers(desk.session, desk.project_id, set(some))
            found |= {text: [by_order[order]] for text, order in known.items() if order in by_order}
    homes: dict[int, list[int]] = {}
    for account in accounts:
        homes.setdefault(account.unit_id, []).append(account.id)
    return by_unit(units_named(desk, texts - found.keys()), homes) | found


def _still_count(query: Any) -> Any:
    return query.where(Receipt.state.not_in((ReceiptState.VOID, ReceiptState.REVERSED)))


def _amounts(_desk: Desk, values: Values) -> None:
    check_amounts(values["amount"], values.get("fee"))


def _days(_desk: Desk, values: Values) -> None:
    check_days(values["paid_on"], values.get("arrived_on"), now().date())


def _proof(_desk: Desk, values: Values) -> None:
    check_proof(values["method"], values.get("pos_terminal"), values.get("reference"))


RECEIPTS_IN = Import(
    columns=(
        ImportColumn(
            "account_id", L("房号或认购书、合同编号"), look_up=accounts_named, required=True, compared=False,
            aliases=("房号", "房源", "房间", "房间号", "认购书编号", "认购编号", "合同号", "合同编号", "收款账户", "单元房号"),
        ),
        ImportColumn(
            "kind", aliases=("款项", "款项名称", "收款类型", "费用名称", "款项类别"),
            words={"首付": "首期", "首付款": "首期", "房款": "楼款", "按揭款": "按揭", "公积金贷款": "公积金", "诚意金": "排号费"},
        ),
        ImportColumn("amount", aliases=("收款金额", "实收金额", "实收", "到账金额", "本次收款")),
        ImportColumn("paid_on", aliases=("收款日期", "缴款日期", "交款日期", "付款日期", "日期"), required=True),
        ImportColumn("arrived_on", aliases=("到账日期", "入账日期")),
        ImportColumn(
            "method", aliases=("收款方式", "付款方式", "支付方式", "交款方式", "结算方式"),
            words={"刷卡": "POS", "POS机": "POS", "银行转账": "转账", "网银": "转账", "电汇": "转账", "按揭放款": "银行放款", "放款": "银行放款"},
        ),
        ImportColumn("credited", aliases=("收款账号", "入账银行")),
        ImportColumn("payer_name", aliases=("付款方", "缴款人", "交款人", "客户姓名", "客户名称", "户名")),
        ImportColumn("third_party_paper", aliases=("代付声明编号",)),
        ImportColumn("pos_terminal", kind="identity", aliases=("终端号", "POS终端")),
        ImportColumn(
            "reference", kind="identity", aliases=("银行流水号", "流水", "参考号", "POS参考号", "交易流水号", "凭证号", "回单号")
        ),
        "fee",
        ImportColumn("remark", aliases=("说明", "摘要")),
    ),
    key=("account_id", "kind", "amount", "paid_on", "reference"),
    among=_still_count, each=(_amounts, _days, _proof),
    notes=(L("导入的收款单都是「待确认」，由甲方财务逐张确认后才算已收。"), L("按房号、认购书编号或合同编号找到收款账户。")),
)  # fmt: skip
