"""How are 判客单 and 关系户 shown? The parties, the proposal, the evidence; who is a party reads the evidence after the ruling."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, or_, select

from app.extensions import db
from app.features.customers.claims.choices import ClaimState
from app.features.customers.claims.effects.evidence import evidence_of
from app.features.customers.claims.effects.filing import claimed_customer, file_claim, tell_of_claim
from app.features.customers.claims.models import CLAIMANTS, HEADS, READERS, OwnershipClaim, Relative
from app.features.customers.models import Customer
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking, counted, how_many
from app.kernel.posts import SITE_CHAIN, Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Card, Cell, Column, Fact, Html, Link, Row, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView, add_document

S = ClaimState


def _open(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(OwnershipClaim.state.in_([S.OPEN, S.APPEALED]))


def _mine(query: Select[Any], actor: Actor) -> Select[Any]:
    me = actor.person_id
    return query.where(or_(OwnershipClaim.owner_id == me, OwnershipClaim.partner_id == me))


class OwnershipClaimView(DocumentView):
    """判客."""

    model = OwnershipClaim
    label = L("判客单")
    title = L("判客")
    category = L("归属与渠道")
    icon = "scale"
    readers = READERS
    creators = CLAIMANTS
    editors = frozenset()
    exporters = SITE_CHAIN | {Post.SUPERVISOR}
    listed = (
        "number",
        "customer_name",
        "ground",
        "owner_id",
        "partner_id",
        "met_at",
        "proposal",
        "ruling",
        "share",
        "state",
    )
    filters = ("state", "ground", "ruling")
    search = ("number", "customer_name")
    chips = (("open", L("待裁定"), _open), ("mine", L("我的案件"), _mine))
    search_hint = L("编号、客户姓氏")
    empty_hint = L("登记来访时号码已在同事名下，会自动生成判客单；夫妻分别接待、代为成交等情况在这里申请。")
    form = ("phone", "id_number", "ground", "met_at", "story")
    fact_groups = (
        (L("要点"), ("number", "customer_name", "phone", "ground", "owner_id", "partner_id", "met_at", "story")),
        (L("建议"), ("proposal", "proposed_share", "proposal_why")),
        (L("裁定"), ("ruling", "share", "ruled_by", "ruled_at", "ruling_why", "appeal_until", "appealed_by", "appeal_why", "final_by",
                    "final_at", "final_why")),
    )  # fmt: skip

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """He was received just now, as a rule."""
        return {"met_at": now(), **given}

    def check(self, record: Any, actor: Actor) -> None:
        """Find the customer; the claimant is whoever asks."""
        if record.id is None:
            record.project_id = self.current_project()
            file_claim(db.session(), actor, record, claimed_customer(db.session(), record), actor.person_id)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """Who judges and who is concerned hears of it."""
        if new:
            tell_of_claim(db.session(), record)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """It has a number from the first moment: it is withdrawn, never deleted."""
        return False

    def fact_groups_of(self, record: Any) -> tuple[tuple[Any, tuple[str, ...]], ...]:
        """Nothing of a ruling before there is one."""
        return self.fact_groups if record.ruled_at is not None else self.fact_groups[:2]

    def step_side(self, record: Any) -> list[Any]:
        """Whoever rules has proposal and evidence beside the form."""
        proposal = Fact(_("系统建议"), _(record.proposal.label)), Fact(_("建议理由"), record.proposal_why)
        cards = [
            *super().step_side(record),
            Card(_("建议"), "facts", facts=proposal),
            evidence_card(record, self.actor()),
        ]
        return [card for card in cards if card is not None]

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """The customer's own page, for supervisors; the parties' way to him is the ruling."""
        acts = super().record_acts(record, actor)
        if actor.holds(HEADS, record.project_id):
            acts.append(Link(_("客户页"), f"/customer/show/{record.customer_id}", icon="user"))
        return acts

    def note(self, record: Any, actor: Actor) -> Html:
        """Why the one who looks cannot rule, and what a party may do."""
        if record.state in (S.OPEN, S.APPEALED) and actor.person_id in record.parties:
            return _("你是本案当事人：可以上传截图、通话记录作为附件，裁定由上级作出。")
        return ""


def evidence_card(claim: Any, actor: Actor) -> Card | None:
    """For whoever judges; the parties read it once it is frozen."""
    judging = actor.holds(HEADS | {Post.AUDITOR}, claim.project_id) and actor.person_id not in claim.parties
    if claim.ruled_at is None and not judging:
        return Card(
            _("证据"),
            "table",
            table=Table((Column("what", _("证据"), phone="hd"),), (), empty=_("裁定后可以查看系统整理的证据")),
        )
    told = claim.evidence if claim.ruled_at is not None else evidence_of(db.session(), claim)
    rows = tuple(Row(str(n), "", words, (Cell(words),)) for n, words in enumerate(told))
    note = _("裁定时的记录，不再变动") if claim.ruled_at is not None else _("按现有记录实时整理，裁定时固定")
    return Card(_("证据"), "table", table=Table((Column("what", _("按时间先后"), phone="hd"),), rows), note=note)


class RelativeView(DocumentView):
    """关系户: written on the customer's page."""

    model = Relative
    label = L("关系户")
    category = L("归属与渠道")
    icon = "users"
    readers = READERS
    listed = ("customer_name", "relation", "relative_name", "reason", "owner_id", "created_at", "state")
    filters = ("state", "relation")
    search = ("customer_name", "relative_name")
    files: ClassVar[bool] = False
    fact_groups = ((L("要点"), ("customer_name", "relation", "relative_name", "reason", "owner_id", "ended_why")),)


def relatives_tab(customer: Customer, actor: Actor) -> Table:
    """The 关系户 papers of a customer, from either side, within the reader's rows."""
    either = or_(Relative.customer_id == customer.id, Relative.relative_id == customer.id)
    rows = list(db.session.scalars(select(Relative).where(either).order_by(Relative.id)))
    return table_of(Relative, ("title", "relation", "reason", "created_at", "state"), rows, actor)


def claim_reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Cases that wait for the person's word."""
    ids, lines = select(OwnershipClaim.id), []
    judge = actor.holds({Post.SUPERVISOR})
    higher = actor.holds({Post.SITE_MANAGER})
    if not judge and not higher:
        return []
    (opened,), (appealed,) = yield [
        how_many(ids.where(OwnershipClaim.state == S.OPEN)), how_many(ids.where(OwnershipClaim.state == S.APPEALED)),
    ]  # fmt: skip
    if judge and opened:
        lines.append(
            FeedItem(_("%(n)s 份判客单待裁定", n=counted(opened)), "/ownership-claim/list/?chip=open", icon="users")
        )
    if higher and appealed:
        lines.append(
            FeedItem(_("%(n)s 份判客申诉待裁定", n=counted(appealed)), "/ownership-claim/list/?chip=open", icon="users")
        )
    return lines


def register(appbuilder: Any) -> None:
    """Screens, the evidence, the relatives of a customer, what waits on the home page."""
    from app.kernel import registries

    add_document(appbuilder, OwnershipClaimView)
    add_document(appbuilder, RelativeView, menu=False)
    registries.add_main_card(OwnershipClaim, evidence_card)
    registries.add_tab(Customer, "relatives", "关系户", relatives_tab, READERS)
    registries.add_reminder(claim_reminders)
