"""The steps that every filed paper has, of a household or of the site alike (02 §2.5.8)."""

from __future__ import annotations

from app.features.archive import effects
from app.features.archive.models import PaperState
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import Effect, Step, step

EXPECTED, IN, LENT, HANDED, DOOMED, DESTROYED, VOID = PaperState
FILERS = (Post.CLERK, Post.CONTRACT_OFFICER)
DECIDERS = (Post.SUPERVISOR, Post.SITE_MANAGER)


def keeping_steps(*afterwards: Effect) -> tuple[Step, ...]:
    """Place, keeper, seal, loan, hand-over, destruction, 作废. afterwards: what follows whenever it comes or goes."""
    return (
        step("move", "调整存放位置", IN, None, by=FILERS, then=[effects.move],
             form=[ask("box", "盒号", required=False, default=lambda paper: paper.box),
                   ask("shelf", "柜位", required=False, default=lambda paper: paper.shelf)]),
        step("pass_on", "移交保管人", IN, None, by=FILERS, form=[ask("keeper", "新保管人", "person", posts=(*FILERS, *DECIDERS))],
             then=[effects.pass_on]),
        step("seal", "封存", IN, None, by=FILERS, shown=effects.may_be_sealed, then=[effects.seal],
             confirm="封存后已有的附件不能移除；有新版本时另传一份，旧版保留。"),
        step("lend", "借出", IN, LENT, internal=True),
        step("come_back", "归还入库", LENT, IN, internal=True),
        step("hand_over", "移交", IN, HANDED, internal=True),
        step("take_back", "收回", HANDED, IN, by=FILERS, reason=True),
        step("ask_destroy", "申请销毁", IN, DOOMED, by=FILERS, reason=True, tone="risk", shown=effects.may_go,
             then=[effects.note_asker]),
        step("keep", "不予销毁", DOOMED, IN, by=DECIDERS, reason=True, then=[effects.forget_asker]),
        step("destroy", "核准销毁", DOOMED, DESTROYED, by=DECIDERS, tone="risk", guards=[effects.second_person, effects.retention_is_over],
             then=[effects.destroy_files, *afterwards], confirm="销毁后附件不能恢复，登记条目保留。"),
        step("void", "作废", (EXPECTED, IN), VOID, by=FILERS, reason=True, tone="risk", then=afterwards),
    )  # fmt: skip
