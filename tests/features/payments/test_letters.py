"""催款函 and 解除通知函: ground, review, sending, term (02 §2.2.1, S3.23)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.payments.dunning.models import DunningRecord
from app.features.payments.letters.effects import fill
from app.features.payments.letters.models import DunningLetter, LetterKind, LetterState
from app.features.payments.letters.views import in_arrears
from app.features.payments.models import FundKind, OrderAccount
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from tests.features.payments import makers
from tests.features.payments.makers import act, today
from tests.features.payments.test_receivables import aged, on, with_terms


def letter(cast, account, kind=LetterKind.DEMAND, **more):
    with acting_as(SYSTEM):
        cast.session.rollback()

        def work():
            of = cast.session.get(OrderAccount, account.id)
            made = DunningLetter(account_id=of.id, kind=kind, created_by=cast.person_ids["consultant1"], **more)
            fill(cast.session, made, of)
            cast.session.add(made)
            cast.session.flush()
            return made

        return write(cast.session, work)


def approved(cast, paper, *logins):
    for login in logins:
        who = cast.actor(login)
        with acting_as(who):
            cast.session.rollback()
            request = open_of(cast.session, cast.session.get(DunningLetter, paper.id))
            decide(cast.session, request.id, current_step(request).id, who, "approve", "同意")


def test_nobody_is_dunned_who_owes_nothing(cast):
    with pytest.raises(RuleError, match="没有逾期的应收款，不用发函"):
        letter(cast, makers.account(cast))


def test_a_letter_is_reviewed_sent_and_signed_for(cast):
    account = with_terms(cast)
    aged(cast, today(10))
    with on(today(10)):
        paper = letter(cast, account)
        assert (paper.overdue, paper.late_fee, paper.days, paper.pay_until) == (
            Decimal(336834), Decimal("673.67"), 10, today(3),
        )  # fmt: skip  # 20,000 and 316,834, both due on the first day
        act(cast, paper, "submit", "consultant1")
        approved(cast, paper, "supervisor")
        act(cast, paper, "send", "clerk", on=today(), express_no="SF123456")
        with acting_as(SYSTEM):
            asked = cast.session.query(DunningRecord).all()
            assert [r.how for r in asked] == ["函件", "函件"] and "SF123456" in asked[0].answer
    with on(today(12)):
        with pytest.raises(RuleError, match="签收日期不能早于寄出日期"):
            act(cast, paper, "sign", "clerk", on=today(-5))
        act(cast, paper, "sign", "clerk", on=today(), signed_by="王伟")
        with acting_as(SYSTEM):
            cast.session.rollback()
            paper = cast.session.get(DunningLetter, paper.id)
            assert (paper.state, paper.pay_until) == (LetterState.SIGNED, today(3))


def test_a_termination_needs_the_contracts_days_and_a_demand(cast):
    account = with_terms(cast, days=30)
    aged(cast, today(30))
    with on(today(30)), pytest.raises(RuleError, match="还没有超过合同约定的解除天数"):
        letter(cast, account, LetterKind.TERMINATION)
    aged(cast, today(31))
    with on(today(31)):
        with pytest.raises(RuleError, match="须先发过催款函"):
            letter(cast, account, LetterKind.TERMINATION)
        demand = letter(cast, account)
        act(cast, demand, "submit", "consultant1")
        approved(cast, demand, "supervisor")
        act(cast, demand, "send", "clerk", on=today(), express_no="SF1")
        notice = letter(cast, account, LetterKind.TERMINATION)
        act(cast, notice, "submit_termination", "consultant1")
        approved(cast, notice, "supervisor", "site_manager", "developer_site")
        with acting_as(SYSTEM):
            cast.session.rollback()
            assert cast.session.get(DunningLetter, notice.id).state is LetterState.APPROVED


@pytest.mark.parametrize("days", [0, -1])
def test_a_term_that_is_over_already(cast, days):
    account = makers.account(cast)
    aged(cast, today(3))
    with on(today(3)), pytest.raises(RuleError, match="限期应晚于今天"):
        letter(cast, account, pay_until=today(days))


def test_nobody_is_offered_a_letter_for_the_delay_of_his_bank(cast):
    of_bank, of_buyer = makers.account(cast, 1), makers.account(cast, 2)
    makers.received(cast, of_bank, 20000)
    makers.received(cast, of_bank, 316834, FundKind.FIRST_PAYMENT)  # his share; the loan is due after sixty days
    aged(cast, today(70))
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = {one.id for one in cast.session.scalars(in_arrears(select(OrderAccount)))}
        assert of_buyer.id in found and of_bank.id not in found
