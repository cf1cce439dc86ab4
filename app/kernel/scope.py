"""Row scope lives at the session: every SELECT, UPDATE and DELETE of a scoped model is cut to what the actor may see (03 §3.3.1).

No actor means an error for scoped rows, never «all»; SYSTEM must be asked for by name with acting_as(SYSTEM).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any, ClassVar, TypeVar, cast

from sqlalchemy import ColumnElement, DateTime, ForeignKey, Integer, and_, event, false, or_
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

from app.kernel.actors import Actor, current_actor
from app.kernel.base import FieldFacts
from app.kernel.errors import NotFound
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.statement_options import with_options


@dataclass(frozen=True)
class Audience:
    """Who reads the rows of a kind of paper: `whole` posts all rows of their project, `own` posts the rows they own or
    share. by_team: the rows belong to teams, so that a posting limited to 本组 reaches those of its team only. drafts: of
    papers that the others read after they took effect, the posts that prepare, decide and check them before."""

    name: str
    whole: frozenset[Post]
    own: frozenset[Post] = frozenset()
    by_team: bool = False
    drafts: frozenset[Post] = frozenset()

    @property
    def posts(self) -> frozenset[Post]:
        return self.whole | self.own


class Scoped:
    """Base of all scope kinds; `audience` names the readers."""

    audience: ClassVar[Audience]


class Reference:
    """Marker for tables without business rows of a project (calendars, counters): readable by whoever may open the screen."""


class ByProject(Scoped):
    """Rows that belong to a project as a whole."""

    project_id: Mapped[int] = mapped_column(
        ForeignKey("project.id"), nullable=False, index=True, info={"field": FieldFacts("项目", auto=True)}
    )


class ByEffect(ByProject):
    """Rows that the whole audience reads once they took effect, and its `drafts` posts from the beginning (07 «reads … after»).

    The column is kept by kernel/publishing.py. A model says when it is in effect, or of which paper it is a part."""

    published_at: Mapped[datetime | None] = mapped_column(
        DateTime, nullable=True, info={"field": FieldFacts("公布时间", auto=True)}
    )

    __part_of__: ClassVar[str] = ""  # the relationship to the paper with which this row becomes public
    __published_parts__: ClassVar[tuple[str, ...]] = ()  # the relationships to such rows

    def in_effect(self) -> bool:
        """Whether the whole audience may read it from now on; once true, the row stays public."""
        raise NotImplementedError(type(self).__name__)


class ByOwner(ByProject):
    """Rows that belong to one person of a team in a project."""

    owner_id: Mapped[int | None] = mapped_column(
        Integer, nullable=True, index=True, info={"field": FieldFacts("置业顾问", auto=True, lookup="person")}
    )
    partner_id: Mapped[int | None] = mapped_column(
        Integer, nullable=True, index=True, info={"field": FieldFacts("分单顾问", auto=True, lookup="person")}
    )
    team_id: Mapped[int | None] = mapped_column(
        Integer, nullable=True, index=True, info={"field": FieldFacts("班组", auto=True, lookup="team")}
    )


class ProjectItself(Scoped):
    """The project row: seen by everybody who holds a post in it."""

    audience = Audience("project_itself", ALL_POSTS)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)  # a kind declares every attribute that its criteria use


class ByRule(Scoped):
    """Rows without one project of their own (people, companies, settings): the model itself says who sees them."""

    writers: ClassVar[frozenset[Post]] = frozenset()  # posts whose generic screens may write such rows

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """The criterion over the model's own columns; sub-selects use `__table__`, else they would be cut again.

        It follows from the actor's person and postings alone: it is kept for his next request."""
        raise NotImplementedError(cls.__name__)


KINDS: list[type[Any]] = [ProjectItself]


Kind = TypeVar("Kind", bound=type[Scoped])


def scope_kind(kind: Kind) -> Kind:
    """Register a scope kind (a subclass of ByProject or ByOwner with its audience). Declare few: each costs every statement."""
    KINDS.append(kind)
    return kind


@dataclass(frozen=True)
class Reach:
    """How far an actor sees in one audience: whole projects, teams (with their project), own rows in projects."""

    whole: tuple[int, ...]
    teams: tuple[int, ...]
    own: tuple[int, ...]
    drafts: tuple[int, ...] = ()


def reach(actor: Actor, audience: Audience) -> Reach:
    """Computed once per actor and audience."""
    known = actor.cache.get(audience)
    if isinstance(known, Reach):
        return known
    wide = [p for p in actor.postings if p.post in audience.whole]
    broad = [p for p in wide if p.team_id is None or not audience.by_team]
    whole = {i for p in broad for i in p.projects}
    teams = {p.team_id for p in wide if p.team_id is not None and audience.by_team}
    own = {i for p in actor.postings if p.post in audience.own for i in p.projects} - whole
    drafts = {i for p in broad if p.post in audience.drafts for i in p.projects}
    result = Reach(
        tuple(sorted(whole)), tuple(sorted(t for t in teams if t)), tuple(sorted(own)), tuple(sorted(drafts))
    )
    actor.cache[audience] = result
    return result


_codes: dict[tuple[type[Any], CodeType], CodeType] = {}


def _of_kind(kind: type[Any], criterion: FunctionType) -> FunctionType:
    """The lambda with code of its own for this kind. SQLAlchemy names a lambda's bound values by its code: two kinds with
    one lambda would share their values in one statement, and the last kind's projects would open the first kind's rows."""
    code = _codes.setdefault((kind, criterion.__code__), criterion.__code__.replace(co_name=kind.__name__))
    return FunctionType(code, criterion.__globals__, kind.__name__, criterion.__defaults__, criterion.__closure__)


def _criteria(kind: type[Any], actor: Actor | None) -> Any:
    """One loader option for a scope kind. Plain tuples in the closures keep the statement cacheable."""
    criterion = cast(FunctionType, _criterion(kind, actor))
    return with_loader_criteria(kind, _of_kind(kind, criterion), include_aliases=True, propagate_to_loaders=False)


def _criterion(kind: type[Any], actor: Actor | None) -> Callable[[Any], Any]:
    """What a row of this kind must fulfil, over the kind's own columns."""
    if actor is None:
        return lambda cls: false()
    if hasattr(kind, "criterion"):  # the kind says itself who reads its rows (kernel/confidential.py)
        return cast(Callable[[Any], Any], kind.criterion(actor))
    far = reach(actor, kind.audience)
    if kind is ProjectItself:
        ids = far.whole
        return lambda cls: cls.id.in_(ids)
    whole, teams, own, me = far.whole, far.teams, far.own, actor.person_id
    if issubclass(kind, ByEffect):
        drafts = far.drafts
        return lambda cls: or_(
            cls.project_id.in_(drafts), and_(cls.project_id.in_(whole), cls.published_at.is_not(None))
        )
    if not issubclass(kind, ByOwner) or not (teams or own):
        return lambda cls: cls.project_id.in_(whole)
    if not whole and not teams:
        return lambda cls: and_(cls.project_id.in_(own), or_(cls.owner_id == me, cls.partner_id == me))
    return lambda cls: or_(
        cls.project_id.in_(whole),
        cls.team_id.in_(teams),
        and_(cls.project_id.in_(own), or_(cls.owner_id == me, cls.partner_id == me)),
    )


def _rule(model: type[ByRule], visible: ColumnElement[bool]) -> Any:
    return with_loader_criteria(model, visible, include_aliases=True, propagate_to_loaders=False)


def _options(actor: Actor | None) -> tuple[Any, ...]:
    if actor is None:
        nobody = [_rule(model, false()) for model in ByRule.__subclasses__()]
        return (*(_criteria(kind, None) for kind in KINDS), *nobody)
    if "scope" not in actor.cache:
        actor.cache["scope"] = _kept_options(actor, len(KINDS), len(ByRule.__subclasses__()))
    return actor.cache["scope"]  # type: ignore[return-value]


@lru_cache(maxsize=256)
def _kept_options(actor: Actor, _kinds: int, _rules: int) -> tuple[Any, ...]:
    """Kept across requests: they follow from who somebody is and which posts he holds, which is what actors are equal by."""
    rules = (_rule(model, model.visible_to(actor)) for model in ByRule.__subclasses__())
    return (*(_criteria(kind, actor) for kind in KINDS), *rules)


def _inside(project_id: int) -> tuple[Any, ...]:
    """While a step runs: every paper of the step's project, whatever the actor's own scope (07 §7.1)."""
    if project_id not in _steps:
        _steps[project_id] = tuple(
            with_loader_criteria(kind, _of_kind(kind, _within(kind, project_id)), include_aliases=True, propagate_to_loaders=False)
            for kind in KINDS
        )  # fmt: skip
    return _steps[project_id]


def _within(kind: type[Any], project_id: int) -> FunctionType:
    if kind is ProjectItself:
        return cast(FunctionType, lambda cls: cls.id == project_id)
    return cast(FunctionType, lambda cls: cls.project_id == project_id)


_steps: dict[int, tuple[Any, ...]] = {}


@contextmanager
def step_scope(session: Any, project_id: int | None) -> Iterator[None]:
    """Guards and effects of a step read the papers of its project as the kernel's act, not as the person could (07 §7.1):
    a guard must not pass because its reader sees too little. Without a project everything is read."""
    before = session.info.get("acting_in", _NOT_ACTING)
    session.info["acting_in"] = project_id
    try:
        yield
    finally:
        if before is _NOT_ACTING:
            session.info.pop("acting_in", None)
        else:
            session.info["acting_in"] = before


_NOT_ACTING = object()


@event.listens_for(Session, "do_orm_execute")
def row_scope(state: ORMExecuteState) -> None:
    """Cut every ORM statement to the actor's rows."""
    if state.execution_options.get("unscoped") or state.is_column_load:
        return
    if not (state.is_select or state.is_update or state.is_delete):
        return
    actor = current_actor()
    if actor is not None and actor.system:
        return
    if "acting_in" in state.session.info:
        if (project_id := state.session.info["acting_in"]) is not None:
            state.statement = with_options(state.statement, _inside(project_id))
        return
    if actor is None and any(issubclass(m.class_, Scoped) for m in state.all_mappers):
        raise RuntimeError("scoped rows were asked for without an actor")
    state.statement = with_options(state.statement, _options(actor))


def may_write(actor: Actor, record: Scoped) -> bool:
    """Whether a generic screen may write this row for the actor (inside a step the step is the authority, 07 §7.1)."""
    if actor.system:
        return True
    if isinstance(record, ByRule):
        return actor.holds(record.writers)
    if isinstance(record, ProjectItself) and record.id is None:
        return Post.SALES_ADMIN in actor.posts  # a new project is in nobody's reach yet (07: HQ founds projects)
    if hasattr(record, "writable_by"):
        return bool(record.writable_by(actor))
    far = reach(actor, record.audience)
    project = record.id if isinstance(record, ProjectItself) else getattr(record, "project_id", None)
    if project in (far.drafts if isinstance(record, ByEffect) else far.whole):
        return True
    if isinstance(record, ByOwner):
        mine = actor.person_id in (record.owner_id, record.partner_id)
        return (record.team_id is not None and record.team_id in far.teams) or (project in far.own and mine)
    return False


@event.listens_for(Session, "before_flush")
def _no_foreign_writes(session: Session, _context: Any, _instances: Any) -> None:
    """Generic writes outside the scope are refused as if the row did not exist."""
    actor = current_actor()
    if session.info.get("step") or (actor is not None and actor.system):
        return
    for record in list(session.new) + [r for r in session.dirty if session.is_modified(r)] + list(session.deleted):
        if isinstance(record, Scoped) and (actor is None or not may_write(actor, record)):
            raise NotFound(type(record).__name__)
