"""How do the papers of prices move? Chains of 07: 价目表 PM→JFS→JFL, 销售方案 and 付款方式 PM→JFL, 甲方授权 JFL."""

from __future__ import annotations

from app.features.pricing.effects import lines, mandates, price_lists, price_notices, schemes
from app.features.pricing.models import (
    ListState,
    Mandate,
    MandateState,
    PaymentScheme,
    PriceList,
    PriceNotice,
    PriceNoticeState,
    SalesScheme,
    SchemeState,
)
from app.features.units.picking import PICK
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.readings import reading_steps
from app.kernel.workflow import flow, step

DRAFT, REVIEW, APPROVED, EFFECTIVE, RETIRED, REFUSED, VOID = ListState
LIST_EDITORS = lines.EDITORS
SCHEME_EDITORS = frozenset({Post.SITE_MANAGER})
NOTICE_KEEPERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.SALES_ADMIN})
MANDATE_EDITORS = frozenset({Post.CLERK, Post.SALES_ADMIN})

approval_kind(
    "price_list", "价目表", PriceList, Mode.IN_TURN, "项目经理 0\n甲方现场负责人 0\n甲方负责人 不限",
    need=price_lists.list_need, content=("name", "effective_on", "total_rounding", "reason", "lines_digest"),
)  # fmt: skip
PAYMENT_FIELDS = (*schemes.COPIED[:3], *schemes.COPIED[4:])  # as covered before discount_on
approval_kind(
    "payment_scheme", "付款方式", PaymentScheme, Mode.IN_TURN, "项目经理 0\n甲方负责人 不限", need=schemes.scheme_need,
    content=schemes.COPIED, content_before=(PAYMENT_FIELDS,),
)  # fmt: skip
SCHEME_FIELDS = ("name", "valid_from", "valid_until", "compounding", "rounding_step", "rounding_way", "note")
approval_kind(
    "sales_scheme", "销售方案", SalesScheme, Mode.IN_TURN, "项目经理 0\n甲方负责人 不限", need=schemes.sales_need,
    content=(*SCHEME_FIELDS, "terms_values"), content_before=((*SCHEME_FIELDS, "terms_text"),),
)  # fmt: skip
approval_kind("mandate", "甲方授权", Mandate, Mode.DIRECT, "甲方负责人 不限")

SCALE = (
    *PICK,
    ask("percent", "调整幅度", "number", unit="%", hint="上调 1.5 填 1.5，下调 2 填 -2；已售房源自动跳过"),
    ask(
        "step",
        "单价取整到",
        "money",
        required=False,
        unit="元/㎡",
        hint="不填取到分；填 1 取到元、填 10 取到十元，四舍五入",
    ),
    ask("floor_too", "底价同幅调整", "checkbox", required=False),
    ask("filed_too", "备案价同幅调整", "checkbox", required=False, hint="备案价须先报备，一般不勾"),
)

MAKE = (
    *PICK,
    ask("unit_type", "只限户型", required=False, hint="例如：B；不填表示所有户型。已售房源自动跳过"),
    ask("base_price", "基准表价", "money", unit="元/㎡"),
    ask("base_floor", "基准楼层", "integer", hint="基准表价对应的楼层"),
    ask("floor_step", "每高一层加", "money", required=False, unit="元/㎡"),
    ask("floor_gap", "底价低于表价", "money", unit="元/㎡"),
    ask("filed_gap", "备案价高于表价", "money", required=False, unit="元/㎡", hint="不填则沿用房源现有备案价"),
    ask(
        "aspect_steps", "朝向差价", "textarea", required=False, wide=True, hint="每行一个，例如：南 100；减价写 北 -150"
    ),
)

PRICE_LIST_FLOW = flow(
    PriceList,
    step("make", "按规则生成", DRAFT, None, by=LIST_EDITORS, form=MAKE, then=[lines.make_lines]),
    step("scale", "按幅度调整", DRAFT, None, by=LIST_EDITORS, form=SCALE, then=[lines.scale_lines]),
    step("submit", "提交审批", DRAFT, REVIEW, by=LIST_EDITORS, tone="primary",
         confirm="提交后按项目经理、甲方现场负责人、甲方负责人的顺序审批。",
         guards=[price_lists.has_lines, price_lists.day_not_past, price_lists.units_unsold,
                 price_lists.prices_complete_and_in_order, price_lists.public_prices_not_below_floor],
         then=[price_lists.give_number, opens("price_list")]),
    *approval_steps("price_list", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=LIST_EDITORS,
                    then=(price_lists.apply_when_due,)),
    step("apply", "生效", APPROVED, EFFECTIVE, internal=True,
         then=[price_lists.write_prices, price_lists.retire_replaced, price_lists.tell_site]),
    step("retire", "停用", EFFECTIVE, RETIRED, internal=True),
    step("void", "作废", (DRAFT, APPROVED), VOID, by=LIST_EDITORS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, APPROVED, EFFECTIVE),
)  # fmt: skip

PAYMENT_SCHEME_FLOW = flow(
    PaymentScheme,
    step("submit", "提交审批", SchemeState.DRAFT, SchemeState.REVIEW, by=SCHEME_EDITORS, tone="primary",
         guards=[schemes.scheme_is_complete, schemes.scheme_keeps_above_floor], then=[opens("payment_scheme")]),
    *approval_steps("payment_scheme", SchemeState.REVIEW, approved=SchemeState.ACTIVE, returned=SchemeState.DRAFT,
                    refused=SchemeState.REFUSED, by=SCHEME_EDITORS,
                    guards=(schemes.scheme_keeps_above_floor, schemes.supersede_older), then=(schemes.tell_of_scheme,)),
    step("revise", "修订", SchemeState.ACTIVE, None, by=SCHEME_EDITORS, then=[schemes.revise],
         confirm="以现行条件为底稿建立新版本；批准后新认购按新版本，已有认购书不变。"),
    step("supersede", "被新版取代", SchemeState.ACTIVE, SchemeState.RETIRED, internal=True),
    step("retire", "停用", SchemeState.ACTIVE, SchemeState.RETIRED, by=SCHEME_EDITORS, reason=True, tone="risk",
         then=[schemes.tell_of_scheme]),
    normal=(SchemeState.DRAFT, SchemeState.REVIEW, SchemeState.ACTIVE),
)  # fmt: skip

SALES_SCHEME_FLOW = flow(
    SalesScheme,
    step("submit", "提交审批", SchemeState.DRAFT, SchemeState.REVIEW, by=SCHEME_EDITORS, tone="primary",
         guards=[schemes.dates_not_past, schemes.sales_keeps_above_floor], then=[opens("sales_scheme")]),
    *approval_steps("sales_scheme", SchemeState.REVIEW, approved=SchemeState.ACTIVE, returned=SchemeState.DRAFT,
                    refused=SchemeState.REFUSED, by=SCHEME_EDITORS,
                    guards=(schemes.sales_keeps_above_floor,), then=(schemes.tell_of_scheme,)),
    step("copy", "复制为新方案", (SchemeState.ACTIVE, SchemeState.RETIRED), None, by=SCHEME_EDITORS, then=[schemes.copy_sales_scheme],
         form=[ask("new_name", "新方案名称"), ask("valid_from", "起用日期", "date")]),
    step("retire", "停用", SchemeState.ACTIVE, SchemeState.RETIRED, by=SCHEME_EDITORS, reason=True, tone="risk",
         then=[schemes.tell_of_scheme]),
    normal=(SchemeState.DRAFT, SchemeState.REVIEW, SchemeState.ACTIVE),
)  # fmt: skip

PRICE_NOTICE_FLOW = flow(
    PriceNotice,
    *reading_steps(PriceNoticeState.SENT, by=ALL_POSTS - {Post.ADMIN, Post.AUDITOR}, remind_by=NOTICE_KEEPERS),
    step("replace", "被取代", PriceNoticeState.SENT, PriceNoticeState.REPLACED, internal=True, then=[price_notices.stop]),
    normal=(PriceNoticeState.SENT,),
)  # fmt: skip

MANDATE_FLOW = flow(
    Mandate,
    step("submit", "提交审批", MandateState.DRAFT, MandateState.REVIEW, by=MANDATE_EDITORS, tone="primary",
         guards=[mandates.mandate_is_signed_and_not_over], then=[opens("mandate")]),
    *approval_steps("mandate", MandateState.REVIEW, approved=MandateState.ACTIVE, returned=MandateState.DRAFT,
                    refused=MandateState.REFUSED, by=MANDATE_EDITORS),
    step("end", "终止", MandateState.ACTIVE, MandateState.ENDED, by=[Post.DEVELOPER_LEAD, Post.SALES_ADMIN],
         reason=True, tone="risk"),
    normal=(MandateState.DRAFT, MandateState.REVIEW, MandateState.ACTIVE),
)  # fmt: skip
