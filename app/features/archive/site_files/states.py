"""How does a 现场文件 move? It is on file as soon as it is entered."""

from __future__ import annotations

from app.features.archive.models import PaperState
from app.features.archive.site_files import effects
from app.features.archive.site_files.models import SiteFile
from app.features.archive.states import keeping_steps
from app.kernel.workflow import flow, step

SITE_FILE_FLOW = flow(
    SiteFile,
    step("file", "归档", PaperState.EXPECTED, PaperState.IN, internal=True, then=[effects.come_in]),
    *keeping_steps(),
    normal=(PaperState.EXPECTED, PaperState.IN),
)
