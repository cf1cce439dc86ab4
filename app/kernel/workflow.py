"""How papers move: one readable table of steps per document, one function that fires a step (03 §3.2, §3.3.3).

Only this module assigns a state. A step is: lock the row → source state → post → guards → change → log → effects, in one transaction.
A paper that was not written yet is born by its first step: there is nothing to lock, and its first row has the state already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import audit
from app.kernel.actors import Actor, Posting, acting_by, current_posting
from app.kernel.asks import Ask, First
from app.kernel.base import Record, now
from app.kernel.confidential import limiting_team, named_in
from app.kernel.errors import Forbidden, NotFound, RuleError, StaleError
from app.kernel.posts import Post
from app.kernel.row_locks import locked
from app.kernel.scope import step_scope
from app.kernel.states import State
from app.kernel.transactions import write


class StateChange(Record):
    """The transition log: from, to, who, when, why, on which paper."""

    __tablename__ = "state_change"
    __label__ = "状态变更"
    __unaudited__ = True  # it is a log itself

    subject: Mapped[str] = mapped_column(String(64), nullable=False, index=True)
    subject_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    project_id: Mapped[int | None] = mapped_column(Integer, index=True)
    step: Mapped[str] = mapped_column(String(48), nullable=False)
    label: Mapped[str] = mapped_column(String(64), nullable=False)
    before: Mapped[str] = mapped_column(String(32), nullable=False)
    after: Mapped[str] = mapped_column(String(32), nullable=False)
    person_id: Mapped[int] = mapped_column(Integer, nullable=False)
    person_name: Mapped[str] = mapped_column(String(64), nullable=False)
    post: Mapped[str | None] = mapped_column(String(32))
    acting_for: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    note: Mapped[str] = mapped_column(String(1000), nullable=False, default="")
    paper: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    values: Mapped[dict[str, Any]] = mapped_column("form_values", JSON, nullable=False, default=dict)


@dataclass
class Act:
    """One firing of a step, handed to guards and effects."""

    session: Session
    document: Any
    actor: Actor
    step: Step
    form: dict[str, Any]
    note: str
    at: datetime
    posting: Posting | None = None
    change: StateChange | None = None
    before: State | None = None

    def get(self, name: str) -> Any:
        """A value of the step's form, None when not given."""
        return self.form.get(name)


Guard = Callable[[Act], None]
Effect = Callable[[Act], None]
Shown = Callable[[Any, Actor], bool]


@dataclass(frozen=True)
class Step:
    """A row of the transition table. target None = the state stays (a dated fact)."""

    name: str
    label: str
    source: tuple[State, ...]
    target: State | None
    by: frozenset[Post] = frozenset()
    guards: tuple[Guard, ...] = ()
    then: tuple[Effect, ...] = ()
    form: tuple[Ask, ...] = ()
    shown: Shown | None = None
    tone: str = "default"  # primary | default | risk
    confirm: str = ""
    internal: bool = False  # fired by effects, jobs or the approval engine only; never a button
    approval: str = ""  # outcome of this kind of approval
    bulk: bool = False
    owner_only: bool = False
    reason: bool = False  # the note is required
    queued: bool = False  # its work is asked of the worker: the page does not say that it is done
    first: First | None = None  # said before any field is shown; guards say it again to whoever posts
    sets: tuple[Effect, ...] = ()  # what the paper itself says from now on, written together with its state


def step(
    name: str,
    label: str,
    source: State | Sequence[State],
    target: State | None,
    *,
    by: Iterable[Post] = (),
    guards: Iterable[Guard] = (),
    then: Iterable[Effect] = (),
    form: Iterable[Ask] = (),
    **more: Any,
) -> Step:
    """One line of a flow, as a supervisor would read it."""
    sources = (source,) if isinstance(source, State) else tuple(source)
    return Step(name, label, sources, target, frozenset(by), tuple(guards), tuple(then), tuple(form), **more)


@dataclass(frozen=True)
class Flow:
    """The transition table of one document. `normal` are the states of the step bar, in order."""

    model: type[Any]
    steps: tuple[Step, ...]
    normal: tuple[State, ...] = ()
    by_name: dict[str, Step] = field(default_factory=dict, compare=False, hash=False)

    def __getitem__(self, name: str) -> Step:
        return self.by_name[name]


FLOWS: dict[type[Any], Flow] = {}


def flow(model: type[Any], *steps: Step, normal: Iterable[State] = ()) -> Flow:
    """Register the transition table of a document."""
    made = Flow(model, steps, tuple(normal), {s.name: s for s in steps})
    if len(made.by_name) != len(steps):
        raise ValueError(f"{model.__name__}: two steps of one name")
    FLOWS[model] = made
    return made


def legal_steps(document: Any, actor: Actor) -> list[Step]:
    """The steps that this person may take now, in the order of the table; guards that need the form speak when fired."""
    table = FLOWS.get(type(document))
    if table is None:
        return []
    return [
        s for s in table.steps if not s.internal and document.state in s.source and _may(s, document, actor) is not None
    ]


def _may(s: Step, document: Any, actor: Actor) -> Posting | None:
    posting = actor.posting(s.by, getattr(document, "project_id", None), limiting_team(document, actor))
    if posting is None or actor.person_id in named_in(document):
        return None
    if getattr(document, "anonymised_at", None) is not None:
        return None  # an erased person is followed up, handed over or taken from the pool by nobody
    if s.owner_only and actor.person_id not in (getattr(document, "owner_id", None), document.created_by):
        return None
    if (
        posting.post is Post.CONSULTANT
        and hasattr(document, "owner_id")
        and actor.person_id not in (document.owner_id, getattr(document, "partner_id", None), document.created_by)
    ):
        return None
    if s.shown is not None and not s.shown(document, actor):
        return None
    return posting


def fire(
    session: Any,
    document: Any,
    name: str,
    actor: Actor,
    *,
    note: str = "",
    paper: str = "",
    seen_version: int | None = None,
    internal: bool = False,
    **form: Any,
) -> StateChange:
    """Take a step. internal=True: an effect of another step, a job, or the approval engine acts for the actor.

    Raises StaleError (409) when the page is older than the record, RuleError at the first refusal, Forbidden for the wrong post.
    """
    model, key = type(document), document.id
    flow_step = FLOWS[model][name]
    if flow_step.internal and not internal:
        raise NotFound(name)

    def work() -> StateChange:
        row = document if key is None else locked(session, model, key)
        if row is None:
            raise NotFound(model.__name__)
        if key is None:
            row.state = next(iter(model.__table__.c.state.info["state"]))
        _check_fresh(row, flow_step, seen_version)
        return _take(Act(session, row, actor, flow_step, form, note.strip(), now()), paper, internal)

    return write(session, work)


def _check_fresh(row: Any, s: Step, seen_version: int | None) -> None:
    if row.state not in s.source:
        raise StaleError(
            "「{title}」现在是「{state}」，不能再「{label}」", title=str(row), state=row.state.label, label=s.label
        )
    if seen_version is not None and seen_version != row.version:
        raise StaleError(
            "「{title}」在你打开页面之后被修改过，请核对最新内容后再「{label}」", title=str(row), label=s.label
        )


def _take(act: Act, paper: str, internal: bool) -> StateChange:
    row, s, session = act.document, act.step, act.session
    if not internal:
        act.posting = _may(s, row, act.actor)
        if act.posting is None:
            raise Forbidden(s.label)
    if s.reason and not act.note:
        raise RuleError("请填写原因", field="note")
    with acting_by(act.posting), as_step(session), step_scope(session, getattr(row, "project_id", None)):
        for guard in s.guards:
            guard(act)
        act.before = row.state
        if s.target is not None:
            row.state = s.target
        row.updated_at = act.at
        for note in s.sets:
            note(act)
        born = row.id is None
        if born:
            session.add(row)
            session.flush()  # the log names its id
        act.change = _log(act, paper)
        session.add(act.change)
        if not born:
            session.flush()
        for effect in s.then:
            effect(act)
        session.flush()
    return act.change


def _log(act: Act, paper: str) -> StateChange:
    row, posting = act.document, act.posting
    by = posting or current_posting()
    return StateChange(
        subject=row.__tablename__,
        subject_id=row.id,
        project_id=getattr(row, "project_id", None),
        step=act.step.name,
        label=act.step.label,
        before=act.before.value if act.before else "",
        after=row.state.value,
        person_id=act.actor.person_id,
        person_name=act.actor.name,
        post=posting.post.value if posting else None,
        acting_for=by.acting_for if by else None,
        at=act.at,
        note=act.note[:1000],
        paper=paper,
        values=_answers(act),
    )


def _answers(act: Act) -> dict[str, Any]:
    """What was filled in, as the log keeps it: no files, personal data without its content."""
    personal = {a.name for a in act.step.form if a.personal}
    return {k: "***" if k in personal and v else audit._plain(v) for k, v in act.form.items() if not hasattr(v, "read")}


@contextmanager
def as_step(session: Any) -> Iterator[None]:
    """Inside, the business verb is the authority: the scope check of generic screens rests (07 §7.1)."""
    depth = session.info.get("step", 0)
    session.info["step"] = depth + 1
    try:
        yield
    finally:
        session.info["step"] = depth
        if depth == 0:
            session.info.pop("step", None)


def history(session: Session, document: Any) -> list[StateChange]:
    """The transition log of one document, oldest first."""
    about = (StateChange.subject == document.__tablename__, StateChange.subject_id == document.id)
    return list(session.scalars(select(StateChange).where(*about).order_by(StateChange.id)))
