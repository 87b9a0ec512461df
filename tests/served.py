"""A book served as ``cnht browse`` serves it, asked without a network."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.test import Client

from reports.pages.server.app import Serving, make_app
from tests.books import HANOI

if TYPE_CHECKING:
    from pathlib import Path

    from fava.core import FavaLedger
    from werkzeug.test import TestResponse

    from ledger.text import Language
    from reports.pages.server.accounts import Accounts
    from reports.pages.server.guard import Guard

HOST = "http://localhost:5000"
FINDINGS_BOOK = HANOI.with_name("hanoi-2021-findings")


def copy_of(folder: Path, target: Path) -> Path:
    """A copy of a bundled book that may be written; its top file."""
    shutil.copytree(folder, target)
    return (target / "main.beancount").resolve()


class Served:
    """One book, and a browser's way of asking for it."""

    def __init__(
        self, main: Path, *, accounts: Accounts | None = None, language: Language = "vi"
    ) -> None:
        self.main = main
        self.guard: Guard = make_app(
            Serving(
                main=main,
                language=language,
                allow_plugins=False,
                hosts=frozenset({"so.example.vn"}),
                accounts=accounts,
                secure=False,
                port=5000,
            )
        )
        self.client = Client(self.guard)
        self.app: Any = self.guard._app  # noqa: SLF001  # what stands behind the guard
        self.slug = self.app.config["LEDGERS"].first_slug()

    @property
    def ledger(self) -> FavaLedger:
        """Fava's ledger."""
        ledger: FavaLedger = self.app.config["LEDGERS"].ledgers[0]
        return ledger

    def get(self, path: str, **options: Any) -> TestResponse:
        """Ask for a page of the book; an absolute path is taken as it is."""
        where = path if path.startswith("/") else f"/{quote(self.slug)}/{path}"
        return self.client.get(where, **{"base_url": HOST, **options})

    def page(self, name: str, query: str = "") -> str:
        """The HTML of one of our pages."""
        answer = self.get(f"extension/{name}/{query}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def token(self) -> str:
        """What a writing request must show."""
        return str(self.get("/_cnht/session").json["csrf"])

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """A writing request as a page of this server makes it."""
        headers = {"X-CSRF-Token": self.token(), "Origin": HOST, "Sec-Fetch-Site": "same-origin"}
        headers |= options.pop("headers", {})
        where = path if path.startswith("/") else f"/{quote(self.slug)}/{path}"
        return self.client.open(
            where, **{"method": method, "base_url": HOST, "headers": headers, **options}
        )

    def log_in(self, name: str, password: str) -> TestResponse:
        """Log in as a person does."""
        return self.client.post(
            "/_cnht/login",
            base_url=HOST,
            data={"name": name, "password": password},
            headers={"Origin": HOST},
        )

    def source(self, file: Path) -> tuple[str, str]:
        """A file as Fava's editor reads it: content and digest."""
        data = self.get("api/source", query_string={"filename": str(file)}).json["data"]
        return data["source"], data["sha256sum"]

    def save(self, file: Path, source: str, digest: str) -> TestResponse:
        """Save a file as Fava's editor does."""
        body = {"file_path": str(file), "source": source, "sha256sum": digest}
        return self.send("PUT", "api/source", json=body)
