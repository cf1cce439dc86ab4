"""批量生成 and 批量设置: two forms that make one 录入单 each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.organisation.models import Permit
from app.features.units.entries.effects import EDITORS, generate, set_facts
from app.features.units.entries.rules import generated_rooms, read_floors, read_positions, read_sections
from app.features.units.models import Building, PricingBasis, Product, UnitEntry
from app.features.units.picking import PICK, picked_units
from app.kernel.asks import Ask, ask
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import Forbidden, RuleError
from app.kernel.screens.form_page import FormPage, FormSection
from app.kernel.screens.forms import ask_input, wanted_ask
from app.kernel.screens.inputs import Parsed, parse
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Crumb
from app.kernel.screens.saving import new_key
from app.kernel.words import several

Work = Callable[[dict[str, Any]], UnitEntry]
YES_NO = (("1", "是"), ("0", "否"))


class UnitFormsView(BaseView):
    """Two ways to enter or change many units at once, for CLK and HQ."""

    route_base = "/unit-forms"
    default_view = "generate"
    posts: ClassVar = {"add": EDITORS}

    @expose("/generate", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def generate(self) -> Any:
        """Floors × sections × places of a building."""
        project_id = _project()
        buildings = db.session.scalars(
            select(Building).where(Building.project_id == project_id).order_by(Building.position)
        ).all()
        asks = (
            ask(
                "building",
                _("楼栋"),
                "choice",
                choices=tuple((str(b.id), b.name) for b in buildings),
                hint=_("没有的先在「楼栋」里新增"),
            ),
            ask("sections", _("单元"), required=False, hint=_("例如：1、2；没有单元的留空")),
            ask("first_floor", _("起始楼层"), "integer"),
            ask("last_floor", _("终止楼层"), "integer"),
            ask("left_out", _("跳过楼层"), required=False, hint=_("例如：4、14")),
            ask("product", _("产品类型"), "choice", choices=Product),
            ask("basis", _("计价方式"), "choice", choices=PricingBasis),
            ask(
                "positions",
                _("每层的位置"),
                "textarea",
                wide=True,
                hint=_("每行一个：位置 户型 朝向，例如「01 A 南北」；面积取自户型"),
            ),
        )
        return _run(_("批量生成房源"), asks, _generate)

    @expose("/facts", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def facts(self) -> Any:
        """Permit and mortgage of many units."""
        permits = db.session.scalars(
            select(Permit).where(Permit.project_id == _project()).order_by(Permit.issued_on)
        ).all()
        asks = (
            *PICK,
            ask(
                "permit",
                _("预售证/现售备案"),
                "choice",
                choices=tuple((str(p.id), p.number) for p in permits),
                required=False,
                hint=_("不改的留空"),
            ),
            ask("mortgaged", _("在建工程抵押"), "choice", choices=YES_NO, required=False, hint=_("不改的留空")),
            ask("consent_no", _("抵押权人同意销售函编号"), required=False),
            ask("consent_on", _("同意销售函日期"), "date", required=False),
        )
        return _run(_("批量设置房源"), asks, _set_facts)


def _project() -> int:
    project_id = current_project_id()
    if project_id is None or not me().holds(EDITORS, project_id):
        raise Forbidden(_("录入房源"))
    return project_id


def _generate(values: dict[str, Any]) -> UnitEntry:
    building = db.session.scalars(select(Building).where(Building.id == int(values["building"]))).one()
    rooms = generated_rooms(
        building.name,
        read_sections(values["sections"] or ""),
        read_floors(values["first_floor"], values["last_floor"], values["left_out"] or ""),
        read_positions(values["positions"]),
    )
    return generate(db.session, me(), building.id, rooms, values["product"], values["basis"])


def _set_facts(values: dict[str, Any]) -> UnitEntry:
    facts: dict[str, Any] = {}
    if values["permit"]:
        facts["permit_id"] = int(values["permit"])
    if values["mortgaged"]:
        facts["mortgaged"] = values["mortgaged"] == "1"
    if values["consent_no"]:
        facts["mortgage_consent_no"] = values["consent_no"]
    if values["consent_on"]:
        facts["mortgage_consent_on"] = values["consent_on"]
    if not facts:
        raise RuleError("请至少填写一项要设置的内容", field="permit")
    project_id = _project()
    return set_facts(db.session, me(), project_id, picked_units(db.session(), project_id, values), facts)


def _run(title: str, asks: tuple[Ask, ...], work: Work) -> Any:
    """GET shows the form, POST does the work once and leads to the entry."""
    if request.method == "GET":
        return _form(title, asks, None)
    parsed = parse(db.session(), [wanted_ask(a, None) for a in asks], request.form)
    if parsed.errors:
        return _form(title, asks, parsed), 422
    digest = body_digest(request.form.items(multi=True))
    try:
        location = once(
            db.session,
            me().person_id,
            request.form.get("_key", ""),
            digest,
            lambda: f"/unit-entry/show/{work(parsed.values).id}",
        )
    except RuleError as error:
        if error.field in parsed.values:
            parsed.refuse(str(error.field), str(error))
            return _form(title, asks, parsed), error.status
        return _form(title, asks, parsed, (str(error),)), error.status
    flash(_("已提交案场经理核准"), "success")
    return redirect(location)


def _form(title: str, asks: tuple[Ask, ...], parsed: Parsed | None, errors: tuple[str, ...] = ()) -> str:
    page = FormPage(
        title=title,
        sections=(FormSection("", tuple(ask_input(db.session(), None, a, parsed, "") for a in asks)),),
        submit_label=_("提交核准"),
        back_url="/unit/list/",
        crumbs=(Crumb(several("房源")), Crumb(_("房源一览"), "/unit/list/"), Crumb(title)),
        lead=_("提交后由案场经理核准，甲方现场负责人知会。"),
        errors=errors,
        key=request.form.get("_key") or new_key(),
    )
    return render_template("doc/form.html", page=page, title=title)
