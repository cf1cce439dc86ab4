"""缴款通知单 on paper: whose account, what for, how much in figures and capitals, into which bank account."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.extensions import db
from app.features.organisation.models import Permit, Project
from app.features.payments.models import PaymentNotice
from app.kernel.base import now
from app.kernel.money import capitals, format_amount
from app.kernel.screens.display import DASH
from app.kernel.screens.parts import Card, Fact
from app.kernel.screens.print_page import PrintPage


def notice_print(view: Any, paper: PaymentNotice) -> PrintPage:
    """The page to print; the account number is that of the permit, else of the project (02 §2.5.10)."""
    project = db.session.get_one(Project, paper.project_id)
    permit = db.session.get(Permit, paper.account.unit.permit_id) if paper.account.unit.permit_id else None
    escrow = (permit.escrow_account if permit is not None else None) or project.escrow_account
    account = paper.account
    facts = (
        Fact(_("房源"), account.unit.full_name),
        Fact(_("认购书编号"), account.order_number),
        Fact(_("买受人"), account.buyers),
        Fact(_("款项类型"), paper.kind.label),
        Fact(_("金额（元）"), format_amount(paper.amount)),
        Fact(_("大写"), capitals(paper.amount, prefix="人民币"), wide=True),
        Fact(_("请于此日前缴款"), str(paper.pay_by) if paper.pay_by else DASH),
        Fact(_("监管账户"), f"{project.escrow_bank or ''} {escrow or ''}".strip() or DASH, wide=True),
        Fact(_("备注"), paper.remark or DASH, wide=True),
    )
    return PrintPage(
        title=_("缴款通知单"),
        number=paper.number or "",
        heading=str(project),
        cards=(Card("", "facts", facts=facts),),
        signs=(_("开单人"), _("买受人"), _("甲方财务")),
        foot=_(
            "款项以甲方财务确认到账为准，本单不作收款凭据。%(who)s 打印于 %(when)s",
            who=view.actor().name,
            when=f"{now():%Y-%m-%d %H:%M}",
        ),
        back_url=view.show_url(paper.id),
    )
