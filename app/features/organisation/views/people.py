"""人员 任职 代理授权."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy.orm import joinedload, object_session

from app.features.organisation import rules
from app.features.organisation.effects import require_fitting, sign_out
from app.features.organisation.models import Assignment, Delegation, Person, PersonState
from app.features.organisation.states import DELEGATING
from app.features.organisation.views import CATEGORY
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.chinese import parse_phone
from app.kernel.posts import Post
from app.kernel.screens.parts import Cell, Column, Link, Row, Table
from app.kernel.screens.view import DocumentView

ADMIN = frozenset({Post.ADMIN})


class PersonView(DocumentView):
    """人员: the administrator makes people and accounts; everybody else finds names and posts in the directory."""

    model = Person
    label = L("人员")
    category = CATEGORY
    icon = "user"
    readers = frozenset({Post.ADMIN, Post.SALES_ADMIN, Post.ADMINISTRATION, Post.GENERAL_MANAGER, Post.AUDITOR})
    creators = ADMIN
    editable_states = tuple(PersonState)
    form = ("name", "company_id", "phone", "hired_on")
    listed = ("name", "company", "login", "state", "hired_on", "left_on")
    loads = (joinedload(Person.user),)
    facts = ("name", "company", "login", "phone", "hired_on", "left_on", "created_at")
    search = ("name",)
    filters = ("state", "company_id")

    def check(self, record: Any, actor: Actor) -> None:
        """A phone is a phone."""
        if record.phone:
            record.phone = parse_phone(record.phone, field="phone")

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        if not actor.holds(ADMIN) or record.state is not PersonState.ACTIVE:
            return []
        post = Link(_("安排岗位"), f"/assignment/add?person_id={record.id}", icon="users")
        if record.user_id is None:
            return [post, Link(_("开通账号"), f"/accounts/open/{record.id}", icon="plus")]
        ask = _("原密码立即失效，该账号在所有设备上退出。")
        return [post, Link(_("重设密码"), f"/accounts/reset/{record.id}", method="post", icon="lock", confirm=ask)]


class AssignmentView(DocumentView):
    """任职, also the directory of the project: names and posts, nothing else (07)."""

    model = Assignment
    label = L("任职")
    title = L("岗位与通讯录")
    category = CATEGORY
    icon = "users"
    creators = ADMIN
    parent = "person_id"
    edit_form_fields = ("until",)
    listed = ("person", "post", "project", "team", "since", "until")
    filters = ("post", "team_id")
    search = ("person.name",)
    files = False

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """From today on."""
        return {"since": now().date()} | given

    def check(self, record: Any, actor: Actor) -> None:
        if record.id is None:
            session = object_session(record)
            if session is not None:
                require_fitting(session, record)
        else:
            rules.require_period(record.since, record.until)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        session = object_session(record)
        if session is not None:
            sign_out(session, record.person_id)


class DelegationView(DocumentView):
    """代理授权: written by the absent person or his superior, decided by the superior (S3.1)."""

    model = Delegation
    label = L("代理授权")
    category = CATEGORY
    icon = "swap"
    readers = frozenset(Post) - {Post.ADMIN}
    creators = DELEGATING
    listed = ("title", "project", "since", "until", "state", "reason")
    facts = ("absent", "deputy", "post", "project", "since", "until", "reason", "created_at", "revoked_at")
    filters = ("state", "post")
    files = False

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """Most people ask for themselves: the form begins with them and the present project."""
        preset = self.add_url(absent_id=actor.person_id, project_id=self.current_project())
        return [
            replace(link, url=preset) if link.url == self.add_url() else link
            for link in super().list_acts(actor, query_text)
        ]

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """The deputy reads the draft, he does not write it."""
        wrote = actor.person_id in (record.absent_id, record.created_by)
        return wrote and super().may_edit(record, actor)

    def check(self, record: Any, actor: Actor) -> None:
        rules.superior_of(Post(record.post.value))
        rules.require_two_people(record.absent_id, record.deputy_id)
        rules.require_delegation_period(record.since, record.until, now().date())


def posts_of_person(person: Any, actor: Actor) -> Table:
    """The tab 任职 on a person's page."""
    columns = tuple(Column(key, label) for key, label in (("post", _("岗位")), ("where", _("项目")), ("team", _("班组")),
                    ("since", _("任职起")), ("until", _("任职止"))))  # fmt: skip
    rows = tuple(
        Row(
            str(held.id), f"/assignment/show/{held.id}", held.post.label,
            (
                Cell(held.post.label), Cell(held.project.name if held.project else _("公司级")),
                Cell(held.team.name if held.team else _("全案场")), Cell(str(held.since)), Cell(str(held.until or "")),
            ),
        )
        for held in person.assignments
    )  # fmt: skip
    return Table(columns, rows, empty=_("还没有岗位"))
