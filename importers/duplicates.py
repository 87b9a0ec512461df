"""Rows that a book has already: imported before by exact key, or written in by hand (trùng).

A row that a person wrote is certain by its document: same account, amount and number, on near
days. The same account, day and amount alone make it likely, which is said and left to a person;
so does what came in by another source, whose keys are its own. An invoice and the movement that
pays it are one payment told twice: the same amount within some weeks is said, too.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from importers.documents import voucher_documents
from importers.draft import Duplicate, other_total
from importers.known import Booked
from importers.reconciling.matching import NEAR_DAYS
from importers.source.places import Reject
from ledger.problems import show_path
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from importers.draft import Draft, FileOutcome
    from importers.known import Known
    from ledger.writing import NewPosting, NewTransaction

# An invoice is mostly paid within these days; only how far a likeness is looked for.
_PAID_WITHIN: Final = dt.timedelta(days=60)
_HELD: Final = "Assets:"  # the estimate and deposits, which pay
# A statement of draws prints no task, so all accounts of the estimate are one; so are those of
# advances, which a settlement moves and the estimate does not.
_ESTIMATE: Final = "Assets:DuToan"
_ADVANCES: Final = "Assets:TamUng"
_ADVANCED: Final = (_ADVANCES, "Assets:ChoThanhToan")
_DEPOSITS: Final = "Assets:TienGui"

_Slots = dict[tuple[str, int, dt.date], list[Booked]]
_Payments = dict[int, list[Booked]]  # what left an account, by its amount


class Seen:
    """Keys and postings of a book while several files are imported."""

    def __init__(self, known: Known) -> None:
        self._keys = Counter(known.keys)
        self._booked = set(known.keys)
        self._places = dict(known.places)
        self._invoices: dict[str, Draft] = {}
        self._slots = _slots(known.booked)
        self._payments: _Payments = {}
        self._add_payments(known.booked)

    def told(self, outcome: FileOutcome) -> FileOutcome:
        """An outcome with its duplicates told; each entry of the book stands for one row.

        Sheets that may overlap are told one after the other, as files are: two rows alike in one
        sheet are two movements, and the same row in another sheet is none.
        """
        outcome = self._without_contradicted(outcome)
        drafts: list[Draft] = []
        duplicates = list(outcome.duplicates)
        for part in outcome.parts:
            fresh, known = self._told(part)
            drafts += fresh
            duplicates += known
        return outcome._replace(drafts=tuple(drafts), duplicates=tuple(duplicates))

    def _without_contradicted(self, outcome: FileOutcome) -> FileOutcome:
        """An outcome without invoices whose number another file brought with another total."""
        kept: list[Draft] = []
        rejects = list(outcome.rejects)
        for draft in outcome.drafts:
            total, first = _billed(draft), self._invoices.get(draft.key)
            if first and total != _billed(first):
                reason = other_total(_where(first), total, _billed(first))
                rejects.append(Reject(draft.place, draft.shown, reason))
                continue
            kept.append(draft)
            if total:
                self._invoices.setdefault(draft.key, draft)
        return outcome._replace(drafts=tuple(kept), rejects=tuple(rejects))

    def _told(self, found: list[Draft]) -> tuple[list[Draft], list[Duplicate]]:
        """What of a sheet is new, and what was met before."""
        left = Counter(self._keys)
        free = _Free(
            self._slots, self._payments, {draft.key for draft in found} & self._keys.keys()
        )
        leading = [draft for draft in found if not draft.follows]
        met: dict[str, Duplicate] = {}
        drafts, duplicates = [], []
        held: list[Draft] = []
        fresh: list[Draft] = []
        for draft in leading:
            (held if left[draft.key] > 0 else fresh).append(draft)
            left[draft.key] -= 1
        for draft in held:
            again = draft.key not in self._booked
            met[draft.key] = Duplicate(draft.place, self._places.get(draft.key, ""), again)
            duplicates.append(met[draft.key])
        for draft in fresh:
            by_hand = free.certain(draft)
            if by_hand:
                self._booked.add(draft.key)
                self._places[draft.key] = by_hand
                met[draft.key] = Duplicate(draft.place, by_hand)
                duplicates.append(met[draft.key])
            else:
                drafts.append(free.flagged(draft))
        for draft in found:
            if draft.follows and draft.key in met:
                duplicates.append(met[draft.key]._replace(place=draft.place))
            elif draft.follows:
                drafts.append(draft)
        self._keys |= Counter(draft.key for draft in leading)
        for draft in drafts:
            self._places.setdefault(draft.key, _where(draft))
        brought = list(_booked(drafts))
        for key, found_there in _slots(brought).items():
            self._slots.setdefault(key, []).extend(found_there)
        self._add_payments(brought)
        return drafts, duplicates

    def _add_payments(self, booked: Iterable[Booked]) -> None:
        for one in booked:
            if one.amount < 0 and one.account.startswith(_HELD):
                self._payments.setdefault(one.amount, []).append(one)


class _Free:
    """Postings of the book that no row of one file stands for yet."""

    def __init__(self, slots: _Slots, payments: _Payments, imported: set[str]) -> None:
        self._slots = slots
        self._payments = payments
        self._imported = imported
        self._taken: Counter[Booked] = Counter()

    def certain(self, draft: Draft) -> str | None:
        """Where a person wrote this, by its document; the posting is then taken."""
        entry = draft.entry
        if entry is None or not draft.documents:
            return None
        for apart in range(NEAR_DAYS + 1):
            for days in dict.fromkeys((-apart, apart)):
                for one in self._alike(entry, days):
                    # What another statement brought has lines of its own; an invoice has none.
                    own = not one.key or one.invoice
                    if own and draft.documents & voucher_documents(one.voucher):
                        self._taken[one] += 1
                        return one.where
        return None

    def flagged(self, draft: Draft) -> Draft:
        """A draft, left to a person where the book has the same amount on the same day."""
        entry = draft.entry
        if entry is None:
            return draft
        same = self._alike(entry) or self._alike(entry, side=_DEPOSITS)
        maybe = _perhaps_written(same[0].where) if same else self._perhaps_paid(entry)
        if maybe is None:
            return draft
        return draft._replace(entry=entry._replace(flag="!"), undecided=(*draft.undecided, maybe))

    def _perhaps_paid(self, entry: NewTransaction) -> Text | None:
        """Where an invoice's payment may stand already, or the invoice that a movement pays."""
        if not entry.postings:
            return None
        billed = bool(entry.meta.get("invoice"))
        for one in self._payments.get(entry.postings[0].amount, []):
            if one.key in self._imported or bool(one.invoice) is billed:
                continue
            if not billed and one.voucher:  # an invoice that is paid
                continue
            waited = one.date - entry.date if billed else entry.date - one.date
            if dt.timedelta() <= waited <= _PAID_WITHIN:
                return _perhaps_paid_at(one.where) if billed else _perhaps_pays(one)
        return None

    def _alike(self, entry: NewTransaction, days: int = 0, side: str = "") -> list[Booked]:
        """What is free on the account, with the amount, that tells an entry from others.

        Args:
            entry: drafted.
            days: how many days later.
            side: look at all accounts of this name instead.
        """
        told = _telling(entry)
        if told is None or not told.account.startswith(side):
            return []
        day = entry.date + dt.timedelta(days=days)
        slot = self._slots.get((side or _side(told.account), told.amount, day), [])
        return [
            one
            for one in slot
            if one.key not in self._imported and self._taken[one] < slot.count(one)
        ]


def _telling(entry: NewTransaction) -> NewPosting | None:
    """The posting that a statement shows: of the estimate or a deposit, else the first."""
    held = (p for p in entry.postings if p.account.startswith((_ESTIMATE, _DEPOSITS)))
    return next(held, next(iter(entry.postings), None))


def _billed(draft: Draft) -> int:
    """What an invoice's payment takes, VND; 0 where a draft pays no invoice."""
    entry = draft.entry
    return -entry.postings[0].amount if entry and "invoice" in entry.meta else 0


def _perhaps_written(where: str) -> Text:
    return Text(f"có thể đã ghi ở {where}", f"perhaps written at {where}")


def _perhaps_paid_at(where: str) -> Text:
    return Text(
        f"có thể đã trả ở {where}: nếu phải, ghi «invoice» vào bút toán ấy, bỏ phần chi ở đây",
        f"perhaps paid at {where}: if so, name the invoice in that entry and drop this payment",
    )


def _perhaps_pays(bill: Booked) -> Text:
    where = bill.where
    return Text(
        f"có thể trả hóa đơn {bill.invoice} đã ghi ở {where}: nếu phải, ghi ngày và số chứng từ "
        "vào bút toán ấy, bỏ bản nháp này",
        f"perhaps pays invoice {bill.invoice}, written at {where}: if so, give that entry the day "
        "and the voucher, and drop this draft",
    )


def _slots(booked: Iterable[Booked]) -> _Slots:
    """Postings by account, amount and day; the parts of a voucher also as its whole.

    A statement may print the whole of a voucher whose parts the book has.
    """
    slots: defaultdict[tuple[str, int, dt.date], list[Booked]] = defaultdict(list)
    vouchers: defaultdict[tuple[str, dt.date, str], list[Booked]] = defaultdict(list)
    for one in booked:
        side = _side(one.account)
        slots[side, one.amount, one.date].append(one)
        if side.startswith(_DEPOSITS):
            slots[_DEPOSITS, one.amount, one.date].append(one)
        if one.voucher:
            vouchers[side, one.date, one.voucher].append(one)
    for (side, day, _), parts in vouchers.items():
        if len(parts) > 1:
            whole = sum(part.amount for part in parts)
            slots[side, whole, day].append(parts[0]._replace(amount=whole))
    return dict(slots)


def _booked(drafts: Iterable[Draft]) -> Iterator[Booked]:
    """What drafts would bring into the book, for the files after them."""
    for draft in drafts:
        if draft.entry is None:
            continue
        where = _where(draft)
        voucher = str(draft.entry.meta.get("voucher", ""))
        invoice = str(draft.entry.meta.get("invoice", ""))
        for posting in draft.entry.postings:
            yield Booked(
                posting.account,
                posting.amount,
                draft.entry.date,
                voucher,
                where,
                draft.key,
                invoice,
            )


def _where(draft: Draft) -> str:
    file, row = show_path(draft.place.file), draft.place.row
    return f"{file}:{row}" if row else file


def _side(account: str) -> str:
    if account.startswith(_ADVANCED):
        return _ADVANCES
    return _ESTIMATE if account.startswith(_ESTIMATE) else account
