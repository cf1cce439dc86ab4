"""按揭 that the signatures opened, each as far as its days allow; among the young ones a refusal, a smaller grant, missing papers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from app.demo.aftercare.walking import Walk, moment, retell, walk
from app.demo.world import World
from app.features.deals.contracts.models import Contract, Form
from app.features.deals.mortgages.models import LoanKind, Mortgage, MortgageState
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import as_step

OFFICERS = {"JPYL": "contract_officer", "CH1": "other_contract_officer"}
LONG_AGO = 60  # days: what was signed before is only written down
YOUNG = 45  # days after the signature until the money is there
STORIES = ("usual", "refused", "less", "more papers", "interviewed", "late")
LESS = Decimal(30_000)
CONTACTS = ("信贷部 尹经理", "按揭中心 祁经理", "个贷部 佟经理")


def load(session: Any, world: World) -> None:
    """Every loan of both projects in the order of its signature."""
    for code, officer in OFFICERS.items():
        query = select(Mortgage).where(Mortgage.project_id == world.projects[code].id, Mortgage.signed_on.is_not(None))
        query = query.where(Mortgage.state == MortgageState.PRECHECK)
        mortgages = session.scalars(query.order_by(Mortgage.signed_on, Mortgage.id)).all()
        _means(session, mortgages)
        presold = set(session.scalars(select(Contract.reservation_id).where(Contract.form == Form.PRESALE)))
        young = 0
        for mortgage in mortgages:
            story = "usual"
            if (world.today - mortgage.signed_on).days < YOUNG and code == "JPYL":
                story = STORIES[young % len(STORIES)]
                young += 1
            life = _life(officer, mortgage, story, mortgage.reservation_id in presold)
            if (world.today - mortgage.signed_on).days < LONG_AGO:
                walk(session, world, mortgage, life)
            else:
                write(session, partial(_retell, session, world, mortgage, life), attempts=1)


def _means(session: Any, mortgages: Any) -> None:
    """Age and income as the certificates say."""

    def work() -> None:
        with as_step(session):
            for number, mortgage in enumerate(mortgages):
                mortgage.age = min(mortgage.age or 34, 39)
                factor = Decimal(9 if mortgage.kind is LoanKind.FUND else 6) + number % 3
                mortgage.monthly_income = (mortgage.monthly_payment * factor / 100).quantize(Decimal(1)) * 100
                mortgage.contact = CONTACTS[number % len(CONTACTS)]
            session.flush()

    write(session, work)


def _retell(session: Any, world: World, mortgage: Mortgage, life: list[Walk]) -> None:
    with as_step(session):
        retell(session, world, mortgage, life)
        days = {name: when.date() for _who, when, name, _form in life if when <= now()}
        mortgage.complete_on, mortgage.interviewed_on = days["complete"], days["interview"]
        mortgage.submitted_on, mortgage.granted_on, mortgage.granted = days["submit"], days["grant"], mortgage.amount
        mortgage.noted_on = mortgage.lien_noted_on = days.get("note_lien")
        mortgage.released_on, mortgage.registered_on = (
            days.get("release") or days["release_at_once"],
            days.get("register"),
        )
        mortgage.registered_no = f"抵 {mortgage.submitted_on.year}{mortgage.id:05d}" if mortgage.registered_on else ""
        mortgage.step_since = max(days.values())
        mortgage.unit.loan_state = mortgage.state.label
        for paper in mortgage.papers:
            paper.received_on = days["receive_rest"]
        session.flush()


def _life(officer: str, mortgage: Mortgage, story: str, presold: bool) -> list[Walk]:
    signed: date = mortgage.signed_on  # type: ignore[assignment]

    def at(days: int, name: str, **form: Any) -> Walk:
        return officer, moment(signed, 9 + mortgage.id % 8, mortgage.id * 7 % 60, days=days), name, form

    steps = [at(1, "pass_check")]
    if story == "late":
        return steps
    steps += [at(4, "receive_rest", on="on"), at(5, "complete"), at(7, "interview", on="on")]
    if story == "interviewed":
        return steps
    steps.append(at(9, "submit", on="on"))
    if story == "more papers":
        return [*steps, at(12, "ask_more", what="近三个月社保缴纳明细")]
    if story == "refused":
        return [*steps, at(13, "refuse", on="on", note="征信有连续逾期记录")]
    granted = mortgage.amount - LESS if story == "less" else mortgage.amount
    steps.append(at(18, "grant", on="on", granted=granted))
    if story == "less":
        return steps
    if presold:
        lien = signed + timedelta(days=24)
        steps.append(at(24, "note_lien", on="on", lien_on=lien))
    steps.append(at(40, "release" if presold else "release_at_once", on="on"))
    if mortgage.id % 4:
        steps.append(at(75, "register", on="on", number=f"抵 {signed.year}{mortgage.id:05d}"))
    return steps
