"""The page of the reconciliation with the treasury (đối chiếu kho bạc)."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fava.ext import extension_endpoint
from flask import jsonify, request

from importers.reconciling.book_side import accounts_of
from importers.ways import ESTIMATE_ACCOUNT
from ledger.problems import BadInputError, refusal
from ledger.text import Text
from reports.pages.data import previewing, reconciliation
from reports.pages.page import Page, refused
from reports.pages.runs import main_of
from reports.pages.words import language
from reports.reconciling.outcome import conclusion, head, shown

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.datastructures import FileStorage

    from importers.statement_owner import Account
    from ledger.period import Period
    from reports.pages.data.previewing import Preview
    from reports.sheets.layout import Cell

_SHOWN: Final = 200  # rows of a part
_LONGEST_NAME: Final = 60  # letters; file systems count the bytes of them


class Reconciliation(Page):
    """Đối chiếu kho bạc."""

    title = Text("Đối chiếu kho bạc", "Treasury")
    estimate = ESTIMATE_ACCOUNT
    most = _SHOWN

    def data(self) -> reconciliation.Reconciliation | None:
        """The months of the year."""
        return self.once(
            "reconciliation",
            lambda view: reconciliation.reconciliation(
                view.facts, view.whole, view.law, view.year, view.as_of
            ),
        )

    def accounts(self) -> list[Account]:
        """The deposit accounts of the book."""
        view = self.view
        return accounts_of(view.whole) if view else []

    def named(self, account: str) -> str:
        """A deposit account by its label, with the last part of its name; a form as it is."""
        labels = {one.name: one.label for one in self.accounts()}
        if not labels.get(account):
            return account
        return f"{labels[account]} ({account.rpartition(':')[2]})"

    def periods(self) -> tuple[Period, ...]:
        """The periods that a statement may be of."""
        view = self.view
        return previewing.periods(view.year) if view else ()

    @extension_endpoint("preview", ["POST"])  # type: ignore[untyped-decorator,arg-type]
    def preview(self) -> Response:
        """A statement beside the book, as ``cnht reconcile`` sets it; nothing is written."""
        run = self.run
        if run.assessed is None:
            return refused(run.problems)
        try:
            with tempfile.TemporaryDirectory() as scratch:
                path = _received(request.files.get("statement"), Path(scratch))
                found = previewing.preview(
                    run.assessed.facts,
                    path,
                    main_of(self.ledger),
                    run.day,
                    request.form,
                    language(),
                    law=run.assessed.law,
                )
        except BadInputError as error:
            return refused(error.problems)
        return jsonify({"html": self.fragment("_preview.html", "outcome", found)})

    # What the template calls.

    def period(self, name: str) -> str:
        """A period as people call it."""
        year, _, number = name.replace("Q", "-Q").partition("-")
        if number.startswith("Q"):
            return self.t(f"Quý {number[1:]}/{year}", f"Quarter {number[1:]}/{year}")
        return f"{number}/{year}" if number else self.t(f"Năm {year}", f"Year {year}")

    def lines(self, found: Preview) -> list[str]:
        """What was set beside what."""
        return [self.say(text) for text in head(found.result)]

    def conclusion(self, found: Preview) -> str:
        """Whether it agrees."""
        return self.say(conclusion(found.result))

    def cell(self, value: Cell) -> str:
        """A cell as text."""
        return shown(value, language())


def _received(upload: FileStorage | None, folder: Path) -> Path:
    """The file that was sent, under its own name, in a folder that goes away.

    Raises:
        BadInputError: none was sent.
    """
    name = Path(((upload.filename if upload else "") or "").replace("\0", "")).name
    if upload is None or not name.strip("."):
        raise refusal(
            Text("chưa chọn tệp sao kê", "no statement was chosen"),
            Text("chọn tệp rồi bấm Xem trước", "choose a file, then press Preview"),
        )
    path = folder / name[-_LONGEST_NAME:]
    with path.open("wb") as file:
        shutil.copyfileobj(upload.stream, file)
    return path
