"""F6: exporting many customers beside bare XlsxWriter. F7: importing many homes beside reading and inserting them bare (04 §0)."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine
import xlsxwriter
from sqlalchemy import insert

from app.bench.measure import Figure, figures
from app.extensions import db
from app.features.customers.choices import ContactKind, CustomerState, Grade, PartyKind, Source
from app.features.customers.models import Customer, CustomerPhone
from app.features.organisation.models import Assignment, Company, CompanyKind, Person, PostName, Project, SalesStage
from app.features.units.imports.effects import ImportFile, commit
from app.features.units.models import Building, Unit
from app.kernel import schema
from app.kernel.actors import SYSTEM, Actor, acting_as, directory
from app.kernel.base import now
from app.kernel.columns import blind
from app.kernel.posts import Post
from app.kernel.screens.export_rows import Extract, extract
from app.kernel.screens.sheet_answer import Sheet, write_sheet
from app.kernel.screens.view import view_of
from app.kernel.spreadsheets import read_workbook
from app.kernel.tasks.page import as_on_page
from app.kernel.transactions import write

COLUMNS = (
    "name", "phones_masked", "grade", "wanted_layout", "source", "owner_id", "state", "last_contact_at", "follow_due_on",
    "protected_until", "first_at", "down_payment",
)  # fmt: skip
POSTS = (Post.CLERK, Post.SITE_MANAGER)
AT_ONCE = 5_000
HEAD = ("楼栋", "单元", "楼层", "房号", "单价", "建筑面积", "套内面积")
AREAS = ((128.6, 101.25), (89.53, 70.12), (89.98, 70.44), (118.07, 92.9))


def founded() -> tuple[Actor, int]:
    """A project in the empty site, a clerk who measures and a site manager who is asked to approve."""

    def work() -> tuple[int, int]:
        agency, developer = (Company(name=kind.label, kind=kind) for kind in CompanyKind)
        project = Project(name="测量", code="BENCH", agency=agency, developer=developer, stage=SalesStage.STRONG)
        people = [Person(name=post.value, company=agency) for post in POSTS]
        db.session.add_all([project, *people])
        db.session.flush()
        for person, post in zip(people, POSTS, strict=True):
            db.session.add(Assignment(person=person, post=PostName[post.name], since=date(2020, 1, 1), project=project))
        db.session.flush()
        return int(people[0].id), int(project.id)

    schema.install(db.engine)
    with acting_as(SYSTEM):
        clerk, project_id = write(db.session, work)
        actor = directory().actor_for_person(clerk, now())
    if actor is None:
        raise LookupError("nobody measures")
    return actor, project_id


def add_customers(project_id: int, rows: int) -> None:
    """So many customers with one number each, inserted bare."""
    moment, grades, sources = now(), list(Grade), list(Source)
    for start in range(0, rows, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, rows))
        write(db.session, lambda numbers=numbers: _insert(project_id, numbers, moment, grades, sources))  # type: ignore[misc]


def _insert(project_id: int, numbers: range, moment: datetime, grades: list[Any], sources: list[Any]) -> None:
    customers, phones = [], []
    for n in numbers:
        at = moment - timedelta(minutes=n)
        customers.append({
            "id": n + 1, "project_id": project_id, "owner_id": 1, "name": f"王伟{n}", "kind": PartyKind.PERSON,
            "state": CustomerState.FOLLOWING, "grade": grades[n % 4], "source": sources[n % 13], "source_detail": "",
            "first_kind": ContactKind.CALL, "first_at": at, "last_contact_at": at, "follow_due_on": at.date(),
            "protected_until": at.date(), "wanted_layout": "三房两厅", "down_payment": 300_000 + n, "eligibility": "unchecked",
            "version": 1, "created_at": at, "updated_at": at,
        })  # fmt: skip
        number = f"1{3_000_000_000 + n:010}"
        phones.append({
            "project_id": project_id, "owner_id": 1, "customer_id": n + 1, "number": number, "digest": blind(number),
            "tail_digest": blind(number[-4:]), "belongs_to": "本人", "live": True, "version": 1, "created_at": at, "updated_at": at,
        })  # fmt: skip
    db.session.execute(insert(Customer.__table__), customers)
    db.session.execute(insert(CustomerPhone.__table__), phones)


@contextmanager
def _at_list(actor: Actor, project_id: int) -> Iterator[Extract]:
    view = view_of(Customer)
    if view is None:
        raise LookupError("customers have no list")
    with acting_as(actor), as_on_page(view.list_url(), project_id):
        found = extract(view, actor)
        yield Extract(found.view, found.actor, found.ask, COLUMNS, found.query)


def export_figures(rows: int, runs: int) -> tuple[Figure, Figure]:
    """(ours, bare XlsxWriter with the same cells)."""
    actor, project_id = founded()
    add_customers(project_id, rows)
    with _at_list(actor, project_id) as found:
        cells = list(found.rows(db.session()))
    _leave_database()

    def ours() -> None:
        with _at_list(actor, project_id) as found, tempfile.TemporaryFile() as target:
            sheet = Sheet("客户列表", project_id, found.sheet_columns(), found.rows(db.session()))
            write_sheet(db.session(), actor, sheet, target)

    def bare() -> None:
        with tempfile.TemporaryFile() as target, xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
            page = book.add_worksheet()
            day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            for number, row in enumerate(cells):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        page.write_string(number, column, value)
                    elif hasattr(value, "year"):
                        page.write_datetime(number, column, value, day)
                    elif value is not None:
                        page.write_number(number, column, value)

    return figures(("我们的导出", ours), ("只写单元格", bare), runs)


def _leave_database() -> None:
    """No connection passes to the processes that are measured."""
    db.session.remove()
    db.engine.dispose()


def homes_table(rows: int) -> bytes:
    """A price table of so many homes: 30 buildings a thousand, two entrances, four homes a floor."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        page = book.add_worksheet("房源")
        page.write_row(0, 0, HEAD)
        for n in range(rows):
            building, rest = divmod(n, 264)
            section, rest = divmod(rest, 132)
            floor, position = divmod(rest, 4)
            room = f"{floor + 1}{position + 1:02}"
            price = 12_800.5 + 35 * floor + 120 * position + building  # dearer by floor, as price tables are
            area, inner = AREAS[position]
            page.write_row(n + 1, 0, (f"{building + 1}栋", f"{section + 1}单元", floor + 1, room, price, area, inner))
    return target.getvalue()


def import_figures(rows: int, runs: int) -> tuple[Figure, Figure]:
    """(ours with every check and one transaction, calamine and a bare insert of the same rows); SQLite, empty each time."""
    actor, project_id = founded()
    data = homes_table(rows)
    _leave_database()
    live = Path(str(db.engine.url.database))
    kept = live.read_bytes()

    def emptied() -> None:
        for path in live.parent.glob(f"{live.name}-*"):
            path.unlink()
        live.write_bytes(kept)

    def ours() -> None:
        with acting_as(actor):
            sheets = read_workbook(data, "房源.xlsx")
            commit(db.session, actor, project_id, sheets, None, ImportFile("房源.xlsx", "0" * 64))

    def bare() -> None:
        with acting_as(actor):
            _bare_import(project_id, data)

    return figures(("我们的导入", ours), ("读出来直接插入", bare), runs, emptied)


def _bare_import(project_id: int, data: bytes) -> None:
    rows = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]

    def work() -> None:
        ids = {name: n + 1 for n, name in enumerate(dict.fromkeys(str(row[0]) for row in rows))}
        buildings = [
            {"id": pk, "project_id": project_id, "name": name, "floors": 33, "sections": 2} for name, pk in ids.items()
        ]
        db.session.execute(insert(Building.__table__), buildings)
        db.session.execute(insert(Unit.__table__), [_bare_unit(project_id, ids, row) for row in rows])

    write(db.session, work)


def _bare_unit(project_id: int, ids: dict[str, int], row: list[Any]) -> dict[str, Any]:
    building, section, floor, room, price, area, inner = row
    cents = Decimal("0.01")
    area, price = Decimal(str(area)), Decimal(str(price))
    return {
        "project_id": project_id, "building_id": ids[building], "section": str(section).removesuffix("单元"), "floor": int(floor),
        "room": str(room), "full_name": f"{building}{section}{room}", "building_area": area, "inner_area": Decimal(str(inner)),
        "filed_unit_price": price, "filed_total": (area * price).quantize(cents),
    }  # fmt: skip
