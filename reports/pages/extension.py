"""Our pages in Fava: each a thin class over a module of figures and a template."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from fava.ext import FavaExtensionBase, extension_endpoint
from flask import current_app, has_app_context, jsonify, request, send_file, url_for

from ledger.accounts import FUNDS
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong
from reports.answer_table import verdict
from reports.citations import cite
from reports.pages import catalogue
from reports.pages.data import (
    asking,
    chart,
    compliance,
    enterprises,
    norms,
    overview,
    reconciliation,
    settlement,
    vouchers,
)
from reports.pages.drafts import draft_of
from reports.pages.runs import forget, main_of, run_of
from reports.pages.view import view_of
from reports.pages.words import language, said
from reports.settlement.settling import Request, settle, year_period
from rules.assessment import Verdict
from rules.plugin import today
from rules.severity import Severity
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from flask import Response

    from reports.pages.drafts import Draft
    from reports.pages.runs import Run
    from reports.pages.view import View
    from rules.ask import Answer
    from rules.finding import Finding, Tally

_SHOWN_ENTERPRISES: Final = 200
_SHOWN_USES: Final = 300
_CAUTION: Final = 90.0  # percent of a cap from which its bar warns


class Page(FavaExtensionBase):
    """What the pages share."""

    title: ClassVar[Text]
    has_js_module = False

    @property
    def report_title(self) -> str | None:  # type: ignore[override]  # Fava reads it, never sets it
        """The page's name in the sidebar."""
        return said(self.title)

    def after_load_file(self) -> None:
        """What was computed is of the load before; the loader of ``cnht browse`` says itself."""
        from reports.pages.server.book import BookLedger  # noqa: PLC0415  # it imports the pages

        if not isinstance(self.ledger, BookLedger):
            forget(self.ledger.beancount_file_path)

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

    @property
    def pages(self) -> tuple[tuple[str, str], ...]:
        """Every page: its class and its name."""
        return tuple((page.__name__, said(page.title)) for page in PAGES)

    def once(self, name: str, make: Callable[[View], Any], *more: Any) -> Any:  # noqa: ANN401  # as made
        """What a page computes of a view, computed once a load and view."""
        view = self.view
        if view is None:
            return None
        key = (name, view.asked, view.language, view.year, *more)
        return self.run.once(key, partial(make, view))

    # What templates call.

    def t(self, vi: str, en: str) -> str:
        """One of two wordings."""
        return vi if language() == "vi" else en

    def say(self, text: Text | None) -> str:
        """A text in the language of the request."""
        return said(text) if text else ""

    def dong(self, amount: int) -> str:
        """An amount in VND; a dash for nothing."""
        return dong(amount) if amount else "–"

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
        return [cite(citation, language()) for citation in finding.citations]

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


class Overview(Page):
    """Tổng quan."""

    title = Text("Tổng quan", "Overview")
    has_js_module = True

    def data(self) -> overview.Overview | None:
        """The page's figures."""
        return self.once(  # type: ignore[no-any-return]
            "overview",
            lambda view: overview.overview(view.facts, view.law, view.year, view.as_of),
        )

    def chart(self, page: overview.Overview) -> chart.Chart:
        """The year's course."""
        return chart.chart(page.points)

    def short_dong(self, amount: int) -> str:
        """An amount beside an axis: in millions or thousands of millions."""
        for unit, word in ((10**9, self.t("tỷ", "bn")), (10**6, self.t("triệu", "m"))):
            if amount >= unit:
                shown = f"{amount / unit:g}"
                return f"{shown.replace('.', ',') if language() == 'vi' else shown} {word}"
        return dong(amount)


class Compliance(Page):
    """Tuân thủ."""

    title = Text("Tuân thủ", "Compliance")

    @property
    def severity(self) -> Severity | None:
        """The severity that the page was asked to show."""
        name = request.args.get("severity", "").upper()
        return Severity[name] if name in Severity.__members__ else None

    @property
    def code(self) -> str:
        """The rule, or family of rules, that the page was asked to show."""
        return request.args.get("code", "")[:6].upper()

    def data(self) -> compliance.Compliance | None:
        """The page's content."""
        severity, code = self.severity, self.code
        return self.once(  # type: ignore[no-any-return]
            "compliance",
            lambda view: compliance.compliance(view.outcome, view.findings(), severity, code),
            severity,
            code,
        )

    def waiver(self, finding: Finding) -> str:
        """The directive that accepts a finding, to be filled in."""
        return compliance.waiver_of(finding, self.run.day)

    def failed(self, tally: Tally) -> int:
        """How many subjects of a rule failed."""
        return tally.counts.get(Verdict.FAIL, 0)


class Norms(Page):
    """Định mức."""

    title = Text("Định mức", "Norms")
    caution = _CAUTION

    def uses(self) -> tuple[list[norms.Use], int]:
        """Caps by how much of each is used, and how many more there are."""
        found = self.once("uses", lambda view: norms.uses(view.facts, view.law, view.as_of))
        return enterprises.shown(found or [], _SHOWN_USES)

    def in_force(self) -> list[norms.ActivityNorms]:
        """Norms in force on the day of the page."""
        return self.once(  # type: ignore[no-any-return]
            "norms", lambda view: norms.in_force(view.law, view.as_of, view.language)
        )


class Ask(Page):
    """Hỏi trước khi chi."""

    title = Text("Hỏi trước khi chi", "Ask before paying")

    @property
    def asked(self) -> dict[str, str]:
        """The form as it was filled in."""
        return request.args.to_dict()

    def choices(self) -> dict[str, list[vouchers.Choice]]:
        """The lists of the book that fields are chosen from."""
        return self.once("choices", lambda view: vouchers.choices(view.whole))  # type: ignore[no-any-return]

    def answer(self) -> tuple[Answer | None, tuple[Problem, ...]]:
        """What ``cnht ask`` says of the payment, or why it says nothing."""
        run = self.run
        if run.assessed is None:
            return None, run.problems
        try:
            found = asking.answer(run.assessed.facts, run.assessed.law, run.day, self.asked)
        except BadInputError as error:
            return None, error.problems
        return found, ()

    def verdict(self, answer: Answer) -> Text:
        """The answer in a few words."""
        return verdict(answer)

    def proven(self, answer: Answer) -> int | None:
        """The most that may be paid against no verified rule, VND."""
        return answer.most(Severity.ERROR)

    def subject(self, subject: str) -> Text:
        """What a norm is counted for."""
        return subject_name(subject)

    def whole(self, amount: int) -> str:
        """An amount in VND, nothing as 0."""
        return dong(amount)


class Reconciliation(Page):
    """Đối chiếu kho bạc."""

    title = Text("Đối chiếu kho bạc", "Treasury")

    def data(self) -> reconciliation.Reconciliation | None:
        """The months of the year."""
        return self.once(  # type: ignore[no-any-return]
            "reconciliation",
            lambda view: reconciliation.reconciliation(view.facts, view.year, view.as_of),
        )


class Enterprises(Page):
    """Doanh nghiệp."""

    title = Text("Doanh nghiệp", "Enterprises")

    def data(self) -> list[enterprises.Enterprise]:
        """Every enterprise."""
        return self.once(  # type: ignore[no-any-return]
            "enterprises",
            lambda view: enterprises.enterprises(view.facts, narrowed=view.filtered),
        )

    def first(self) -> tuple[list[enterprises.Enterprise], int]:
        """Those shown, and how many more there are."""
        return enterprises.shown(self.data(), _SHOWN_ENTERPRISES)

    def by_activity(self) -> list[enterprises.ActivityYear]:
        """Support by content and year."""
        return enterprises.by_activity(self.data())


class Vouchers(Page):
    """Ghi chứng từ."""

    title = Text("Ghi chứng từ", "Vouchers")
    forms = vouchers.FORMS

    @property
    def form(self) -> vouchers.Form:
        """The document that the page was asked for."""
        return vouchers.form_of(request.args.get("form", ""))

    def choices(self) -> dict[str, list[vouchers.Choice]]:
        """The lists of the book that fields are chosen from."""
        return self.once("choices", lambda view: vouchers.choices(view.whole))  # type: ignore[no-any-return]

    def programme(self) -> dict[str, str]:
        """Who draws, as the head of a document says it."""
        view = self.view
        if view is None:
            return {}
        row = view.whole["programme"].iloc[0]
        return {name: str(row[name]) for name in ("unit", "unit_code", "treasury_office")}

    @extension_endpoint("preview", ["POST"])  # type: ignore[untyped-decorator,arg-type]
    def preview(self) -> Response:
        """What a voucher would write and what the rules would say; nothing is written."""
        return self._answer(write=False)

    @extension_endpoint("save", ["POST"])  # type: ignore[untyped-decorator,arg-type]
    def save(self) -> Response:
        """Write a voucher into the book."""
        return self._answer(write=True)

    def _answer(self, *, write: bool) -> Response:
        raw = request.get_json(silent=True)
        asked = {str(key): str(value) for key, value in raw.items()} if type(raw) is dict else {}
        run = self.run
        if run.assessed is None:
            return _refused(run.problems)
        try:
            draft = draft_of(self.ledger, run.assessed, vouchers.form_of(asked["form"]), asked)
            if write:
                self._write(draft)
        except KeyError:
            return _refused(())
        except BadInputError as error:
            return _refused(error.problems)
        names = [self.short(str(change.path)) for change in draft.changes]
        return jsonify(
            {
                "text": draft.text,
                "files": names,
                "left": [
                    {"account": account, "before": dong(before), "after": dong(after)}
                    for account, before, after in draft.left
                ],
                "findings": [
                    {
                        "code": finding.code,
                        "severity": finding.severity.name,
                        "label": said(finding.severity.label),
                        "message": said(finding.message),
                    }
                    for finding in draft.findings
                ],
            }
        )

    def _write(self, draft: Draft) -> None:
        from reports.pages.server.files import BookFiles  # noqa: PLC0415  # it changes Fava's

        files = self.ledger.file
        if not isinstance(files, BookFiles):
            raise BadInputError([Problem("", 0, _ONLY_BROWSE)])
        files.write(draft.changes)


_ONLY_BROWSE = Text(
    "ghi chứng từ chỉ dùng được khi mở sổ bằng cnht browse",
    "vouchers are written only where cnht browse serves the book",
)


def _refused(problems: tuple[Problem, ...]) -> Response:
    told = [
        {
            "text": said(problem.text),
            "remedy": said(problem.remedy) if problem.remedy else "",
        }
        for problem in problems
    ]
    answer = jsonify({"problems": told})
    answer.status_code = 422
    return answer


class Settlement(Page):
    """Quyết toán."""

    title = Text("Quyết toán", "Settlement")

    def data(self) -> settlement.Settlement | tuple[Problem, ...] | None:
        """The year's figures, or why there are none."""
        return self.once(  # type: ignore[no-any-return]
            "settlement", _settled
        )

    def refused(self, page: object) -> bool:
        """Whether the year cannot be settled."""
        return isinstance(page, tuple) and not isinstance(page, settlement.Settlement)

    def download(self, year: int) -> str:
        """Where the workbook of a year is."""
        path, _, filters = self.link("Settlement", year=year).partition("?")
        return f"{path}workbook?{filters}"

    @extension_endpoint("workbook", ["GET"])  # type: ignore[untyped-decorator,arg-type]
    def workbook(self) -> Response | tuple[str, int]:
        """The set of the year, made in a folder of its own and sent as one file."""
        view = self.view
        if view is None:
            return "\n".join(problem.to(language()) for problem in self.problems), 409
        try:
            with tempfile.TemporaryDirectory() as scratch:
                content = _packed(_written(view, Path(scratch) / "bo"))
        except BadInputError as error:
            return "\n".join(problem.to(language()) for problem in error.problems), 409
        return _download(content, f"quyet-toan-{view.year}.zip")


def _written(view: View, folder: Path) -> list[Path]:
    """The set of the year; while something stands in its way, a draft that says so."""
    period = year_period(view.law, view.year)
    request = Request(folder, pdf=False, language=view.language)
    made = settle(view.whole, view.law, period, today(), request)
    if made.written:
        return made.written
    return settle(view.whole, view.law, period, today(), request._replace(draft=True)).written


def _packed(files: list[Path]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return packed.getvalue()


def _settled(view: View) -> settlement.Settlement | tuple[Problem, ...]:
    try:
        # What the book itself accepts keeps the set unsigned all the same.
        findings = (*view.outcome.findings, *view.outcome.accepted)
        return settlement.settlement(view.whole, view.law, findings, view.year)
    except BadInputError as error:
        return error.problems


def _download(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), as_attachment=True, download_name=name)


PAGES: Final[tuple[type[Page], ...]] = (
    Overview,
    Compliance,
    Norms,
    Ask,
    Vouchers,
    Reconciliation,
    Enterprises,
    Settlement,
)
