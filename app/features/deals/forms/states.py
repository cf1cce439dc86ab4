"""How does a contract form move? 领, 用, 还, 废 — and never back from the last two (issue 5.9)."""

from __future__ import annotations

from app.features.deals.forms import effects
from app.features.deals.forms.models import ContractForm, FormState
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

STOCK, ISSUED, USED, VOID = FormState
KEEPERS = (Post.CLERK, Post.CONTRACT_OFFICER)

FORM_FLOW = flow(
    ContractForm,
    step("issue", "领用", STOCK, ISSUED, by=[Post.CLERK], tone="primary", then=[effects.issue],
         form=[ask("holder_id", "领用人", "person", posts={Post.CONTRACT_OFFICER, Post.CONSULTANT, Post.CLERK})]),
    step("use", "登记使用", ISSUED, USED, by=KEEPERS, tone="primary", then=[effects.use],
         form=[ask("contract_id", "用于合同", "record", model="contract")]),
    step("give_back", "归还", ISSUED, STOCK, by=[Post.CLERK], then=[effects.give_back]),
    step("spoil", "作废", (STOCK, ISSUED, USED), VOID, by=KEEPERS, reason=True, tone="risk", then=[effects.spoil]),
    normal=(STOCK, ISSUED, USED),
)  # fmt: skip
