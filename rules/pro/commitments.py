"""Contracts that must be registered as commitments, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ledger.accounts import Family
from ledger.text import Text
from rules.pro.contracts import (
    NOT_IN_FORCE,
    InForce,
    begins,
    in_force,
    not_applicable,
    not_known,
)
from rules.rows import groups
from rules.working_days import Deadline, calendar

if TYPE_CHECKING:
    import datetime as dt

    from ledger.facts import Facts
    from rules.assessment import Assessment
    from rules.law import Law

DUTY: Final = ("commitment-recurrent",)
_TIME: Final = ("commitment-deadline",)
_REPLY: Final = ("commitment-reply",)


def committed(facts: Facts) -> dict[tuple[str, str], pd.DataFrame]:
    """The postings that register commitments, by book and contract."""
    postings = facts["postings"]
    rows = postings[
        (postings["family"] == Family.COMMITTED.value)
        & (postings["amount"] > 0)
        & (postings["contract"] != "")
    ]
    return {(book, code): part for (book, code), part in groups(rows, ["book", "contract"])}


def duty_of(contract: Any, law: Law) -> InForce | Assessment:  # noqa: ANN401  # a record
    """The norm by which a contract must be registered, or why it need not or is not known."""
    subject, book = f"contract {contract.contract}", contract.book
    norm = in_force(law, DUTY, contract.signed.date())
    if norm is None:
        return not_known(subject, book, NOT_IN_FORCE)
    if contract.value < (norm.limit("threshold").at_least or 0):
        return not_applicable(
            subject,
            book,
            "giá trị dưới mức phải đăng ký cam kết chi",
            "the value is below the amount from which a commitment is registered",
        )
    if contract.commitment_exempt:
        return not_applicable(
            subject, book, "không phải đăng ký cam kết chi", contract.commitment_exempt
        )
    if not pd.isna(contract.state_part) and contract.state_part == 0:
        return not_applicable(
            subject, book, "không có phần ngân sách", "the contract has no state part"
        )
    return norm


def request_deadline(contract: Any, law: Law) -> Deadline | None:  # noqa: ANN401  # a record
    """The last day to send the request for commitment; None where no norm says it."""
    return _after(law, _TIME, begins(contract), contract.signed.date())


def reply_deadline(contract: Any, law: Law) -> Deadline | None:  # noqa: ANN401  # a record
    """The last day on which the Treasury would have accepted a request sent in time."""
    day = contract.signed.date()
    request, reply = in_force(law, _TIME, day), in_force(law, _REPLY, day)
    if request is None or reply is None:
        return None
    days = request.whole("days") + reply.whole("days")
    return calendar().deadline(begins(contract), days)


def _after(law: Law, norms: tuple[str, ...], start: dt.date, day: dt.date) -> Deadline | None:
    norm = in_force(law, norms, day)
    return calendar().deadline(start, norm.whole("days")) if norm else None


def unknown_days(subject: str, book: str) -> Assessment:
    """The answer turns on days off that are not known."""
    reason = Text(
        "chưa biết đủ ngày nghỉ của năm để tính ngày làm việc",
        "the days off of the year are not known well enough to count working days",
    )
    return not_known(subject, book, reason)
