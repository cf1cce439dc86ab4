"""What the home page says of the archive: sheets to be filed, households that lack papers, what is overdue."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.features.archive.folders.models import Folder, FolderState
from app.features.archive.letters.models import HEADS, IncomingLetter, IncomingState, OutgoingLetter, OutgoingState
from app.features.archive.loans.models import FileLoan, Loan, LoanState
from app.features.archive.models import PaperState
from app.features.archive.papers.models import FILERS, Paper
from app.features.archive.seals.models import SealState, SealUse
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking, counted, how_many
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag

WATCHERS = FILERS | {Post.SUPERVISOR}
Line = tuple[frozenset[Post], Select[Any], str, str]


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """For the desk and its heads; each line leads to the list that it counts."""
    lines = [line for line in (*_filing(now().date()), *_overdue(now().date())) if actor.holds(line[0])]
    rows = yield [query for _posts, query, _text, _url in lines]
    late = Tag(_("逾期"), "bad")
    return [
        FeedItem(_(text, n=counted(number)), url, icon="arch", tag=late if "chip=late" in url else None)
        for (number,), (_posts, _query, text, url) in zip(rows, lines, strict=True)
        if number
    ]


def _filing(today: date) -> tuple[Line, ...]:
    awaited = select(Paper.id).where(Paper.state == PaperState.EXPECTED)
    lacking = select(Folder.id).where(Folder.state == FolderState.OPEN, Folder.missing > 0, Folder.due_on < today)
    return (
        (WATCHERS, how_many(awaited.where(Paper.due_on < today)), "%(n)s 份资料逾期未归档", "/paper/list/?chip=late"),
        (FILERS, how_many(awaited.where(Paper.due_on >= today)), "%(n)s 份资料待归档", "/paper/list/?chip=awaited"),
        (WATCHERS, how_many(lacking), "%(n)s 户资料逾期未齐", "/folder/list/?chip=late"),
    )


def _overdue(today: date) -> tuple[Line, ...]:
    def loans(model: Any) -> Select[Any]:
        return how_many(select(model.id).where(model.state == LoanState.LENT, model.due_on < today))

    came = select(IncomingLetter.id).where(
        IncomingLetter.state.in_([IncomingState.REGISTERED, IncomingState.ASSIGNED]),
        IncomingLetter.needs_reply_on < today,
    )
    sent = select(OutgoingLetter.id).where(
        OutgoingLetter.state == OutgoingState.SENT, OutgoingLetter.needs_answer < today
    )
    seals = select(SealUse.id).where(SealUse.state == SealState.USED, SealUse.due_on < today)
    return (
        (WATCHERS, loans(Loan), "%(n)s 份借出的资料逾期未还", "/loan/list/?chip=late"),
        (WATCHERS, loans(FileLoan), "%(n)s 份借出的现场文件逾期未还", "/file-loan/list/?chip=late"),
        (FILERS | HEADS, how_many(came), "%(n)s 件来文逾期未回复", "/incoming-letter/list/?chip=late"),
        (FILERS | HEADS, how_many(sent), "%(n)s 件发文对方逾期未回复", "/outgoing-letter/list/?chip=late"),
        (FILERS | HEADS, how_many(seals), "%(n)s 枚印章逾期未归还", "/seal-use/list/?chip=late"),
    )
