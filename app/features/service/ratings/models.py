"""What is a 评价点, what is a 接待评价: stars for the whole, perhaps for reception, explanation, environment, and words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.service.people import CHECKERS
from app.kernel.audiences import AgencyPapers, CustomerPapers
from app.kernel.base import Document, field, state_field
from app.kernel.posts import Post
from app.kernel.states import State

PARTS = ("reception", "explanation", "environment")
STARS = ("overall", *PARTS)
MOST = 5
MARKS = tuple(str(n) for n in range(MOST, 0, -1))


class DeskState(State):
    OPEN = ("open", "启用", "ok")
    CLOSED = ("closed", "停用", "mute")


class RatingDesk(AgencyPapers, Document):
    """评价点: a place with a QR code of its own, perhaps the desk of one consultant. A new code ends the old one."""

    __tablename__ = "rating_desk"
    __label__ = "评价点"
    __title__ = "name"
    __file_writers__: ClassVar[frozenset[Post]] = CHECKERS

    name: Mapped[str] = field("名称", String(32), nullable=False, hint="例如 前台、洽谈区 3 号桌、林晓的工位")
    consultant_id: Mapped[int | None] = field(
        "固定顾问", Integer, lookup="person", hint="这里的评价都算他的；公用的评价点不选"
    )
    generation: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    issued_at: Mapped[datetime | None] = field("二维码生成时间", DateTime, auto=True)
    expires_at: Mapped[datetime | None] = field("二维码有效至", DateTime, auto=True)
    state: Mapped[DeskState] = state_field(DeskState)


class ServiceRating(CustomerPapers, Document):
    """接待评价 of a visit or of a place. Nothing in it says who the visitor is; owner_id is who received him.

    One tap gives `overall`; a part that nobody rated on its own is None and counts as much as the whole. Ratings of the time
    before have their three parts and no whole.
    """

    __tablename__ = "service_rating"
    __label__ = "接待评价"
    __title__ = "title"
    __labels__: ClassVar[dict[str, str]] = {"mean": "平均", "title": "评价", "created_at": "评价时间"}
    __file_writers__: ClassVar[frozenset[Post]] = frozenset()
    __table_args__ = (
        *(CheckConstraint(f"{name} BETWEEN 1 AND {MOST}", name=name) for name in STARS),
        CheckConstraint(" AND ".join(f"coalesce({name}, overall) IS NOT NULL" for name in PARTS), name="said"),
    )

    contact_id: Mapped[int | None] = field("来访", ForeignKey("contact.id"), unique=True, auto=True)
    desk_id: Mapped[int | None] = field("评价点", ForeignKey("rating_desk.id"), index=True, auto=True)
    overall: Mapped[int | None] = field("总体", Integer, auto=True, unit="星", choices=MARKS)
    reception: Mapped[int | None] = field("接待", Integer, auto=True, unit="星", choices=MARKS)
    explanation: Mapped[int | None] = field("讲解", Integer, auto=True, unit="星", choices=MARKS)
    environment: Mapped[int | None] = field("环境", Integer, auto=True, unit="星", choices=MARKS)
    words: Mapped[str] = field("留言", String(300), nullable=False, default="", auto=True, wide=True)
    form_key: Mapped[str] = mapped_column(String(32), nullable=False, unique=True)  # one form, one rating

    contact: Mapped[Any] = relationship("Contact")
    desk: Mapped[RatingDesk | None] = relationship()

    @property
    def parts(self) -> tuple[int | None, ...]:
        """Stars of reception, explanation, environment."""
        return (self.reception, self.explanation, self.environment)

    @property
    def mean(self) -> str:
        """«4.33»"""
        whole = self.overall or 0  # the table refuses a rating with neither
        return f"{sum(whole if part is None else part for part in self.parts) / len(PARTS):.2f}"

    @property
    def title(self) -> str:
        """«11-24 10:42 4.33 星»"""
        return f"{self.created_at:%m-%d %H:%M} {self.mean} 星"
