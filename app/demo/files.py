"""Attachments to look at: a contract to turn and to search, photos for the gallery, a scan whose text waits to be confirmed."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.demo.text_pdf import text_pdf
from app.demo.world import World
from app.features.archive.folders.models import Folder, FolderState
from app.features.archive.papers.models import Paper
from app.kernel.attachments import attach, receive
from app.kernel.file_texts import read_file, suggest, unread_files
from app.kernel.transactions import write

CLERK = "clerk"
TERMS = (
    ("补充协议", "甲方：滨江房地产开发有限公司", "乙方：见认购书", "", "第一条 乙方首付款分两期支付，首期百分之二十。",
     "第二条 余款由乙方向合作银行申请按揭贷款。", "第三条 车位使用权另行签订协议。"),
    ("补充协议（续）", "第四条 乙方逾期付款的，违约金按日万分之二点五计算。", "第五条 逾期超过九十日的，甲方有权解除协议。",
     "第六条 交付标准以样板间公示清单为准。"),
    ("补充协议（签字页）", "本协议一式四份，甲方二份，乙方一份，代理公司一份。", "甲方（盖章）：", "乙方（签字）："),
)  # fmt: skip
RECOGNISED = (
    "收入证明\n兹证明该员工在我单位任职，岗位为工程师，\n年收入约人民币二十四万元整。\n特此证明，用于办理住房按揭贷款。"
)
PHOTOS = (("样板间客厅.jpg", "#d9c8a9"), ("样板间主卧.jpg", "#b7c7d6"), ("园林实景.jpg", "#a9c9a4"))


class Given:
    """An upload as the pages hand it on."""

    def __init__(self, filename: str, content: bytes) -> None:
        self.filename, self._content = filename, content

    def read(self) -> bytes:
        return self._content


def load(session: Any, world: World) -> None:
    """To the papers of an open household, then read, as the worker would."""
    project = world.projects["JPYL"].id
    folder = session.scalars(
        select(Folder).where(Folder.project_id == project, Folder.state == FolderState.OPEN).order_by(Folder.id)
    ).first()
    paper = session.scalars(select(Paper).where(Paper.folder_id == folder.id).order_by(Paper.id.desc())).first()
    _add(session, world, world.at(1, 10), paper, "补充协议.pdf", text_pdf(TERMS))
    for number, (name, colour) in enumerate(PHOTOS):
        _add(session, world, world.at(1, 10, 10 + number), paper, name, _photo(colour, number))
    scanned = _add(session, world, world.at(1, 10, 20), paper, "收入证明扫描件.jpg", _sheet())
    for file_id in unread_files(session):
        read_file(session, file_id)
    write(session, lambda: suggest(session, scanned, RECOGNISED))


def _add(session: Any, world: World, moment: datetime, paper: Any, name: str, content: bytes) -> int:
    with world.acting(CLERK, moment) as who:
        received = receive(session, who, Given(name, content))
        return write(session, lambda: attach(session, who, session.get_one(Paper, paper.id), received).id)


def _photo(colour: str, number: int) -> bytes:
    """A room in plain colours: floor, wall, window."""
    from PIL import Image, ImageDraw  # loaded by those who need it

    view = Image.new("RGB", (1600, 1200), colour)
    pen = ImageDraw.Draw(view)
    pen.polygon([(0, 1200), (300, 800), (1300, 800), (1600, 1200)], fill="#8b6f4e")
    pen.rectangle((520 + number * 120, 240, 960 + number * 120, 620), fill="#f4f8ff", outline="#6b7684", width=14)
    pen.line((740 + number * 120, 240, 740 + number * 120, 620), fill="#6b7684", width=10)
    out = io.BytesIO()
    view.save(out, "JPEG", quality=85)
    return out.getvalue()


def _sheet() -> bytes:
    """The scan of a letter, too coarse to be read by anybody but a person."""
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (1240, 1754), "#fdfcf8")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((480, 190, 760, 240), fill="#3a3f46")
    for line in range(5):
        pen.rectangle((160, 380 + line * 90, 1080 - line % 2 * 240, 404 + line * 90), fill="#8f959d")
    pen.ellipse((760, 1100, 1060, 1400), outline="#c23b3b", width=12)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=80)
    return out.getvalue()
