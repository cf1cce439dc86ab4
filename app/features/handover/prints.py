"""Which papers of 交楼 and 办证 are printed, when, and where they are filed (02 §2.5.8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.features.archive.papers.effects import file_print
from app.features.deals.archiving import folder_for
from app.features.handover import printed
from app.features.handover.areas.models import AreaSettlement, AreaState
from app.features.handover.deeds.models import DeedState, TitleDeed
from app.features.handover.handings.models import Handover, HandoverState
from app.features.handover.late import printed as late_printed
from app.features.handover.late.models import LateBatch, LateBatchState, LateHome, LateHomeState
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).with_name("sheets")
S = HandoverState
KEYS_READY = (S.PAID, S.KEYED, S.RECEIVED)


def _filed(code: str, label: str) -> Any:
    """Puts the PDF into the household."""

    def file(session: Session, actor: Actor, record: Any, attachment: Attachment) -> None:
        folder = folder_for(session, record.reservation_id)
        if folder is not None:
            source = (record.__tablename__, record.id)
            file_print(session, actor, folder, code, f"{label} {record}", source=source, file=attachment)

    return file


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind("handover_notice", "交楼通知", Handover, printed.handover_notice, sheets=SHEETS,
               offered=lambda paper: paper.state in (S.PREPARED, S.NOTIFIED, S.BOOKED))  # fmt: skip
    paper_kind("inspection", "验房表", Handover, printed.inspection, sheets=SHEETS,
               offered=lambda paper: paper.state not in (S.PREPARED, S.VOID), filed=_filed("inspection", "验房表"))  # fmt: skip
    paper_kind("key_receipt", "钥匙签收单", Handover, printed.key_receipt, sheets=SHEETS,
               offered=lambda paper: paper.state in KEYS_READY, filed=_filed("handover", "交楼签收文件"))  # fmt: skip
    paper_kind("area_settlement", "面积补差单", AreaSettlement, printed.area_settlement, sheets=SHEETS,
               offered=lambda paper: paper.state not in (AreaState.DRAFT, AreaState.VOID))  # fmt: skip
    paper_kind("late_notice", "逾期交付违约金结算单", LateHome, late_printed.notice, sheets=SHEETS,
               offered=lambda line: line.state is LateHomeState.OWED, filed=_filed("handover", "逾期交付违约金结算单"))  # fmt: skip
    paper_kind("late_batch", "逾期交付违约金汇总表", LateBatch, late_printed.batch, sheets=SHEETS,
               offered=lambda paper: paper.state in (LateBatchState.REVIEW, LateBatchState.BOOKED))  # fmt: skip
    paper_kind("deed_list", "办证资料清单", TitleDeed, printed.deed_list, sheets=SHEETS,
               offered=lambda paper: paper.state is not DeedState.VOID, filed=_filed("other", "办证资料清单"))  # fmt: skip
