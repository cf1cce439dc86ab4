"""How does a 签约流转单 move? Desk to desk; every desk may send it back to the one before."""

from __future__ import annotations

from app.features.deals.slips import effects
from app.features.deals.slips.models import SigningSlip, SlipState
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import Step, flow, step

SALES, CLERK, FINANCE, OFFICER, SEAL, DONE, VOID = SlipState
SELLERS = (Post.CONSULTANT, Post.SUPERVISOR)
OPINION = (ask("opinion", "意见", "text", required=False),)


def _back(name: str, source: SlipState, target: SlipState, post: Post) -> Step:
    return step(name, "退回上一岗位", source, target, by=[post], reason=True, tone="risk")


SLIP_FLOW = flow(
    SigningSlip,
    step("hand_over", "交资料", SALES, CLERK, by=SELLERS, tone="primary", form=OPINION, then=[effects.give_number]),
    step("papers_checked", "资料齐全", CLERK, FINANCE, by=[Post.CLERK], tone="primary", form=OPINION),
    step("money_checked", "款已核对", FINANCE, OFFICER, by=[Post.DEVELOPER_FINANCE], tone="primary", form=OPINION,
         guards=[effects.first_payment_is_confirmed]),
    step("buyer_signed", "买方已签", OFFICER, SEAL, by=[Post.CONTRACT_OFFICER], tone="primary", form=OPINION),
    step("sealed", "已盖章", SEAL, DONE, by=[Post.DEVELOPER_SITE], tone="primary", form=OPINION),
    _back("back_to_sales", CLERK, SALES, Post.CLERK),
    _back("back_to_clerk", FINANCE, CLERK, Post.DEVELOPER_FINANCE),
    _back("back_to_finance", OFFICER, FINANCE, Post.CONTRACT_OFFICER),
    _back("back_to_officer", SEAL, OFFICER, Post.DEVELOPER_SITE),
    step("void", "作废", (SALES, CLERK), VOID, by=(*SELLERS, Post.CLERK), reason=True, tone="risk"),
    normal=(SALES, CLERK, FINANCE, OFFICER, SEAL, DONE),
)  # fmt: skip
