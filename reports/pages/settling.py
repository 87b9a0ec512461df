"""The page of the year's settlement (quyết toán)."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fava.ext import extension_endpoint
from flask import request, send_file

from ledger.problems import BadInputError
from ledger.text import Text
from reports.pages.data import settlement
from reports.pages.page import Page, T
from reports.pages.words import language
from reports.settlement.asked import Request
from reports.settlement.settling import settle
from reports.settlement.years import year_period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from flask import Response

    from ledger.problems import Problem
    from reports.pages.view import View


class NotSettled(NamedTuple):
    """Why there are no forms of the year."""

    problems: Sequence[Problem]


class Settlement(Page):
    """Quyết toán."""

    title = Text("Quyết toán", "Settlement")

    def data(self) -> settlement.Settlement | NotSettled | None:
        """The year's forms, or why there are none."""
        return self._once("settlement", _settled)

    def refused(self, page: object) -> bool:
        """Whether the year cannot be settled."""
        return isinstance(page, NotSettled)

    def form(self, page: settlement.Settlement) -> settlement.Form | None:
        """The form that the page was asked for."""
        sheet = request.args.get("form", "")
        return self._once("form", lambda _: page.form(sheet), sheet)

    def _once(self, name: str, make: Callable[[View], T], *more: str) -> T | None:
        """As ``once``; the forms are of the whole book, whatever filters narrow the view."""
        view = self.view
        if view is None:
            return None
        key = (name, view.as_of, view.language, view.year, *more)
        return self.run.once(key, partial(make, view))

    def download(self, year: int) -> str:
        """Where the workbook of a year is."""
        path, _, filters = self.link("Settlement", year=year).partition("?")
        return f"{path}workbook?{filters}"

    @extension_endpoint("workbook", ["GET"])  # type: ignore[untyped-decorator,arg-type]
    def workbook(self) -> Response | tuple[str, int]:
        """The set of the year, made in a folder of its own and sent as one file."""
        view, page = self.view, self.data()
        if view is None:
            return _told(self.problems)
        if not isinstance(page, settlement.Settlement):
            return _told(page.problems if page else ())
        try:
            with tempfile.TemporaryDirectory() as scratch:
                content = _packed(_written(view, page, Path(scratch) / "bo"))
        except BadInputError as error:
            return _told(error.problems)
        return _download(content, f"quyet-toan-{view.year}.zip")


def _told(problems: Iterable[Problem]) -> tuple[str, int]:
    """Why there is no set to download."""
    return "\n".join(problem.to(language()) for problem in problems), 409


def _written(view: View, page: settlement.Settlement, folder: Path) -> list[Path]:
    """The set of the year; while something stands in its way, a draft that says so."""
    period = year_period(view.law, view.year)
    draft = bool(page.blocked)
    wanted = Request(folder, pdf=False, language=view.language, draft=draft)
    return settle(view.whole, view.law, period, view.outcome.as_of, wanted).written


def _packed(files: list[Path]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return packed.getvalue()


def _settled(view: View) -> settlement.Settlement | NotSettled:
    findings = (*view.outcome.findings, *view.outcome.accepted)
    try:
        return settlement.settlement(
            view.whole, view.law, findings, view.year, view.outcome.as_of, view.language
        )
    except BadInputError as error:
        return NotSettled(error.problems)


def _download(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), as_attachment=True, download_name=name)
