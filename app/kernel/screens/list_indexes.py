"""The indexes that a list needs follow from its declaration: one for each way its rows are ordered, narrowed or reached.

Each begins with the project and ends with the id, so that it answers an order with its ties, forwards and backwards, and a
page is found by reading as many entries as it shows (04 F1, F2). Where a growing list has an order of its own («-at»), that
column stands before the id in the indexes of its filters and ways in: what they narrow is read in the order of the list, too. Those of the
ways in carry the other owners behind the id: the listener's «owner or partner or team» is then answered by the entry itself, else
each entry would cost a visit to its row.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, Table, inspect

from app.kernel.scope import ByOwner
from app.kernel.screens.fields import field_for
from app.kernel.ways_in import OWNING


def wanted_columns(view: Any) -> list[str]:
    """Column attributes by which the list is sorted; of a list that grows without end (`many`) also its filters and ways in."""
    model, names = view.model, [*view.order_columns, *(name.removeprefix("-") for name in view.order[:1])]
    if view.many:
        names += [*view.filters, *(OWNING if issubclass(model, ByOwner) else ())]
    found = [(field_for(model, name), name) for name in names]
    return list(dict.fromkeys(f.name if f is not None else name for f, name in found))


def index_list(view: Any) -> None:
    """Declare the indexes of a list on its table; those that are there already stay."""
    mapper = inspect(view.model)
    table: Table = mapper.local_table
    known = {str(index.name) for index in table.indexes}
    head = [table.c.project_id] if "project_id" in table.c else []
    own = _own_order(view, mapper)
    narrowing = {*view.filters, *OWNING} if view.many else set()
    chains = {
        column.name: [*head, column, *(own if name in narrowing and column not in own else ()), table.c.id]
        for name, column in ((name, mapper.columns[name]) for name in wanted_columns(view))
    }
    if view.many:
        if not own:
            chains["project_id" if head else "id"] = [*head, table.c.id]
        if issubclass(view.model, ByOwner):
            for owning in OWNING:
                chains[owning] += [table.c[other] for other in OWNING if other != owning]
    for end, columns in chains.items():
        name = f"ix_{table.name}_list_{end}"
        if name not in known:
            Index(name, *columns)
            known.add(name)


def _own_order(view: Any, mapper: Any) -> list[Any]:
    """The column of the list's own order, of a list that grows without end; none when that is the newest first."""
    if not view.many or not view.order:
        return []
    name = view.order[0].removeprefix("-")
    found = field_for(view.model, name)
    return [mapper.columns[found.name if found is not None else name]]
