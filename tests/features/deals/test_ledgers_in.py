"""甲方's 认购台账 and 签约台账 held against ours: what differs, what one side lacks, nothing written."""

from __future__ import annotations

from sqlalchemy import select

from app.features.deals.reservations.models import Reservation
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.imports.records import ImportRun
from app.kernel.spreadsheets import read_workbook
from tests.features.deals import orders as o
from tests.tables import bring, plain, table

HEAD = ["序号", "房间", "购房人", "认购总价", "定金金额", "认购日"]


def three_orders(cast):
    paid_by, who = o.scheme(cast), o.customer(cast)
    return [o.filled(cast, o.locked(cast, o.unit(cast, room), who), paid_by) for room in ("1102", "1103", "1104")]


def test_the_books_are_compared_and_nothing_is_written(cast, client_as, session):
    three_orders(cast)
    o.unit(cast, "1105")
    today = o.today().isoformat()
    rows = [
        ["1", "1102-1-1102", "王伟", "1145984", "20000", today],
        ["2", "1103栋1单元1103室", "李娜", "1,145,900.00", "2万", today],
        ["3", "1105#1-1105", "赵敏", "1000000", "20000", today],
        ["合计", "", "", "3291884"],
    ]
    way = bring(client_as("clerk"), "reservation", table(["江畔云庐认购台账"], HEAD, *rows)).check()
    said = plain(way.preview)
    assert "1 条一致，1 条不一致，1 条系统里没有，1 条表里没有" in said
    assert "客户姓名 王伟 → 李娜" in said
    assert "成交总价 1,145,984.00 → 1,145,900.00" in said
    assert 'type="submit">导入' not in way.preview
    assert way.confirm().status_code == 422
    (report,) = read_workbook(way.client.get(f"{way.url}/report").data, "a.xlsx")
    words = [" ".join(str(cell) for cell in row if cell) for row in report.rows]
    assert any(line.startswith("不一致 明细·第 4 行") for line in words)
    assert any(line.startswith("系统里没有 明细·第 5 行") for line in words)
    assert any(line.startswith("表里没有") for line in words)
    with acting_as(SYSTEM):
        session.rollback()
        assert session.scalars(select(ImportRun)).first() is None
        assert [r.customer_name for r in session.scalars(select(Reservation).order_by(Reservation.id))] == ["王伟"] * 3


def test_a_room_that_is_none_is_a_fault_of_its_cell(cast, client_as):
    three_orders(cast)
    way = bring(client_as("clerk"), "reservation", table(HEAD, ["1", "99栋9999", "王伟", "1", "1", ""])).check()
    assert "第 2 行 房号 99栋9999 “99栋9999”：系统里没有找到" in plain(way.preview)


def test_contracts_have_their_ledger_too(cast, client_as):
    way = bring(
        client_as("contract_officer"),
        "contract",
        table(["房号", "客户姓名", "合同金额", "签约日期"], ["1102栋1102", "王伟", "1", "2026-1-1"]),
    )
    assert "系统里没有找到" in plain(way.check().preview)
    assert client_as("finance").get("/import/contract").status_code == 403
