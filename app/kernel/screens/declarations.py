"""What a view declares, with sensible defaults: rights by post, columns, addresses — no routes and no templates here."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, has_request_context, request, url_for
from flask import session as cookie

from app.kernel.actors import Actor, current_actor
from app.kernel.addresses import id_of
from app.kernel.approval.kinds import KINDS
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.screens.fields import field_for, fields_of, form_fields
from app.kernel.screens.people import people_of
from app.kernel.workflow import FLOWS

NOBODY: frozenset[Post] = frozenset()
UNLISTED = frozenset({"id", "version", "project_id"})


def _first(state: Any) -> Any:
    members: Any = type(state)
    return next(iter(members))


class Declarations:
    """Declare model, label, category and posts; everything else has a default."""

    route_base: Any
    endpoint: Any

    model: ClassVar[type[Any]]
    label: ClassVar[Any] = ""  # «认购书»
    title: ClassVar[Any] = ""  # menu and list title; default = label
    category: ClassVar[Any] = ""
    icon: ClassVar[str] = "file"
    readers: ClassVar[frozenset[Post] | None] = None  # default: the audience of the model
    creators: ClassVar[frozenset[Post]] = NOBODY
    editors: ClassVar[frozenset[Post] | None] = None  # default: creators
    removers: ClassVar[frozenset[Post] | None] = None  # default: creators; of rows that only an import makes
    exporters: ClassVar[frozenset[Post]] = NOBODY
    listed: ClassVar[tuple[str, ...]] = ()
    filters: ClassVar[tuple[str, ...]] = ()
    more_filters: ClassVar[
        tuple[str, ...]
    ] = ()  # behind 「更多筛选」: a form's fields, a report's drill-down; no index of their own
    search: ClassVar[tuple[str, ...]] = ()
    sortable: ClassVar[tuple[str, ...]] = ()
    summed: ClassVar[tuple[str, ...]] = ()
    uncounted: ClassVar[tuple[Any, ...]] = ()  # states of rows that no sum counts: what was voided
    form: ClassVar[tuple[str, ...] | None] = None  # default: every declared field that is not auto
    folds: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()  # (title, fields of the form that a phone folds away)
    needed: ClassVar[tuple[str, ...]] = ()  # asked for by the form though the column may stay empty
    parent: ClassVar[str] = ""  # foreign key of the paper that this is a part of: saved and back lead there
    edit_form_fields: ClassVar[tuple[str, ...] | None] = None
    facts: ClassVar[tuple[str, ...] | None] = None
    fact_groups: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()
    chips: ClassVar[tuple[tuple[str, Any, Any], ...]] = ()  # (key, label, fn(query, actor) → query)
    pick_filters: ClassVar[dict[str, Any]] = {}
    pick_notes: ClassVar[
        dict[str, Any]
    ] = {}  # field → fn(records) → {id: what a person should know of it before he chooses}
    people: ClassVar[
        dict[str, frozenset[Post]]
    ] = {}  # whom a field for a person offers; default: everybody of the project
    many: ClassVar[bool] = False  # grows with every day's work: each filter has an index of its own
    order: ClassVar[tuple[str, ...]] = ()  # of the plain list, "-day" = latest first; default: newest first
    loads: ClassVar[tuple[Any, ...]] = ()  # further loader options of the list's rows
    search_hint: ClassVar[Any] = ""
    empty_hint: ClassVar[Any] = ""
    editable_states: ClassVar[tuple[Any, ...] | None] = None  # default: the first state; papers without states: always
    files: ClassVar[bool] = True
    takes_files: ClassVar[Any] = ""  # «照片»: the form of a new record takes files under this label, saved with it
    # days that may be late: field → fn(record) → whether the day still counts; a late one is red with its days
    deadlines: ClassVar[dict[str, Any]] = {}
    logs_reading: ClassVar[bool] = False  # every opening of a record's page is a line of the trail
    importable: ClassVar[Any] = None  # what may come in from a table: kernel/imports/declared.py Import
    decided_with: ClassVar[tuple[str, ...]] = ()  # tabs that stand above the decision, too; "cards": the main cards
    lines: ClassVar[Any] = None  # screens/lines.py Lines: rows typed in the form of the paper
    # (closed list, {word: fields}): what a new paper asks depends on the word, which is chosen on a page before the form
    form_by: ClassVar[tuple[str, dict[Any, tuple[str, ...]]] | None] = None

    # ── rights ──────────────────────────────────────────────
    @property
    def posts(self) -> dict[str, frozenset[Post]]:
        """The posts of each permission, for the grants in code."""
        audience = getattr(self.model, "audience", None)
        read = self.readers if self.readers is not None else audience.posts if audience is not None else NOBODY
        edit = self.editors if self.editors is not None else self.creators
        return {
            "menu_access": read, "can_list": read, "can_show": read | self._deciders(), "can_add": self.creators,
            "can_edit": edit, "can_delete": self.creators if self.removers is None else self.removers, "can_export": self.exporters,
        }  # fmt: skip

    def _deciders(self) -> frozenset[Post]:
        """An approver may open the paper that he decides even when its list is not his (02 §2.1.5)."""
        return frozenset(Post) - {Post.ADMIN} if any(k.model is self.model for k in KINDS.values()) else NOBODY

    def actor(self) -> Actor:
        """The person of this request."""
        actor = current_actor()
        if actor is None:
            abort(401)
        return actor

    def may_add(self, actor: Actor) -> bool:
        """Whether «新增» is offered."""
        return actor.holds(self.creators, self.current_project() if hasattr(self.model, "project_id") else None)

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """Whether «修改» is offered: right post, right state."""
        editors = self.editors if self.editors is not None else self.creators
        return (
            actor.holds(editors, getattr(record, "project_id", None))
            and self._draft(record)
            and self._own(record, actor)
        )

    def _own(self, record: Any, actor: Actor) -> bool:
        """A consultant edits his own papers only."""
        editors = self.editors if self.editors is not None else self.creators
        others = editors - {Post.CONSULTANT}
        owners = (
            {record.created_by, getattr(record, "owner_id", None), getattr(record, "partner_id", None)}
            if hasattr(record, "created_by")
            else set()
        )
        return actor.holds(others, getattr(record, "project_id", None)) or actor.person_id in owners

    def step_note(self, record: Any, step: Any) -> str:
        """What stands above a step's form, beside what the step itself asks to confirm."""
        return ""

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """Only one's own draft that was never submitted (07 §7.1)."""
        states = FLOWS.get(self.model)
        first = states is not None and record.state is _first(record.state)
        if not first or getattr(record, "number", None):
            return False
        return bool(record.created_by == actor.person_id and actor.holds(self.creators))

    def _draft(self, record: Any) -> bool:
        state = getattr(record, "state", None)
        if state is None:
            return True
        allowed = self.editable_states if self.editable_states is not None else (_first(state),)
        return state in allowed

    # ── declarations with defaults ──────────────────────────
    @property
    def list_names(self) -> tuple[str, ...]:
        return self.listed or tuple(f.shows for f in form_fields(self.model)[:6]) + (
            ("state",) if "state" in fields_of(self.model) else ()
        )

    @property
    def order_columns(self) -> tuple[str, ...]:
        return getattr(self, "sortable", ())

    @order_columns.setter
    def order_columns(self, value: Any) -> None:
        """Flask-AppBuilder sets its own default at start; ours stands."""

    @property
    def search_names(self) -> tuple[str, ...]:
        return self.search

    @property
    def sum_columns(self) -> tuple[str, ...]:
        return self.summed

    def readable_columns(self, actor: Actor) -> list[str]:
        """List columns without those whose field the actor may read nowhere."""
        return [n for n in self.list_names if (f := field_for(self.model, n)) is None or f.readable(actor)]

    def column_choices(self, actor: Actor) -> list[str]:
        """What a person may choose as columns: those of the list, then every other short field that he may read."""
        listed = self.readable_columns(actor)
        further = [
            f.shows for f in fields_of(self.model).values()
            if f.kind != "long" and not f.facts.personal and f.name not in UNLISTED and f.readable(actor)
        ]  # fmt: skip
        return list(dict.fromkeys([*listed, *further]))

    def readable_filters(self, actor: Actor) -> list[str]:
        """Filters whose field the actor may read somewhere: the others would answer yes or no about hidden values (04 §2.3)."""
        return [n for n in self.filters if (f := field_for(self.model, n)) is None or f.readable(actor)]

    def further_filters(self, actor: Actor) -> list[str]:
        """The same of those behind 「更多筛选」."""
        return [n for n in self.more_filters if (f := field_for(self.model, n)) is None or f.readable(actor)]

    def opening(self) -> dict[str, str]:
        """The filters of a list that is opened by its plain address: that of this month, where the first page of all says nothing."""
        return {}

    def readable_orders(self, actor: Actor) -> list[str]:
        """Sortable columns that he may read; sorting by a hidden one would tell its values."""
        return [n for n in self.order_columns if (f := field_for(self.model, n)) is None or f.readable(actor)]

    def form_word(self, record: Any | None) -> Any:
        """The word that decides what the form asks: that of the record, or of the address; None before it is chosen."""
        if self.form_by is None:
            return None
        name, variants = self.form_by
        if record is not None:
            return getattr(record, name, None)
        given = request.args.get(name) if has_request_context() else None
        return next((word for word in variants if word.value == given), None)

    def words_offered(self) -> tuple[Any, ...]:
        """The words to choose from on the page before the form."""
        return tuple(self.form_by[1]) if self.form_by is not None else ()

    def word_note(self, word: Any) -> str:
        """The second line of a word to choose."""
        return ""

    def word_refused(self, word: Any) -> str:
        """Why a word cannot be chosen now; it is shown with this sentence instead of its note."""
        return ""

    def offers(self, step: Any, record: Any) -> bool:
        """Whether the button of a legal step makes sense now; whoever posts it all the same hears it of its guards."""
        return True

    def people_offered(self, name: str) -> tuple[tuple[str, str], ...]:
        """(person id as text, name and post) to choose from."""
        return people_of(self.people.get(name, ALL_POSTS), self.current_project())

    def offered_lines(self, record: Any | None) -> list[dict[str, str]]:
        """Rows that lie ready in the form of a paper with lines, by field; record: None for a new paper."""
        return []

    def form_names(self, record: Any | None) -> list[str]:
        if self.form_by is not None:
            variants = self.form_by[1]
            every = dict.fromkeys(name for names in variants.values() for name in names)
            chosen = variants.get(self.form_word(record), tuple(every))
            return [f.name for f in form_fields(self.model, chosen)]
        names = self.edit_form_fields if record is not None and self.edit_form_fields is not None else self.form
        return [f.name for f in form_fields(self.model, names)]

    def fact_groups_of(self, record: Any) -> tuple[tuple[Any, tuple[str, ...]], ...]:
        """The groups of facts on the page of this record."""
        return self.fact_groups or (("要点", self.fact_names()),)

    def fact_names(self) -> tuple[str, ...]:
        if self.facts is not None:
            return self.facts
        hidden = {"id", "version", "state", "project_id"}
        return tuple(f.shows for f in fields_of(self.model).values() if f.name not in hidden and f.name != "updated_by")

    # ── addresses ───────────────────────────────────────────
    def current_project(self) -> int | None:
        """The project chosen in the top bar."""
        chosen, actor = cookie.get("project_id"), self.actor()
        if chosen in actor.projects:
            return int(chosen)
        return min(actor.projects) if actor.projects else None

    def list_url(self) -> str:
        return f"{self.route_base}/list/"

    def show_url(self, pk: int) -> str:
        return f"{self.route_base}/show/{pk}"

    def saved_url(self, record: Any) -> str:
        """Where a saved form leads; a part of another paper leads back to it."""
        return self._parent_url(getattr(record, self.parent, None)) or self.show_url(record.id)

    def back_url(self, record: Any | None, chosen: Any = None) -> str:
        """Where «返回» of a form leads. chosen: what the address or the form says of the parent of a new part."""
        owner = getattr(record, self.parent, None) if record is not None else id_of(str(chosen or "")) or None
        return self._parent_url(owner) or (self.list_url() if record is None else self.show_url(record.id))

    def _parent_url(self, owner_id: int | None) -> str:
        if not self.parent or owner_id is None:
            return ""
        from app.kernel.screens.view import view_of

        view = view_of(fields_of(self.model)[self.parent].target)  # type: ignore[arg-type]
        return view.show_url(owner_id) if view is not None else ""

    def add_url(self, **preset: Any) -> str:
        return url_for(f"{self.endpoint}.add", **preset)

    def edit_url(self, pk: int) -> str:
        return f"{self.route_base}/edit/{pk}"

    def delete_url(self, pk: int) -> str:
        return f"{self.route_base}/delete/{pk}"

    def step_url(self, pk: int, name: str) -> str:
        return f"{self.route_base}/step/{name}/{pk}"

    def pick_url(self, name: str, *, every: bool = False) -> str:
        """Type-ahead for a related record; every: for a filter, also those that a form would not offer."""
        return f"{self.route_base}/pick/{name}" + ("?every=1" if every else "")
