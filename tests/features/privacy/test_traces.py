"""No table of customers is forgotten when a person is erased: each is wiped, or keeps him by law."""

from __future__ import annotations

from sqlalchemy import String, Text

from app.features.privacy.kept_by_law import KEPT_BY
from app.features.privacy.traces import TRACES
from app.kernel.base import Record
from app.kernel.columns import ChoiceType, Encrypted

# only exist beside an order or money, which keep the customer; or name him by number alone
WITH_A_DEAL = {
    "buyer", "contract", "discount_request", "doubt", "mortgage", "area_settlement", "handover", "handover_defect", "title_deed", "folder",
    "hold", "take_over_order", "cashier_desk", "late_home",
}  # fmt: skip
BY_NUMBER = {"customer_transfer_line", "purge_row", "person_request"}


def test_every_table_with_customers_is_wiped_or_keeps_him() -> None:
    known = {model.__tablename__ for model, _column, _values in TRACES} | {
        model.__tablename__ for model, _label in KEPT_BY
    }
    found = set()
    for mapper in Record.registry.mappers:
        table = mapper.local_table
        if table is not None and issubclass(mapper.class_, Record) and "customer_id" in table.c:
            found.add(table.name)
    assert sorted(found - known - WITH_A_DEAL - BY_NUMBER) == []


def test_what_is_written_fits_its_columns() -> None:
    for model, column, values in TRACES:
        table = model.__table__
        assert column in table.c, (model, column)
        for name, value in values.items():
            assert name in table.c, (model, name)
            assert value is not None or table.c[name].nullable, (model, name)


def test_no_text_of_the_customer_himself_is_left() -> None:
    """His own table and what people wrote about him: encrypted or long columns are all on the list."""
    for model, _column, values in TRACES[:4]:
        for one in model.__table__.c:
            facts = one.info.get("field")
            secret = isinstance(one.type, Encrypted) or bool(facts and (facts.long or facts.personal))
            if secret and not isinstance(one.type, ChoiceType) and isinstance(one.type, (String, Text, Encrypted)):
                assert one.name in values, (model, one.name)
