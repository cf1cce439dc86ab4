"""Pictures of docs/users/archive.md, on a running demo: the folder of a household, and the one box that finds everything.

python -m tests.browser.guide_archive http://127.0.0.1:PORT
"""

from __future__ import annotations

import sys

from tests.bench.browser import started_chromium
from tests.browser.desks import open_row
from tests.browser.guide_shots import Photographer

NAME = "陈"  # somebody of the demo has it


def main(url: str) -> None:
    """url: the demo; nothing is changed."""
    with started_chromium() as chromium:
        desks = Photographer(chromium, url)
        clerk = desks.at("clerk")
        clerk.goto(f"{url}/folder/list/?chip=missing&stage=sign")
        open_row(clerk, "签约")
        desks.snap("folder", clerk)
        clerk.goto(f"{url}/archive/?q={NAME}")
        desks.snap("lookup", clerk)
        desks.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
