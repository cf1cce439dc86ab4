"""甲方's 认购台账 and 签约台账 held against our orders and contracts: what differs, what one side lacks. Nothing is written.

An order is born by 销控 alone (02 §2.2.1: one guarded act takes the unit, the price chain and the deposit follow), so a row of a
ledger can never make one; it can only show where the two books disagree.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.models import Reservation
from app.features.units.home_lookup import units_named
from app.kernel.imports.declared import Import, ImportColumn
from app.kernel.posts import Post

CHECKERS = frozenset(
    {
        Post.CLERK,
        Post.SUPERVISOR,
        Post.SITE_MANAGER,
        Post.CONTRACT_OFFICER,
        Post.SALES_ADMIN,
        Post.DEVELOPER_SITE,
        Post.DEVELOPER_FINANCE,
    }
)
ROOM = ImportColumn(
    "unit_id", L("房号"), look_up=units_named, required=True,
    aliases=("房源", "房间", "房间号", "单元房号", "房屋", "房屋坐落", "房号全称"),
)  # fmt: skip
BUYER = ("客户", "客户姓名", "客户名称", "买受人", "购房人", "业主姓名", "姓名")


def _live_orders(query: Any) -> Any:
    return query.where(Reservation.locked_at.is_not(None), Reservation.closed_at.is_(None))


def _live_contracts(query: Any) -> Any:
    return query.where(Contract.state.not_in((ContractState.VOID, ContractState.REVOKED)))


ORDERS_IN = Import(
    columns=(
        ROOM,
        ImportColumn("customer_name", reads="customer_name", aliases=BUYER),
        ImportColumn("total", aliases=("总价", "成交金额", "认购总价", "认购金额", "总房款")),
        ImportColumn("deposit", aliases=("已付定金", "定金金额")),
        ImportColumn("reserved_on", aliases=("认购时间", "认购日", "成交日期", "日期")),
        ImportColumn("sign_due_on", reads="sign_due_on", aliases=("应签约日期", "约定签约日", "预计签约日")),
        ImportColumn("number", reads="number", kind="identity", aliases=("认购书编号", "认购编号", "认购书号")),
    ),
    key=("unit_id",), by=CHECKERS, compare=True, among=_live_orders,
    notes=(L("只核对，不写入：按房号与进行中的认购书比较客户、总价、定金和日期。"),),
)  # fmt: skip

CONTRACTS_IN = Import(
    columns=(
        ROOM,
        ImportColumn("buyers", reads="buyers", aliases=BUYER),
        ImportColumn("building_area", reads="building_area", aliases=("建筑面积", "面积", "合同面积")),
        ImportColumn("unit_price", reads="unit_price", aliases=("单价", "成交单价")),
        ImportColumn("total", reads="total", aliases=("总价", "合同金额", "签约金额", "成交总价", "总房款")),
        ImportColumn("contract_no", kind="identity", aliases=("合同编号",)),
        ImportColumn("signed_on", reads="signed_on", aliases=("签约日期", "签约时间", "签订日期", "日期")),
        ImportColumn("online_no", reads="online_no", kind="identity", aliases=("网签编号", "网签合同号")),
        ImportColumn("filed_no", reads="filed_no", kind="identity", aliases=("备案编号", "备案合同号")),
        ImportColumn("filed_on", reads="filed_on", aliases=("备案日期", "备案时间")),
    ),
    key=("unit_id",), by=CHECKERS, compare=True, among=_live_contracts,
    notes=(L("只核对，不写入：按房号与有效合同比较买受人、面积、单价、总价和日期。"),),
)  # fmt: skip
