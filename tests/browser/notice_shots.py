"""Pictures of docs/users/notices.md on a running demo.

Start `./anchang demo --data FOLDER --port PORT` first; then, in the project's folder:
    python -m tests.browser.notice_shots http://127.0.0.1:PORT
"""

from __future__ import annotations

import sys

from tests.bench.browser import started_chromium
from tests.browser.desks import act, fill, press, sees
from tests.browser.guide_shots import Photographer


def main(url: str) -> None:
    """url: the demo."""
    with started_chromium() as chromium:
        desks = Photographer(chromium, url)
        page = desks.at("supervisor")
        page.get_by_role("link", name="通知", exact=False).first.click()
        desks.snap("notices", page)
        act(page, "提醒设置").click()
        fill(page, 收件地址="zhoumin@example.cn")
        press(page, "保存")
        sees(page, "提醒设置已保存")
        desks.snap("notice-settings", page)
        page = desks.at("admin")
        page.goto(f"{url}/notice-channels")
        desks.snap("notice-channels", page)
        desks.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
