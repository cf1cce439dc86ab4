"""Pictures of docs/users/first-day.md: the main job on a running demo, every moment that the guide shows as a PNG.

Start `./anchang demo --reset --data FOLDER --port PORT` first; then, in the project's folder:
    python -m tests.browser.guide_shots http://127.0.0.1:PORT
The walk changes the demo: a second run needs --reset.
"""

from __future__ import annotations

import io
import sys

from PIL import Image
from playwright.sync_api import Page

from config import ROOT
from tests.bench.browser import started_chromium
from tests.browser import job_deal, job_prices
from tests.browser.desks import Desks

FOLDER = ROOT / "docs" / "users" / "img"
LIMIT = 120 * 1024  # bytes a picture
COLOURS = 128
BUYER, PHONE = "钱多多", "10500008888"


class Photographer(Desks):
    """Desks that keep the moments worth a picture."""

    def snap(self, name: str, page: Page) -> None:
        """Writes img/<name>.png, 1440 px wide, in few colours. Raises ValueError for one that stays too large."""
        page.wait_for_load_state("load")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # painted
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        small = io.BytesIO()
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
        if small.tell() > LIMIT:
            raise ValueError(f"{name}.png: {small.tell()} bytes")
        (FOLDER / f"{name}.png").write_bytes(small.getvalue())


def walk(desks: Desks, permit: str) -> None:
    """The same acts as the test, on the demo world."""
    desks.snap("home", desks.at("consultant1"))
    job_prices.import_homes(desks)
    job_prices.cover_by_permit(desks, permit)
    job_prices.price_homes(desks)
    job_prices.release_homes(desks)
    job_deal.register_visit(desks, BUYER, PHONE)
    job_deal.lock_home(desks, BUYER)
    job_deal.fill_order(desks, BUYER)
    job_deal.ask_concession(desks)
    job_deal.submit_order(desks)
    job_deal.take_money(desks, "定金", "20000", "TT-0001")
    job_deal.sign_contract(desks)
    job_prices.open_board(desks, "supervisor")
    desks.snap("board", desks.at("supervisor"))


def main(url: str, permit: str) -> None:
    """url: the demo; permit: the number of a 预售证 of the demo that covers the imported building."""
    FOLDER.mkdir(exist_ok=True)
    with started_chromium() as chromium:
        desks = Photographer(chromium, url)
        walk(desks, permit)
        desks.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2] if len(sys.argv) > 2 else "预售")
