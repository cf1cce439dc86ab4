"""What a person keeps of a list: saved filters, for himself or shared with posts of a project, and the columns that he chose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    Integer,
    Select,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.actors import Actor
from app.kernel.base import Record, now
from app.kernel.errors import NotFound, RuleError
from app.kernel.posts import Post
from app.kernel.transactions import AnySession, write

LONGEST_NAME, LONGEST_QUERY, MOST = 20, 1000, 30
SHARERS = frozenset(
    {
        Post.SUPERVISOR,
        Post.SITE_MANAGER,
        Post.PROJECT_MANAGER,
        Post.SALES_ADMIN,
        Post.GENERAL_MANAGER,
        Post.DEVELOPER_LEAD,
    }
)


class ListSetting(Record):
    """A saved filter of a list, or — without a name — the person's own columns of it.

    screen: the table that the list shows. query: its address without the page. shared_with: posts of `project_id` that see
    the filter too, as «|consultant|clerk|»; empty = nobody. It opens no row: whoever uses it sees what he may see.
    """

    __tablename__ = "list_setting"
    __label__ = "列表设置"
    __unaudited__ = True
    __table_args__ = (UniqueConstraint("person_id", "screen", "name", name="uq_list_setting_name"),)

    person_id: Mapped[int] = mapped_column(Integer, nullable=False)
    screen: Mapped[str] = mapped_column(String(64), nullable=False, index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), nullable=False, default="")
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY), nullable=False, default="")
    columns: Mapped[list[str] | None] = mapped_column(JSON)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    shared_with: Mapped[str] = mapped_column(String(400), nullable=False, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)

    @property
    def posts(self) -> frozenset[Post]:
        """Whom it is shared with."""
        return frozenset(Post(code) for code in self.shared_with.split("|") if code)


@dataclass(frozen=True)
class Kept:
    """What one person finds at one list: filters, his own first; `columns` are his own, None = as declared."""

    filters: tuple[ListSetting, ...] = ()
    columns: tuple[str, ...] | None = None

    def filter(self, key: int) -> ListSetting | None:
        """The saved filter of that id, when it is one of these."""
        return next((one for one in self.filters if one.id == key), None)

    def columns_of(self, key: int) -> tuple[str, ...]:
        """The columns of a saved filter, else the person's own; empty = as declared."""
        chosen = self.filter(key)
        return tuple(chosen.columns) if chosen is not None and chosen.columns else self.columns or ()


def kept_of(session: AnySession, actor: Actor, screen: str, project_id: int | None) -> Kept:
    """One statement for everything that the person keeps of a list or that is shared with one of his posts in the project."""
    values = {"person": actor.person_id, "screen": screen, "project": project_id}
    posts = {p.post for p in actor.postings if project_id in p.projects}
    found = session.scalars(_kept_query(), values)
    rows = [row for row in found if row.person_id == actor.person_id or posts & row.posts]
    own = next((r for r in rows if r.name == "" and r.person_id == actor.person_id), None)
    named = sorted((r for r in rows if r.name), key=lambda r: (r.person_id != actor.person_id, r.id))
    return Kept(tuple(named), tuple(own.columns) if own is not None and own.columns else None)


@lru_cache
def _kept_query() -> Select[ListSetting]:
    """Made once, because every list asks it: what the person keeps of a list, and what is shared in the project."""
    shared = and_(ListSetting.project_id == bindparam("project"), ListSetting.shared_with != "")
    reaches = or_(ListSetting.person_id == bindparam("person"), shared)
    return select(ListSetting).where(ListSetting.screen == bindparam("screen"), reaches).order_by(ListSetting.id)


def keep_filter(
    session: AnySession, actor: Actor, screen: str, name: str, query: str, columns: Iterable[str],
    project_id: int | None, share: Iterable[Post] = (),
) -> ListSetting:  # fmt: skip
    """Save a filter under a name; the same name again replaces it. Raises RuleError for an odd name, too many, or sharing below a 主管."""
    name, posts = " ".join(name.split()), frozenset(share)
    if not name or len(name) > LONGEST_NAME:
        raise RuleError("请给筛选起一个 {n} 个字以内的名称", field="name", n=LONGEST_NAME)
    if len(query) > LONGEST_QUERY:
        raise RuleError("筛选条件太长，请减少一些再保存")
    if posts and not actor.holds(SHARERS, project_id):
        raise RuleError("销售主管及以上岗位才能把筛选共享给同事")

    def work() -> ListSetting:
        row = _own(session, actor, screen, name)
        if row is None:
            mine = select(ListSetting.id).where(ListSetting.person_id == actor.person_id, ListSetting.screen == screen)
            if len(session.scalars(mine).all()) >= MOST:
                raise RuleError("每个列表最多保存 {n} 个筛选，请先删除不用的", n=MOST)
            row = ListSetting(person_id=actor.person_id, screen=screen, name=name)
            session.add(row)
        row.query, row.columns = query, list(columns) or None
        row.project_id = project_id if posts else None
        row.shared_with = "|" + "|".join(sorted(post.value for post in posts)) + "|" if posts else ""
        session.flush()
        return row

    return write(session, work)


def keep_columns(session: AnySession, actor: Actor, screen: str, columns: Iterable[str]) -> None:
    """Keep the person's own columns of a list; none = as declared again."""
    chosen = list(columns)

    def work() -> None:
        row = _own(session, actor, screen, "")
        if row is None:
            row = ListSetting(person_id=actor.person_id, screen=screen)
            session.add(row)
        row.columns = chosen or None

    write(session, work)


def rename(session: AnySession, actor: Actor, key: int, name: str) -> ListSetting:
    """A new name for one's own filter. Raises NotFound for another's, RuleError for an odd or taken name."""
    name = " ".join(name.split())

    def work() -> ListSetting:
        row = own_filter(session, actor, key)
        if not name or len(name) > LONGEST_NAME:
            raise RuleError("请给筛选起一个 {n} 个字以内的名称", field="name", n=LONGEST_NAME)
        taken = _own(session, actor, row.screen, name)
        if taken is not None and taken.id != row.id:
            raise RuleError("已有名为「{name}」的筛选，请换一个名称", field="name", name=name)
        row.name = name
        return row

    return write(session, work)


def forget(session: AnySession, actor: Actor, key: int) -> str:
    """Delete one's own filter; returns the table of its list. Raises NotFound for another's."""

    def work() -> str:
        row = own_filter(session, actor, key)
        session.delete(row)
        return row.screen

    return write(session, work)


def own_filter(session: AnySession, actor: Actor, key: int) -> ListSetting:
    """One's own saved filter. Raises NotFound for another's, whether shared or not."""
    row = session.get(ListSetting, key)
    if row is None or row.person_id != actor.person_id or not row.name:
        raise NotFound("list_setting")
    return row


def _own(session: AnySession, actor: Actor, screen: str, name: str) -> Any:
    query = select(ListSetting).where(
        ListSetting.person_id == actor.person_id, ListSetting.screen == screen, ListSetting.name == name
    )
    return session.scalars(query).first()
