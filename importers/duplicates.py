"""Rows that a book has already: imported before by exact key, or written in by hand (trùng).

A row that a person wrote is certain by its document: same account, amount and number, on near
days. The same account, day and amount alone make it likely, which is said and left to a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from importers.documents import documents, voucher_documents
from importers.draft import Draft, Duplicate
from importers.known import Typed
from importers.matching import NEAR_DAYS
from ledger.text import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from importers.draft import Outcome
    from importers.known import Known
    from ledger.writing import NewTransaction

# A statement of draws prints no task, so all accounts of the estimate are one.
_ESTIMATE: Final = "Assets:DuToan"


class Seen:
    """Keys and hand-written entries of a book while several files are imported."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._keys = Counter(known.keys)
        self._typed = _HandWritten(known.typed)

    def told(self, outcome: Outcome) -> Outcome:
        """An outcome with its duplicates told; each entry of the book stands for one row."""
        left = Counter(self._keys)
        drafts: list[Draft] = []
        duplicates: list[Duplicate] = []
        for draft in outcome.drafts:
            if left[draft.key] > 0:
                left[draft.key] -= 1
                where = self._known.places.get(draft.key, "tệp nhập trước / a file before")
                duplicates.append(Duplicate(draft.place, where))
            elif draft.entry and (where := self._typed.certain(draft.entry)):
                duplicates.append(Duplicate(draft.place, where))
            else:
                drafts.append(self._typed.flagged(draft))
        self._keys |= Counter(draft.key for draft in outcome.drafts)
        return outcome._replace(drafts=tuple(drafts), duplicates=(*outcome.duplicates, *duplicates))


class _HandWritten:
    """Money that people wrote into a book, each used once."""

    def __init__(self, typed: Iterable[Typed]) -> None:
        self._slots: defaultdict[tuple[str, int], list[Typed]] = defaultdict(list)
        vouchers: defaultdict[tuple[str, dt.date, str], list[Typed]] = defaultdict(list)
        for one in typed:
            name = _slot(one.account)
            self._slots[name, one.amount].append(one)
            if one.voucher:
                vouchers[name, one.date, one.voucher].append(one)
        # A statement may print the whole of a voucher whose parts the book has.
        for (name, _, _), parts in vouchers.items():
            if len(parts) > 1:
                whole = sum(part.amount for part in parts)
                self._slots[name, whole].append(parts[0]._replace(amount=whole))

    def certain(self, entry: NewTransaction) -> str | None:
        """Where a person wrote this, by its document; the place is then used up."""
        named = voucher_documents(str(entry.meta.get("voucher", "")))
        named |= documents("", entry.narration)
        slot = self._slot_of(entry)
        for one in slot:
            near = abs((one.date - entry.date).days) <= NEAR_DAYS
            if near and named & voucher_documents(one.voucher):
                slot.remove(one)
                return one.where
        return None

    def flagged(self, draft: Draft) -> Draft:
        """A draft, left to a person where the book has the same amount on the same day."""
        if draft.entry is None:
            return draft
        alike = [one for one in self._slot_of(draft.entry) if one.date == draft.entry.date]
        if not alike:
            return draft
        where = alike[0].where
        maybe = Text(f"có thể đã ghi ở {where}", f"perhaps written at {where}")
        return draft._replace(
            entry=draft.entry._replace(flag="!"), undecided=(*draft.undecided, maybe)
        )

    def _slot_of(self, entry: NewTransaction) -> list[Typed]:
        if not entry.postings:
            return []
        first = entry.postings[0]
        return self._slots.get((_slot(first.account), first.amount), [])


def _slot(account: str) -> str:
    return _ESTIMATE if account.startswith(_ESTIMATE) else account
