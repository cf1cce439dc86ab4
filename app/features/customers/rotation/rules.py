"""Whose turn is it? The line of consultants and what every event does to it, on plain values (02 §2.5.1).

The line is strictly cyclic: whoever is first and served, owed or passed over goes to its end. So the turns that fell to any two
consultants never differ by more than one; turns missed for the site's sake stand in `owed` and are served first on return.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.features.customers.rotation.choices import Order, Presence, Visitor, Why
from app.kernel.errors import RuleError

FOR_THE_SITE = (
    Presence.BUSY,
    Presence.ERRAND,
    Presence.MEAL,
)  # missed turns are made up; 请假 and 未到岗 are one's own
AT_THE_SITE = (Presence.PRESENT, Presence.BUSY)
NOBODY_HERE = "现在没有在岗的顾问，请先点「到岗」或「返回」"


@dataclass(frozen=True)
class Terms:
    """The project's parameters. skip_old: a turn missed while receiving an old customer is not made up (跳过不补);
    the others say whether such a visitor uses a turn."""

    skip_old: bool = False
    named_uses: bool = False
    channel_uses: bool = False
    referral_uses: bool = False


@dataclass(frozen=True)
class Member:
    """A consultant in the line. lost: turns that he forfeits; old: the customer he received last used no turn."""

    person: int
    presence: Presence = Presence.PRESENT
    lost: int = 0
    old: bool = False

    @property
    def here(self) -> bool:
        """Ready for the next visitor."""
        return self.presence is Presence.PRESENT


@dataclass(frozen=True)
class Line:
    """The queue: first = position A. owed: who has turns to make up, the oldest debt first, once a turn."""

    members: tuple[Member, ...] = ()
    owed: tuple[int, ...] = ()

    def member(self, person: int) -> Member | None:
        """The consultant in this line, or None."""
        return next((m for m in self.members if m.person == person), None)

    def changed(self, member: Member) -> Line:
        """The same line with this member's new facts."""
        return replace(self, members=tuple(member if m.person == member.person else m for m in self.members))


@dataclass(frozen=True)
class Skip:
    """Somebody was first and not served: OWED, PASSED or SPENT; away as what."""

    person: int
    why: Why
    presence: Presence


@dataclass(frozen=True)
class Given:
    """A visitor's consultant, the rule, the line afterwards, who was passed over, whether a turn was used."""

    person: int
    why: Why
    line: Line
    used: bool
    skips: tuple[Skip, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Who comes. person: his own consultant (老客户), the one he asks for, the referrer's; by_head: SUP decides for person."""

    visitor: Visitor
    person: int | None = None
    by_head: bool = False


def opening(listed: Iterable[tuple[int, int]], order: Order, day: date, served: Mapping[int, int]) -> tuple[int, ...]:
    """The people of a duty list [(person, position)] in the order of the day: fixed, turned round on even days, or whoever
    received the fewest new customers first (02 §2.5.1 «both exist»)."""
    people = [person for person, _position in sorted(listed, key=lambda one: (one[1], one[0]))]
    if order is Order.FEWEST:
        return tuple(sorted(people, key=lambda person: served.get(person, 0)))
    return tuple(people if day.day % 2 else reversed(people))


def give(line: Line, asked: Asked, terms: Terms) -> Given:
    """Who receives this visitor. Raises RuleError when nobody is here, or the person asked for is not."""
    given = _chosen(line, asked, terms)
    member = given.line.member(given.person)
    if member is None:
        return given
    return replace(given, line=given.line.changed(replace(member, old=not given.used)))


def _chosen(line: Line, asked: Asked, terms: Terms) -> Given:
    if asked.by_head:
        return _by_head(line, asked)
    if asked.visitor in (Visitor.NEW, Visitor.UNREGISTERED):
        given = in_turn(line, terms)
        return given if asked.visitor is Visitor.NEW else replace(given, why=Why.UNREGISTERED)
    if asked.visitor is Visitor.PEER:
        return Given(_first_here(line), Why.FREE, line, used=False)
    if asked.visitor is Visitor.OLD:
        return _old(line, asked.person)
    if asked.visitor is Visitor.NAMED:
        person = _wanted(line, asked.person)
        return Given(person, Why.NAMED, spend(line, person) if terms.named_uses else line, used=terms.named_uses)
    uses = terms.channel_uses if asked.visitor is Visitor.CHANNEL else terms.referral_uses
    if asked.person is not None:
        person = _wanted(line, asked.person)
        return Given(person, Why.NAMED, spend(line, person) if uses else line, used=uses)
    return in_turn(line, terms) if uses else Given(_first_here(line), Why.FREE, line, used=False)


def in_turn(line: Line, terms: Terms) -> Given:
    """The oldest debt whose consultant is back, else the first of the line; those passed over on the way go to its end."""
    _first_here(line)
    for person in line.owed:
        member = line.member(person)
        if member is not None and member.here:
            return Given(person, Why.MAKEUP, replace(line, owed=_without(line.owed, person)), used=True)
    skips: list[Skip] = []
    while not (line.members[0].here and not line.members[0].lost):
        line, skip = _passed_over(line, terms)
        skips.append(skip)
    return Given(line.members[0].person, Why.TURN, _to_end(line), used=True, skips=tuple(skips))


def _passed_over(line: Line, terms: Terms) -> tuple[Line, Skip]:
    first = line.members[0]
    after = _to_end(line)
    if first.lost:
        return after.changed(replace(first, lost=first.lost - 1)), Skip(first.person, Why.SPENT, first.presence)
    if first.presence in FOR_THE_SITE and not (terms.skip_old and first.presence is Presence.BUSY and first.old):
        owed = replace(after, owed=(*after.owed, first.person))
        return owed, Skip(first.person, Why.OWED, first.presence)
    return after, Skip(first.person, Why.PASSED, first.presence)


def _old(line: Line, own: int | None) -> Given:
    """He goes to his own consultant and uses no turn; who stands in for an absent one uses none either."""
    if own is None:
        raise RuleError("请选择这位老客户的顾问；查不到归属的选「老客户未登记」", field="person_id")
    member = line.member(own)
    if member is not None and member.presence in AT_THE_SITE:
        return Given(own, Why.OWN, line, used=False)
    return Given(_first_here(line), Why.COVER, line, used=False)


def _by_head(line: Line, asked: Asked) -> Given:
    if asked.person is None or line.member(asked.person) is None:
        raise RuleError("请选择今天在这个队里的顾问", field="person_id")
    uses = asked.visitor in (Visitor.NEW, Visitor.UNREGISTERED)
    return Given(asked.person, Why.OVERRIDE, spend(line, asked.person) if uses else line, used=uses)


def _wanted(line: Line, person: int | None) -> int:
    """The person that the visitor asks for. Raises RuleError when none is named or he is not at the site."""
    member = line.member(person) if person is not None else None
    if person is None:
        raise RuleError("请选择客户指定的顾问", field="person_id")
    if member is None or member.presence not in AT_THE_SITE:
        raise RuleError("指定的顾问现在不在岗，请客户另选或按新客户轮接", field="person_id")
    return person


def spend(line: Line, person: int) -> Line:
    """A turn of this person is used up: the one he owes himself, his place at the head, else his next one."""
    member = line.member(person)
    if member is None:
        return line
    if person in line.owed:
        return replace(line, owed=_without(line.owed, person))
    if line.members[0].person == person and not member.lost:
        return _to_end(line)
    return line.changed(replace(member, lost=member.lost + 1))


def moved(line: Line, person: int, presence: Presence, *, by_head: bool = False) -> Line:
    """Somebody comes or goes; a newcomer stands at the end. Position A may not be empty: the last one here cannot leave for a
    meal, an errand or a leave unless SUP says so. Raises RuleError."""
    member = line.member(person)
    if member is None:
        return replace(line, members=(*line.members, Member(person, presence)))
    leaves = member.here and presence not in AT_THE_SITE
    if leaves and not by_head and not any(m.here for m in line.members if m.person != person):
        raise RuleError("A 位不能空：现在只有一位顾问在岗，请先等同事返回，或由销售主管写明原因")
    return line.changed(replace(member, presence=presence, old=member.old and presence is Presence.BUSY))


def heads(line: Line) -> tuple[int, ...]:
    """Who would receive the coming new visitors, in order: debts of those who are back, then the line as it stands."""
    back = [p for p in line.owed if (m := line.member(p)) is not None and m.here]
    return (*back, *(m.person for m in line.members if m.here))


def _first_here(line: Line) -> int:
    found = next((m.person for m in line.members if m.here), None)
    if found is None:
        raise RuleError(NOBODY_HERE)
    return found


def _to_end(line: Line) -> Line:
    return replace(line, members=(*line.members[1:], line.members[0]))


def _without(owed: tuple[int, ...], person: int) -> tuple[int, ...]:
    at = owed.index(person)
    return owed[:at] + owed[at + 1 :]
