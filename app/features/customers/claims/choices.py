"""The closed lists of 判客单 and 关系户 (02 §2.5.2)."""

from __future__ import annotations

from app.kernel.states import Choice, State


class ClaimState(State):
    OPEN = ("open", "待裁定", "warn")
    RULED = ("ruled", "已裁定", "plum")
    APPEALED = ("appealed", "申诉中", "bad")
    FINAL = ("final", "已生效", "ok")
    VOID = ("void", "已撤回", "mute")


class Ground(Choice):
    """Why a customer is claimed who is somebody else's."""

    KNOWN = ("known", "号码或证件已登记")
    CLOSED_TOLD = ("closed_told", "代为成交，已电话告知原顾问")
    CLOSED_UNTOLD = ("closed_untold", "代为成交，没有告知原顾问")
    SPOUSES = ("spouses", "夫妻分别由两人接待")
    RELATIVES = ("relatives", "父母、子女已登记")
    SIBLINGS = ("siblings", "兄弟姐妹已登记")
    BACK_CLAIM = ("back_claim", "成交后追认")


class Ruling(Choice):
    """What is ruled: A the present owner, B the claimant."""

    FIRST = ("first", "归原归属顾问", "info")
    CLAIMANT = ("claimant", "归申请顾问", "ok")
    SPLIT = ("split", "分单", "plum")
    POOL = ("pool", "转公海", "warn")


class Relation(Choice):
    """How two customers are related; brothers and sisters count where the site says so (siblings_one_group)."""

    SPOUSE = ("spouse", "配偶")
    PARENT = ("parent", "父母")
    CHILD = ("child", "子女")
    SIBLING = ("sibling", "兄弟姐妹")


class RelativeState(State):
    ACTIVE = ("active", "有效", "ok")
    ENDED = ("ended", "已解除", "mute")
