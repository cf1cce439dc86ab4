"""审计记录: refused attempts are on the trail, the auditor reads it, nobody else, and no number stands on it in full (04 S11)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask_babel import refresh
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.features.customers.choices import ContactKind, Source
from app.features.customers.effects import NewCustomer, register
from app.features.customers.models import Customer
from app.features.office.supplies.models import SupplyItem
from app.features.organisation.models import Person, PersonState
from app.kernel import audit, refusals, trail_reading
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.audit_blocks import SEAL
from app.kernel.base import Record, now
from app.kernel.file_texts import TextState
from app.kernel.refused_acts import A_MINUTE, REFUSED
from app.kernel.spreadsheets import read_workbook
from app.kernel.transactions import write
from config import ROOT
from tests.cast import Cast
from tests.features.office import store
from tests.matrix.test_statements import statements
from tests.tables import plain

HERE = "/audit-trail/"


def refused(session: Any) -> list[AuditEntry]:
    session.rollback()
    with acting_as(SYSTEM):
        return list(session.scalars(select(AuditEntry).where(AuditEntry.act == "refused").order_by(AuditEntry.id)))


def test_whoever_is_turned_away_leaves_a_line(cast: Cast, client_as: Any, session: Any) -> None:
    consultant = client_as("consultant1")
    item = store.item(cast)
    for path, code in (
        ("/person/list/", 403),
        ("/customer/show/999999?q=张三", 404),
        (f"/supply-item/edit/{item.id}", 403),
    ):
        assert consultant.get(path).status_code == code
    assert consultant.post("/customer/step/nothing/999999", data={"name": "x"}).status_code in (403, 404)
    told = [
        (one.person_name, one.changes["method"], one.changes["path"], one.changes["code"]) for one in refused(session)
    ]
    assert told == [
        ("林晓", "GET", "/person/list/", 403), ("林晓", "GET", "/customer/show/999999", 404),
        ("林晓", "GET", f"/supply-item/edit/{item.id}", 403), ("林晓", "POST", "/customer/step/nothing/999999", 404),
    ]  # fmt: skip
    assert all(one.address and one.at for one in refused(session))


def test_an_address_that_nobody_has_made_is_no_attempt(client_as: Any, session: Any) -> None:
    assert client_as("consultant1").get("/favicon-that-is-not-there.ico").status_code == 404
    assert refused(session) == []


def test_a_probe_does_not_fill_the_trail(client_as: Any, session: Any) -> None:
    consultant = client_as("consultant1")
    for number in range(A_MINUTE + 10):
        assert consultant.get(f"/customer/show/{900000 + number}").status_code == 404
    assert len(refused(session)) == A_MINUTE


def test_a_database_that_takes_nothing_changes_no_answer(client_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    client = client_as("consultant1")
    monkeypatch.setattr(refusals, "note_refusal", full)
    assert client.get("/person/list/").status_code == 403


@pytest.mark.parametrize("who", ["auditor", "admin", "general_manager", "sales_admin", "supervisor", "developer_lead"])
def test_the_trail_is_the_auditors(client_as: Any, who: str) -> None:
    wanted = 200 if who == "auditor" else 403
    for page in (HERE, f"{HERE}export"):
        assert client_as(who).get(page).status_code == wanted


def test_the_auditor_reads_who_did_what(cast: Cast, client_as: Any) -> None:
    item = store.item(cast, name="复印纸", stock=4)
    clerk = client_as("clerk")
    page = clerk.get(f"/supply-item/edit/{item.id}").get_data(as_text=True)
    assert "复印纸" in page
    client_as("consultant1").get("/person/list/")
    auditor = client_as("auditor")
    everything = plain(auditor.get(HERE).get_data(as_text=True))
    for words in ("方芳", "被拒绝", "地址 /person/list/", "登录", f"物品 #{item.id}", "名称 复印纸"):
        assert words in everything, words
    only = plain(auditor.get(f"{HERE}?chip=refused&person={cast.person_ids['consultant1']}").get_data(as_text=True))
    assert "/person/list/" in only
    assert "名称 复印纸" not in only
    papers = plain(auditor.get(f"{HERE}?paper=supply_item&record={item.id}").get_data(as_text=True))
    assert "名称 复印纸" in papers
    assert "/person/list/" not in papers


def test_numbers_of_people_are_not_on_it(cast: Cast, client_as: Any, session: Any) -> None:
    actor = cast.actor("consultant1")
    came = NewCustomer(kind=ContactKind.FIRST_VISIT, source=Source.PASSING, name="王小明", phones=("10000001234",))
    with acting_as(actor):
        key = register(session, actor, cast.project_ids["a"], came).id
    page = client_as("auditor").get(HERE).get_data(as_text=True)
    assert f"客户 #{key}" in page
    assert "10000001234" not in page
    assert "王小明" not in page


@pytest.mark.parametrize(
    "odd", ["at.from=nonsense", "person=abc", "person=99999999999999", "record=-1", "before=x", "chip=nothing", "paper=%27%3B--", "at.from=2026-12-31&at.to=2026-01-01"]
)  # fmt: skip
def test_odd_questions_are_no_errors(client_as: Any, odd: str) -> None:
    assert client_as("auditor").get(f"{HERE}?{odd}").status_code == 200


def test_older_lines_follow_page_by_page(cast: Cast, client_as: Any) -> None:
    for number in range(60):
        store.item(cast, name=f"物品{number}")
    auditor = client_as("auditor")
    first = auditor.get(f"{HERE}?paper=supply_item").get_data(as_text=True)
    assert first.count("名称 物品") == 60
    all_of_it = auditor.get(HERE).get_data(as_text=True)
    assert "before=" in all_of_it


def test_taking_it_along_is_a_line_itself(cast: Cast, client_as: Any, session: Any) -> None:
    store.item(cast, name="复印纸")
    answer = client_as("auditor").get(f"{HERE}export?paper=supply_item")
    (sheet,) = read_workbook(answer.data, "审计.xlsx")
    assert any("名称 复印纸" in str(row) for row in sheet.rows)
    session.rollback()
    with acting_as(SYSTEM):
        line = session.scalars(select(AuditEntry).where(AuditEntry.act == "export")).one()
    assert (line.person_name, line.subject) == ("张慎", "audit_entry")
    assert line.changes["filters"].endswith("；单据：物品")


def test_what_the_auditor_may_not_open_he_does_not_read_here_either(
    cast: Cast, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = store.item(cast, name="复印纸")
    monkeypatch.setattr(trail_reading, "may_read_kind", lambda _actor, model: model is not SupplyItem)
    said = plain(client_as("auditor").get(f"{HERE}?paper=supply_item").get_data(as_text=True))
    assert "复印纸" not in said
    assert f"物品 #{item.id} 内容不在你的查阅范围内" in said


def test_what_it_says_of_an_erased_person_is_shown_to_nobody(cast: Cast, client_as: Any, session: Any) -> None:
    actor = cast.actor("consultant1")
    came = NewCustomer(
        kind=ContactKind.FIRST_VISIT,
        source=Source.PASSING,
        name="王小明",
        phones=("10000001234",),
        profile={"occupation": "船长"},
    )
    with acting_as(actor):
        key = register(session, actor, cast.project_ids["a"], came).id
    shown = plain(client_as("auditor").get(f"{HERE}?paper=customer").get_data(as_text=True))
    assert "船长" in shown
    with acting_as(SYSTEM):
        write(session, lambda: setattr(session.get_one(Customer, key), "anonymised_at", now()))
    shown = plain(client_as("auditor").get(f"{HERE}?paper=customer").get_data(as_text=True))
    assert "船长" not in shown
    assert "已匿名处理" in shown


def test_a_sheet_that_holds_not_all_says_so(
    cast: Cast, client_as: Any, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        store.item(cast, f"纸杯{number}")
    for most, told in ((2, True), (20_000, False)):
        monkeypatch.setattr("app.kernel.pages.audit_trail.MOST", most)
        answer = client_as("auditor").get(f"{HERE}export?paper=supply_item")
        (sheet,) = read_workbook(answer.data, "审计.xlsx")
        cells = [str(cell) for row in sheet.rows for cell in row if cell]
        assert any("只有最近的 2 条" in cell for cell in cells) is told
        session.rollback()
        with acting_as(SYSTEM):
            lines = session.scalars(select(AuditEntry).where(AuditEntry.act == "export").order_by(AuditEntry.id)).all()
        assert (lines[-1].changes["rows"] == 2) is told


def test_every_table_has_a_name_that_people_know() -> None:
    """Whatever is written leaves a line, and the line says in Chinese what it was."""
    tables = [m.class_ for m in Record.registry.mappers if issubclass(m.class_, Record)]
    assert len(tables) > 150
    assert [m.__tablename__ for m in tables if trail_reading.label_of_table(m.__tablename__).isascii()] == []


def acts_in(module: ast.Module) -> Iterator[str]:
    """Every act that is written in a file, also one of two («a if x else b») and one that a helper is given."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call) and node.args]
    lines = [call for call in calls if ast.unparse(call.func) == "audit.entry"]
    handed = {call.args[0].id for call in lines if isinstance(call.args[0], ast.Name)}
    helpers = {
        node.name
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and any(arg.arg in handed for arg in node.args.args[:1])
    }
    for call in [*lines, *(call for call in calls if ast.unparse(call.func) in helpers)]:
        told = call.args[0]
        for one in (told.body, told.orelse) if isinstance(told, ast.IfExp) else (told,):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value


def test_every_act_that_the_source_writes_has_its_word() -> None:
    calls = {act for path in (ROOT / "app").rglob("*.py") for act in acts_in(ast.parse(path.read_text("utf-8")))}
    assert {"login", "logout", "login_failed", "account_enabled", "account_disabled"} <= calls
    acts = {*calls, SEAL, REFUSED, *(f"text_{state.value}" for state in (TextState.CONFIRMED, TextState.DISMISSED))}
    assert len(acts) > 15
    assert [act for act in sorted(acts) if trail_reading.act_word(act).isascii()] == []


@pytest.mark.parametrize(
    ("who", "page", "named"),
    [("supervisor", "/customer-statistics/export", "潜客统计"), ("supervisor", "/service-league/export", "服务排名")],
)
def test_a_report_that_is_no_table_is_told_by_its_name(
    cast: Cast, client_as: Any, who: str, page: str, named: str
) -> None:
    assert client_as(who).get(page).status_code == 200
    said = plain(client_as("auditor").get(f"{HERE}?chip=export").get_data(as_text=True))
    assert named in said
    assert "customer_statistics" not in said and "service_league" not in said


def test_columns_moments_and_colleagues_are_told_in_words(cast: Cast, client_as: Any) -> None:
    """«列 name、phones_masked» and «归属顾问 #4» say nothing to whoever examines."""
    actor = cast.actor("consultant1")
    came = NewCustomer(kind=ContactKind.FIRST_VISIT, source=Source.PASSING, name="王小明", phones=("10000001234",))
    with acting_as(actor):
        register(cast.session, actor, cast.project_ids["a"], came)
    assert client_as("supervisor").post("/customer/list/export", data={"reason": "报甲方核对"}).status_code == 200
    said = plain(client_as("auditor").get(HERE).get_data(as_text=True))
    assert "归属顾问 林晓" in said
    assert "列 姓名、手机、等级" in said
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d", said)


KEPT = (
    ("supervisor", "/customer-statistics/export?part=cohort", ("报表 潜客统计", "内容 ")),
    ("supervisor", "/service-league/export", ("报表 服务排名",)),
    ("site_manager", "/office-trend/export?part=supplies", ("报表 办公用品 ",)),
    ("supervisor", "/complaint-report/export?by=about", ("报表 投诉月报（按对象）",)),
    ("developer_finance", "/receivable-report/export?part=building", ("报表 应收实收欠款（按楼栋）",)),
    ("supervisor", "/customer/list/export?grade=a", ("条件 等级：A",)),
    ("auditor", f"{HERE}export?chip=export&paper=customer", ("做了什么：导出", "单据：客户")),
)


@pytest.mark.parametrize(("who", "page", "words"), KEPT)
def test_what_an_english_reader_took_along_is_kept_in_chinese(
    cast: Cast, client_as: Any, session: Any, who: str, page: str, words: tuple[str, ...]
) -> None:
    client = client_as(who)
    client.post("/language", data={"language": "en"})
    refresh()  # the tests' application context outlives a request
    reason = {"data": {"reason": "报甲方核对"}} if "/list/export" in page else {}
    assert (client.post(page, **reason) if reason else client.get(page)).status_code == 200
    client_as("auditor").post("/language", data={"language": "zh"})
    refresh()
    said = plain(client_as("auditor").get(f"{HERE}?chip=export").get_data(as_text=True))
    assert [word for word in words if word not in said] == [], said


def test_a_list_of_values_is_told_in_words() -> None:
    assert trail_reading._told({"conditions": ["调整前 → 第 2 版", "3栋"]}, None) == "条件 调整前 → 第 2 版、3栋"


def test_accounts_are_named_all_at_once_also_of_those_who_left(cast: Cast, client_as: Any, session: Any) -> None:
    for login in ("consultant1", "consultant2"):
        client_as(login)
    auditor = client_as("auditor")
    with statements(db.engine) as few:
        auditor.get(f"{HERE}?chip=sign_in")
    with acting_as(SYSTEM):
        gone = session.get_one(Person, cast.person_ids["consultant1"])
        write(session, lambda: setattr(session.get_one(Person, gone.id), "state", PersonState.LEFT))
        user_ids = session.scalars(select(Person.user_id).where(Person.user_id.is_not(None))).all()
        for user_id in user_ids:
            write(
                session,
                lambda key=user_id: session.add(audit.entry("password_changed", subject="ab_user", subject_id=key)),
            )
    with statements(db.engine) as many:
        page = plain(auditor.get(f"{HERE}?chip=sign_in").get_data(as_text=True))
    assert len(many) <= len(few)
    assert "账号 林晓" in page and "账号 #" not in page
