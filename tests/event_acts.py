"""The acts of 04 S11: each is done once by somebody, and says which line of the trail it must leave (`tests/test_events.py`)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app.commands import migrate, schema_versions
from app.features.archive.loans.models import Loan
from app.features.archive.seals.models import SealUse
from app.features.customers.models import Customer, CustomerPhone
from app.features.organisation.effects import appoint, end_assignment, open_account, reset_password
from app.features.organisation.models import Assignment, Delegation, Parameter, Person, PostName
from app.features.payments.bills.models import Bill, BillState
from app.features.payments.closing.models import MonthClose
from app.features.privacy.erasure import anonymise
from app.features.units.models import Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval import paper as on_paper
from app.kernel.approval.finding import current_step, open_of
from app.kernel.approval.records import Medium
from app.kernel.approval.revisions import revise
from app.kernel.approval.routing import Mode
from app.kernel.attachments import Attachment
from app.kernel.base import now
from app.kernel.credentials import change_own_password
from app.kernel.outbox.records import Platform, Robot
from app.kernel.posts import Post
from app.kernel.privacy import reveal
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.cast import Cast
from tests.factories import PASSWORD, saved
from tests.features.archive import files, registers
from tests.features.deals import orders
from tests.features.office import claims, store
from tests.features.payments import makers as money
from tests.features.payments.test_bills import book, issue
from tests.features.payments.test_closing import at, by_calendar
from tests.features.payments.test_receipts import ask_reversal, decide_as
from tests.features.pricing import test_price_lists as price_lists
from tests.features.units import makers as homes
from tests.features.units.test_papers import hold_of
from tests.features.units.test_papers import step as moves
from tests.kernel.pdfs import pdf
from tests.tables import bring, table

SECRET, PHONE, IDENTITY = "Another-Secret-77", "10000001234", "11010119900307459X"
TODAY = orders.today


@dataclass(frozen=True)
class Told:
    """The line: what was done, to what, by whom (login), and what it must say; `was`, `became` for a change of `field`."""

    act: str
    subject: str | None
    who: str | None
    subject_id: int | None = None
    field: str = ""
    was: Any = None
    became: Any = None
    says: tuple[tuple[str, Any], ...] = ()
    posts: str | None = None


@dataclass
class Stage:
    """What an act needs; `mark()` forgets what was needed to come so far."""

    cast: Cast
    client_as: Callable[[str], Any]
    client: Any
    monkeypatch: pytest.MonkeyPatch
    mark: Callable[[], None]

    @property
    def session(self) -> Any:
        return self.cast.session

    def person(self, login: str) -> int:
        return self.cast.person_ids[login]

    def user(self, login: str) -> int:
        with acting_as(SYSTEM):
            self.session.rollback()
            return int(self.session.get_one(Person, self.person(login)).user_id)

    def by(self, login: str, work: Callable[[], Any]) -> Any:
        """The person does it in one transaction."""
        with acting_as(self.cast.actor(login)):
            self.session.rollback()
            return write(self.session, work)


def changed(
    subject: str, key: int, who: str, was: Any, became: Any, field: str = "state", posts: str | None = None
) -> Told:
    return Told("update", subject, who, key, field, was, became, posts=posts)


# ── accounts and sign-ins ───────────────────────────────────
def signs_in(s: Stage) -> Told:
    s.client_as("clerk")
    return Told("login", "ab_user", "clerk", s.user("clerk"))


def _tries(s: Stage, times: int) -> None:
    for _time in range(times):
        s.client.post("/login/", data={"username": "clerk", "password": SECRET})


def fails_to_sign_in(s: Stage) -> Told:
    _tries(s, 1)
    return Told("login_failed", "ab_user", None, s.user("clerk"))


def is_locked_out(s: Stage) -> Told:
    _tries(s, 5)
    return Told("account_locked", "ab_user", None, s.user("clerk"))


def signs_out(s: Stage) -> Told:
    s.client_as("clerk").post("/logout/")
    return Told("logout", "ab_user", "clerk", s.user("clerk"))


def changes_his_password(s: Stage) -> Told:
    user = s.user("clerk")
    with acting_as(s.cast.actor("clerk")):
        change_own_password(s.session, user, PASSWORD, SECRET, keep=None)
    return Told("password_changed", "ab_user", "clerk", user)


def resets_a_password(s: Stage) -> Told:
    s.by("admin", lambda: reset_password(s.session, s.cast.person("clerk"), SECRET))
    return Told("password_changed", "ab_user", "admin", s.user("clerk"))


def _stranger(s: Stage) -> Person:
    agency = s.cast.person("clerk").company_id
    made: Person = saved(s.session, Person(name="新来", company_id=agency))
    return made


def opens_an_account(s: Stage) -> Told:
    person = _stranger(s)
    s.by("admin", lambda: open_account(s.session, person, "newcomer", SECRET))
    return Told("account_created", "ab_user", "admin", says=(("username", "newcomer"),))


def disables_an_account(s: Stage) -> Told:
    moves(s.cast, s.cast.person("clerk"), "disable", "admin", note="调离")
    return Told("account_disabled", "ab_user", "admin", s.user("clerk"))


def enables_an_account(s: Stage) -> Told:
    moves(s.cast, s.cast.person("clerk"), "disable", "admin", note="调离")
    s.mark()
    moves(s.cast, s.cast.person("clerk"), "enable", "admin")
    return Told("account_enabled", "ab_user", "admin", s.user("clerk"))


def is_refused_a_page(s: Stage) -> Told:
    s.client_as("consultant1").get("/person/list/")
    return Told("refused", None, "consultant1", says=(("code", 403), ("path", "/person/list/")))


def asks_for_what_is_not_his(s: Stage) -> Told:
    item = store.item(s.cast)
    s.client_as("other_clerk").get(f"/supply-item/show/{item.id}")
    return Told("refused", None, "other_clerk", says=(("code", 404), ("path", f"/supply-item/show/{item.id}")))


# ── posts, delegations, parameters, rules ───────────────────
def gives_a_post(s: Stage) -> Told:
    person, project = _stranger(s), s.cast.a
    s.by("admin", lambda: appoint(s.session, person, Post.CLERK, project, since=TODAY()))
    return Told("insert", "assignment", "admin", field="post", became="clerk")


def takes_a_post(s: Stage) -> Told:
    with acting_as(SYSTEM):
        held = s.session.scalars(select(Assignment).where(Assignment.person_id == s.person("clerk"))).one().id
    s.by("admin", lambda: end_assignment(s.session, s.session.get_one(Assignment, held), TODAY()))
    return changed("assignment", held, "admin", None, TODAY().isoformat(), "until")


def delegates(s: Stage) -> Told:
    paper = saved(s.session, Delegation(
        absent_id=s.person("supervisor"), deputy_id=s.person("supervisor2"), post=PostName.SUPERVISOR, project_id=s.cast.project_ids["a"],
        since=TODAY(), until=TODAY(2), reason="开会", created_by=s.person("supervisor"),
    ))  # fmt: skip
    moves(s.cast, paper, "submit", "supervisor")
    orders.decided(s.cast, paper, "site_manager")
    return changed("delegation", paper.id, "site_manager", "review", "approved", posts="site_manager")


def changes_a_parameter(s: Stage) -> Told:
    made = Parameter(key="lock_minutes", value="45", project_id=s.cast.project_ids["a"], effective_from=TODAY())
    s.by("sales_admin", lambda: s.session.add(made))
    return Told("insert", "parameter", "sales_admin", field="value", became="45")


def changes_an_approval_rule(s: Stage) -> Told:
    rule = {"mode": Mode.IN_TURN, "chain": "总经理 不限", "minutes": 60, "note": "精简流程"}
    s.by("sales_admin", lambda: revise(s.session, "delegation", seen=0, **rule))
    return Told("insert", "approval_policy", "sales_admin", field="chain", became="总经理 不限")


def sets_up_a_robot(s: Stage) -> Told:
    made = Robot(project_id=s.cast.project_ids["a"], name="案场群", platform=Platform.WECOM, active=True, kinds=[],
                 address=f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={SECRET}")  # fmt: skip
    s.by("admin", lambda: s.session.add(made))
    return Told("insert", "group_robot", "admin", field="address", was="***", became="***")


def upgrades_the_database(s: Stage) -> Told:
    s.monkeypatch.setattr(migrate, "standing", lambda: "pending")
    s.monkeypatch.setattr(schema_versions, "upgrade", lambda: None)
    migrate.upgrade_database()
    return Told("migrated", None, "system", says=(("after", migrate.stands_at()),))


# ── personal data, files, tables ────────────────────────────
def _customer(s: Stage) -> int:
    """王伟 with the number of his identity card."""
    key = orders.customer(s.cast, phone=PHONE).id
    s.by("consultant1", lambda: setattr(s.session.get_one(Customer, key), "id_number", IDENTITY))
    return int(key)


def looks_at_a_phone(s: Stage) -> Told:
    owner = _customer(s)
    with acting_as(SYSTEM):
        key = s.session.scalars(select(CustomerPhone.id).where(CustomerPhone.customer_id == owner)).one()
    return _reveals(s, CustomerPhone, key, "number", PHONE)


def _reveals(s: Stage, model: Any, key: int, field: str, number: str) -> Told:
    supervisor = s.cast.actor("supervisor")
    assert (
        s.by("supervisor", lambda: reveal(s.session, supervisor, s.session.get_one(model, key), field, "核对签约资料"))
        == number
    )
    return Told("reveal", model.__tablename__, "supervisor", key, says=(("field", field), ("reason", "核对签约资料")))


def looks_at_an_identity(s: Stage) -> Told:
    return _reveals(s, Customer, _customer(s), "id_number", IDENTITY)


def erases_a_person(s: Stage) -> Told:
    key = _customer(s)

    def work() -> int:
        with as_step(s.session):
            return anonymise(s.session, s.cast.actor("site_manager"), [key], "客户要求删除", now())

    s.by("site_manager", work)
    return Told("anonymise", "customer", "site_manager", key, says=(("reason", "客户要求删除"),))


def takes_a_list_along(s: Stage) -> Told:
    _customer(s)
    assert s.client_as("supervisor").post("/customer/list/export", data={"reason": "报甲方核对"}).status_code == 200
    return Told("export", "customer", "supervisor", says=(("reason", "报甲方核对"), ("rows", 1)))


def takes_the_trail_along(s: Stage) -> Told:
    s.client_as("auditor").get("/audit-trail/export")
    return Told("export", "audit_entry", "auditor")


def brings_a_table(s: Stage) -> Told:
    data = table(["品名", "规格型号", "单位", "最低库存"], ["复印纸", "A4", "包", "10"])
    bring(s.client_as("clerk"), "supply-item", data, "用品台账.xlsx").check().confirm()
    return Told("insert", "import_run", "clerk", field="file_name", became="用品台账.xlsx")


def _attached(s: Stage) -> int:
    given = {"file": (io.BytesIO(pdf("合同第一条")), "合同.pdf")}
    s.client_as("clerk").post(f"/files/project/{s.cast.a.id}", data=given, content_type="multipart/form-data")
    s.session.rollback()
    return s.session.scalars(select(Attachment)).one().id


def attaches_a_file(s: Stage) -> Told:
    return Told("insert", "attachment", "clerk", _attached(s), "name", None, "合同.pdf")


def downloads_a_file(s: Stage) -> Told:
    file = _attached(s)
    s.client_as("clerk").get(f"/files/{file}")
    return Told("download", "project", "clerk", s.cast.a.id, says=(("name", "合同.pdf"),))


def removes_a_file(s: Stage) -> Told:
    file = _attached(s)
    assert s.client_as("clerk").post(f"/files/{file}/remove").status_code == 302
    return Told("update", "attachment", "clerk", file, "removed_at", None, ...)


def prints_a_paper(s: Stage) -> Told:
    paper = claims.claim(s.cast, "clerk", (claims.subject(s.cast), "50.00"), over_reason="急用")
    store.step(s.cast, paper, "submit", "clerk")
    s.client_as("clerk").post(f"/print/expense_claim/{paper.id}", data={"form": "docx", "copies": "1"})
    return Told("insert", "printed_paper", "clerk", field="kind", became="expense_claim")


# ── homes, prices, orders ───────────────────────────────────
def changes_a_price(s: Stage) -> Told:
    (unit,) = homes.house(s.cast, "1101")
    paper = price_lists.draft(s.cast, [unit])
    price_lists.step(s.cast, paper, "submit", "site_manager")
    price_lists.agree(s.cast, paper, "project_manager", "developer_site")
    s.mark()
    price_lists.agree(s.cast, paper, "developer_lead")
    return changed("unit", unit.id, "developer_lead", "1145984.00", "1159413.50", "list_total", posts="developer_lead")


def _free(s: Stage) -> Unit:
    saved(s.session, Parameter(key="hold_cap_percent", value="100", effective_from=TODAY()))
    unit: Unit = homes.house(s.cast, "1102")[0]
    return unit


def holds_a_home(s: Stage) -> Told:
    unit = _free(s)
    moves(s.cast, hold_of(s.cast, unit), "place", "supervisor")
    return changed("unit", unit.id, "supervisor", "free", "hold", posts="supervisor")


def releases_a_home(s: Stage) -> Told:
    unit = _free(s)
    hold = hold_of(s.cast, unit)
    moves(s.cast, hold, "place", "supervisor")
    s.mark()
    moves(s.cast, hold, "release", "supervisor", note="客户不要了")
    return changed("unit", unit.id, "supervisor", "hold", "free")


def _order(s: Stage) -> Any:
    return orders.locked(s.cast, orders.unit(s.cast), orders.customer(s.cast))


def locks_a_home(s: Stage) -> Told:
    order = _order(s)
    return changed("unit", order.unit_id, "consultant1", "free", "lock", posts="consultant")


def lets_a_home_go(s: Stage) -> Told:
    order = _order(s)
    s.mark()
    orders.step(s.cast, order, "release", "supervisor", note="客户离开")
    return changed("unit", order.unit_id, "supervisor", "lock", "free")


# ── approvals ───────────────────────────────────────────────
def _claim(s: Stage) -> Any:
    paper = claims.claim(s.cast, "clerk", (claims.subject(s.cast), "50.00"), over_reason="急用")
    return store.step(s.cast, paper, "submit", "clerk")


def _decides(s: Stage, verdict: str, became: str) -> Told:
    paper = _claim(s)
    with acting_as(SYSTEM):
        request = open_of(s.session, paper)
        station, post = current_step(request).id, str(current_step(request).post)
    who = {"supervisor": "supervisor", "site_manager": "site_manager"}[post]
    store.decided(s.cast, paper, who, verdict, "请改一改")
    return changed("approval_step", station, who, "pending", became, posts=post)


def agrees(s: Stage) -> Told:
    return _decides(s, "approve", "approved")


def refuses(s: Stage) -> Told:
    return _decides(s, "refuse", "refused")


def sends_back(s: Stage) -> Told:
    return _decides(s, "return", "returned")


def _recorded(s: Stage) -> Any:
    """尤佳 is to stand in for 宋岚; 沈国栋 has agreed on the telephone, the clerk registers it."""
    paper = saved(s.session, Delegation(
        absent_id=s.person("developer_finance"), deputy_id=s.person("developer_finance2"), post=PostName.DEVELOPER_FINANCE,
        project_id=s.cast.project_ids["a"], since=TODAY(), until=TODAY(2), reason="开会", created_by=s.person("developer_finance"),
    ))  # fmt: skip
    moves(s.cast, paper, "submit", "developer_finance")
    with acting_as(SYSTEM):
        request = open_of(s.session, paper)
        ids = request.id, current_step(request).id
    with acting_as(s.cast.actor("clerk")):
        on_paper.record(s.session, *ids, s.cast.actor("clerk"), medium=Medium.ORAL, verdict="approve", opinion="可以",
                        decider_id=s.person("developer_lead"), attachment_id=None)  # fmt: skip
    return ids


def registers_a_decision(s: Stage) -> Told:
    _request, station = _recorded(s)
    return changed("approval_step", station, "clerk", "pending", "recorded")


def checks_a_decision(s: Stage) -> Told:
    ids = _recorded(s)
    s.mark()
    with acting_as(s.cast.actor("supervisor")):
        on_paper.check(s.session, *ids, s.cast.actor("supervisor"), agrees=True, opinion="")
    return changed("approval_step", ids[1], "supervisor", "recorded", "approved")


# ── money ───────────────────────────────────────────────────
def enters_a_receipt(s: Stage) -> Told:
    receipt = money.entered(s.cast, money.account(s.cast), 20000)
    return Told("insert", "receipt", "clerk", receipt.id, "amount", None, "20000")


def confirms_a_receipt(s: Stage) -> Told:
    receipt = money.received(s.cast, money.account(s.cast), 20000)
    return changed("receipt", receipt.id, "developer_finance", "pending", "confirmed", posts="developer_finance")


def reverses_a_receipt(s: Stage) -> Told:
    receipt = money.received(s.cast, money.account(s.cast), 20000)
    with acting_as(SYSTEM):
        decide_as(s.cast, ask_reversal(s.cast, receipt), "developer_finance2")
    return changed("receipt", receipt.id, "developer_finance2", "reversing", "reversed")


def voids_a_bill(s: Stage) -> Told:
    book(s.cast)
    receipt = money.received(s.cast, money.account(s.cast), 20000)
    issue(s.cast, receipt, "A000001")
    with acting_as(SYSTEM):
        s.session.rollback()
        bill = s.session.query(Bill).filter_by(state=BillState.ISSUED).one()
    money.act(s.cast, bill, "void", "developer_finance", note="写错了")
    return changed("bill", bill.id, "developer_finance", "issued", "void")


def _october(s: Stage, last: int) -> MonthClose:
    """October, counted on the third of November."""
    with at("2026-10-20"):
        money.received(s.cast, money.account(s.cast), 20000)
    with at(f"2026-11-0{last}"):
        by_calendar(s.cast)
    with acting_as(SYSTEM):
        s.session.rollback()
        month: MonthClose = s.session.query(MonthClose).filter_by(month="2026-10").one()
        return month


def closes_a_month(s: Stage) -> Told:
    month = _october(s, 3)
    return Told("update", "month_close", "system", month.id, "state", "open", "closed")


def opens_a_month_again(s: Stage) -> Told:
    month = _october(s, 3)
    s.mark()
    money.act(s.cast, month, "reopen", "developer_lead", note="补登一笔")
    return changed("month_close", month.id, "developer_lead", "closed", "reopened")


# ── archive ─────────────────────────────────────────────────
def lends_a_paper(s: Stage) -> Told:
    loan: Loan = registers.lent(s.cast, files.site_file(s.cast))
    return changed("file_loan", loan.id, "clerk", "approved", "lent")


def uses_a_seal(s: Stage) -> Told:
    use: SealUse = orders.step(s.cast, registers.seal_use(s.cast), "submit", "contract_officer")
    orders.decided(s.cast, use, "developer_site")
    orders.step(s.cast, use, "use", "contract_officer", on=TODAY(), copies=4, witness="陆一鸣", due_on=None)
    return changed("seal_use", use.id, "contract_officer", "approved", "used")


def sends_a_letter(s: Stage) -> Told:
    letter = orders.decided(s.cast, orders.step(s.cast, registers.outgoing(s.cast), "submit", "clerk"), "supervisor")
    orders.step(s.cast, letter, "send", "clerk", on=TODAY(), express_no=None)
    return changed("outgoing_letter", letter.id, "clerk", "approved", "sent")


def puts_a_rule_in_force(s: Stage) -> Told:
    paper = registers.in_force(s.cast)
    return changed("regulation", paper.id, "site_manager", "review", "in_force")


EVENTS: tuple[Callable[[Stage], Told], ...] = (
    signs_in, fails_to_sign_in, is_locked_out, signs_out, changes_his_password, resets_a_password, opens_an_account, disables_an_account,
    enables_an_account, is_refused_a_page, asks_for_what_is_not_his, gives_a_post, takes_a_post, delegates, changes_a_parameter,
    changes_an_approval_rule, sets_up_a_robot, upgrades_the_database, looks_at_a_phone, looks_at_an_identity, erases_a_person,
    takes_a_list_along, takes_the_trail_along, brings_a_table, attaches_a_file, downloads_a_file, removes_a_file, prints_a_paper,
    changes_a_price, holds_a_home, releases_a_home, locks_a_home, lets_a_home_go, agrees, refuses, sends_back, registers_a_decision,
    checks_a_decision, enters_a_receipt, confirms_a_receipt, reverses_a_receipt, voids_a_bill, closes_a_month, opens_a_month_again,
    lends_a_paper, uses_a_seal, sends_a_letter, puts_a_rule_in_force,
)  # fmt: skip
