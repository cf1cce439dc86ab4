"""Every request of the matrix for one person: address, method, whose row, what page 07 says about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.kernel.screens.fields import fields_of
from app.kernel.screens.view import VIEWS
from app.kernel.workflow import FLOWS
from tests.cast import MEMBERS
from tests.matrix.policy import BUSINESS, HOLDERS, PAGES, PAPERS, Page, Paper
from tests.matrix.world import COLLEAGUE, FOREIGN, MISSING, OWN, World

RELATIONS = (OWN, COLLEAGUE, FOREIGN, MISSING)
FULL = os.environ.get("MATRIX") == "full"  # nightly: also what the small size takes as said by another row
WORDS = {OWN: "own", COLLEAGUE: "colleague's", FOREIGN: "foreign", MISSING: "missing", 0: ""}
TEAMS = {"a1": {OWN}, "a2": {COLLEAGUE}, "b1": {FOREIGN}}
OWNERS = {"consultant1": OWN, "consultant2": COLLEAGUE, "other_consultant": FOREIGN}
PARTIES = {  # whose name stands on the delegation, the 签收, the request (02 §2.1.2)
    "delegation": {OWN: {"site_manager", "supervisor", "sales_admin", "auditor"},
                   FOREIGN: {"other_site_manager", "other_supervisor", "sales_admin", "auditor"}},
}  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """allowed: statuses that page 07 permits; effect: whether it may change a business table."""

    method: str
    url: str
    relation: int
    allowed: frozenset[int]
    effect: bool = False
    body: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.method} {self.url} ({WORDS[self.relation]})"


OK, REFUSED, GONE = frozenset({200}), frozenset({403}), frozenset({404})
TRIED = frozenset({200, 302, 303, 400, 403, 404, 409, 422})  # a right person, perhaps in the wrong state
SEEN = frozenset({200, 403})


class Person:
    """One member of the cast as the policy sees him."""

    def __init__(self, login: str) -> None:
        self.login = login
        _name, self.post, where = MEMBERS[login]
        self.where = where
        self.wide = where == "agency"
        self.team = where if where in TEAMS else ""

    def reaches(self, paper: Paper) -> set[int]:
        """Relations whose rows are within his scope."""
        if paper.house:
            return {OWN}
        inside = {OWN, COLLEAGUE, FOREIGN} if self.wide else {FOREIGN} if self.where[0] == "b" else {OWN, COLLEAGUE}
        if not paper.owned:
            return set() if paper.site and self.team else inside
        if paper.whole is not None and self.post not in paper.whole:
            return {OWNERS[self.login]} if self.login in OWNERS else set()
        if self.post.value == "channel_officer":
            return set()
        return inside & TEAMS[self.team] if self.team else inside

    def sees(self, name: str, relation: int) -> bool:
        """Whether the row is his to read."""
        paper = PAPERS[name]
        if name in PARTIES:
            return self.login in PARTIES[name].get(relation, ())
        return self.post in (paper.read if paper.before is None else paper.before) and relation in self.reaches(paper)


def asks(world: World, person: Person) -> Iterator[Ask]:
    """Everything that this person tries; acts on his own papers come last, for they change them."""
    late: list[Ask] = []
    for one in (*_papers(world, person), *_pages(world, person)):
        if one.effect:
            late.append(one)
        else:
            yield one
    yield from sorted(late, key=lambda one: "/delete/" in one.url)


def _papers(world: World, person: Person) -> Iterator[Ask]:
    models = {m.__tablename__.replace("_", "-"): m for m in VIEWS}
    for name, paper in PAPERS.items():
        model, base = models[name], f"/{name}"
        yield from _lists(person, paper, model, base)
        opened = person.post in paper.read or (paper.decided and person.post in BUSINESS)
        yield from _rows(world, person, name, "show/{}", ("GET",), opened, OK)
        yield from _rows(world, person, name, "edit/{}", ("GET", "POST"), person.post in paper.edits, TRIED, SEEN)
        yield from _rows(world, person, name, "delete/{}", ("POST",), person.post in paper.removes, TRIED)
        flow = FLOWS.get(model)
        known = {s.name: s for s in flow.steps if not s.internal} if flow else {}
        for step in sorted({*known, "nothing", *(["release"] if not known else [])}):
            may = person.post in paper.steps.get(step, ())
            yield from _steps(world, person, name, step, opened, may, step in known)


def _lists(person: Person, paper: Paper, model: Any, base: str) -> Iterator[Ask]:
    reads = OK if person.post in paper.read else REFUSED
    yield Ask("GET", f"{base}/list/", 0, reads)
    for method in ("GET", "POST"):  # the question where people are named, and the sheet
        yield Ask(method, f"{base}/list/export", 0, OK if person.post in paper.export else REFUSED)
    records = [f.name for f in fields_of(model).values() if f.kind == "record"]
    for name in records[:1] if person.post not in paper.read else records:
        yield Ask("GET", f"{base}/pick/{name}", 0, reads)
    yield Ask("GET", f"{base}/pick/id", 0, GONE if person.post in paper.read else REFUSED)
    adds = person.post in paper.add
    yield Ask("GET", f"{base}/add", 0, OK if adds else REFUSED)
    yield Ask("POST", f"{base}/add", 0, TRIED if adds else REFUSED, effect=adds)
    for verb in ("bulk", "list/bulk") if person.post in paper.read or FULL else ("bulk",):
        yield Ask("POST", f"{base}/{verb}", 0, TRIED if person.post in paper.read else REFUSED)


def _rows(
    world: World, person: Person, name: str, verb: str, methods: tuple[str, ...], may: bool, mine: frozenset[int],
    shown: frozenset[int] | None = None,
) -> Iterator[Ask]:  # fmt: skip
    for relation in _relations(world, person, name) if may else _one(person):
        pk = world.row(name, relation)
        if pk is None or (relation == MISSING and not verb.startswith("show") and not FULL):
            continue
        within = person.sees(name, relation)
        for method in methods:
            right = (shown or mine) if method == "GET" else mine
            allowed = REFUSED if not may else right if within else GONE
            yield Ask(
                method, f"/{name}/{verb.format(pk)}", relation, allowed, effect=may and within and method == "POST"
            )


def _relations(world: World, person: Person, name: str) -> tuple[int, ...]:
    """Whose rows are tried: one that he sees stands for the others that he sees."""
    if FULL:
        return RELATIONS
    seen = [r for r in RELATIONS if world.row(name, r) is not None and person.sees(name, r)]
    return tuple(r for r in RELATIONS if r not in seen[1:])


def _one(person: Person) -> tuple[int, ...]:
    """A refused door looks the same whatever lies behind; one row stands for all."""
    return (FOREIGN,) if person.where[0] == "b" else (OWN,)


def _steps(world: World, person: Person, name: str, step: str, opened: bool, may: bool, known: bool) -> Iterator[Ask]:
    for relation in _relations(world, person, name) if opened else _one(person):
        pk = world.row(name, relation)
        within = person.sees(name, relation)
        if pk is None or _said(step, may, opened, relation, within):
            continue
        mine = TRIED if may else frozenset({403, 404, 409, 422})
        for method in ("GET", "POST") if may or FULL or step == "nothing" else ("POST",):
            allowed = REFUSED if not opened else GONE if not within or not known else mine - {404} if may else mine
            acts = may and within and method == "POST"
            yield Ask(method, f"/{name}/step/{step}/{pk}", relation, allowed, effect=acts, body={"note": "试一试"})


def _said(step: str, may: bool, opened: bool, relation: int, within: bool) -> bool:
    """Whether another request says what this one would: «nothing» and the steps that he may take are tried on every row.

    A step that is not his on a row that he does not see is refused twice: each refusal is tried alone, on his own row and
    with his own steps.
    """
    if step == "nothing":
        return False
    return relation == MISSING or not (FULL or (opened and (may or within)))


def _pages(world: World, person: Person) -> Iterator[Ask]:
    for rule, page in PAGES.items():
        may = person.post in page.who
        for relation in RELATIONS if page.of and may else (_one(person) if page.of else (0,)):
            address = _filled(world, rule, page, relation)
            if address is None or rule == "/logout/":
                continue
            allowed = TRIED if may else REFUSED
            within = may and (not page.of or _within(person, page.of, relation))
            if may and page.of and not within:
                allowed = GONE
            for method in page.methods:
                yield Ask(method, address, relation, allowed, effect=within and method == "POST")


def _filled(world: World, rule: str, page: Page, relation: int) -> str | None:
    address = rule
    for name, value in page.fill.items():
        for kind in ("", "int:", "path:", "string:"):
            address = address.replace(f"<{kind}{name}>", value)
    if not page.of:
        return address
    pk = world.row(page.of.rstrip("*"), relation)
    return None if pk is None else address.replace(f"<int:{page.pk}>", str(pk))


def _within(person: Person, of: str, relation: int) -> bool:
    if relation == MISSING:
        return False
    if of == "unit*":  # the board shows every unit of the project to whoever has business there (07 «楼栋 户型 房源»)
        return relation in person.reaches(PAPERS["unit"])
    if of == "import-run":  # of the project, by whoever brings tables in
        return relation in person.reaches(PAPERS["building"])
    if of in ("delivery", "group_robot"):  # 07 §7.1: the administrator keeps those of every project
        return True
    if of == "attachment":
        return person.sees("reservation", relation)
    if of in PERSONAL:
        return PERSONAL[of].get(relation) == person.login
    if of == "approval_request":
        return person.sees("reservation", relation)
    if of == "unit":
        return person.post in HOLDERS and person.sees(of, relation)
    return person.sees(of, relation)


PERSONAL: dict[str, dict[int, str]] = {
    "notice": {},
    "task": {},
    "list_setting": {},
}  # rows of one person: relation → login
