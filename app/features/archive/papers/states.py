"""How does a 资料 move? 待归档 → 在库 → 借出 · 已移交 · 已销毁 (02 §2.5.8)."""

from __future__ import annotations

from app.features.archive.models import PaperState
from app.features.archive.papers import effects
from app.features.archive.papers.models import Paper
from app.features.archive.states import FILERS, keeping_steps
from app.kernel.asks import ask
from app.kernel.workflow import flow, step

EXPECTED, IN, LENT, HANDED, DOOMED, DESTROYED, VOID = PaperState

PAPER_FLOW = flow(
    Paper,
    step("file", "归档", EXPECTED, IN, internal=True, then=[effects.come_in, effects.recount_folder]),
    step("take_in", "归档", EXPECTED, IN, by=FILERS, tone="primary", bulk=True, then=[effects.take_in, effects.recount_folder],
         form=[ask("received_from", "交来人", required=False),
               ask("box", "盒号", required=False, default=lambda paper: paper.folder.box),
               ask("shelf", "柜位", required=False, default=lambda paper: paper.folder.shelf),
               ask("file", "扫描件", "file", required=False)]),
    step("withdraw", "随单据作废", (EXPECTED, IN), VOID, internal=True, then=[effects.recount_folder]),
    *keeping_steps(effects.recount_folder),
    normal=(EXPECTED, IN),
)  # fmt: skip
