"""Whose customer it is, on plain values (02 §2.5.2). A = who owns him, as a rule because he registered first; B = who claims him now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.features.customers.claims.choices import Ground, Ruling
from app.kernel.errors import RuleError


@dataclass(frozen=True)
class ClaimTerms:
    """The project's numbers: days of a call, a visit, a valid follow-up; days after a deal; what A keeps of a split (0 … 1)."""

    call_days: int
    visit_days: int
    follow_days: int
    back_claim_days: int
    split: Decimal = Decimal("0.5")
    siblings: bool = False


@dataclass(frozen=True)
class Story:
    """What is known of A's customer on the day when B met him. until: last day of A's protection, prolonged by his follow-ups."""

    met_on: date
    owned: bool = True  # False: he stands in the 公海
    same_person: bool = False  # A and B are one
    first_on: date | None = None
    first_was_call: bool = False
    last_valid_on: date | None = None  # A's last valid follow-up or visit before B met him
    protected_until: date | None = None
    dealt_on: date | None = None  # the day of a deal that B made


@dataclass(frozen=True)
class Proposal:
    """What the rules say. share: A's part, 1 = all his, 0 = all B's, None = nobody's. why: one sentence (msgid)."""

    ruling: Ruling
    share: Decimal | None
    why: str


def in_time(story: Story, terms: ClaimTerms) -> bool:
    """Whether A's registration still holds on the day: within the days of his call or visit, or of a valid follow-up since."""
    ends = [story.protected_until] if story.protected_until else []
    if story.first_on is not None:
        ends.append(story.first_on + timedelta(days=terms.call_days if story.first_was_call else terms.visit_days))
    if story.last_valid_on is not None:
        ends.append(story.last_valid_on + timedelta(days=terms.follow_days))
    return bool(ends) and story.met_on <= max(ends)


def propose(ground: Ground, story: Story, terms: ClaimTerms) -> Proposal:
    """The proposal for a 判客单 (02 §2.5.2); the first line that fits speaks."""
    a, b = Proposal(Ruling.FIRST, Decimal(1), ""), Proposal(Ruling.CLAIMANT, Decimal(0), "")
    shared = Proposal(Ruling.SPLIT, terms.split, "")
    if not story.owned:
        return _because(b, "客户在公海，谁接待归谁")
    if ground is Ground.CLOSED_UNTOLD:
        return _because(a, "没有电话告知原顾问或隐瞒登记，全部归原归属顾问")
    if ground is Ground.CLOSED_TOLD:
        return _because(shared, "原顾问不在，电话告知后由同事代为成交，双方分单")
    if ground is Ground.SPOUSES:
        return _because(shared, "夫妻分别由两位顾问接待，双方分单")
    if ground is Ground.SIBLINGS and not terms.siblings:
        return _because(b, "本项目兄弟姐妹不算一组关系户，各归各的顾问")
    if ground is Ground.BACK_CLAIM:
        return _back_claim(story, terms, a, b)
    if in_time(story, terms):
        return _because(a, "先登记且在有效期内有跟进，归先登记的顾问")
    return _because(b, "先登记的顾问超过有效期没有跟进，归后接待的顾问")


def _back_claim(story: Story, terms: ClaimTerms, a: Proposal, b: Proposal) -> Proposal:
    """成交后追认: B says that he had registered the customer before A sold to him."""
    if story.dealt_on is None:
        return _because(a, "客户还没有成交，请按其他事由申请")
    if story.met_on > story.dealt_on + timedelta(days=terms.back_claim_days):
        return _because(a, "已过成交后的追认期限，维持成交顾问")
    return _because(b, "在成交后的追认期限内提出，请核对申请顾问的登记记录后归申请顾问")


def _because(proposal: Proposal, why: str) -> Proposal:
    return Proposal(proposal.ruling, proposal.share, why)


def share_of(ruling: Ruling, percent: Decimal | None) -> Decimal | None:
    """A's part (0 … 1) of a ruling; percent as typed, 1—99, asked for a split only. Raises RuleError."""
    if ruling is Ruling.SPLIT:
        if percent is None or not 1 <= percent <= 99:
            raise RuleError("分单请填原归属顾问的比例，1 至 99", field="percent")
        return percent / 100
    if percent is not None:
        raise RuleError("只有裁定分单时填写比例，请清空", field="percent")
    return {Ruling.FIRST: Decimal(1), Ruling.CLAIMANT: Decimal(0)}.get(ruling)


def check_judge(judge_id: int, parties: frozenset[int], earlier: int | None = None) -> None:
    """Nobody judges a case in which he is a party, nor his own ruling; raises RuleError."""
    if judge_id in parties:
        raise RuleError("你是本案当事人，不能裁定，请由上级裁定")
    if earlier is not None and judge_id == earlier:
        raise RuleError("原裁定是你作出的，申诉请由上级裁定")
