"""What every page of ours in Fava has: its view of the book, and words for templates."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from fava.ext import FavaExtensionBase
from flask import current_app, has_app_context, jsonify, request, url_for

from ledger.accounts import FUNDS
from ledger.text import Text, dong
from reports.citations import BY_THE_BOOK, cite
from reports.pages import catalogue
from reports.pages.runs import main_of, run_of
from reports.pages.view import view_of
from reports.pages.words import language, said

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from flask import Response

    from ledger.problems import Problem
    from reports.pages.runs import Run
    from reports.pages.view import View
    from rules.finding import Finding


T = TypeVar("T")

# The key of the WSGI environment under which the guard says whether the account may write.
WRITES_KEY: Final = "cnht.writes"


class Page(FavaExtensionBase):
    """What the pages share."""

    title: ClassVar[Text]
    has_js_module = False

    @property
    def report_title(self) -> str | None:  # type: ignore[override]  # Fava reads it, never sets it
        """The page's name in the sidebar."""
        return said(self.title)

    def before_request(self) -> None:
        """Offer Fava its messages in Vietnamese, under a plain Fava too."""
        if has_app_context():
            catalogue.offer(current_app)

    @property
    def run(self) -> Run:
        """What the rules made of the book as it is loaded."""
        return run_of(self.ledger)

    @property
    def view(self) -> View | None:
        """What this request asks for; None where the book gives no figures."""
        return view_of(self.ledger, self.run)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why the book gives no figures."""
        return self.run.problems

    def once(self, name: str, make: Callable[[View], T], *more: Hashable) -> T | None:
        """What a page computes of a view, computed once a load and view."""
        view = self.view
        if view is None:
            return None
        key = (name, view.asked, view.language, view.year, *more)
        return self.run.once(key, partial(make, view))

    @property
    def reads_only(self) -> bool:
        """Whether the account of this request may change nothing."""
        return not request.environ.get(WRITES_KEY, True)

    # What templates call.

    def t(self, vi: str, en: str) -> str:
        """One of two wordings."""
        return vi if language() == "vi" else en

    def say(self, text: Text | None) -> str:
        """A text in the language of the request."""
        return said(text) if text else ""

    def sentence(self, text: Text) -> str:
        """A text as a line of its own begins."""
        told = said(text)
        return told[:1].upper() + told[1:]

    def dong(self, amount: int) -> str:
        """An amount in VND; a dash for nothing."""
        return dong(amount, language()) if amount else "–"

    def whole(self, amount: int) -> str:
        """An amount in VND, nothing as 0."""
        return dong(amount, language())

    def day(self, day: dt.date | None) -> str:
        """A day as Vietnamese write it."""
        if day is None:
            return "–"
        return f"{day:%d/%m/%Y}" if language() == "vi" else day.isoformat()

    def percent(self, share: float | None) -> str:
        """A share rounded to tenths of a percent."""
        if share is None:
            return "–"
        shown = f"{share:.1f}%"
        return shown.replace(".", ",") if language() == "vi" else shown

    def cited(self, finding: Finding) -> list[str]:
        """What a finding rests on."""
        own = [BY_THE_BOOK.to(language())] if finding.in_book else []
        return [*own, *(cite(citation, language()) for citation in finding.citations)]

    def fund(self, code: str) -> str:
        """The name of a source of money."""
        return said(FUNDS[code].label) if code in FUNDS else code

    def link(self, page: str, **values: Any) -> str:  # noqa: ANN401  # as url_for
        """A page of ours, with the filters of this request."""
        kept = {key: value for key, value in values.items() if value not in {None, ""}}
        return url_for("extension_report", extension_name=page, **kept)

    def journal(self, account: str) -> str:
        """Fava's journal of what an account filter lets through."""
        return url_for("report", report_name="journal", account=account)

    def editor(self, file: str, line: int) -> str:
        """Fava's editor at a line."""
        return url_for("report", report_name="editor", file_path=file, line=line)

    def short(self, file: str) -> str:
        """A file by its place in the book's folder."""
        path, folder = Path(file), main_of(self.ledger).parent
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name

    def fragment(self, template: str, name: str, *more: Any) -> str:  # noqa: ANN401  # as the macro takes
        """A part of a page by the macro of a template, for a page that is open already."""
        return str(getattr(self.jinja_env.get_template(template).module, name)(self, *more))


def refused(problems: Iterable[Problem], links: Sequence[dict[str, str]] = ()) -> Response:
    """An answer to a form that will not do, 422: one problem after the other with its remedy.

    Args:
        problems: what is wrong.
        links: pages that put it right, each a ``text`` and a ``link``.
    """
    told = [
        {
            "text": f"{_place(problem)}{said(problem.text)}",
            "remedy": said(problem.remedy) if problem.remedy else "",
        }
        for problem in problems
    ]
    answer = jsonify({"problems": told, "links": list(links)})
    answer.status_code = 422
    return answer


def _place(problem: Problem) -> str:
    """Where a problem is, for a person who knows the file by its name."""
    if not problem.file:
        return ""
    line = f":{problem.line}" if problem.line else ""
    return f"{Path(problem.file).name}{line}: "
