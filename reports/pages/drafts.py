"""A voucher before it is saved: its text, what it leaves, and what the rules would say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.beans import parsed
from ledger.extract import extract
from ledger.payment import with_broken_balances
from ledger.writing import NewTransaction, changes_for, entry_text, style_of
from reports.pages.data import voucher_forms, vouchers
from reports.pages.data.asking import answer_to, findings_on, payment_of
from reports.pages.runs import files_of, main_of, source_of
from rules.ask import more_than
from rules.run import run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from fava.core import FavaLedger

    from ledger.payment import Payment
    from ledger.writing import Change
    from rules.ask import Answer
    from rules.finding import Finding
    from rules.plugin import Assessed


class Draft(NamedTuple):
    """A voucher that may be saved.

    Attributes:
        text: as it will stand in the book.
        left: accounts that it lowers, with their balances before and after, VND.
        again: where the book has its number already, in the year of its day.
        payment: what it pays; None where it pays nothing.
    """

    text: str
    transaction: NewTransaction
    changes: list[Change]
    left: list[tuple[str, int, int]]
    again: list[vouchers.Again]
    payment: Payment | None


def draft_of(
    ledger: FavaLedger, now: Assessed, form: voucher_forms.Form, raw: Mapping[str, str]
) -> Draft:
    """The draft of a filled form.

    Raises:
        BadInputError: a field will not do, or the book cannot take the entry.
    """
    entries = vouchers.entries_of(form, raw, now.facts)
    changes = changes_for(main_of(ledger), files_of(ledger), entries)
    style = style_of("")
    text = "\n\n".join(entry_text(entry, style) for entry in entries)
    transaction = next(entry for entry in entries if isinstance(entry, NewTransaction))
    left = vouchers.left(now.facts, transaction)
    vouchers.refuse_more_than_there_was(form, left)
    return Draft(
        text=text,
        transaction=transaction,
        changes=changes,
        left=left,
        again=vouchers.again(now.facts, transaction),
        payment=payment_of(now.facts, transaction),
    )


def answer_of(
    now: Assessed, day: dt.date, draft: Draft, brings: Sequence[Finding]
) -> Answer | None:
    """What may be paid of a draft, before it is saved; None where it pays nothing.

    What it brings are the findings of the voucher with all that it names.
    """
    if draft.payment is None:
        return None
    return answer_to(now, day, draft.payment, brings)


def findings_of(ledger: FavaLedger, now: Assessed, draft: Draft) -> list[Finding]:
    """What the same rules find more with the draft in the book, on the later of both days."""
    day = draft.transaction.date
    as_of = max(now.outcome.as_of, day)
    added = parsed(draft.text, ledger.beancount_file_path)
    moves = [(posting.account, posting.amount) for posting in draft.transaction.postings]
    facts = with_broken_balances(
        extract(source_of(ledger, added)), ledger.beancount_file_path, day, moves
    )
    return more_than(findings_on(now, as_of), run(facts, now.law, as_of).findings)
