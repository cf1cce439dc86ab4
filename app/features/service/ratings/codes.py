"""The QR code of a pass as a picture in the page, and the address that it carries."""

from __future__ import annotations

import segno
from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from app.features.service.ratings.tokens import Pass, seal
from app.kernel.outbox.site import address_of_site
from app.kernel.screens.parts import Card

SCALE = 5  # pixels a module


def path_of(given: Pass) -> str:
    """The address on our own host."""
    return f"/rate/{seal(current_app.config['SECRET_KEY'], given)}"


def code_card(given: Pass, title: str, note: str, *, kiosk: bool = False) -> Card:
    """The code to show or print, with the way to the same page on a tablet."""
    path = path_of(given)
    picture = segno.make(address_of_site() + path, error="m").svg_data_uri(scale=SCALE, border=2)
    opens = (
        Markup('<p><a href="{}?kiosk=1" target="_blank" rel="noopener">{}</a></p>').format(
            path, _("在平板上打开评价页")
        )
        if kiosk
        else ""
    )
    html = Markup('<div class="qr"><img src="{}" alt="{}" width="220" height="220"><p class="muted">{}</p>{}</div>')
    return Card(title, "html", html=html.format(picture, _("评价二维码"), note, opens))
