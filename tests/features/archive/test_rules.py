"""What a household lacks, how long a paper is kept, how papers are numbered: truth tables (02 §2.5.8–2.5.9)."""

from __future__ import annotations

from datetime import date

import pytest

from app.features.archive.models import Applies, Medium, Payment, Retention, Stage
from app.features.archive.paper_list import DEFAULT_KINDS
from app.features.archive.rules import (
    Terms,
    Wanted,
    applies,
    keep_until,
    measure,
    months_later,
    number_of_folder,
    number_of_paper,
    number_of_site_file,
)

ORDER, IDENTITY, CONTRACT, INCOME, FUND = 1, 2, 3, 4, 5
LIST = (
    Wanted(ORDER, "认购书", Stage.ORDER, Applies.ALL, original=True),
    Wanted(IDENTITY, "身份证明", Stage.ORDER, Applies.ALL, original=False),
    Wanted(CONTRACT, "合同", Stage.SIGN, Applies.ALL, original=True),
    Wanted(INCOME, "收入证明", Stage.LOAN, Applies.LOAN, original=False),
    Wanted(FUND, "公积金证明", Stage.LOAN, Applies.FUND, original=False),
)
TERMS = Terms(30, 10, 10, 5, 24)
FILED = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("payment", "stage", "filed", "needed", "missing"),
    [
        (Payment.LUMP_SUM, Stage.ORDER, {}, 2, ("认购书", "身份证明")),
        (Payment.LUMP_SUM, Stage.ORDER, {ORDER: {Medium.ORIGINAL}}, 2, ("身份证明",)),
        (Payment.LUMP_SUM, Stage.ORDER, {ORDER: {Medium.COPY}, IDENTITY: {Medium.COPY}}, 2, ("认购书",)),
        (Payment.LUMP_SUM, Stage.ORDER, {ORDER: {Medium.COPY, Medium.ORIGINAL}, IDENTITY: {Medium.ELECTRONIC}}, 2, ()),
        (Payment.LUMP_SUM, Stage.FILING, {}, 3, ("认购书", "身份证明", "合同")),
        (Payment.MORTGAGE, Stage.LOAN, {ORDER: {Medium.ORIGINAL}}, 4, ("身份证明", "合同", "收入证明")),
        (Payment.COMBINED, Stage.LOAN, {}, 5, ("认购书", "身份证明", "合同", "收入证明", "公积金证明")),
        (None, Stage.TITLE, {}, 3, ("认购书", "身份证明", "合同")),
    ],
)
def test_the_meter_counts_what_the_stage_and_the_payment_demand(payment, stage, filed, needed, missing):
    meter = measure(LIST, payment, stage, filed)
    assert (meter.needed, meter.present, meter.missing) == (needed, needed - len(missing), missing)


@pytest.mark.parametrize(
    ("filed", "percent"),
    [({}, 0), ({ORDER: {Medium.ORIGINAL}}, 33), ({ORDER: {Medium.ORIGINAL}, IDENTITY: {Medium.COPY}}, 66)],
)
def test_percent_is_whole_and_a_hundred_only_when_nothing_is_missing(filed, percent):
    assert measure(LIST, Payment.LUMP_SUM, Stage.SIGN, filed).percent == percent
    assert measure((), None, Stage.TITLE, {}).percent == 100


def test_papers_of_the_bank_concern_buyers_with_a_loan():
    table = {
        (Applies.ALL, None): True, (Applies.LOAN, None): False, (Applies.LOAN, Payment.INSTALMENTS): False,
        (Applies.LOAN, Payment.MORTGAGE): True, (Applies.LOAN, Payment.COMBINED): True, (Applies.FUND, Payment.MORTGAGE): False,
        (Applies.FUND, Payment.COMBINED): True,
    }  # fmt: skip
    assert {key: applies(*key) for key in table} == table


@pytest.mark.parametrize(
    ("retention", "ended_on", "until"),
    [
        (Retention.PERMANENT, date(2026, 9, 1), None),
        (Retention.CONTRACT, None, None),
        (Retention.CONTRACT, date(2026, 9, 1), date(2036, 9, 1)),
        (Retention.IDENTITY, None, None),
        (Retention.IDENTITY, date(2024, 2, 29), date(2034, 2, 28)),
        (Retention.ACCOUNTING, None, date(2056, 3, 18)),
        (Retention.ORDINARY, None, date(2031, 3, 18)),
        (Retention.VISITOR, None, date(2028, 3, 18)),
    ],
)
def test_how_long_a_paper_is_kept(retention, ended_on, until):
    assert keep_until(retention, FILED, ended_on, TERMS) == until


def test_a_month_later_in_a_shorter_month_is_its_last_day():
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 12, 31), 1) == date(2027, 1, 31)


def test_numbers_of_the_file():
    assert number_of_folder("JPYL", "3栋", "1单元1102", 1) == "JPYL-3栋-1单元1102"
    assert number_of_folder("JPYL", "3栋", "1102", 2) == "JPYL-3栋-1102-2户"
    assert number_of_paper("JPYL-3栋-1102", 7) == "JPYL-3栋-1102-07"
    assert number_of_site_file("JPYL", "制度", 2026, 3) == "JPYL-制度-2026-003"


def test_the_usual_list_names_each_kind_once():
    assert (
        len({kind.name for kind in DEFAULT_KINDS}) == len({kind.code for kind in DEFAULT_KINDS}) == len(DEFAULT_KINDS)
    )
    required = {kind.name for kind in DEFAULT_KINDS if kind.required and kind.to is Applies.ALL}
    assert {"认购书", "商品房买卖合同", "身份证明复印件", "备案证明", "契税完税凭证"} <= required
