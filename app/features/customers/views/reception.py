"""登记来访: one page for a call or visit — number first, then what the customer wants; also without a number (未留电)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, jsonify, redirect, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.extensions import db
from app.features.customers.choices import (
    AreaBand,
    ContactKind,
    Grade,
    NoPhoneReason,
    Outcome,
    Purpose,
    Source,
    TotalBand,
    Transport,
)  # fmt: skip
from app.features.customers.effects import Arrival, NewCustomer, known_here, register, without_phone
from app.features.customers.effects.arrival import REGISTRARS
from app.features.customers.effects.ownership import OWNERS
from app.features.customers.models import KNOWN_NUMBER
from app.kernel.actors import Actor
from app.kernel.audit import entry
from app.kernel.chinese import mask_phone, parse_phone
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound, RuleError
from app.kernel.posts import Post
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.inputs import Parsed, Wanted, parse
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Crumb, Option
from app.kernel.screens.people import people_of
from app.kernel.screens.saving import new_key
from app.kernel.transactions import write

DESK = REGISTRARS - {Post.CONSULTANT}
PROFILE = ("purpose", "wanted_layout", "wanted_area", "wanted_total")
NOTED = ("people", "outcome", "transport", "needs", "budget", "liked", "doubts", "next_follow_on", "home_area")


def _wanted(actor: Actor, project_id: int) -> dict[str, Wanted]:
    rows = (
        Wanted("kind", _("类型"), "choice", True, ContactKind),
        Wanted("phone", _("手机"), "text"),
        Wanted("name", _("姓名"), "text", limit=64),
        Wanted("no_phone_reason", _("未留电原因"), "choice", False, NoPhoneReason),
        Wanted("source", _("途径"), "choice", True, Source),
        Wanted("source_detail", _("具体媒体"), "text", limit=64),
        Wanted("grade", _("等级"), "choice", False, Grade),
        Wanted("at", _("日期时间"), "datetime"),
        Wanted(
            "receiver_id",
            _("接待人"),
            "person",
            _names_receiver(actor, project_id),
            choices=people_of(OWNERS, project_id),
        ),
        Wanted("people", _("人数"), "integer"),
        Wanted("purpose", _("购房用途"), "choice", False, Purpose),
        Wanted("wanted_layout", _("意向户型"), "text", limit=64),
        Wanted("wanted_area", _("意向面积"), "choice", False, AreaBand),
        Wanted("wanted_total", _("意向总价"), "choice", False, TotalBand),
        Wanted("budget", _("预算"), "money"),
        Wanted("home_area", _("居住区域"), "text", limit=64),
        Wanted("transport", _("交通工具"), "choice", False, Transport),
        Wanted("outcome", _("结果"), "choice", False, Outcome),
        Wanted("next_follow_on", _("下次跟进"), "date"),
        Wanted("needs", _("需求"), "long"),
        Wanted("liked", _("认可点"), "long"),
        Wanted("doubts", _("疑问点"), "long"),
        Wanted("late_reason", _("补录原因"), "text", limit=200),
    )
    return {w.name: w for w in rows}


def _names_receiver(actor: Actor, project_id: int) -> bool:
    """Whoever sells nothing (a clerk, an assistant) registers for somebody and says for whom."""
    return not actor.holds(OWNERS, project_id)


HINTS = {
    "phone": L("先填手机，已登记的号码会马上提示；客户没留电话就空着"),
    "no_phone_reason": L("没有手机时必选"),
    "name": L("没留电话时填称呼，例如「王先生」"),
    "at": L("不填为现在；次日 12:00 前录入"),
    "late_reason": L("过了次日 12:00 由销售主管补录时填写"),
}
SECTIONS = (  # title, fields, folded on a phone: what is asked at the door stands on one screen
    (L("谁来了"), ("phone", "kind", "name", "no_phone_reason", "source", "receiver_id", "grade"), False),
    (L("谈得怎样"), ("outcome", "next_follow_on", "needs", "liked", "doubts"), True),
    (L("想要什么"), ("purpose", "wanted_layout", "wanted_area", "wanted_total", "budget", "home_area"), True),
    (L("来访细节"), ("at", "people", "transport", "source_detail", "late_reason"), True),
)
_KINDS = {"choice": "select", "long": "textarea", "integer": "number"}


def _input(w: Wanted, parsed: Parsed | None) -> FormField:
    typed = (
        parsed.typed.get(w.name)
        if parsed
        else {"kind": ContactKind.FIRST_VISIT.value, "grade": Grade.C.value}.get(w.name, "")
    )
    errors = tuple(parsed.errors.get(w.name, ())) if parsed else ()
    common: dict[str, Any] = {
        "name": w.name, "label": w.label, "required": w.required, "value": typed, "errors": errors,
        "hint": str(HINTS.get(w.name, "")), "wide": w.kind == "long", "suffix": _("元") if w.kind == "money" else "",
    }  # fmt: skip
    if w.name == "receiver_id":
        options = tuple(Option(key, label) for key, label in w.choices)
        return FormField(kind="select", options=options, placeholder="" if w.required else _("本人"), **common)
    if w.kind == "choice":
        return FormField(kind="select", options=tuple(Option(m.value, m.label) for m in w.choices), **common)
    attrs = (("data-check-url", "/reception/phone"), ("inputmode", "tel")) if w.name == "phone" else ()
    return FormField(kind=_KINDS.get(w.kind, w.kind), attrs=attrs, **common)  # type: ignore[arg-type]


def _page(actor: Actor, project_id: int, parsed: Parsed | None, errors: tuple[str, ...] = ()) -> FormPage:
    wanted, desk = _wanted(actor, project_id), actor.holds(DESK, project_id)
    sections = tuple(
        FormSection(
            str(title), tuple(_input(wanted[n], parsed) for n in names if n != "receiver_id" or desk), folded=folded
        )
        for title, names, folded in SECTIONS
    )
    return FormPage(
        title=_("登记来访、来电"),
        sections=sections,
        submit_label=_("保存登记"),
        back_url="/customer/list/",
        crumbs=(Crumb(_("客户")), Crumb(_("登记来访"))),
        errors=errors,
        key=request.form.get("_key") or new_key(),
    )


def _arrival(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": values["kind"],
        "source": values["source"],
        "source_detail": values["source_detail"] or "",
        "at": values["at"],
        "receiver_id": values["receiver_id"],
        "late_reason": values["late_reason"] or "",
        "noted": {n: values[n] for n in NOTED if values[n] not in (None, "")},
    }


def _save(actor: Actor, project_id: int, values: dict[str, Any]) -> str:
    """The page to go to. Raises RuleError with its field."""
    if not values["phone"]:
        if values["no_phone_reason"] is None:
            raise RuleError("请填写手机，客户没有留电话的请选择未留电原因", field="phone")
        contact = without_phone(
            db.session, actor, project_id, Arrival(**_arrival(values)), values["no_phone_reason"], values["name"] or ""
        )
        return f"/contact/show/{contact.id}"
    known, own = known_here(db.session, actor, project_id, parse_phone(values["phone"], field="phone"))
    if own is not None:
        raise RuleError("这是你的客户「{name}」，请在客户页登记来电来访", field="phone", name=own.name)
    if known:
        raise RuleError(KNOWN_NUMBER, field="phone")
    profile = {n: values[n] for n in PROFILE if values[n] not in (None, "")}
    data = NewCustomer(
        **_arrival(values),
        name=values["name"] or "",
        phones=(values["phone"],),
        grade=values["grade"] or Grade.C,
        profile=profile,
    )
    return f"/customer/show/{register(db.session, actor, project_id, data).id}"


class ReceptionView(BaseView):
    """/reception — consultants, assistants, supervisors and clerks."""

    route_base = "/reception"
    default_view = "form"
    posts: ClassVar = dict.fromkeys(("form", "phone", "menu_access"), REGISTRARS)

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("form")
    def form(self) -> Any:
        """The page; what was typed stays when something is refused."""
        actor, project_id = me(), current_project_id()
        if project_id is None:
            raise NotFound("project")
        if request.method == "GET":
            return render_template("doc/form.html", page=_page(actor, project_id, None))
        parsed = parse(db.session(), list(_wanted(actor, project_id).values()), request.form)
        if parsed.errors:
            return render_template("doc/form.html", page=_page(actor, project_id, parsed)), 422
        try:
            digest = body_digest(request.form.items(multi=True))
            location = once(
                db.session,
                actor.person_id,
                request.form.get("_key", ""),
                digest,
                lambda: _save(actor, project_id, parsed.values),
            )
        except RuleError as error:
            errors = () if error.field in parsed.values else (str(error),)
            if error.field in parsed.values:
                parsed.refuse(str(error.field), str(error))
            return render_template("doc/form.html", page=_page(actor, project_id, parsed, errors)), error.status
        flash(_("已登记"), "success")
        return redirect(location)

    @expose("/phone", methods=["POST"])
    @has_access
    @permission_name("phone")
    def phone(self) -> Any:
        """Is a number registered? Yes or no and what to do, never whose (02 §2.5.2). By POST: the number stands in no address
        and no server log; every question is on the trail, so that somebody who tries numbers out is seen."""
        actor, project_id = me(), current_project_id()
        if project_id is None:
            raise NotFound("project")
        number = parse_phone(request.form.get("phone", ""), field="phone")
        known, own = known_here(db.session(), actor, project_id, number)
        write(
            db.session,
            lambda: db.session.add(
                entry(
                    "phone_check",
                    subject="customer_phone",
                    project_id=project_id,
                    number=mask_phone(number),
                    known=known,
                )
            ),
        )
        if own is not None:
            url = f"/customer/step/note_contact/{own.id}"
            return jsonify(known=True, text=_("这是你的客户，请登记为复访或来电"), url=url)
        return jsonify(known=known, text=_(KNOWN_NUMBER) if known else _("新号码，可以登记"), url="")
