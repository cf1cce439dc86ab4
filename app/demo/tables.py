"""Tables in and out: yesterday 甲方财务 sent its receipts as a table, and the site manager had the customers exported."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.world import World
from app.features.customers.models import Customer
from app.features.payments.models import OrderAccount, Receipt
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.imports.declared import Desk, columns_of
from app.kernel.imports.heads import propose, told
from app.kernel.imports.making import make_plan
from app.kernel.imports.memory import remember
from app.kernel.imports.writing import commit
from app.kernel.screens.view import view_of
from app.kernel.spreadsheets import Sheet
from app.kernel.tasks.asking import ask_for
from app.kernel.tasks.running import KINDS, Run, take
from app.kernel.transactions import write

SENDER = "甲方财务部"
HEAD = ("房间", "款项名称", "本次收款", "收款日期", "结算方式", "银行流水号", "交款人")
AMOUNTS = (Decimal(30000), Decimal(50000), Decimal(20000))


def load(session: Any, world: World) -> None:
    """What the clerk and the site manager find under 导入 and 我的任务."""
    _receipts(session, world)
    _customers(session, world)


def _receipts(session: Any, world: World) -> None:
    """Three receipts wait for their confirmation; the sender's heads are known from now on."""
    view, moment = view_of(Receipt), world.at(1, 16, 30)
    project_id = world.projects["JPYL"].id
    query = select(OrderAccount).where(OrderAccount.project_id == project_id, OrderAccount.closed_at.is_(None))
    accounts = list(session.scalars(query.order_by(OrderAccount.id.desc()).limit(len(AMOUNTS))))
    rows: list[list[object]] = [
        [account.unit.full_name, "楼款", str(amount), moment.date().isoformat(), "转账", f"GK{number:08d}", account.buyers.split("、")[0]]
        for number, (account, amount) in enumerate(zip(accounts, AMOUNTS, strict=True), 1)
    ]  # fmt: skip
    sheet = Sheet("收款明细", [["江畔云庐收款明细表"], list(HEAD), *rows])
    with world.acting("clerk", moment) as who:
        desk = Desk(session, who, project_id, view)
        heads = propose([sheet], columns_of(view), {})
        plan = make_plan(desk, [sheet], heads)
        if plan.faults:
            raise ValueError(str(plan.faults[0]))
        write(session, lambda: remember(session, project_id, "receipt", SENDER, told(heads)))
        about = {"subject": "receipt", "file_name": "甲方收款明细.xlsx", "digest": "0" * 64, "source": SENDER}
        commit(desk, plan, about)


def _customers(session: Any, world: World) -> None:
    """A finished task with its file."""
    arguments = {"table": Customer.__tablename__, "query": "", "reason": "报甲方核对", "rows": 0, "locale": ""}
    with world.acting("site_manager", world.at(1, 17)) as who:
        asked = ask_for(session, who, "export", "导出客户列表", arguments, project_id=world.projects["JPYL"].id)
        with acting_as(SYSTEM):
            task = take(session, asked.id)
        if task is None:
            raise ValueError("somebody else runs the tasks of the demo")
        KINDS["export"](Run(session, task, who))
