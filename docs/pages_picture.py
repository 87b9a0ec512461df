"""Make ``images/duyet-so.png``: the overview of the bundled book in the browser.

Needs Chromium; run by hand where the page changes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

from cheroot.wsgi import Server
from playwright.sync_api import sync_playwright

from reports.pages.server.serving import Place, application_of

DOCS: Final = Path(__file__).resolve().parent
BOOK: Final = DOCS.parent / "ledger" / "books" / "hanoi-2021"
PICTURE: Final = DOCS / "images" / "duyet-so.png"
SIZE: Final = {"width": 1280, "height": 860}
MONTH: Final = "2021-10"  # in the middle of the year's work


def main() -> int:
    """Write the picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("needs Chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        book = Path(shutil.copytree(BOOK, Path(scratch) / "so")) / "main.beancount"
        place = Place("localhost", 0)
        application = application_of(book.resolve(), place, language="vi", allow_plugins=False)
        server = Server(("127.0.0.1", 0), application)
        server.prepare()
        threading.Thread(target=server.serve, daemon=True).start()
        take(chromium, f"http://localhost:{server.bind_addr[1]}/")
        server.stop()
    print(f"wrote {PICTURE}")
    return 0


def take(chromium: str, url: str) -> None:
    """Open the overview as of a month and keep what is seen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light", locale="vi-VN")
        page.goto(url)
        page.wait_for_selector("article .cnht h2")
        page.goto(f"{page.url}?time={MONTH}")
        page.wait_for_selector("tr[data-task]")
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
