"""What the reception page asks: number first, then what the customer wants; one phone screen and a bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.customers.choices import (
    AreaBand,
    ConsentChannel,
    ContactKind,
    Grade,
    NoPhoneReason,
    Outcome,
    Purpose,
    Source,
    TotalBand,
    Transport,
)  # fmt: skip
from app.features.customers.effects.arrival import REGISTRARS
from app.features.customers.effects.ownership import OWNERS
from app.features.customers.models import Customer
from app.features.customers.rotation.choices import Channel
from app.features.customers.rotation.models import RotationTurn
from app.features.customers.views.history import history_card
from app.kernel.actors import Actor
from app.kernel.posts import Post
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.inputs import Parsed, Wanted
from app.kernel.screens.parts import Crumb, Option
from app.kernel.screens.people import people_of
from app.kernel.screens.saving import new_key
from app.kernel.words import several

DESK = REGISTRARS - {Post.CONSULTANT}
HINTS = {
    "phone": L("先填手机或尾号 4 位，老客户会列出来；没留电话就空着"),
    "name": L("老客户可输拼音或首字母；没留电话填称呼"),
    "at": L("不填为现在；次日 12:00 前录入"),
    "late_reason": L("过了次日 12:00 由销售主管补录时填写"),
    "source": L("记本次途径，首次途径不会改；选好按回车就保存"),
    "rivals": L("客户拿来比较的楼盘，几个用顿号隔开"),
    "consent_channel": L("客户看过告知同意书并同意登记的，选同意的方式"),
}
AT_THE_DOOR = ("phone", "name", "source", "kind", "no_phone_reason", "receiver_id", "place", "grade")
SECTIONS = (  # title, fields, folded on a phone: what is asked at the door stands on one screen
    (L("谁来了"), AT_THE_DOOR, False),
    (L("谈得怎样"), ("outcome", "next_follow_on", "needs", "liked", "doubts", "rivals"), True),
    (L("想要什么"), ("purpose", "wanted_layout", "wanted_area", "wanted_total", "budget", "home_area"), True),
    (L("来访细节"), ("at", "people", "companions", "transport", "stay_minutes", "source_detail", "late_reason"), True),
    (L("客户同意"), ("consent_channel", "agree_developer", "agree_marketing"), True),
)
_KINDS = {"choice": "select", "long": "textarea", "integer": "number"}


@dataclass(frozen=True)
class Scene:
    """For whom the page is drawn: the actor in a project, its places, a known customer, the turn that led here."""

    actor: Actor
    project_id: int
    places: tuple[str, ...] = ()
    customer: Customer | None = None
    turn: RotationTurn | None = None

    @property
    def desk(self) -> bool:
        """Whether this person registers for others."""
        return self.actor.holds(DESK, self.project_id)


def wanted(scene: Scene) -> dict[str, Wanted]:
    """Every input with its kind."""
    people = people_of(OWNERS, scene.project_id)
    must_name = not scene.actor.holds(OWNERS, scene.project_id)  # a clerk, an assistant says for whom she registers
    rows = (
        Wanted("kind", _("类型"), "choice", True, ContactKind),
        Wanted("phone", _("手机"), "text"),
        Wanted("name", _("姓名"), "text", limit=64),
        Wanted("no_phone_reason", _("未留电原因"), "choice", False, NoPhoneReason),
        Wanted("source", _("途径"), "choice", True, Source),
        Wanted("source_detail", _("具体媒体"), "text", limit=64),
        Wanted("grade", _("等级"), "choice", False, Grade),
        Wanted("at", _("日期时间"), "datetime"),
        Wanted("receiver_id", _("接待人"), "person", must_name and scene.turn is None, choices=people),
        Wanted("place", _("接待点"), "choice", False, choices=tuple((word, word) for word in scene.places)),
        Wanted("people", _("人数"), "integer"),
        Wanted("companions", _("同行人"), "text", limit=120),
        Wanted("purpose", _("购房用途"), "choice", False, Purpose),
        Wanted("wanted_layout", _("意向户型"), "text", limit=64),
        Wanted("wanted_area", _("意向面积"), "choice", False, AreaBand),
        Wanted("wanted_total", _("意向总价"), "choice", False, TotalBand),
        Wanted("budget", _("预算"), "money"),
        Wanted("home_area", _("居住区域"), "text", limit=64),
        Wanted("transport", _("交通工具"), "choice", False, Transport),
        Wanted("stay_minutes", _("停留（分钟）"), "integer"),
        Wanted("outcome", _("结果"), "choice", False, Outcome),
        Wanted("next_follow_on", _("下次跟进"), "date"),
        Wanted("needs", _("需求"), "long"),
        Wanted("liked", _("认可点"), "long"),
        Wanted("doubts", _("疑问点"), "long"),
        Wanted("rivals", _("竞品提及"), "text", limit=120),
        Wanted("late_reason", _("补录原因"), "text", limit=200),
        Wanted("consent_channel", _("同意方式"), "choice", False, ConsentChannel),
        Wanted("agree_developer", _("单独同意：向甲方营销策划部提供"), "checkbox"),
        Wanted("agree_marketing", _("单独同意：营销电话、短信和微信"), "checkbox"),
    )
    return {w.name: w for w in rows if w.name != "place" or _shown(scene, "place")}


def reception_page(scene: Scene, parsed: Parsed | None, errors: tuple[str, ...] = ()) -> FormPage:
    """The page: what was typed stands again; a known customer stands beside with his history."""
    known, inputs = scene.customer, wanted(scene)
    sections = tuple(
        FormSection(
            str(title), tuple(_input(scene, inputs[n], parsed) for n in names if _shown(scene, n)), folded=folded
        )
        for title, names, folded in SECTIONS
    )
    hidden = [("customer_id", str(known.id) if known is not None else "")]
    if scene.turn is not None:
        hidden.append(("turn", str(scene.turn.id)))
    return FormPage(
        title=_("登记来访、来电"),
        sections=sections,
        submit_label=_("保存登记"),
        back_url="/rotation/" if scene.turn is not None else "/customer/list/",
        crumbs=(Crumb(several("客户")), Crumb(_("登记来访"))),
        errors=errors,
        hidden=tuple(hidden),
        key=request.form.get("_key") or new_key(),
        lead=_("轮接：%(words)s", words=scene.turn.words) if scene.turn is not None else "",
        side=(history_card(known, scene.actor),) if known is not None else (),
    )


def _shown(scene: Scene, name: str) -> bool:
    if name == "receiver_id":
        return scene.desk and scene.turn is None
    if name == "place":
        return len(scene.places) > 1 and scene.turn is None
    return True


def _start(scene: Scene) -> dict[str, Any]:
    """What stands in an untouched form."""
    start: dict[str, Any] = {"kind": ContactKind.FIRST_VISIT.value, "grade": Grade.C.value}
    if scene.turn is not None and scene.turn.channel is Channel.CALL:
        start["kind"] = ContactKind.CALL.value
    if scene.customer is not None:
        start |= {"grade": scene.customer.grade.value, "name": scene.customer.name}
        if scene.turn is None or scene.turn.channel is Channel.VISIT:
            start["kind"] = ContactKind.REVISIT.value
    if scene.places:
        start["place"] = scene.places[0]
    return start


def _input(scene: Scene, w: Wanted, parsed: Parsed | None) -> FormField:
    typed = parsed.typed.get(w.name) if parsed else _start(scene).get(w.name, "")
    common: dict[str, Any] = {
        "name": w.name, "label": w.label, "required": w.required, "value": typed,
        "errors": tuple(parsed.errors.get(w.name, ())) if parsed else (),
        "hint": str(HINTS.get(w.name, "")), "wide": w.kind == "long" or w.name == "phone",
        "suffix": _("元") if w.kind == "money" else "",
    }  # fmt: skip
    if isinstance(w.choices, tuple):
        placeholder = _("本人") if w.name == "receiver_id" and not w.required else ""
        options = tuple(Option(key, label) for key, label in w.choices)
        return FormField(kind="select", options=options, placeholder=placeholder, **common)
    if w.kind == "choice":
        return FormField(kind="select", options=tuple(Option(m.value, m.label) for m in w.choices), **common)
    return FormField(kind=_KINDS.get(w.kind, w.kind), attrs=_attrs(w.name), **common)  # type: ignore[arg-type]


def _attrs(name: str) -> tuple[tuple[str, str], ...]:
    if name == "phone":
        return (("data-check-url", "/reception/phone"), ("data-find", "/reception/find"), ("inputmode", "tel"),
                ("autocomplete", "off"), ("autofocus", "autofocus"))  # fmt: skip
    return (("data-find", "/reception/find"), ("autocomplete", "off")) if name == "name" else ()
