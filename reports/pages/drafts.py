"""A filled form before it is saved: its text, what it leaves, what the rules would say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.beans import parsed
from ledger.extract import extract
from ledger.payment import with_broken_balances
from ledger.writing import NewTransaction, changes_for, entry_text, style_of
from reports.pages.data import vouchers
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
    from reports.pages.data.fields import Form
    from rules.ask import Answer
    from rules.finding import Finding
    from rules.plugin import Assessed


class Draft(NamedTuple):
    """A voucher or declaration that may be saved.

    Attributes:
        text: as it will stand in the book.
        day: of the entry.
        moves: what it moves, by account, VND; nothing for a declaration.
        left: accounts that it lowers, with their balances before and after, VND.
        again: where the book has its number already, in the year of its day.
        payment: what it pays; None where it pays nothing.
        pledged: what its contributor has pledged and not paid, VND, where it is booked as given
            without a pledge.
    """

    text: str
    day: dt.date
    moves: list[tuple[str, int]]
    changes: list[Change]
    left: list[tuple[str, int, int]]
    again: list[vouchers.Again]
    payment: Payment | None
    pledged: int = 0


def draft_of(ledger: FavaLedger, now: Assessed, form: Form, raw: Mapping[str, str]) -> Draft:
    """The draft of a filled form.

    Raises:
        BadInputError: a field will not do, or the book cannot take the entry.
    """
    entries = vouchers.entries_of(form, raw, now.facts, now.law)
    changes = changes_for(main_of(ledger), files_of(ledger), entries)
    style = style_of("")
    text = "\n\n".join(entry_text(entry, style) for entry in entries)
    day = entries[-1].date
    transaction = next((one for one in entries if isinstance(one, NewTransaction)), None)
    if transaction is None:
        return Draft(text, day, [], changes, [], [], None)
    left = vouchers.left(now.facts, transaction)
    vouchers.refuse_more_than_there_was(form, left)
    return Draft(
        text=text,
        day=day,
        moves=[(posting.account, posting.amount) for posting in transaction.postings],
        changes=changes,
        left=left,
        again=vouchers.again(now.facts, transaction),
        payment=payment_of(now.facts, transaction),
        pledged=vouchers.pledged_by(now.facts, transaction),
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
    as_of = max(now.outcome.as_of, draft.day)
    added = parsed(draft.text, ledger.beancount_file_path)
    facts = with_broken_balances(
        extract(source_of(ledger, added)), ledger.beancount_file_path, draft.day, draft.moves
    )
    return more_than(findings_on(now, as_of), run(facts, now.law, as_of).findings)
