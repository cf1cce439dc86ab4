"""The log in sentences that a consultant reads and believes: who, by which rule, who was passed over and why."""

from __future__ import annotations

from app.features.customers.rotation.choices import Presence, Visitor, Why
from app.features.customers.rotation.rules import Given, Skip
from app.kernel.actors import directory


def name(person: int) -> str:
    """A colleague's name."""
    return directory().person_name(person)


def given_words(visitor: Visitor, given: Given, wanted: int | None) -> str:
    """Why this consultant receives this visitor."""
    who = name(given.person)
    used = "，占一轮" if given.used else "，不占轮次"
    asked = name(wanted) if wanted is not None else ""
    return {
        Why.TURN: f"{visitor.label}由 {who} 接待：按轮序排在最前{used}",
        Why.MAKEUP: f"{visitor.label}由 {who} 接待：回岗补接前面错过的一轮",
        Why.OWN: f"老客户归自己的顾问 {who}，不占轮次",
        Why.COVER: f"老客户的顾问{asked and ' ' + asked + ' '}不在，由 {who} 代接，不占轮次，客户仍归原顾问",
        Why.NAMED: f"{visitor.label}指定 {who} 接待{used}",
        Why.FREE: f"{visitor.label}由 {who} 接待，不占轮次",
        Why.UNREGISTERED: f"老客户没有登记，按轮序由 {who} 接待{used}，公示期内同事可主张",
        Why.OVERRIDE: f"销售主管指定 {who} 接待{visitor.label}{used}",
    }[given.why]


def skip_words(skip: Skip) -> str:
    """Why somebody in front was passed over."""
    who = name(skip.person)
    if skip.why is Why.SPENT:
        return f"跳过 {who}：扣一轮或已预用一轮"
    if skip.why is Why.OWED:
        return f"跳过 {who}：{skip.presence.label}，记补接一轮，返回后先接"
    reason = "接待老客户，本项目跳过不补" if skip.presence is Presence.BUSY else f"{skip.presence.label}，不补"
    return f"跳过 {who}：{reason}"


def presence_words(person: int, before: Presence | None, after: Presence) -> str:
    """«何涛：在岗 → 用餐»"""
    return f"{name(person)}：{before.label if before else '不在队'} → {after.label}"
