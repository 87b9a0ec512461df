"""Our pages in Fava: each a thin class over a module of figures and a template."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Final

from flask import request

from ledger.text import Text
from reports.pages.asking import Ask
from reports.pages.data import chart, compliance, enterprises, norms, overview
from reports.pages.entering import Vouchers
from reports.pages.page import Page
from reports.pages.reconciling import Reconciliation
from reports.pages.settling import Settlement
from reports.pages.words import language
from rules.assessment import Verdict
from rules.severity import Severity

if TYPE_CHECKING:
    from ledger.facts import Facts
    from reports.pages.runs import Run
    from reports.pages.view import View
    from rules.finding import Finding, Tally

_SHOWN_ENTERPRISES: Final = 200
_SHOWN_USES: Final = 300
_CAUTION: Final = 90.0  # percent of a cap from which its bar warns


def _facts(run: Run) -> Facts:
    """The facts of a book that gives figures."""
    if run.assessed is None:
        raise LookupError("a book without figures has no view to be asked")
    return run.assessed.facts


class Overview(Page):
    """Tổng quan."""

    title = Text("Tổng quan", "Overview")
    has_js_module = True

    def data(self) -> overview.Overview | None:
        """The page's figures."""
        return self.once(
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
        return self.whole(amount)


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

    @property
    def task(self) -> str:
        """The task whose findings the page was asked to show."""
        return request.args.get("task", "")[:12]

    no_task = compliance.NO_TASK

    def data(self) -> compliance.Compliance | None:
        """The page's content."""
        chosen = compliance.Chosen(self.severity, self.code, self.task)
        return self.once("compliance", partial(self._data, chosen), chosen)

    def _data(self, chosen: compliance.Chosen, view: View) -> compliance.Compliance:
        task_of = self.run.once("tasks-of-findings", lambda: compliance.tasks_of(_facts(self.run)))
        return compliance.compliance(view.outcome, view.findings(), chosen, task_of)

    def task_title(self, code: str) -> str:
        """A task as a heading names it."""
        if not code:
            return self.t("Không thuộc một nhiệm vụ", "Of no task")
        return " ".join(filter(None, (code, self._titles().get(code, ""))))

    def _titles(self) -> dict[str, str]:
        return self.run.once(
            "task-titles",
            lambda: dict(
                _facts(self.run)["tasks"][["task", "title"]].astype("str").itertuples(index=False)
            ),
        )

    def shown_day(self, day: str) -> str:
        """The day of a row of evidence; nothing for a declaration without one."""
        return self.day(dt.date.fromisoformat(day)) if day else ""

    def waiver(self, finding: Finding) -> str:
        """The directive that accepts a finding, to be filled in."""
        return compliance.waiver_of(finding, self.run.day)

    def explanation(self, finding: Finding) -> str:
        """The directive that explains a finding, to be filled in."""
        return compliance.explanation_of(finding, self.run.day)

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
        return (
            self.once("norms", lambda view: norms.in_force(view.law, view.as_of, view.language))
            or []
        )


class Enterprises(Page):
    """Doanh nghiệp."""

    title = Text("Doanh nghiệp", "Enterprises")

    def data(self) -> list[enterprises.Enterprise]:
        """Every enterprise."""
        return (
            self.once(
                "enterprises",
                lambda view: enterprises.enterprises(view.facts, narrowed=view.filtered),
            )
            or []
        )

    def first(self) -> tuple[list[enterprises.Enterprise], int]:
        """Those shown, and how many more there are."""
        return enterprises.shown(self.data(), _SHOWN_ENTERPRISES)

    def by_activity(self) -> list[enterprises.ActivityYear]:
        """Support by content and year."""
        return enterprises.by_activity(self.data())


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
