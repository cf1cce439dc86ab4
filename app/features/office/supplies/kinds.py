"""Closed lists of the supplies: kinds of movements and papers, and how the papers stand."""

from __future__ import annotations

from app.kernel.states import Choice, State


class MovementKind(Choice):
    """Why stock moved."""

    RECEIPT = ("receipt", "入库")
    ISSUE = ("issue", "领用")
    RETURN = ("return", "退还")
    COUNT = ("count", "盘点")
    LOSS = ("loss", "报损")


class Standing(State):
    """What there is of an item beside its 安全量."""

    LOW = ("low", "低于安全量", "warn")


class HandKind(Choice):
    """Which way things go between the store and a person."""

    ISSUE = ("issue", "领用")
    RETURN = ("return", "退还")


class CheckKind(Choice):
    """A count of what lies there, or the loss of something spoilt."""

    COUNT = ("count", "盘点")
    LOSS = ("loss", "报损")


class PurchaseState(State):
    """草稿 → 审批中 → 已批待到货 → 已到货."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    APPROVED = ("approved", "已批待到货", "warn")
    ARRIVED = ("arrived", "已到货", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "已作废", "mute")


class ReceiptState(State):
    """草稿 → 已入库."""

    DRAFT = ("draft", "草稿", "mute")
    POSTED = ("posted", "已入库", "ok")
    VOID = ("void", "已作废", "mute")


class HandState(State):
    """草稿 → 待签收 → 已签收."""

    DRAFT = ("draft", "草稿", "mute")
    WAITING = ("waiting", "待签收", "warn")
    SIGNED = ("signed", "已签收", "ok")
    VOID = ("void", "已作废", "mute")


class CheckState(State):
    """草稿 → 审批中 → 已入账."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    POSTED = ("posted", "已入账", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "已作废", "mute")
