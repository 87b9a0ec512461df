"""The page on which vouchers, and what they name, are entered by form (ghi chứng từ)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from fava.ext import extension_endpoint
from flask import jsonify, request

from ledger.problems import BadInputError, Problem, refusal
from ledger.programmes import in_year
from ledger.text import Text
from reports.pages.asking import Answering
from reports.pages.data import vouchers
from reports.pages.data.declaration_forms import DECLARATIONS
from reports.pages.data.voucher_forms import VOUCHERS
from reports.pages.drafts import answer_of, draft_of, findings_of
from reports.pages.page import refused
from reports.pages.words import said
from rules.severity import FindingKind, Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from flask import Response

    from ledger.writing import Change
    from reports.pages.data.fields import Field, Form
    from reports.pages.drafts import Draft
    from rules.finding import Finding
    from rules.plugin import Assessed

_PLEDGED: Final = Text(
    "Đối tượng này còn {amount} đồng đã cam kết đóng góp, chưa nhận: nếu khoản này là của cam kết "
    "ấy thì chọn «đóng góp đã ghi cam kết», nếu không cam kết vẫn còn treo.",
    "This party has pledged {amount} VND more than it has paid: if this money is of that pledge, "
    "choose “a contribution whose pledge is booked”, or the pledge stays open.",
)


@runtime_checkable
class Writer(Protocol):
    """Where a book's files can be written whole; Fava alone cannot."""

    def write(self, changes: Sequence[Change]) -> None:
        """Write changes of the book's files, all or none, and load the book."""


class Vouchers(Answering):
    """Ghi chứng từ."""

    title = Text("Ghi chứng từ", "Vouchers")
    documents = VOUCHERS
    declarations = DECLARATIONS

    @property
    def form(self) -> Form:
        """The document or declaration that the page was asked for."""
        return vouchers.form_of(request.args.get("form", ""))

    def tasks_of_activities(self) -> dict[str, str]:
        """The tasks that allow each content of spending; the form offers no others."""
        return self.once("activities", lambda view: vouchers.tasks_of_activities(view.whole)) or {}

    def begun(self, field: Field) -> str:
        """What a declaration begins with: the name that a voucher missed."""
        return request.args.get("name", "") if field.name == self.form.declares[1] else ""

    def programme(self) -> dict[str, str]:
        """Who draws, as the head of a document says it."""
        view = self.view
        if view is None:
            return {}
        row = in_year(view.whole, view.year).iloc[0]
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
            return refused(run.problems)
        if "form" not in asked:
            return refused([_no_form()])
        form, facts = vouchers.form_of(asked["form"]), run.assessed.facts
        try:
            draft = draft_of(self.ledger, run.assessed, form, asked)
            if write:
                self._write(draft)
                return jsonify({"files": self._names(draft)})
            return jsonify(self._looked_at(run.day, run.assessed, draft))
        except BadInputError as error:
            return refused(error.problems, self._links(vouchers.to_declare(form, asked, facts)))

    def _links(self, missing: Iterable[tuple[Form, str]]) -> list[dict[str, str]]:
        """Where what the book does not declare is declared."""
        return [
            {
                "text": said(_DECLARE.format(what=said(form.title).lower(), name=name)),
                "link": self.link("Vouchers", form=form.code, name=name),
            }
            for form, name in missing
        ]

    def _names(self, draft: Draft) -> list[str]:
        return [self.short(str(change.path)) for change in draft.changes]

    def _looked_at(self, day: dt.date, now: Assessed, draft: Draft) -> dict[str, Any]:
        """What is shown of a draft: what it leaves, writes, and what the rules say of it."""
        findings = findings_of(self.ledger, now, draft)
        answer = answer_of(now, day, draft, findings)
        return {
            # What ``cnht ask`` says of the payment; None where the voucher pays nothing.
            "answer": self.fragment("_answer.html", "answer", answer) if answer else None,
            "forbidden": any(finding.severity is Severity.ERROR for finding in findings),
            "pledged": said(_PLEDGED.format(amount=self.whole(draft.pledged)))
            if draft.pledged > 0
            else "",
            "text": draft.text,
            "files": self._names(draft),
            "left": [
                {"account": account, "before": self.whole(before), "after": self.whole(after)}
                for account, before, after in draft.left
            ],
            "again": [
                {
                    "day": self.day(one.day),
                    "narration": one.narration,
                    "place": f"{self.short(one.file)}:{one.line}",
                    "link": self.editor(one.file, one.line),
                }
                for one in draft.again
            ],
            "findings": [
                {
                    "code": finding.code,
                    "severity": finding.severity.name,
                    "label": said(_label(finding)),
                    "message": said(finding.message),
                }
                for finding in findings
            ],
        }

    def _write(self, draft: Draft) -> None:
        files = self.ledger.file
        if not isinstance(files, Writer):
            raise refusal(_ONLY_BROWSE)
        files.write(draft.changes)


def _label(finding: Finding) -> Text:
    """How grave it is, and whether it asks only."""
    label = finding.severity.label
    if finding.kind is not FindingKind.REVIEW:
        return label
    return Text(f"{label.vi}, cần giải trình", f"{label.en}, to be explained")


def _no_form() -> Problem:
    codes = ", ".join(form.code for form in vouchers.FORMS)
    return Problem(
        "",
        0,
        Text("chưa nêu loại chứng từ («form»)", "no document is named (“form”)"),
        Text(f"một trong: {codes}, kèm các ô của nó", f"one of: {codes}, with its fields"),
    )


_DECLARE = Text("Khai báo {what} «{name}»", "Declare {what} “{name}”")
_ONLY_BROWSE = Text(
    "ghi chứng từ chỉ dùng được khi mở sổ bằng cnht browse",
    "vouchers are written only where cnht browse serves the book",
)
