"""How a customer moves (02 §2.4): what people do on his page, and the internal steps by which deals moves him."""

from __future__ import annotations

from app.features.customers.choices import (
    ConsentChannel,
    ContactKind,
    CustomerState,
    FollowMethod,
    FollowResult,
    Grade,
    IdKind,
    LostReason,
    Outcome,
    Source,
    Transport,
)  # fmt: skip
from app.features.customers.claims.choices import Relation
from app.features.customers.claims.effects.kin import note_relative
from app.features.customers.consents.effects import edition_for, note_consent, withdraw
from app.features.customers.consents.models import Purpose
from app.features.customers.effects.arrival import note_again
from app.features.customers.effects.following import (
    keep_grade,
    lower_is_due,
    lower_is_suggested,
    note_follow_up,
    note_loss,
    note_milestone,
    rest,
    resume,
    take_lower_grade,
)
from app.features.customers.effects.identity import (
    CONSENT_FIRST,
    consent_is_given,
    consent_is_missing,
    note_identity,
)
from app.features.customers.effects.ownership import OWNERS, change_owner, to_pool
from app.features.customers.effects.phones import add_number, drop_number, free_numbers, take_numbers_back
from app.features.customers.models import Customer
from app.kernel.asks import First, ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

S = CustomerState
OWN = (Post.CONSULTANT, Post.SUPERVISOR)
DESK = (Post.CONSULTANT, Post.ASSISTANT, Post.SUPERVISOR, Post.CLERK)
HEADS = (Post.SUPERVISOR, Post.SITE_MANAGER)
OPEN = (S.NEW, S.FOLLOWING)
WINNING = (*OPEN, S.QUEUED)
HELD = (S.NEW, S.FOLLOWING, S.QUEUED, S.RESERVED, S.SIGNED)

FOLLOW_UP = (
    ask("method", "方式", "choice", choices=FollowMethod),
    ask("result", "结果", "choice", choices=FollowResult, hint="停机、无人接听、拒接不算有效跟进"),
    ask("at", "时间", "datetime", required=False, default=lambda _customer: now(), hint="不填为现在"),
    ask("grade", "跟进后等级", "choice", choices=Grade, required=False, default=lambda customer: customer.grade),
    ask("next_on", "下次跟进", "date", required=False),
    ask("content", "内容", "textarea", wide=True, personal=True),
)
CONTACT = (
    ask("kind", "类型", "choice", choices=ContactKind, hint="来过的客户自动记为复访"),
    ask("source", "本次途径", "choice", choices=Source),
    ask("source_detail", "具体媒体", required=False),
    ask("at", "日期时间", "datetime", required=False, default=lambda _customer: now(), hint="次日 12:00 前录入"),
    ask("receiver_id", "接待人", "person", posts=OWNERS, required=False, hint="不填为本人；代人登记的请选接待的顾问"),
    ask("people", "人数", "integer", required=False, unit="人"),
    ask("companions", "同行人", required=False, hint="配偶、父母等", personal=True),
    ask("outcome", "结果", "choice", choices=Outcome, required=False),
    ask("grade", "等级", "choice", choices=Grade, required=False, default=lambda customer: customer.grade),
    ask("next_follow_on", "下次跟进", "date", required=False),
    ask("needs", "需求", "textarea", required=False, wide=True, personal=True),
    ask("liked", "认可点", "textarea", required=False, wide=True, personal=True),
    ask("doubts", "疑问点", "textarea", required=False, wide=True, personal=True),
    ask("rivals", "竞品提及", required=False, hint="客户拿来比较的楼盘，几个用顿号隔开"),
    ask("budget", "预算", "money", required=False, unit="元"),
    ask("transport", "交通工具", "choice", choices=Transport, required=False),
    ask("stay_minutes", "停留", "integer", required=False, unit="分钟"),
    ask("home_area", "居住区域", required=False),
    ask("late_reason", "补录原因", required=False, hint="过了次日 12:00 由销售主管补录时填写", wide=True),
)
CONSENT = (
    ask("version", "同意书版本", required=False, default=edition_for, hint="不填即使用中的版本"),
    ask("channel", "同意方式", "choice", choices=ConsentChannel),
    ask("agree_identity", "单独同意：收集证件号码", "checkbox", required=False, hint="要登记证件的客户必须单独同意"),
    ask("agree_developer", "单独同意：向甲方营销策划部提供", "checkbox", required=False),
    ask("agree_bank", "单独同意：向贷款银行提供", "checkbox", required=False),
    ask("agree_channel", "单独同意：向渠道提供", "checkbox", required=False),
    ask("agree_marketing", "单独同意：营销电话、短信和微信", "checkbox", required=False),
    ask("file", "签字的同意书", "file", required=False),
)

CUSTOMER_FLOW = flow(
    Customer,
    step("drop_phone", "停用号码", HELD, None, by=OWN, then=[drop_number], form=[ask("tail", "号码后四位", personal=True)]),
    step(
        "add_phone", "增加号码", HELD, None, by=OWN, then=[add_number],
        form=[ask("phone", "号码", personal=True), ask("belongs_to", "机主", required=False, hint="本人、配偶、父母、子女")],
    ),
    step(
        "note_consent", "登记同意书", HELD, None, by=DESK, then=[note_consent],
        form=CONSENT,
    ),
    step(
        "withdraw_consent", "登记撤回同意", HELD, None, by=DESK, then=[withdraw], tone="risk",
        confirm="撤回后不再向第三方提供，不再打营销电话；撤回前已经做的不受影响。",
        form=[ask("purpose", "撤回的事项", "choice", choices=Purpose, hint="选「购房咨询和接待登记」即全部撤回")],
    ),
    step(
        "note_identity", "登记证件", HELD, None, by=DESK, guards=[consent_is_given], then=[note_identity],
        first=First("note_consent", consent_is_missing, CONSENT_FIRST),
        form=[
            ask("id_kind", "证件类型", "choice", choices=IdKind),
            ask("id_number", "证件号码", personal=True),
            ask("id_address", "证件地址", required=False, wide=True, personal=True),
        ],
    ),
    step(
        "note_relative", "登记关系户", HELD, None, by=OWN, then=[note_relative], reason=True,
        form=[
            ask("phone", "亲属的手机", personal=True, hint="亲属须已登记为客户"),
            ask("relation", "亲属是客户的", "choice", choices=Relation),
        ],
    ),
    step(
        "lose", "标记流失", OPEN, S.LOST, by=OWN, then=[note_loss, free_numbers], tone="risk", reason=True,
        form=[
            ask("lost_reason", "流失原因", "choice", choices=LostReason),
            ask("lost_to", "购买的楼盘", required=False, hint="已购他盘的，写楼盘名称"),
        ],
    ),
    step("resume", "恢复跟进", S.LOST, S.FOLLOWING, by=OWN, then=[take_numbers_back, resume]),
    step(
        "change_owner", "变更归属", HELD, None, by=HEADS, then=[change_owner], reason=True,
        form=[ask("owner_id", "新的归属顾问", "person", posts=OWNERS)],
    ),
    step("pool", "转入公海", OPEN, S.POOL, by=HEADS, then=[to_pool], reason=True, tone="risk"),
    step(
        "assign", "分配顾问", S.POOL, S.FOLLOWING, by=HEADS, then=[change_owner], tone="primary",
        form=[ask("owner_id", "归属顾问", "person", posts=OWNERS)],
    ),
    step("leave_pool", "离开公海", S.POOL, S.FOLLOWING, internal=True),
    step("recycle", "超期转公海", OPEN, S.POOL, internal=True),
    step("note_contact", "登记来电来访", HELD, None, by=DESK, form=CONTACT, then=[note_again]),
    step("note_follow_up", "登记跟进", HELD, None, by=OWN, form=FOLLOW_UP, then=[note_follow_up], tone="primary"),
    step("lower_grade", "采纳降级", WINNING, None, by=OWN, shown=lower_is_suggested, guards=[lower_is_due],
         then=[take_lower_grade]),
    step("keep_grade", "维持等级", WINNING, None, by=OWN, shown=lower_is_suggested, then=[keep_grade], reason=True),
    step("follow", "开始跟进", S.NEW, S.FOLLOWING, internal=True),
    step("forget", "匿名处理", (S.NEW, S.FOLLOWING, S.QUEUED, S.POOL), S.LOST, internal=True),
    step("queue", "认筹", OPEN, S.QUEUED, internal=True, then=[note_milestone]),
    step("reserve", "认购", WINNING, S.RESERVED, internal=True, then=[rest, note_milestone]),
    step("sign", "签约", S.RESERVED, S.SIGNED, internal=True, then=[rest, note_milestone]),
    step("back", "退回跟进", (S.QUEUED, S.RESERVED, S.SIGNED), S.FOLLOWING, internal=True, then=[resume]),
    normal=(S.NEW, S.FOLLOWING, S.QUEUED, S.RESERVED, S.SIGNED),
)  # fmt: skip
