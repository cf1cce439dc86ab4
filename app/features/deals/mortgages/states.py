"""How does a 按揭 move? Every step is a dated fact that the contract officer enters (02 §2.2.2, 07)."""

from __future__ import annotations

from typing import Any

from app.features.deals.mortgages import effects
from app.features.deals.mortgages.catching_up import FACTS, WAY, note_ledger, place_of
from app.features.deals.mortgages.models import BEFORE_GRANT, BEFORE_RELEASE, Mortgage, MortgageState
from app.features.deals.mortgages.opening import tell_unit
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import Act, flow, step

(
    PRECHECK,
    COLLECTING,
    COMPLETE,
    INTERVIEWED,
    SUBMITTED,
    SUPPLEMENT,
    GRANTED,
    NOTED,
    RELEASED,
    REGISTERED,
    REFUSED,
    VOID,
) = MortgageState
CO = (Post.CONTRACT_OFFICER,)
BEHIND: dict[MortgageState, tuple[MortgageState, ...]] = dict.fromkeys(
    (COMPLETE, INTERVIEWED, SUBMITTED), ()
)  # 补件 comes after


def _on(label: str) -> Any:
    return ask("on", label, "date", default=lambda _mortgage: now().date())


def _lacks_papers(mortgage: Any, _actor: Any) -> bool:
    return bool(mortgage.missing)


def _tell_unit(act: Act) -> None:
    tell_unit(act.session, act.actor, act.document)


RELEASE = (_on("放款日期"), ask("file", "放款凭证", "file", required=False))

MORTGAGE_FLOW = flow(
    Mortgage,
    step("pass_check", "预审通过", PRECHECK, COLLECTING, by=CO, tone="primary", guards=[effects.means_suffice],
         form=[ask("exception", "不符合条件的说明", "textarea", required=False, hint="条件都符合就不填；银行同意例外受理时写明原因")],
         then=[effects.begin_step]),
    step("receive_rest", "其余资料收齐", (PRECHECK, COLLECTING, SUPPLEMENT), None, by=CO, shown=_lacks_papers,
         form=[_on("收到日期")], then=[effects.receive_rest]),
    step("complete", "齐件", COLLECTING, COMPLETE, by=CO, tone="primary", guards=[effects.papers_are_there],
         then=[effects.note_complete, effects.begin_step]),
    step("interview", "面签", COMPLETE, INTERVIEWED, by=CO, tone="primary", form=[_on("面签日期")],
         then=[effects.dated("interviewed_on", "complete_on", "面签日期"), effects.begin_step]),
    step("submit", "送审", INTERVIEWED, SUBMITTED, by=CO, tone="primary", form=[_on("送审日期")],
         then=[effects.dated("submitted_on", "interviewed_on", "送审日期"), effects.begin_step]),
    step("ask_more", "银行要求补件", SUBMITTED, SUPPLEMENT, by=CO, form=[ask("what", "要求补的资料")],
         then=[effects.note_supplement, effects.begin_step]),
    step("submit_again", "补件送审", SUPPLEMENT, SUBMITTED, by=CO, tone="primary", guards=[effects.papers_are_there],
         form=[_on("送审日期")], then=[effects.dated("submitted_on", "interviewed_on", "送审日期"), effects.begin_step]),
    step("grant", "批贷", SUBMITTED, GRANTED, by=CO, tone="primary",
         form=[_on("批贷日期"), ask("granted", "批贷金额", "money", default=lambda mortgage: mortgage.amount,
                                hint="少于申请金额的部分转为客户补首付")],
         then=[effects.note_grant, effects.begin_step]),
    step("note_lien", "预告抵押登记", GRANTED, NOTED, by=CO, tone="primary",
         form=[_on("预告登记日期"), ask("lien_on", "抵押预告日期", "date", default=lambda _mortgage: now().date())],
         then=[effects.note_lien, effects.begin_step]),
    step("release", "放款", NOTED, RELEASED, by=CO, tone="primary", guards=[effects.is_noted_first], form=RELEASE,
         then=[effects.note_release, effects.begin_step]),
    step("release_at_once", "放款（现房）", GRANTED, RELEASED, by=CO, guards=[effects.is_noted_first], form=RELEASE,
         then=[effects.note_release, effects.begin_step]),
    step("register", "正式抵押", RELEASED, REGISTERED, by=CO, tone="primary",
         form=[_on("登记日期"), ask("number", "抵押登记号")], then=[effects.note_registration, effects.begin_step]),
    step("refuse", "拒贷", (PRECHECK, SUBMITTED, SUPPLEMENT), REFUSED, by=CO, reason=True,
         form=[_on("拒贷日期")], confirm="拒贷后通知置业顾问和主管，由他们申请变更付款方式，或另找贷款机构。", then=[effects.note_refusal, effects.begin_step]),
    step("void", "作废", BEFORE_GRANT, VOID, by=CO, reason=True, tone="risk", then=[_tell_unit]),
    *(step(f"ledger_{state.value}", "按揭台账", (*WAY[:place_of(state)], *BEHIND.get(state, (SUPPLEMENT,))), state, internal=True,
           then=[note_ledger, effects.begin_step]) for state in FACTS.values()),
    step("end", "贷款终止", BEFORE_RELEASE, VOID, internal=True),
    normal=(PRECHECK, COLLECTING, COMPLETE, INTERVIEWED, SUBMITTED, GRANTED, NOTED, RELEASED, REGISTERED),
)  # fmt: skip
