"""How does a 个人信息请求 move? Nothing is told or erased before it is known who asks."""

from __future__ import annotations

from app.features.privacy.requests import effects
from app.features.privacy.requests.models import ERASERS, HANDLERS, MAKERS, PersonRequest, RequestKind, RequestState
from app.kernel.asks import ask
from app.kernel.workflow import flow, step

REGISTERED, VERIFIED, ANSWERED, REFUSED, VOID = RequestState
BY_HAND = (RequestKind.ACCESS, RequestKind.COPY, RequestKind.CORRECT)

PERSON_REQUEST_FLOW = flow(
    PersonRequest,
    step("verify", "核实身份", REGISTERED, VERIFIED, by=MAKERS | HANDLERS, tone="primary", then=[effects.verify],
         form=[ask("proof", "怎样核实的", "textarea", wide=True, hint="例如核对身份证原件，或用登记号码回拨；受托人还要有委托书"),
               ask("file", "证明材料", "file", required=False)]),
    step("answer", "办理并答复", VERIFIED, ANSWERED, by=HANDLERS, tone="primary", then=[effects.answer],
         shown=lambda paper, _actor: paper.kind in BY_HAND,
         form=[ask("answer", "答复", "textarea", wide=True, hint="查阅、复制：打印「个人信息答复书」交给客户；更正：先在客户页改好"),
               ask("file", "客户签收", "file", required=False)]),
    step("withdraw", "撤回全部同意", VERIFIED, ANSWERED, by=HANDLERS, tone="primary", then=[effects.withdraw],
         shown=lambda paper, _actor: paper.kind is RequestKind.WITHDRAW),
    step("erase", "删除（匿名处理）", VERIFIED, ANSWERED, by=ERASERS, tone="risk", guards=[effects.may_be_erased], then=[effects.erase],
         shown=lambda paper, _actor: paper.kind is RequestKind.ERASE, confirm="删除后不能恢复：姓名、号码、往来内容和附件都不再可查。"),
    step("refuse", "不予办理", (REGISTERED, VERIFIED), REFUSED, by=HANDLERS, reason=True, then=[effects.refuse]),
    step("void", "作废", REGISTERED, VOID, by=HANDLERS, reason=True, tone="risk"),
    normal=(REGISTERED, VERIFIED, ANSWERED),
)  # fmt: skip
