"""Closed lists of the expenses: how a claim stands, how it is paid."""

from __future__ import annotations

from app.kernel.states import Choice, State


class ExpenseState(State):
    """草稿 → 审批中 → 待付款 → 已付款."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    APPROVED = ("approved", "待付款", "warn")
    PAID = ("paid", "已付款", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "已作废", "mute")


class PayMethod(Choice):
    """How finance pays it out."""

    TRANSFER = ("transfer", "银行转账")
    CASH = ("cash", "现金")
    PETTY = ("petty", "备用金冲抵")


TAKING = (ExpenseState.REVIEW, ExpenseState.APPROVED, ExpenseState.PAID)  # states in which a claim takes budget
