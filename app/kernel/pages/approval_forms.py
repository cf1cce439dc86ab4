"""The pages around one request: to decide it, to register a decision made on paper, to check such a one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import request as http
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.approval.finding import current_step, subject_of
from app.kernel.approval.kinds import KINDS
from app.kernel.approval.paper import may_check, may_record
from app.kernel.approval.reading import may_read_paper
from app.kernel.approval.records import ApprovalRequest, ApprovalStep, Medium, RequestState, StepState
from app.kernel.approval.stations import deciders
from app.kernel.asks import Ask
from app.kernel.attachments import Attachment, files_of
from app.kernel.base import now
from app.kernel.file_checks import ACCEPT
from app.kernel.file_tab import file_item
from app.kernel.pages.approval_tables import decided_cards
from app.kernel.posts import POSTS, Post
from app.kernel.screens.display import moment, tag_of
from app.kernel.screens.forms import ask_input
from app.kernel.screens.group_text import group_text, paper_lines
from app.kernel.screens.inputs import Parsed
from app.kernel.screens.page import (
    Card,
    Crumb,
    DetailPage,
    Fact,
    FieldKind,
    FormField,
    FormPage,
    FormSection,
    Link,
    Option,
    StepMark,
    Tag,
)  # fmt: skip
from app.kernel.screens.saving import new_key
from app.kernel.screens.trail import approval_timeline, minutes_text, request_timeline
from app.kernel.screens.view import view_of
from app.kernel.shell import project_names
from app.kernel.words import shown

PHRASES = ("同意", "同意，限本周内办完", "请补充说明后再报", "请补附件")
_MARKS = {StepState.APPROVED: "done", StepState.PENDING: "now", StepState.RECORDED: "now", StepState.SKIPPED: "done"}
_ENDS = {StepState.REFUSED, StepState.RETURNED, StepState.CLOSED}


def left_tag(station: ApprovalStep | None) -> Tag | None:
    """«剩 12 分钟» or «超时 3 小时» of the open station."""
    if station is None or station.due_at is None:
        return None
    minutes = int((station.due_at - now()).total_seconds() // 60)
    if minutes < 0:
        return Tag(_("超时 %(t)s", t=minutes_text(-minutes)), "bad")
    return Tag(_("剩 %(t)s", t=minutes_text(minutes)), "warn" if minutes < 60 else "info")


def stations(request: ApprovalRequest) -> tuple[StepMark, ...]:
    """The chain as a step bar."""
    marks = [StepMark(_("申请"), f"{request.applicant_name}　{moment(request.opened_at)}", "done")]
    for station in request.steps:
        if station.state is StepState.INFORMED:
            continue
        if station.state in _ENDS:
            marks.append(StepMark(POSTS[Post(station.post)].label, station.state.label, "void"))
            break
        who = station.decided_name or "、".join(h.name for h in deciders(station, request)[:3])
        marks.append(StepMark(POSTS[Post(station.post)].label, who, _MARKS.get(station.state, "todo")))  # type: ignore[arg-type]
    return tuple(marks)


def side_cards(session: Session, actor: Actor, request: ApprovalRequest) -> tuple[Card, ...]:
    """What is asked for, and the trail. The paper's facts only for those who may read them now."""
    document = subject_of(session, request)
    facts = [
        Fact(_("事项"), request.title),
        Fact(_("申请人"), f"{request.applicant_name}　{moment(request.opened_at)}"),
    ]
    if request.summary:
        facts.append(Fact(_("摘要"), request.summary))
    cards, view = [Card(_("申请内容"), facts=tuple(facts))], view_of(type(document)) if document is not None else None
    if view is None or not may_read_paper(session, actor, request):
        return (*cards, Card(_("审批轨迹"), "timeline", timeline=tuple(request_timeline(request))))
    more = Link(_("打开单据"), view.show_url(document.id))
    shown = [replace(card, more=more) if not place else card for place, card in enumerate(view.step_side(document))]
    files = tuple(file_item(row) for row in files_of(session, document))
    with_files = [Card(_("附件"), "files", files=files, note=_("%(n)s 个", n=len(files)))] if files else []
    return (*cards, *shown, *with_files, Card(_("审批轨迹"), "timeline", timeline=approval_timeline(session, document)))


def for_the_group(session: Session, actor: Actor, request: ApprovalRequest) -> str:
    """「复制到群」: what is asked, the figures of the paper for whoever may read it, whom it waits for."""
    document, station, kind = subject_of(session, request), current_step(request), KINDS[request.kind].label
    project = project_names({request.project_id}).get(request.project_id, "")
    view = view_of(type(document)) if document is not None else None
    lines = paper_lines(view, document, actor) if view and may_read_paper(session, actor, request) else []
    if request.state is RequestState.PENDING and station is not None:
        left = left_tag(station)
        words = shown(POSTS[Post(station.post)].label) + (f"，{left.label}" if left is not None else "")
        lines.append(_("等候审批：%(who)s", who=words))
    else:
        lines.append(_("结果：%(state)s", state=shown(request.state.label)))
    return group_text(f"【{project}】{shown(kind)}", lines, f"/approvals/{request.id}")


def _crumbs(request: ApprovalRequest) -> tuple[Crumb, ...]:
    return (Crumb(_("审批"), "/approvals"), Crumb(request.title))


def _input(parsed: Parsed | None, name: str, label: str, kind: FieldKind, *, value: str = "", **more: Any) -> FormField:
    """An input with what was typed and what was refused."""
    typed = str(parsed.typed.get(name, value)) if parsed else value
    errors = tuple(parsed.errors.get(name, ())) if parsed else ()
    return FormField(name, label, kind, value=typed, errors=errors, **more)


def _verdicts() -> tuple[Option, ...]:
    return (Option("approve", _("同意")), Option("return", _("退回修改")), Option("refuse", _("不同意")))


def _form(
    session: Session,
    actor: Actor,
    request: ApprovalRequest,
    station: ApprovalStep,
    parsed: Parsed | None,
    refused: str,
    **own: Any,
) -> FormPage:
    return FormPage(
        back_url="/approvals",
        crumbs=_crumbs(request),
        tag=left_tag(station),
        stepbar=stations(request),
        errors=(refused,) if refused else (),
        hidden=(("step", str(station.id)),),
        key=http.form.get("_key") or new_key(),
        group_text=for_the_group(session, actor, request),
        above=decided_cards(session, actor, request),
        side=side_cards(session, actor, request),
        read_first=True,
        **own,
    )


def decide_page(
    session: Session,
    actor: Actor,
    request: ApprovalRequest,
    station: ApprovalStep,
    parsed: Parsed | None = None,
    refused: str = "",
) -> FormPage:
    """「你的意见」: verdict, opinion, the approver's own values."""
    document, what = subject_of(session, request), request.title
    last = not any(s.state is StepState.WAITING for s in request.steps)
    then = _("审批结束") if last else _("交下一岗位")
    verdicts = (
        Option("approve", _("同意"), then, ask=_("同意「%(what)s」？", what=what), verb=_("同意并提交")),
        Option(
            "return", _("退回修改"), _("回到申请人，可再提交"), ask=_("退回「%(what)s」？", what=what), verb=_("退回")
        ),
        Option("refuse", _("不同意"), _("申请结束"), ask=_("不同意「%(what)s」？", what=what), verb=_("不同意")),
    )
    hint = _("意见会写入审批轨迹，提交后不能修改；退回或不同意必须填写。")
    fields = (
        _input(parsed, "verdict", _("决定"), "choice", value="approve", required=True, options=verdicts),
        _input(parsed, "opinion", _("审批意见"), "textarea", wide=True, phrases=PHRASES, hint=hint),
        *(ask_input(session, document, a, parsed, "") for a in KINDS[request.kind].asks),
    )
    return _form(
        session, actor, request, station, parsed, refused,
        title=_("审批：%(what)s", what=what), card_title=_("你的意见"), sections=(FormSection("", fields),),
        submit_label=_("提交意见"), confirm_title=_("提交你的意见？"), confirm=_("提交后不能修改。"),
    )  # fmt: skip


def record_page(
    session: Session,
    actor: Actor,
    request: ApprovalRequest,
    station: ApprovalStep,
    parsed: Parsed | None = None,
    refused: str = "",
) -> FormPage:
    """代录: who decided what, how it came, and the photo."""
    people = tuple(Option(str(h.person_id), h.name) for h in deciders(station, request))
    only, media = people[0].value if len(people) == 1 else "", tuple(Option(m.value, m.label) for m in Medium)
    fields = (
        _input(parsed, "medium", _("批复方式"), "radio", required=True, options=media),
        _input(parsed, "decider_id", _("批复人"), "select", value=only, required=True, options=people),
        _input(parsed, "verdict", _("决定"), "radio", required=True, options=_verdicts()),
        _input(parsed, "opinion", _("批复原话"), "textarea", required=True, wide=True),
        _input(parsed, "photo", _("签字或聊天记录的照片"), "file", accept=ACCEPT, wide=True),
        *(ask_input(session, subject_of(session, request), a, parsed, "") for a in KINDS[request.kind].asks),
    )
    return _form(
        session, actor, request, station, parsed, refused,
        title=_("代录：%(what)s", what=request.title), card_title=_("登记批复"), sections=(FormSection("", fields),),
        submit_label=_("登记批复"),
        warning=_("登记后由另一位同事核对才生效；电话口头的批复，纸质件须在 24 小时内补齐。"),
    )  # fmt: skip


def check_page(
    session: Session,
    actor: Actor,
    request: ApprovalRequest,
    station: ApprovalStep,
    parsed: Parsed | None = None,
    refused: str = "",
) -> FormPage:
    """核对: the registered decision beside its photo; agree or send back."""
    choices = (Option("1", _("与批复一致"), _("批复生效")), Option("0", _("不一致"), _("退回登记人重新登记")))
    fields = (
        _input(parsed, "agrees", _("核对结果"), "choice", required=True, options=choices),
        _input(parsed, "opinion", _("哪里不符"), "textarea", wide=True, hint=_("不一致时必须填写")),
    )
    page = _form(
        session, actor, request, station, parsed, refused,
        title=_("核对代录：%(what)s", what=request.title), card_title=_("你的核对"), sections=(FormSection("", fields),),
        submit_label=_("提交核对"),
    )  # fmt: skip
    return replace(page, above=(_registered(session, station), *page.above))


def _registered(session: Session, station: ApprovalStep) -> Card:
    words = {o.value: o.label for o in _verdicts()}
    facts = [
        Fact(_("批复人"), station.decided_name or ""),
        Fact(_("决定"), words.get(station.verdict or "", "")),
        Fact(_("批复方式"), station.medium.label if station.medium else ""),
        Fact(_("批复原话"), station.opinion, wide=True),
        Fact(_("登记人"), f"{station.recorded_name}　{moment(station.recorded_at or now())}"),
        *_own_values(station, KINDS[station.request.kind].asks),
    ]
    if station.paper_due_at is not None:
        facts.append(Fact(_("纸质件"), _("口头批复，%(when)s前补齐", when=moment(station.paper_due_at))))
    photo = session.get(Attachment, station.attachment_id) if station.attachment_id else None
    return Card(_("登记的批复"), facts=tuple(facts), foot=_proof(photo) if photo is not None else "")


def _own_values(station: ApprovalStep, asks: Sequence[Ask]) -> list[Fact]:
    """The decider's own values (核定总价, 有效至) under their names; money with its separators."""
    facts = []
    for a in asks:
        value = station.values.get(a.name)
        if value is not None:
            facts.append(Fact(a.label, f"{Decimal(value):,.2f} 元" if a.kind == "money" else value))
    return facts


def _proof(photo: Attachment) -> Markup:
    """The photo itself, to be compared before the answer; a PDF opens beside (no page may hold a foreign object)."""
    url, words = f"/files/{photo.id}?inline=1", _("打开批复原件：%(name)s", name=photo.name)
    if photo.mime.startswith("image/"):
        return Markup(
            '<a href="{0}" target="_blank" rel="noopener" title="{1}"><img class="proof" src="{0}" alt="{1}"></a>'
        ).format(url, words)
    return Markup('<a class="btn" href="{}" target="_blank" rel="noopener">{}</a>').format(url, words)


def read_page(session: Session, actor: Actor, request: ApprovalRequest) -> DetailPage:
    """The request for everybody else: where it stands, and what he may do about it."""
    station, acts = current_step(request), []
    if may_record(actor, request):
        acts.append(Link(_("登记甲方批复"), f"/approvals/{request.id}/record", tone="primary"))
    if may_check(actor, request):
        acts.append(Link(_("核对代录"), f"/approvals/{request.id}/check", tone="primary"))
    tag = (
        tag_of(request.state)
        if request.state is not RequestState.PENDING
        else left_tag(station) or tag_of(request.state)
    )
    cards = side_cards(session, actor, request)
    return DetailPage(
        title=request.title,
        tag=tag,
        crumbs=_crumbs(request),
        acts=tuple(acts),
        group_text=for_the_group(session, actor, request),
        stepbar=stations(request),
        main=(*cards[:-1], *decided_cards(session, actor, request)),
        side=cards[-1:],
    )
