"""From the 合同 to the last payment: drafted, approved, 草签, signed, filed, collected, paid (02 §2.2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.features.deals.contracts.effects import copy_order
from app.features.deals.contracts.models import Contract, Form
from app.features.organisation.models import PermitKind
from app.features.payments.effects import plan_rows_of
from app.features.payments.models import FundKind, PaidBy
from app.features.payments.rules import RowKind
from app.kernel.transactions import write

if TYPE_CHECKING:
    from app.demo.deals.deal import Deal, Stage

KINDS = {row: next(kind for kind in FundKind if kind.label == row.value) for row in RowKind}
TERMS_FIRST = ("JPYL",)  # mode A: entered with the authority before it is signed
READY = 40  # days ago: until then the finished homes were promised


def contract_stages(deal: Deal) -> Iterator[Stage]:
    """The stages after 有效; days count from the order."""
    yield "draft", deal.on(3, 10, 20), partial(draft, deal)
    yield "hand_in", deal.on(3, 10, 45), lambda moment: deal.step(deal.site.officer, deal.contract, "submit", moment)
    yield "supervisor", deal.on(3, 14, 10), partial(_agree, deal)
    yield "manager", deal.on(3, 16, 20), partial(_agree, deal)
    if deal.terms_changed:
        yield "legal", deal.on(4, 10, 30), partial(_agree, deal)
    yield "developer", deal.on(4, 15), partial(_agree, deal)
    if deal.site.code in TERMS_FIRST:
        yield "enter", deal.on(5, 14, 30), partial(_enter, deal)
    yield "pay_first", deal.on(6, 10), partial(_pay_first, deal)
    yield (
        "buyer_sign",
        deal.on(6, 11, 15),
        lambda m: deal.step(deal.site.officer, deal.contract, "buyer_sign", m, on=m.date()),
    )
    yield (
        "seller_seal",
        deal.on(6, 15),
        lambda m: deal.step(deal.site.seal, deal.contract, "seller_seal", m, on=m.date()),
    )
    yield "sign", deal.on(6, 16), partial(_sign, deal)
    yield (
        "online",
        deal.on(8, 10, 10),
        lambda m: deal.step(deal.site.officer, deal.contract, "go_online", m, on=m.date()),
    )
    yield "file", deal.on(20, 14), partial(_file, deal)
    yield "take_home", deal.on(29, 10), lambda m: deal.step(deal.site.clerk, deal.contract, "collect", m, on=m.date())
    for days in (52, 97, 187):
        yield f"pay_{days}", deal.on(days, 10, 30), partial(_pay_due, deal)


def draft(deal: Deal, moment: datetime) -> None:
    """The contract officer takes price and unit over from the order and types the terms."""
    unit = deal.unit
    ready = unit.permit is not None and unit.permit.kind is PermitKind.COMPLETED
    with deal.world.acting(deal.site.officer, moment) as who:

        def work() -> None:
            paper = Contract(
                reservation_id=deal.order.id, created_by=who.person_id, form=Form.READY if ready else Form.PRESALE,
                handover_on=_promised(deal, moment, ready=ready), key_keeper=who.name,
                papers_complete=deal.order.loan_bank != "", terms_changed=deal.terms_changed,
                supplement=_supplement(deal),
            )  # fmt: skip
            copy_order(paper, deal.order)
            deal.session.add(paper)
            deal.session.flush()
            deal.contract = paper

        write(deal.session, work)


def _promised(deal: Deal, moment: datetime, *, ready: bool) -> date | None:
    """现房 in two months from now; one in six was promised earlier, and some of those came later than that."""
    if not ready:
        return deal.world.projects[deal.site.code].handover_on
    if deal.number % 6:
        return deal.world.day(-60)
    return max(moment.date() + timedelta(days=30), deal.world.day(READY))


def _agree(deal: Deal, moment: datetime) -> None:
    deal.decide(deal.contract, moment)


def _serial(deal: Deal, moment: datetime) -> str:
    """The next number of the authority's book: «20260042»."""
    key = f"contracts of {deal.site.code}"
    deal.world.kept[key] = number = deal.world.kept.get(key, 0) + 1
    return f"{moment.year}{number:04d}"


def _enter(deal: Deal, moment: datetime) -> None:
    number = _serial(deal, moment)
    form = {"online_no": f"WQ{number}", "contract_no": f"江房合字{number}"}
    deal.step(deal.site.officer, deal.contract, "enter", moment, **form)


def _sign(deal: Deal, moment: datetime) -> None:
    if deal.site.code in TERMS_FIRST:
        deal.step(deal.site.officer, deal.contract, "sign", moment, on=moment.date())
    else:
        number = f"翠房合字{_serial(deal, moment)}"
        deal.step(deal.site.officer, deal.contract, "sign_on_paper", moment, on=moment.date(), contract_no=number)


def _file(deal: Deal, moment: datetime) -> None:
    number = f"BA{_serial(deal, moment)}"
    deal.step(deal.site.officer, deal.contract, "file", moment, on=moment.date(), filed_no=number)


def _pay_first(deal: Deal, moment: datetime) -> None:
    """What must be confirmed before the signature: the rest of the 定金 and the first instalment."""
    for line in plan_rows_of(deal.session, deal.account):
        missing = line.amount - line.confirmed
        if line.instalment <= 1 and line.payer is PaidBy.BUYER and missing:
            deal.pay(KINDS[line.kind], missing, moment)


def _pay_due(deal: Deal, moment: datetime) -> None:
    """What the plan asks for by now or in the next days, the loan of the bank too."""
    if not deal.pays_later:
        return
    for line in plan_rows_of(deal.session, deal.account):
        missing = line.amount - line.confirmed
        if missing and line.due_on is not None and (line.due_on - moment.date()).days <= 16:
            deal.pay(KINDS[line.kind], missing, moment)


def _supplement(deal: Deal) -> str:
    """Terms of its own for whoever asked for another date, and for the roof of the top floor."""
    if deal.terms_changed:
        return "交付时间提前三十天，逾期按日计付违约金"
    top = deal.unit.floor == deal.unit.building.floors
    return "顶层屋面防水工程的保修期由五年延长至八年，自交付之日起算。" if top else ""
