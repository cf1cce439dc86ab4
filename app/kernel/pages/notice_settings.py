"""我的提醒设置: where mail goes, what comes of which kind, one's own quiet hours."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from sqlalchemy import select

from app.kernel.base import now
from app.kernel.entrance import database, me
from app.kernel.errors import RuleError
from app.kernel.grants import Grants
from app.kernel.notices.preferences import NoticePreference, Wish, preference_of
from app.kernel.notices.records import NoticeKind
from app.kernel.outbox import site
from app.kernel.outbox.records import Channel, Delivery
from app.kernel.outbox.words import trial
from app.kernel.parameters import site_parameter
from app.kernel.posts import ALL_POSTS
from app.kernel.screens.inputs import Parsed, Wanted, parse
from app.kernel.screens.page import Crumb, FormField, FormPage, FormSection, Link, Option
from app.kernel.transactions import write

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
HERE = "/notices/settings"
PAUSE = timedelta(minutes=1)


class NoticeSettingsView(BaseView):
    """/notices/settings. Everybody's own."""

    route_base = HERE
    default_view = "mine"
    posts: ClassVar[Grants] = {"mine": ALL_POSTS, "trial": ALL_POSTS}

    @expose("", methods=["GET", "POST"])
    @has_access
    def mine(self) -> Any:
        """The form."""
        session, actor = database(), me()
        if request.method == "GET":
            return self._form(_values(preference_of(session, actor.person_id)), {})
        parsed = _parsed(session)
        if parsed.errors:
            return self._form(parsed.typed, parsed.errors), 422
        write(session, lambda: _keep(session, actor.person_id, parsed.values))
        flash(_("提醒设置已保存。"), "success")
        return redirect(HERE)

    @expose("/test", methods=["POST"])
    @has_access
    def trial(self) -> Any:
        """A test mail to one's own address; one a minute."""
        session, actor = database(), me()
        write(session, lambda: _ask_for_trial(session, actor.person_id))
        flash(_("测试邮件已排队，一分钟内送出。没有收到请看垃圾邮件，再请系统管理员查发送记录。"), "success")
        return redirect(HERE)

    def _form(self, values: dict[str, Any], errors: dict[str, list[str]]) -> str:
        session, project_id = database(), site.only_project(me())
        starts, ends, morning = (
            f"{site_parameter(session, project_id, key):%H:%M}" for key in ("quiet_from", "quiet_until", "digest_time")
        )
        quiet = _("两格都空时按案场规定：%(a)s 至次日 %(b)s；案场休息日全天免打扰。", a=starts, b=ends)

        def field(name: str, label: str, form: Any, **more: Any) -> FormField:
            return FormField(name, label, form, value=values.get(name, ""), errors=tuple(errors.get(name, ())), **more)

        mail = (field("address", _("收件地址"), "text", placeholder="name@example.com", wide=True,
                      hint=_("留空不收邮件。邮件只写项目和类别，不含客户资料，点链接登录后查看。")),)  # fmt: skip
        wishes = tuple(Option(wish.value, wish.label) for wish in Wish)
        kinds = tuple(field(f"wish_{k.value}", k.label, "select", options=wishes, required=True) for k in NoticeKind)
        hours = (field("quiet_from", _("免打扰开始"), "time"), field("quiet_until", _("免打扰结束"), "time"))
        note = _("汇总每天 %(t)s 一封；紧急通知随时发出，选「不发邮件」的除外。", t=morning)
        page = FormPage(
            title=_("我的提醒设置"),
            sections=(
                FormSection(_("邮件"), mail),
                FormSection(_("每类通知怎样发邮件"), kinds, note=note),
                FormSection(_("免打扰时段"), hours, note=quiet),
            ),
            submit_label=_("保存"),
            back_url="/notices",
            crumbs=(Crumb(_("通知"), "/notices"), Crumb(_("我的提醒设置"))),
            acts=(Link(_("发送测试邮件"), f"{HERE}/test", icon="send", method="post"),) if _may_try(session) else (),
            warning="" if site.server() is not None else _("本站还没有启用邮件，现在填好，启用后即按此发送。"),
        )
        return self.render_template("doc/form.html", page=page)


def _may_try(session: Any) -> bool:
    wishes = preference_of(session, me().person_id)
    return site.server() is not None and wishes is not None and bool(wishes.address)


def _values(wishes: NoticePreference | None) -> dict[str, Any]:
    wishes = wishes or NoticePreference(address="", wishes={})
    clocks = {name: getattr(wishes, name) for name in ("quiet_from", "quiet_until")}
    return {
        "address": wishes.address,
        **{f"wish_{kind.value}": wishes.wish(kind).value for kind in NoticeKind},
        **{name: f"{value:%H:%M}" if value else "" for name, value in clocks.items()},
    }


def _parsed(session: Any) -> Parsed:
    wanted = [Wanted("address", "收件地址", "text", limit=200)]
    wanted += [Wanted(f"wish_{kind.value}", kind.label, "choice", True, Wish) for kind in NoticeKind]
    wanted += [Wanted("quiet_from", "免打扰开始", "text"), Wanted("quiet_until", "免打扰结束", "text")]
    parsed = parse(session, wanted, request.form)
    address = parsed.values["address"]
    if address and not ADDRESS.fullmatch(address):
        parsed.refuse("address", "收件地址不对，应如 name@example.com，一次只填一个")
    for name, label in (("quiet_from", "免打扰开始"), ("quiet_until", "免打扰结束")):
        text = parsed.values[name]
        found = CLOCK.fullmatch(text) if text else None
        if text and found is None:
            parsed.refuse(name, f"{label}应为时刻，例如 21:00")
        parsed.values[name] = time(int(found[1]), int(found[2])) if found else None
    if not parsed.errors and (parsed.values["quiet_from"] is None) != (parsed.values["quiet_until"] is None):
        missing = "quiet_from" if parsed.values["quiet_from"] is None else "quiet_until"
        parsed.refuse(missing, "开始和结束请都填，或都留空按案场规定")
    return parsed


def _keep(session: Any, person_id: int, values: dict[str, Any]) -> None:
    mine = preference_of(session, person_id)
    if mine is None:
        mine = NoticePreference(person_id=person_id)
        session.add(mine)
    mine.address = values["address"] or ""
    mine.wishes = {kind.value: values[f"wish_{kind.value}"].value for kind in NoticeKind}
    mine.quiet_from, mine.quiet_until = values["quiet_from"], values["quiet_until"]
    session.flush()


def _ask_for_trial(session: Any, person_id: int) -> None:
    mine = preference_of(session, person_id)
    if site.server() is None or mine is None or not mine.address:
        raise RuleError("请先填写并保存收件地址；本站没有启用邮件时不能测试")
    begun = f"trial-{person_id}-"
    last = select(Delivery.id).where(Delivery.mark.startswith(begun), Delivery.created_at > now() - PAUSE)
    if session.scalar(last) is not None:
        raise RuleError("一分钟内只能发送一封测试邮件，请稍候再试")
    message = trial("")
    session.add(
        Delivery(
            mark=f"{begun}{now():%Y%m%d%H%M%S}", channel=Channel.MAIL, person_id=person_id, subject=message.subject,
            text=message.text,
        )
    )  # fmt: skip
