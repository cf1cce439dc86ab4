"""How does a 户档 move? Opened and ended by the deals, settled by the desk when nothing is missing."""

from __future__ import annotations

from app.features.archive.folders import effects
from app.features.archive.folders.models import Folder, FolderState
from app.features.archive.papers.models import FILERS
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

OPEN, SETTLED, ENDED = FolderState

FOLDER_FLOW = flow(
    Folder,
    step("place", "盒号柜位", (OPEN, SETTLED, ENDED), None, by=FILERS, then=[effects.place],
         form=[ask("box", "盒号", required=False, default=lambda folder: folder.box),
               ask("shelf", "柜位", required=False, default=lambda folder: folder.shelf)]),
    step("settle", "结档", OPEN, SETTLED, by=FILERS, tone="primary", guards=[effects.nothing_is_missing], then=[effects.note_end],
         confirm="结档后从今天起计算保管年限。"),
    step("reopen", "重新打开", (SETTLED, ENDED), OPEN, by=(*FILERS, Post.SUPERVISOR), reason=True, then=[effects.reopen]),
    step("end", "终止", OPEN, ENDED, internal=True, then=[effects.note_end]),
    normal=(OPEN, SETTLED),
)  # fmt: skip
