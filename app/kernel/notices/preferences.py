"""我的提醒设置: where a person wants mail, what of which kind, and his own quiet hours."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import JSON, Date, Integer, Time, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.base import Record
from app.kernel.columns import Encrypted
from app.kernel.notices.quiet import QuietHours
from app.kernel.notices.records import NoticeKind
from app.kernel.states import Choice


class Wish(Choice):
    """How a kind of notice comes by mail. Urgent ones come at once, but for 不发邮件."""

    DIGEST = ("digest", "早上汇总")
    AT_ONCE = ("at_once", "逐条发送")
    NEVER = ("never", "不发邮件")


class NoticePreference(Record):
    """One row a person; without one he gets no mail. digested_on: the last day whose morning summary was seen to."""

    __tablename__ = "notice_preference"
    __label__ = "通知设置"
    __unaudited__ = True  # a person's own convenience, and an address that the trail need not keep

    person_id: Mapped[int] = mapped_column(Integer, nullable=False, unique=True)
    address: Mapped[str] = mapped_column(Encrypted, nullable=False, default="")
    wishes: Mapped[dict[str, str]] = mapped_column(JSON, nullable=False, default=dict)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    digested_on: Mapped[date | None] = mapped_column(Date)

    def wish(self, kind: NoticeKind) -> Wish:
        """What he wants of this kind; the morning summary unless he chose."""
        return Wish(self.wishes.get(kind.value, Wish.DIGEST.value))  # type: ignore[call-arg]  # by the enumeration's own map

    def quiet(self, site: QuietHours) -> QuietHours:
        """His own quiet hours, the site's where he set none."""
        if self.quiet_from is None or self.quiet_until is None:
            return site
        return QuietHours(self.quiet_from, self.quiet_until, site.days)


def preference_of(session: Session, person_id: int) -> NoticePreference | None:
    """The person's settings; None when he never set any."""
    return session.scalars(select(NoticePreference).where(NoticePreference.person_id == person_id)).first()
