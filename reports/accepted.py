"""How waivers, explanations and a comparison are worded in every report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ledger.problems import show_path
from ledger.text import Text, dong
from rules.finding import Change

if TYPE_CHECKING:
    from rules.finding import Acceptance, Answer, Comparison, Outcome

ACCEPTED = Text("đã chấp nhận", "accepted")
CHANGES = {
    Change.NEW: Text("mới", "new"),
    Change.GROWN: Text("tăng so với lần trước", "more than before"),
    Change.UNCHANGED: Text("như lần trước", "as before"),
    Change.ABSENT: Text("không còn", "gone"),
}


def acceptance_words(acceptance: Acceptance) -> Text:
    """Who accepted a finding, why, until when and up to which amount."""
    end = dt.date.fromisoformat(acceptance.until) if acceptance.until else None
    until = (
        Text(f"; đến hết {end:%d/%m/%Y}", f"; until {end:%Y-%m-%d}")
        if end
        else Text("; không có hạn", "; without end")
    )
    limit = Text("", "")
    if acceptance.up_to is not None:
        most = dong(acceptance.up_to)
        limit = Text(f"; đến {most} đồng", f"; up to {most} VND")
    whose = origin(acceptance)
    return Text(
        f"{acceptance.by} ({whose.vi}): {acceptance.reason}{until.vi}{limit.vi}",
        f"{acceptance.by} ({whose.en}): {acceptance.reason}{until.en}{limit.en}",
    )


def origin(acceptance: Acceptance) -> Text:
    """Who brought the waiver."""
    if acceptance.own:
        return Text("của kiểm toán viên", "the auditor's")
    return Text("ghi trong sổ", "in the book")


def answer_words(answer: Answer) -> Text:
    """What the unit says of a finding."""
    paper = f" ({answer.document})" if answer.document else ""
    return Text(
        f"Giải trình của {answer.person}: {answer.reason}{paper}",
        f"Explanation by {answer.person}: {answer.reason}{paper}",
    )


def accepted_count(outcome: Outcome) -> Text | None:
    """How many findings were accepted, and by whose waivers; None where none was."""
    total = len(outcome.accepted)
    if not total:
        return None
    own = sum(bool(f.acceptance and f.acceptance.own) for f in outcome.accepted)
    return Text(
        f"Đã chấp nhận, không tính ở trên: {total} phát hiện ({total - own} theo khai báo trong "
        f"sổ, {own} theo kiểm toán viên).",
        f"Accepted and not counted above: {total} findings ({total - own} by the book, {own} by "
        "the auditor).",
    )


def own_norms_words(outcome: Outcome) -> Text | None:
    """Which norm files of the unit's own were used; None where none was."""
    if not outcome.own_norms:
        return None
    files = ", ".join(show_path(file) for file in outcome.own_norms)
    return Text(
        f"Có dùng định mức do đơn vị xác nhận: {files}.",
        f"Norms confirmed by the unit itself were used: {files}.",
    )


def comparison_words(compared: Comparison) -> Text:
    """What is shared with the earlier run."""
    same, gone = len(compared.unchanged), len(compared.absent)
    file = show_path(compared.file)
    return Text(
        f"So với {file} (tính đến {compared.as_of}): {same} phát hiện như cũ không nêu lại, "
        f"{gone} phát hiện không còn.",
        f"Against {file} (as of {compared.as_of}): {same} findings as before are not told again, "
        f"{gone} are gone.",
    )
