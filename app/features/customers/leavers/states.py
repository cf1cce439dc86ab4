"""How does a 客户移交单 move? Prepared, then everything at once."""

from __future__ import annotations

from app.features.customers.leavers import effects
from app.features.customers.leavers.models import MAKERS, CustomerTransfer, TransferState
from app.kernel.workflow import flow, step

DRAFT, DONE = TransferState

TRANSFER_FLOW = flow(
    CustomerTransfer,
    step("execute", "移交", DRAFT, DONE, by=MAKERS, tone="primary", guards=[effects.within_reach], then=[effects.execute],
         confirm="移交人名下的客户、跟进任务和未签约的认购书一次全部转出，移交人马上看不到这些客户。没有填写份数时，其余客户转入公海。"),
    normal=(DRAFT, DONE),
)  # fmt: skip
