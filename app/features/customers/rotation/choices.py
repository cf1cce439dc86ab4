"""The closed lists of the rotation (02 §2.5.1)."""

from __future__ import annotations

from app.kernel.states import Choice, State


class Channel(Choice):
    """Visits and calls have queues of their own."""

    VISIT = ("visit", "来访", "ok")
    CALL = ("call", "来电", "info")


class Presence(Choice):
    """Where a consultant of the queue is now."""

    PRESENT = ("present", "在岗", "ok")
    BUSY = ("busy", "接待中", "cyan")
    ERRAND = ("errand", "外勤", "warn")
    MEAL = ("meal", "用餐", "warn")
    LEAVE = ("leave", "请假", "mute")
    EXPECTED = ("expected", "未到岗", "mute")


class Visitor(Choice):
    """Who comes, as «第一次来吗» answers it."""

    NEW = ("new", "新客户")
    OLD = ("old", "老客户")
    NAMED = ("named", "指定顾问")
    UNREGISTERED = ("unregistered", "老客户未登记")
    CHANNEL = ("channel", "渠道带访")
    REFERRAL = ("referral", "老带新")
    PEER = ("peer", "同行市调")


class Why(Choice):
    """The rule that decided a line of the log."""

    TURN = ("turn", "按轮序", "ok")
    MAKEUP = ("makeup", "补接", "cyan")
    OWN = ("own", "老客户归自己的顾问", "info")
    COVER = ("cover", "顾问不在代接", "info")
    NAMED = ("named", "客户指定", "info")
    FREE = ("free", "不占轮次", "info")
    UNREGISTERED = ("unregistered", "老客户未登记", "warn")
    OVERRIDE = ("override", "主管指定", "plum")
    OWED = ("owed", "跳过待补", "warn")
    PASSED = ("passed", "跳过不补", "mute")
    SPENT = ("spent", "扣轮跳过", "mute")
    FORFEIT = ("forfeit", "扣一轮", "bad")
    PRESENCE = ("presence", "岗位变动", "mute")
    OPENED = ("opened", "开始轮接", "mute")
    UNDONE = ("undone", "撤回", "bad")


ASSIGNED = (
    Why.TURN,
    Why.MAKEUP,
    Why.OWN,
    Why.COVER,
    Why.NAMED,
    Why.FREE,
    Why.UNREGISTERED,
    Why.OVERRIDE,
)  # lines that give a visitor to somebody


class Order(Choice):
    """How the queue of a day begins."""

    PARITY = ("parity", "单双日固定顺序")
    FEWEST = ("fewest", "新客户少的在前")


class PostingState(State):
    """公示 of an old customer whom nobody had registered."""

    POSTED = ("posted", "公示中", "warn")
    CLAIMED = ("claimed", "有人主张", "plum")
    MOVED = ("moved", "归主张人", "ok")
    STAYS = ("stays", "归接待人", "ok")
