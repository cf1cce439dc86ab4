"""审批: 待我审批, 我发起的, 已办, 知会我的, 待代录; and what is done with one request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from markupsafe import Markup

from app.kernel.actors import Actor
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, may_decide, subject_of
from app.kernel.approval.inbox import count_waiting, decided_by, informed_of, started_by, to_record, waiting_for
from app.kernel.approval.kinds import KINDS
from app.kernel.approval.paper import RECORDERS, check, may_check, may_record, record
from app.kernel.approval.reading import may_open
from app.kernel.approval.records import ApprovalRequest, ApprovalStep, Medium, RequestState
from app.kernel.attachments import attach, receive
from app.kernel.entrance import database, me
from app.kernel.errors import Forbidden, NotFound, RuleError, StaleError
from app.kernel.grants import Grants
from app.kernel.pages.approval_forms import check_page, decide_page, left_tag, read_page, record_page
from app.kernel.posts import ALL_POSTS, POSTS, Post
from app.kernel.screens.display import moment, tag_html
from app.kernel.screens.forms import wanted_ask
from app.kernel.screens.inputs import Parsed, Wanted, parse
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.page import Cell, Column, InboxPage, InboxTab, Link, ListPage, Pager, Row
from app.kernel.screens.parts import Tag

SHOWN = 100
MEDIA = {m.value: m for m in Medium}
Loader = Callable[[Any, Actor, int], list[ApprovalRequest]]
TABS: dict[str, tuple[str, Loader]] = {
    "waiting": ("待我审批", waiting_for),
    "started": ("我发起的", started_by),
    "decided": ("已办", decided_by),
    "informed": ("知会我的", informed_of),
    "record": ("待代录", to_record),
}
EMPTY = {
    "waiting": (L("没有等你审批的事"), L("轮到你时会在这里出现，并有通知提醒。")),
    "started": (L("你还没有发起过审批"), L("在单据上点「提交」后，走到哪一步在这里看。")),
    "decided": (L("你还没有办过审批"), L("你批过的事会留在这里。")),
    "informed": (L("没有知会你的事"), L("别人的申请知会到你时会在这里出现，不用你批。")),
    "record": (
        L("没有等着代录的甲方批复"),
        L("轮到甲方审批的事会列在这里；甲方在纸上、微信或口头批了，由你登记，再由同事核对。"),
    ),
}
NOBODYS = ALL_POSTS - {Post.ADMIN}  # no business approval for the administrator (07 §7.1)


class ApprovalsView(BaseView):
    """/approvals."""

    route_base = "/approvals"
    default_view = "inbox"
    posts: ClassVar[Grants] = {"inbox": NOBODYS, "one": NOBODYS, "record": NOBODYS, "check": NOBODYS}

    @expose("")
    @has_access
    def inbox(self) -> Any:
        """The lists; ?tab= chooses."""
        session, actor = database(), me()
        tabs = [key for key in TABS if key != "record" or actor.holds(RECORDERS)]
        here = request.args.get("tab", "waiting")
        here = here if here in tabs else "waiting"
        rows = TABS[here][1](session, actor, SHOWN)
        counts = {"waiting": count_waiting(session, actor)}
        shown = tuple(InboxTab(_(TABS[key][0]), f"/approvals?tab={key}", key == here, counts.get(key)) for key in tabs)
        total = _("最近 %(n)s 件", n=SHOWN) if len(rows) == SHOWN else _("共 %(n)s 件", n=len(rows))
        page = ListPage(
            title=_("审批"),
            columns=(
                Column("title", _("事项"), phone="hd"), Column("state", _("状态"), phone="badge"), Column("who", _("申请人")),
                Column("at", _("申请时间")), Column("post", _("到哪一步")),
            ),
            rows=tuple(_row(one, here) for one in rows),
            pager=Pager(total),
            empty_title=str(EMPTY[here][0]),
            empty_hint=str(EMPTY[here][1]),
        )  # fmt: skip
        return self.render_template("inbox.html", page=InboxPage(shown, page))

    @expose("/<int:request_id>", methods=["GET", "POST"])
    @has_access
    def one(self, request_id: int) -> Any:
        """One request: decide it when it is one's turn, else read where it stands."""
        session, actor = database(), me()
        asked, station = _found(request_id), None
        if may_decide(actor, asked):
            station = current_step(asked)
        if request.method == "GET":
            if station is None:
                return self.render_template("doc/detail.html", page=read_page(session, actor, asked))
            return self.render_template("approval/decide.html", page=decide_page(session, actor, asked, station))
        if station is None:
            waiting = current_step(asked)
            if waiting is not None and waiting.id == _step_id():
                raise Forbidden("审批")
            raise StaleError("这一步审批已经处理过了，请看审批轨迹")
        parsed = _parsed(asked, [Wanted("verdict", "决定", "text", True), Wanted("opinion", "审批意见", "textarea")])
        verdict = parsed.values["verdict"]
        if verdict != "approve":  # the approver's own values matter to an approval only
            for a in KINDS[asked.kind].asks:
                parsed.errors.pop(a.name, None)
                parsed.values.pop(a.name, None)

        def work() -> str:
            values = {k: v for k, v in parsed.values.items() if k not in ("verdict", "opinion")}
            decide(session, request_id, _step_id(), actor, verdict, parsed.values["opinion"] or "", **values)
            return "/approvals"

        def page(refused: str) -> Any:
            again = _found(request_id)
            current = current_step(again)
            if current is None:
                raise StaleError("这一步审批已经处理过了，请看审批轨迹")
            return self.render_template(
                "approval/decide.html", page=decide_page(session, actor, again, current, parsed, refused)
            )

        return _settle(parsed, work, page, _("意见已提交。"))

    @expose("/<int:request_id>/record", methods=["GET", "POST"])
    @has_access
    def record(self, request_id: int) -> Any:
        """代录: a clerk registers what the developer decided on paper, by message or by word."""
        session, actor = database(), me()
        asked = _found(request_id)
        if not may_record(actor, asked):
            raise NotFound("approval_request")
        if request.method == "GET":
            return self.render_template("approval/decide.html", page=record_page(session, actor, asked, _open(asked)))
        parsed = _parsed(asked, _RECORDED)
        if parsed.values["verdict"] != "approve":
            for a in KINDS[asked.kind].asks:
                parsed.errors.pop(a.name, None)
        photo = None
        if parsed.values["photo"] is not None and not parsed.errors:
            try:
                photo = receive(session, actor, parsed.values["photo"], field="photo")
            except RuleError as refusal:
                parsed.refuse("photo", str(refusal))

        def work() -> str:
            fresh = _found(request_id)
            kept = attach(session, actor, subject_of(session, fresh), photo) if photo is not None else None
            own = {a.name: parsed.values.get(a.name) for a in KINDS[fresh.kind].asks}
            record(
                session, request_id, _step_id(), actor, medium=MEDIA[parsed.values["medium"]], verdict=parsed.values["verdict"],
                opinion=parsed.values["opinion"], decider_id=parsed.values["decider_id"], attachment_id=kept.id if kept else None, **own,
            )  # fmt: skip
            return "/approvals?tab=record"

        def page(refused: str) -> Any:
            again = _found(request_id)
            return self.render_template(
                "approval/decide.html", page=record_page(session, actor, again, _open(again), parsed, refused)
            )

        return _settle(parsed, work, page, _("批复已登记，等另一位同事核对。"))

    @expose("/<int:request_id>/check", methods=["GET", "POST"])
    @has_access
    def check(self, request_id: int) -> Any:
        """核对: the second person's word on a registered decision."""
        session, actor = database(), me()
        asked = _found(request_id)
        if not may_check(actor, asked):
            raise NotFound("approval_request")
        if request.method == "GET":
            return self.render_template("approval/decide.html", page=check_page(session, actor, asked, _open(asked)))
        parsed = parse(
            session,
            [Wanted("agrees", "核对结果", "text", True), Wanted("opinion", "哪里不符", "textarea")],
            request.form,
        )
        if parsed.values["agrees"] not in ("1", "0", None):
            parsed.refuse("agrees", "请选择核对结果")

        def work() -> str:
            values, agrees = _stored_values(session, _found(request_id)), parsed.values["agrees"] == "1"
            check(
                session,
                request_id,
                _step_id(),
                actor,
                agrees=agrees,
                opinion=parsed.values["opinion"] or "",
                **values,
            )
            return "/approvals"

        def page(refused: str) -> Any:
            again = _found(request_id)
            return self.render_template(
                "approval/decide.html", page=check_page(session, actor, again, _open(again), parsed, refused)
            )

        return _settle(parsed, work, page, _("核对已提交。"))


_RECORDED = [
    Wanted("medium", "批复方式", "text", True, tuple((m.value, m.label) for m in Medium)),
    Wanted("decider_id", "批复人", "integer", True),
    Wanted("verdict", "决定", "text", True, (("approve", "同意"), ("return", "退回修改"), ("refuse", "不同意"))),
    Wanted("opinion", "批复原话", "textarea", True),
    Wanted("photo", "照片", "file"),
]


def _found(request_id: int) -> ApprovalRequest:
    session, actor = database(), me()
    found = session.get(ApprovalRequest, request_id) if 0 < request_id < 2**31 else None
    if found is None or not may_open(session, actor, found):
        raise NotFound("approval_request")
    return found


def _open(asked: ApprovalRequest) -> ApprovalStep:
    station = current_step(asked)
    if station is None:
        raise StaleError("这一步审批已经处理过了，请看审批轨迹")
    return station


def _step_id() -> int:
    text = request.form.get("step", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _parsed(asked: ApprovalRequest, own: list[Wanted]) -> Parsed:
    document = subject_of(database(), asked)
    wanted = [*own, *(wanted_ask(a, document) for a in KINDS[asked.kind].asks)]
    return parse(database(), wanted, request.form, request.files)


def _stored_values(session: Any, asked: ApprovalRequest) -> dict[str, Any]:
    """The approver's own values as they were registered, read again as what they are."""
    station, asks = _open(asked), KINDS[asked.kind].asks
    document = subject_of(session, asked)
    again = parse(session, [wanted_ask(a, document) for a in asks], {k: str(v) for k, v in station.values.items()})
    return {a.name: again.values.get(a.name) for a in asks}


def _settle(parsed: Parsed, work: Callable[[], str], page: Callable[[str], Any], done: str) -> Any:
    """Run a decision once for its key; show the page again with what was refused."""
    if parsed.errors:
        return page(""), 422
    session, key = database(), request.form.get("_key", "")
    try:
        where = once(session, me().person_id, key, body_digest(request.form.items(multi=True)), work)
    except StaleError:
        raise
    except RuleError as refusal:
        if refusal.field is not None and refusal.field in parsed.values:
            parsed.refuse(refusal.field, str(refusal))
            return page(""), refusal.status
        return page(str(refusal)), refusal.status
    flash(done, "success")
    return redirect(where)


def _row(one: ApprovalRequest, tab: str) -> Row:
    station = current_step(one)
    url = f"/approvals/{one.id}" + ("/record" if tab == "record" else "")
    tag = left_tag(station) if one.state is RequestState.PENDING else None
    state = _tag(tag) if tag is not None else tag_html(one.state)
    where = POSTS[Post(station.post)].label if station is not None else "—"
    verb = _("审批") if tab == "waiting" else _("代录") if tab == "record" else _("查看")
    cells = (
        Cell(one.title, sub=one.summary),
        Cell(state),
        Cell(one.applicant_name),
        Cell(moment(one.opened_at)),
        Cell(where),
    )
    return Row(str(one.id), url, one.title, cells, (Link(verb, url),))


def _tag(tag: Tag) -> Markup:
    return Markup('<span class="tag {}">{}</span>').format(tag.tone, tag.label)
