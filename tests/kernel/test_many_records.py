"""Many records at once leave the same behind as records in the session: rows, trail, words; on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import event, select

from app.extensions import db
from app.features.units.models import Building, Product, Unit
from app.kernel.actors import acting_as
from app.kernel.audit import AuditEntry
from app.kernel.errors import RuleError
from app.kernel.many_records import insert_many
from app.kernel.search_index import SearchRow
from app.kernel.transactions import write
from app.kernel.workflow import as_step

MOMENTS = ("created_at", "updated_at")


def home(building: Building, number: int, **other: object) -> dict[str, object]:
    return {
        "project_id": building.project_id, "building_id": building.id, "section": "1", "floor": number, "room": f"{number}01",
        "full_name": f"云栖里8栋1单元{number}01", "product": Product.LOW_RISE, "building_area": Decimal("89.53"),
        "inner_area": Decimal("70.12"), "filed_unit_price": Decimal(12800), "filed_total": None, **other,
    }  # fmt: skip


def told(session, key: int) -> list[object]:
    """Everything that the house knows of one home, but its own number and its moment."""
    table = Unit.__table__
    row = session.execute(select(table).where(table.c.id == key)).mappings().one()
    line = session.scalars(select(AuditEntry).where(AuditEntry.subject == "unit", AuditEntry.subject_id == key)).one()
    words = session.scalars(
        select(SearchRow.words).where(SearchRow.subject == "unit", SearchRow.subject_id == key)
    ).one()
    about = (line.act, line.person_id, line.person_name, line.project_id, line.changes | {"id": [None, 0]})
    return [{k: v for k, v in row.items() if k not in ("id", *MOMENTS)}, about, words]


@pytest.mark.both_databases
def test_a_record_of_many_is_told_as_one_of_the_session(cast):
    session, clerk = cast.session, cast.actor("clerk")

    def work() -> tuple[int, int]:
        with as_step(session):
            place = Building(project_id=cast.project_ids["a"], name="8栋", floors=9, sections=1)
            session.add(place)
            session.flush()
            unit = Unit(**home(place, 1))
            session.add(unit)
            session.flush()
            (many,) = insert_many(session, Unit, [home(place, 2)])
            return int(unit.id), many

    with acting_as(clerk):
        one, many = write(session, work)
    expected, found = told(session, one), told(session, many)
    other = str(expected).replace("101", "201").replace("'floor': 1", "'floor': 2")
    assert other.replace("'floor': [None, 1]", "'floor': [None, 2]") == str(found)
    assert many == one + 1


@pytest.mark.both_databases
def test_their_ids_go_on_after_those_of_others_and_statements_stay_few(cast):
    session, clerk = cast.session, cast.actor("clerk")
    statements: list[str] = []

    def work() -> list[int]:
        with as_step(session):
            place = Building(project_id=cast.project_ids["a"], name="8栋", floors=9, sections=1)
            session.add(place)
            ids = insert_many(session, Unit, [])
            session.flush()
            event.listen(db.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
            ids = insert_many(session, Unit, [home(place, n) for n in range(1, 1_001)])
            unit = Unit(**home(place, 2_000))
            session.add(unit)
            session.flush()
            return [*ids, int(unit.id)]

    with acting_as(clerk):
        ids = write(session, work)
    assert ids == list(range(ids[0], ids[0] + 1_001))
    assert len(statements) < 12
    table = Unit.__table__
    assert session.scalars(select(table.c.floor).order_by(table.c.id)).all() == [*range(1, 1_001), 2_000]


def test_outside_a_step_and_with_a_doubled_name_nothing_is_written(cast):
    session, clerk = cast.session, cast.actor("clerk")

    def place() -> Building:
        made = Building(project_id=cast.project_ids["a"], name="8栋", floors=9, sections=1)
        session.add(made)
        session.flush()
        return made

    def twice() -> None:
        with as_step(session):
            building = place()
            insert_many(session, Unit, [home(building, 1), home(building, 1)])

    with acting_as(clerk):
        with pytest.raises(RuntimeError, match="inside a step"):
            write(session, lambda: insert_many(session, Unit, [home(place(), 1)]))
        with pytest.raises(RuleError):
            write(session, twice)
        assert session.scalars(select(Unit.__table__.c.id)).all() == []
