"""Papers entered at an earlier moment by the person whose desk it is."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from app.demo.world import World
from app.kernel.attachments import Received, attach, store
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

PAGE = (620, 877)  # A4 at 75 dots an inch: enough to see that something was scanned


def entered(session: Any, world: World, login: str, moment: datetime, record: Any, then: Any = None) -> Any:
    """The person enters a record; `then` is done with it in the same transaction."""
    with world.acting(login, moment) as who:

        def work() -> Any:
            record.created_by = who.person_id
            with as_step(session):
                session.add(record)
                session.flush()
            if then is not None:
                then(record)
                session.flush()
            return record

        return write(session, work)


def step(session: Any, world: World, login: str, moment: datetime, paper: Any, name: str, **form: Any) -> None:
    """The person takes a step at a moment."""
    with world.acting(login, moment) as who:
        fire(session, paper, name, who, **form)


def scan(session: Any, world: World, login: str, moment: datetime, paper: Any, name: str) -> None:
    """A picture of a sheet: lines of writing and a round seal, nothing that could be read."""
    from PIL import Image, ImageDraw  # loaded by those who need it

    sheet = Image.new("RGB", PAGE, "white")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((200, 60, 420, 84), fill="#333333")
    for line in range(22):
        pen.rectangle((70, 140 + line * 28, 550 - (line * 37 + len(name) * 13) % 180, 148 + line * 28), fill="#9aa1a9")
    pen.ellipse((400, 660, 540, 800), outline="#c23b3b", width=6)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=60)
    received = Received(name, "image/jpeg", out.tell(), store().keep(out.getvalue()))
    with world.acting(login, moment) as who:
        write(session, lambda: attach(session, who, session.get_one(type(paper), paper.id), received))
