"""What follows when contract forms come in, go out, are used or spoilt."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.forms.models import ContractForm, FormBatch, FormState
from app.kernel.errors import RuleError
from app.kernel.workflow import Act

UNSCOPED = {"unscoped": True}
GONE = (ContractState.VOID, ContractState.REVOKED)
MOST = 1000


def check_batch(batch: FormBatch) -> None:
    """A run of at most a thousand numbers that fit their width."""
    if batch.first <= 0 or batch.last < batch.first:
        raise RuleError("起号应大于 0，止号不能小于起号", field="last")
    if batch.last - batch.first >= MOST:
        raise RuleError("一次最多登记 {n} 份，请分批登记", field="last", n=MOST)
    if not 1 <= batch.width <= 10:
        raise RuleError("号码位数应在 1 至 10 之间", field="width")


def make_forms(session: Session, batch: FormBatch) -> int:
    """Every serial of the batch; a serial that is there already is refused by the unique rule."""
    for number in range(batch.first, batch.last + 1):
        session.add(ContractForm(
            project_id=batch.project_id, batch_id=batch.id, serial=batch.serial(number), position=number, form=batch.form,
        ))  # fmt: skip
    session.flush()
    return batch.last - batch.first + 1


def issue(act: Act) -> None:
    """领: who has it since when."""
    act.document.holder_id, act.document.issued_on = act.form["holder_id"], act.at.date()


def give_back(act: Act) -> None:
    """还: unused, back in the cupboard."""
    act.document.holder_id = act.document.issued_on = None


def use(act: Act) -> None:
    """用: for one contract, which bears its serial from now on."""
    form: ContractForm = act.document
    contract = act.session.get(Contract, int(act.form["contract_id"]), execution_options=UNSCOPED)
    if contract is None or contract.project_id != form.project_id:
        raise RuleError("请选择本项目的合同", field="contract_id")
    if contract.state in GONE:
        raise RuleError(
            "合同 {no} 现在是「{state}」，不能用", field="contract_id", no=contract, state=contract.state.label
        )
    other = act.session.scalars(
        select(ContractForm).where(ContractForm.contract_id == contract.id, ContractForm.state == FormState.USED),
        execution_options=UNSCOPED,
    ).first()
    if other is not None:
        raise RuleError(
            "合同 {no} 已用了 {serial}；写错的请先作废那一份", field="contract_id", no=contract, serial=other.serial
        )
    form.contract_id, form.closed_on, contract.paper_no = contract.id, act.at.date(), form.serial


def spoil(act: Act) -> None:
    """废: with reason; a contract that bore the serial needs another form."""
    form: ContractForm = act.document
    form.closed_on = act.at.date()
    if form.contract_id is not None:
        contract: Any = act.session.get_one(Contract, form.contract_id, execution_options=UNSCOPED)
        if contract.paper_no == form.serial:
            contract.paper_no = ""
