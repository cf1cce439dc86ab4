"""The audit trail as a person reads it: who did what to which record, before and after, newest first (04 S11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, and_, or_, select

from app.kernel.actors import Actor, directory
from app.kernel.audit import AuditEntry
from app.kernel.base import model_of
from app.kernel.chinese import mask_name
from app.kernel.imports.lookups import chunks
from app.kernel.posts import POSTS, Post
from app.kernel.privacy import anonymised_among
from app.kernel.readership import may_read_kind
from app.kernel.refused_acts import REFUSED
from app.kernel.screens.display import DASH, MASKS, lookup_names
from app.kernel.screens.fields import Field, fields_of, label_of
from app.kernel.transactions import AnySession
from app.kernel.words import shown

MOST_WORDS = 600
Names = Mapping[str, Mapping[int, str]]
ACCOUNT = "ab_user"
ACTS: dict[str, Any] = {
    "insert": L("新增"), "update": L("修改"), "delete": L("删除"), "login": L("登录"), "logout": L("退出"), "login_failed": L("登录失败"),
    "account_locked": L("账号锁定"),
    "password_changed": L("改密码"), "account_created": L("建账号"), "account_enabled": L("启用账号"), "account_disabled": L("停用账号"),
    "read": L("打开页面"), "reveal": L("查看全号"), "reveal_alarm": L("看号过多"), "phone_check": L("号码查重"), "download": L("下载附件"),
    "export": L("导出"), "anonymise": L("匿名处理"), "erase": L("抹去附件"), "text_confirmed": L("采用识别文字"),
    "text_dismissed": L("不采用识别文字"), REFUSED: L("被拒绝"), "seal": L("封存审计记录"), "migrated": L("升级数据库"),
}  # fmt: skip
GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "refused": (L("被拒绝"), (REFUSED, "login_failed", "account_locked", "reveal_alarm")),
    "sign_in": (L("登录和账号"), ("login", "logout", "login_failed", "account_locked", "password_changed", "account_created", "account_enabled", "account_disabled")),
    "export": (L("导出"), ("export",)),
    "personal": (L("看个人信息"), ("reveal", "reveal_alarm", "phone_check", "read", "download")),
    "changed": (L("改数据"), ("insert", "update", "delete", "anonymise")),
}  # fmt: skip
TOLD = {
    "rows": L("行数"), "filters": L("条件"), "columns": L("列"), "personal": L("含个人信息"), "reason": L("原因"), "file": L("文件"), "name": L("名称"),
    "path": L("地址"), "method": L("方式"), "code": L("结果"), "field": L("字段"), "route": L("页面"), "username": L("账号"), "report": L("报表"),
    "number": L("编号"), "before": L("原来"), "after": L("现在"), "part": L("内容"), "period": L("期间"), "since": L("从"), "until": L("到"),
    "month": L("月份"), "year": L("年份"), "conditions": L("条件"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """projects: whose lines, beside those of no project; before: only lines older than that one."""

    projects: tuple[int, ...]
    since: date
    until: date
    person_id: int | None = None
    group: str = ""
    table: str = ""
    record_id: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class TrailLine:
    """One line in words, with table and id of its record where it has one."""

    id: int
    at: datetime
    person: str
    posts: str
    act: str
    about: str
    what: str
    address: str
    table: str
    record_id: int | None


def lines(session: AnySession, actor: Actor, asked: Asked, limit: int) -> list[TrailLine]:
    """The newest that were asked for. Of papers that are not this reader's, only who touched which one when."""
    found = session.scalars(_query(asked).limit(limit)).all()
    erased, names = _erased(session, found), _names(found)
    return [_line(one, actor, names, (one.subject, one.subject_id) in erased) for one in found]


def _names(found: Sequence[AuditEntry]) -> Names:
    """Of the colleagues, teams and accounts that the lines speak of, all at once: {kind of look-up: {id: name}}."""
    ids: dict[str, set[int]] = {}
    for one in found:
        known = fields_of(model) if (model := _model(one.subject or "")) is not None else {}
        for name, pair in one.changes.items():
            if name in known and known[name].kind == "lookup" and isinstance(pair, list):
                ids.setdefault(known[name].facts.lookup, set()).update(v for v in pair if type(v) is int)
    users = {one.subject_id for one in found if one.subject == ACCOUNT and one.subject_id is not None}
    owners = directory().names_of_users(users) if users else {}
    return {ACCOUNT: owners, **{kind: lookup_names(kind, some) for kind, some in ids.items()}}


def _erased(session: AnySession, found: Sequence[AuditEntry]) -> set[tuple[str | None, int | None]]:
    """Records of persons who were erased: the log is chained and stays, what it says of them is shown to nobody (0053)."""
    ids: dict[str, set[int]] = {}
    for one in found:
        if one.subject is not None and one.subject_id is not None:
            ids.setdefault(one.subject, set()).add(one.subject_id)
    return {
        (table, key)
        for table, keys in ids.items()
        if (model := _model(table)) is not None
        for some in chunks(sorted(keys))
        for key in anonymised_among(session, model, some)
    }


def _query(asked: Asked) -> Select[Any]:
    end = datetime.combine(asked.until + timedelta(days=1), time())
    query = select(AuditEntry).where(
        and_(AuditEntry.at >= datetime.combine(asked.since, time()), AuditEntry.at < end),
        or_(AuditEntry.project_id.in_(asked.projects), AuditEntry.project_id.is_(None)),
    )
    if asked.person_id is not None:
        query = query.where(AuditEntry.person_id == asked.person_id)
    if asked.group in GROUPS:
        query = query.where(AuditEntry.act.in_(GROUPS[asked.group][1]))
    if asked.table:
        query = query.where(AuditEntry.subject == asked.table)
    if asked.record_id is not None:
        query = query.where(AuditEntry.subject_id == asked.record_id)
    if asked.before is not None:
        query = query.where(AuditEntry.id < asked.before)
    return query.order_by(AuditEntry.id.desc())


def _line(one: AuditEntry, actor: Actor, names: Names, erased: bool) -> TrailLine:
    who = one.person_name + (_("（代 %(name)s）", name=one.acting_for) if one.acting_for else "")
    model = _model(one.subject or "")
    changed = one.act in ("insert", "update", "delete")
    words = (
        _("已匿名处理")
        if erased
        else _changes(one, model, actor, names)
        if changed and model is not None
        else _told(one.changes, model)
    )
    return TrailLine(
        one.id,
        one.at,
        who,
        posts_of(one),
        act_word(one.act),
        _about(one, names),
        words[:MOST_WORDS],
        one.address or "",
        one.subject or "",
        one.subject_id,
    )


def _about(one: AuditEntry, names: Names) -> str:
    """«认购书 #18»; of an account whose it is, of a report that is no table its title."""
    table, key = one.subject or "", one.subject_id
    if table == ACCOUNT:
        return _("账号 %(who)s", who=names[ACCOUNT].get(key, f"#{key}")) if key is not None else _("账号")
    label = label_of_table(table) or str(shown(one.changes.get("report") or "")) or (_("报表") if table else "")
    return f"{label} #{key}" if key is not None else label


def posts_of(one: AuditEntry) -> str:
    """The post by which it was done, or all that he held then; nothing for the system and for lines of older versions."""
    codes = one.posts.split(",") if one.posts else []
    return "、".join(str(shown(POSTS[Post(code)].label)) if code in set(Post) else code for code in codes)


def act_word(act: str) -> str:
    """What was done, in words."""
    return str(ACTS.get(act, act))


def label_of_table(table: str) -> str:
    """«认购书» of its table; nothing for what is no table of ours."""
    return str(shown(getattr(_model(table), "__label__", "")))


def _model(table: str) -> Any:
    try:
        return model_of(table)
    except KeyError:
        return None


def _changes(one: AuditEntry, model: type[Any], actor: Actor, names: Names) -> str:
    """«成交总价 1000 → 2000；状态 草稿 → 审核中»; columns without a label are counted only."""
    if not _his(model, actor):
        return _("内容不在你的查阅范围内")
    parts, known, ours = [], fields_of(model), 0
    people: frozenset[str] = getattr(model, "__personal__", frozenset())
    for name, pair in one.changes.items():
        if name not in known or not isinstance(pair, list) or len(pair) != 2:
            ours += 1
        elif known[name].readable(actor, one.project_id):
            parts.append(_change(known[name], pair, names, masked=name in people))
    return "；".join(parts) or _("系统字段 %(n)s 项", n=ours)


def _change(field: Field, pair: list[Any], names: Names, *, masked: bool) -> str:
    say = _masked if masked else _sayer(field, names)
    before, after = say(pair[0]), say(pair[1])
    return f"{shown(field.label)} {after}" if pair[0] is None else f"{shown(field.label)} {before} → {after}"


def _his(model: type[Any], actor: Actor) -> bool:
    """Whether the papers are among those that this reader opens (07 «reads»)."""
    audience = getattr(model, "audience", None)
    return may_read_kind(actor, model) and (audience is None or actor.holds(audience.posts))


def _masked(value: Any) -> str:
    """A person's name, as wide reports tell it (02 §2.5.11)."""
    return DASH if value in (None, "") else mask_name(str(value))


def _sayer(field: Field, names: Names) -> Callable[[Any], str]:
    if field.facts.personal in MASKS:
        mask = MASKS[field.facts.personal]
        return lambda value: DASH if value in (None, "") else str(value) if value == "***" else mask(str(value))
    if field.kind == "choice":
        words = {member.value: str(shown(member.label)) for member in field.choices}
        return lambda value: DASH if value in (None, "") else words.get(str(value), str(value))
    if field.kind in ("record", "lookup"):
        known = names.get(field.facts.lookup, {}) if field.kind == "lookup" else {}
        return lambda value: DASH if value is None else known.get(value, f"#{value}")
    if field.kind == "datetime":
        return lambda value: DASH if value in (None, "") else str(value).replace("T", " ")[:16]
    if field.kind == "boolean":
        return lambda value: _("是") if value else _("否")
    return lambda value: DASH if value in (None, "") else _text(value)


def _text(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _told(told: dict[str, Any], model: type[Any] | None) -> str:
    """«地址 /customer/show/7；结果 404»; fields by their labels."""
    known = fields_of(model) if model is not None else {}
    parts = []
    for name, value in told.items():
        if name in TOLD and value not in (None, "", []):
            named = known[value].label if name == "field" and value in known else _text(value)
            if name == "columns" and model is not None:
                named = "、".join(str(shown(label_of(model, one))) for one in str(value).split("、"))
            parts.append(f"{TOLD[name]} {shown(named)}")
    return "；".join(parts)
