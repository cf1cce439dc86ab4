"""Names in a column → ids: related records by title or number within the actor's rows, people by name within the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import inspect, select

from app.kernel.actors import directory
from app.kernel.base import Numbered, now
from app.kernel.errors import RuleError
from app.kernel.imports.declared import Desk, ImportColumn
from app.kernel.posts import ALL_POSTS

AT_ONCE = 400  # values in one statement
MOST_OFFERED = 300


def ids_by_text(desk: Desk, column: ImportColumn, texts: set[str]) -> Mapping[str, Sequence[int]]:
    """The ids that each text may mean; a text without any is left out."""
    if column.look_up is not None:
        return column.look_up(desk, texts)
    if column.kind == "person":
        return people_by_name(desk)
    return records_by_title(desk, column.target, texts)


def records_by_title(desk: Desk, model: Any, texts: set[str]) -> dict[str, list[int]]:
    """By title, and papers also by number; within the actor's rows and, where they have one, the project."""
    mapper, found = inspect(model), dict[str, list[int]]()
    names = [name for name in (model.__title__, "number") if name in mapper.columns]
    if not issubclass(model, Numbered):
        names = [name for name in names if name == model.__title__]
    for name in dict.fromkeys(names):
        attribute = getattr(model, name)
        for some in chunks(sorted(texts)):
            query = select(model.id, attribute).where(attribute.in_(some))
            if "project_id" in mapper.columns:
                query = query.where(model.project_id == desk.project_id)
            for pk, text in desk.session.execute(query):
                found.setdefault(text, []).append(pk)
    return found


def names_offered(desk: Desk, columns: Iterable[ImportColumn]) -> dict[str, list[str]]:
    """The names of records and people that the columns of a template may say, where they are few enough to choose from."""
    found: dict[str, list[str]] = {}
    for column in columns:
        if column.look_up is not None:
            continue
        if column.kind == "person":
            found[column.name] = sorted(people_by_name(desk))
        elif column.target is not None and column.target.__title__ in inspect(column.target).columns:
            found[column.name] = _titles(desk, column)
    return {name: words for name, words in found.items() if 0 < len(words) <= MOST_OFFERED}


def _titles(desk: Desk, column: ImportColumn) -> list[str]:
    model: Any = column.target
    query = select(getattr(model, model.__title__)).limit(MOST_OFFERED + 1)
    if "project_id" in inspect(model).columns:
        query = query.where(model.project_id == desk.project_id)
    narrowed = desk.view.pick_filters.get(column.name)
    return [str(text) for text in desk.session.scalars(query if narrowed is None else narrowed(query)) if text]


def people_by_name(desk: Desk) -> dict[str, list[int]]:
    """Everybody who holds a post in the project today."""
    found: dict[str, list[int]] = {}
    for post in ALL_POSTS:
        for holder in directory().holders(post, desk.project_id, None, now()):
            if holder.person_id not in found.setdefault(holder.name, []):
                found[holder.name].append(holder.person_id)
    return found


def chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Pieces that fit into one statement."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def chosen(column: ImportColumn, text: str, ids: Mapping[str, Sequence[int]]) -> int:
    """The one id. Raises RuleError when there is none or several."""
    known = ids.get(text, ())
    if len(known) == 1:
        return known[0]
    if known:
        raise RuleError("“{text}”对应 {n} 条记录，分不清是哪一条，请改用编号", text=text[:40], n=len(known))
    what = "项目里没有这位同事" if column.kind == "person" else "系统里没有找到"
    raise RuleError("“{text}”：{what}，请核对写法", text=text[:40], what=what)
