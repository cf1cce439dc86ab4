"""邮件与群机器人: the administrator's ways out of the house, and the log of what went out (07 §7.1 «mail/webhook settings»)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from sqlalchemy import select

from app.kernel.entrance import database, me
from app.kernel.errors import RuleError
from app.kernel.grants import Grants
from app.kernel.notices.records import NoticeKind
from app.kernel.outbox import robots
from app.kernel.outbox.platforms import SIGNED
from app.kernel.outbox.records import Delivery, DeliveryState, Platform, Robot
from app.kernel.pages.notice_channel_cards import HERE, log_table, mail_card, robot_table
from app.kernel.posts import Post
from app.kernel.screens.inputs import Parsed, Wanted, parse
from app.kernel.screens.page import (
    Card,
    Crumb,
    DetailPage,
    FormField,
    FormPage,
    FormSection,
    InboxTab,
    Link,
    ListPage,
    Option,
    Pager,
)  # fmt: skip
from app.kernel.transactions import write

KEEPERS = frozenset({Post.ADMIN})
SHOWN = 100


class NoticeChannelsView(BaseView):
    """/notice-channels."""

    route_base = HERE
    default_view = "all"
    posts: ClassVar[Grants] = dict.fromkeys(
        ("menu_access", "all", "add", "robot", "test", "switch", "remove", "log", "again"), KEEPERS
    )

    @expose("")
    @has_access
    def all(self) -> Any:
        """Mail as the operator set it, the robots of all groups."""
        known = list(database().scalars(select(Robot).order_by(Robot.project_id, Robot.id)))
        note = _("新增的机器人是停用的，测试通过后再启用。消息只写项目、类别和链接，不含客户资料。")
        page = DetailPage(
            title=_("邮件与群机器人"),
            crumbs=(Crumb(_("设置")), Crumb(_("邮件与群机器人"))),
            acts=(
                Link(_("发送记录"), f"{HERE}/log", icon="clock"),
                Link(_("新增群机器人"), f"{HERE}/robots/add", tone="primary", icon="plus"),
            ),
            main=(mail_card(), Card(_("群机器人"), "table", table=robot_table(known), foot=note)),
        )
        return self.render_template("doc/detail.html", page=page)

    @expose("/robots/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        """A new robot, switched off."""
        return self._edit(None)

    @expose("/robots/<int:robot_id>", methods=["GET", "POST"])
    @has_access
    def robot(self, robot_id: int) -> Any:
        """Change one."""
        return self._edit(robots.robot_of(database(), robot_id))

    @expose("/robots/<int:robot_id>/test", methods=["POST"])
    @has_access
    def test(self, robot_id: int) -> Any:
        """「发送测试消息」: what the platform says is told at once."""
        try:
            robots.try_now(database(), robot_id)
            flash(_("测试消息已发出，请到群里查看。"), "success")
        except RuleError as refusal:
            flash(str(refusal), "danger")
        return redirect(HERE)

    @expose("/robots/<int:robot_id>/switch", methods=["POST"])
    @has_access
    def switch(self, robot_id: int) -> Any:
        """On or off."""
        session = database()
        on = write(session, lambda: robots.switch(session, robots.robot_of(session, robot_id)))
        flash(_("群机器人已启用。") if on else _("群机器人已停用，待发的消息不再发送。"), "success")
        return redirect(HERE)

    @expose("/robots/<int:robot_id>/remove", methods=["POST"])
    @has_access
    def remove(self, robot_id: int) -> Any:
        """Away with address and secret."""
        session = database()
        write(session, lambda: session.delete(robots.robot_of(session, robot_id)))
        flash(_("群机器人已删除。"), "success")
        return redirect(HERE)

    @expose("/log")
    @has_access
    def log(self) -> Any:
        """The last messages; ?failed=1 those that did not go out."""
        failed = request.args.get("failed") == "1"
        query = select(Delivery).order_by(Delivery.id.desc()).limit(SHOWN)
        if failed:
            query = query.where(Delivery.state == DeliveryState.FAILED)
        rows = list(database().scalars(query))
        tabs = (
            InboxTab(_("全部"), f"{HERE}/log", not failed),
            InboxTab(_("没有发出"), f"{HERE}/log?failed=1", failed),
        )
        table = log_table(rows)
        records = ListPage(
            title=_("发送记录"),
            columns=table.columns,
            rows=table.rows,
            pager=Pager(_("最近 %(n)s 条，保留 30 天", n=len(rows))),
            crumbs=(Crumb(_("邮件与群机器人"), HERE), Crumb(_("发送记录"))),
            empty_title=_("没有发送记录"),
            empty_hint=_("发出的邮件和群消息会列在这里。"),
        )
        return self.render_template("notice_log.html", records=records, tabs=tabs)

    @expose("/log/<int:delivery_id>/again", methods=["POST"])
    @has_access
    def again(self, delivery_id: int) -> Any:
        """Try a message that was given up once more."""
        session = database()
        write(session, lambda: robots.send_again(session, delivery_id))
        flash(_("已重新排队，一分钟内再发。"), "success")
        return redirect(f"{HERE}/log")

    def _edit(self, robot: Robot | None) -> Any:
        session = database()
        if request.method == "GET":
            return self._form(robot, _values(robot), {})
        parsed = _parsed(session)
        if not parsed.errors:
            robot_id = robot.id if robot else 0
            try:
                write(session, lambda: robots.keep(session, session.get(Robot, robot_id) or Robot(), parsed.values))
            except RuleError as refusal:
                parsed.refuse(refusal.field or "address", str(refusal))
        if parsed.errors:
            return self._form(robot, {**parsed.typed, "kinds": parsed.values["kinds"]}, parsed.errors), 422
        flash(_("群机器人已保存。"), "success")
        return redirect(HERE)

    def _form(self, robot: Robot | None, values: dict[str, Any], errors: dict[str, list[str]]) -> str:
        def field(name: str, label: str, form: Any, **more: Any) -> FormField:
            return FormField(name, label, form, value=values.get(name, ""), errors=tuple(errors.get(name, ())), **more)

        kept = _("已加密保存，不再显示；留空不改") if robot else ""
        signed = "、".join(platform.label for platform in Platform if platform in SIGNED)
        names = me().project_names
        fields = (
            field("project_id", _("项目"), "select", required=True, options=tuple(Option(str(i), n) for i, n in names.items())),
            field("name", _("群名称"), "text", required=True),
            field("platform", _("平台"), "radio", required=True, options=tuple(Option(p.value, p.label) for p in Platform)),
            field("address", _("Webhook 地址"), "text", required=robot is None, wide=True, placeholder="https://", hint=kept),
            field("secret", _("加签密钥"), "password", wide=True, attrs=(("autocomplete", "off"),),
                  hint=kept or _("%(who)s必填；企业微信没有", who=signed)),
            field("kinds", _("发到群里的类别"), "multi", wide=True, options=tuple(Option(k.value, k.label) for k in NoticeKind)),
        )  # fmt: skip
        page = FormPage(
            title=_("修改群机器人") if robot else _("新增群机器人"),
            sections=(FormSection("", fields),),
            submit_label=_("保存"),
            back_url=HERE,
            crumbs=(Crumb(_("邮件与群机器人"), HERE), Crumb(robot.name if robot else _("新增"))),
        )
        return self.render_template("doc/form.html", page=page)


def _values(robot: Robot | None) -> dict[str, Any]:
    if robot is None:
        return {"platform": Platform.WECOM.value, "kinds": [NoticeKind.APPROVAL.value, NoticeKind.REMINDER.value]}
    return {
        "project_id": str(robot.project_id),
        "name": robot.name,
        "platform": robot.platform.value,
        "kinds": robot.kinds,
    }


def _parsed(session: Any) -> Parsed:
    names = me().project_names
    wanted = [
        Wanted("project_id", "项目", "choice", True, tuple((str(i), name) for i, name in names.items())),
        Wanted("name", "群名称", "text", True, limit=40),
        Wanted("platform", "平台", "choice", True, Platform),
        Wanted("address", "Webhook 地址", "text", limit=500),
        Wanted("secret", "加签密钥", "text", limit=200),
    ]
    parsed = parse(session, wanted, request.form)
    chosen = set(request.form.getlist("kinds"))
    parsed.values["kinds"] = [kind.value for kind in NoticeKind if kind.value in chosen]
    if not parsed.values["kinds"]:
        parsed.refuse("kinds", "请至少选一类")
    if parsed.values["project_id"] is not None:
        parsed.values["project_id"] = int(parsed.values["project_id"])
    parsed.typed.pop("secret", None)  # never sent back to a page
    return parsed
