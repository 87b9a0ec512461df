"""Rows that a book has already: imported before by exact key, or written in by hand (trùng).

A row that a person wrote is certain by its document: same account, amount and number, on near
days. The same account, day and amount alone make it likely, which is said and left to a person;
so does what came in by another source, whose keys are its own.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from importers.documents import voucher_documents
from importers.draft import Duplicate
from importers.known import Booked
from importers.matching import NEAR_DAYS
from ledger.problems import show_path
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from importers.draft import Draft, FileOutcome
    from importers.known import Known
    from ledger.writing import NewTransaction

# A statement of draws prints no task, so all accounts of the estimate are one.
_ESTIMATE: Final = "Assets:DuToan"

_Slots = dict[tuple[str, int, dt.date], list[Booked]]


class Seen:
    """Keys and postings of a book while several files are imported."""

    def __init__(self, known: Known) -> None:
        self._keys = Counter(known.keys)
        self._booked = set(known.keys)
        self._places = dict(known.places)
        self._slots = _slots(known.booked)

    def told(self, outcome: FileOutcome) -> FileOutcome:
        """An outcome with its duplicates told; each entry of the book stands for one row.

        Sheets that may overlap are told one after the other, as files are: two rows alike in one
        sheet are two movements, and the same row in another sheet is none.
        """
        drafts: list[Draft] = []
        duplicates = list(outcome.duplicates)
        for part in outcome.parts:
            fresh, known = self._told(part)
            drafts += fresh
            duplicates += known
        return outcome._replace(drafts=tuple(drafts), duplicates=tuple(duplicates))

    def _told(self, found: list[Draft]) -> tuple[list[Draft], list[Duplicate]]:
        """What of a sheet is new, and what was met before."""
        left = Counter(self._keys)
        free = _Free(self._slots, {draft.key for draft in found} & self._keys.keys())
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
        for one in _booked(drafts):
            self._slots.setdefault((_side(one.account), one.amount, one.date), []).append(one)
        return drafts, duplicates


class _Free:
    """Postings of the book that no row of one file stands for yet."""

    def __init__(self, slots: _Slots, imported: set[str]) -> None:
        self._slots = slots
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
                    if not one.key and draft.documents & voucher_documents(one.voucher):
                        self._taken[one] += 1
                        return one.where
        return None

    def flagged(self, draft: Draft) -> Draft:
        """A draft, left to a person where the book has the same amount on the same day."""
        entry = draft.entry
        same = self._alike(entry) if entry else []
        if entry is None or not same:
            return draft
        where = same[0].where
        maybe = Text(f"có thể đã ghi ở {where}", f"perhaps written at {where}")
        return draft._replace(entry=entry._replace(flag="!"), undecided=(*draft.undecided, maybe))

    def _alike(self, entry: NewTransaction, days: int = 0) -> list[Booked]:
        """What is free on the account, with the amount, that an entry moves first."""
        if not entry.postings:
            return []
        first = entry.postings[0]
        day = entry.date + dt.timedelta(days=days)
        slot = self._slots.get((_side(first.account), first.amount, day), [])
        return [
            one
            for one in slot
            if one.key not in self._imported and self._taken[one] < slot.count(one)
        ]


def _slots(booked: Iterable[Booked]) -> _Slots:
    """Postings by account, amount and day; the parts of a voucher also as its whole.

    A statement may print the whole of a voucher whose parts the book has.
    """
    slots: defaultdict[tuple[str, int, dt.date], list[Booked]] = defaultdict(list)
    vouchers: defaultdict[tuple[str, dt.date, str], list[Booked]] = defaultdict(list)
    for one in booked:
        side = _side(one.account)
        slots[side, one.amount, one.date].append(one)
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
        for posting in draft.entry.postings:
            yield Booked(
                posting.account, posting.amount, draft.entry.date, voucher, where, draft.key
            )


def _where(draft: Draft) -> str:
    return f"{show_path(draft.place.file)}:{draft.place.row}"


def _side(account: str) -> str:
    return _ESTIMATE if account.startswith(_ESTIMATE) else account
