"""Payments that look alike: what two transactions share when one may be the other again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.accounts import COST_FAMILIES
from ledger.kinds import Effect, kinds_that
from rules.assessment import Assessment, Values, Verdict
from rules.rows import evidence_of, in_order, records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from ledger.facts import Facts

# Kinds that pay somebody; the settlement of an advance pays nobody again.
_PAYING: Final = kinds_that(Effect.PAYS)
_PAYMENT: Final = ("book", "entry", "task", "fund")
_PAID_TO: Final = ("vendor", "beneficiary")
_TOLD: Final = (*_PAID_TO, "invoice", "voucher", "contract", "event", "support", "holder")
# What no two payments alike differ in, whatever else is asked: most drop out here, fast.
_ROUGHLY: Final = ("book", "task", "fund", *_PAID_TO, "amount")


class Alike(NamedTuple):
    """Payments that share everything asked, each a transaction of its own voucher.

    Attributes:
        first: the earliest, as a row of ``payments`` with its ``payee``.
        rows: their postings.
        vouchers: of each payment.
        extra: what all but the first come to.
    """

    first: Any  # a record
    rows: pd.DataFrame
    vouchers: tuple[str, ...]
    extra: int


def payments(facts: Facts) -> pd.DataFrame:
    """One row a payment: a transaction, task and source, with whom it names and its amount.

    What a correction or a return of the same voucher took back is no payment.
    """
    postings = facts["postings"]
    costs = postings[postings["family"].isin(COST_FAMILIES)]
    net = costs.groupby(["book", "voucher"], observed=True)["amount"].transform("sum")
    # A correction that names no voucher takes back no payment that names none.
    gone = (net <= 0) & (costs["voucher"] != "")
    paid = costs[costs["kind"].isin(_PAYING) & (costs["amount"] > 0) & ~gone]
    paid = paid[(paid["vendor"] != "") | (paid["beneficiary"] != "")]
    paid = paid[["date", *_PAYMENT, "amount", *_TOLD]]
    sums = paid.groupby(list(_PAYMENT), observed=True)["amount"].sum()
    first = paid.drop_duplicates(list(_PAYMENT)).set_index(list(_PAYMENT))
    return first.assign(amount=sums).reset_index()


def alike(facts: Facts, table: pd.DataFrame, keys: Sequence[str]) -> Iterator[Alike]:
    """Groups of payments with the same keys and different vouchers."""
    rough = table[table.duplicated(list(_ROUGHLY), keep=False)]
    texts = [name for name in rough if rough[name].dtype == "category"]
    rough = rough.astype(dict.fromkeys(texts, "str"))
    payee = rough["vendor"].where(rough["vendor"] != "", rough["beneficiary"])
    rough = rough.assign(payee=payee)
    repeated = rough[rough.duplicated(list(keys), keep=False)]
    for _, group in repeated.groupby(list(keys)):
        by_date = group.sort_values(["date", "voucher", "entry"])
        # A payment without a voucher is one of its own.
        own = by_date[(by_date["voucher"] == "") | ~by_date.duplicated("voucher")]
        if len(own) < 2:  # noqa: PLR2004  # a pair
            continue
        postings = facts["postings"]
        first = next(records(by_date))
        rows = postings[
            (postings["book"] == first.book)
            & postings["entry"].isin(own["entry"])
            & postings["family"].isin(COST_FAMILIES)
            & (postings["task"] == first.task)
            & (postings["fund"] == first.fund)
        ]
        yield Alike(
            first,
            rows,
            tuple(str(row) or "–" for row in own["voucher"]),
            int(own["amount"].iloc[1:].sum()),
        )


def asked(subject: str, found: Alike, values: Values) -> Assessment:
    """A group of payments as a finding that asks: alike payments may all be due."""
    return Assessment(
        subject,
        Verdict.FAIL,
        found.first.book,
        at_issue=found.extra,
        values={"vouchers": ", ".join(found.vouchers), **values},
        evidence=evidence_of(in_order(found.rows), found.extra),
        review=True,
    )
