"""Every figure of every form, asked of the book through beanquery and added up by hand.

Nothing of the engine is used here: postings come from a query, sums are loops over them.
"""

from __future__ import annotations

import copy
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import beanquery
from beancount import loader
from beancount.core.data import Custom

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

_META = (
    "budget-year",
    "kind",
    "voucher",
    "advance",
    "contract",
    "commitment",
    "contributor",
    "support",
    "finding",
    "event",
    "ineligible",
    "decision",
    "autonomy",
)
STATE = ("NSTP", "NSTW")
ESTIMATE = r"^Assets:DuToan:(KhaDung|GiuLai|CamKet):"
ADVANCES = r"^Assets:(TamUng|ChoThanhToan):"
EXPENSES = r"^Expenses:"
PARTS = {"tc": True, "ktc": False}


class Row(NamedTuple):
    """One posting of the book."""

    entry: str
    account: str
    date: dt.date
    amount: int
    year: int
    kind: str
    voucher: str
    advance: str
    contract: str
    commitment: str
    contributor: str
    support: str
    finding: str
    event: str
    ineligible: str
    decision: str
    autonomy: str
    narration: str
    place: str

    @property
    def under(self) -> bool:
        """Whether the money is under autonomy."""
        return self.autonomy == "True"

    @property
    def parts(self) -> list[str]:
        """The components of the account."""
        return self.account.split(":")

    @property
    def task(self) -> str:
        """The task, or empty."""
        return next((part for part in self.parts if re.fullmatch(r"NV\d\d", part)), "")

    @property
    def fund(self) -> str:
        """The fund, or empty."""
        return next((part for part in self.parts if part in {*STATE, "DN", "HD", "DNTC"}), "")

    @property
    def item(self) -> str:
        """The sub-item, or empty."""
        return self.parts[-1].removeprefix("TM") if self.parts[-1].startswith("TM") else ""


class Asked:
    """The postings of one budget year of a book.

    Attributes:
        rows: the postings of the year.
        red: entries written in red that move nothing but the estimate and who gave it.
    """

    def __init__(
        self, main: Path, year: int, closing: dt.date, until: dt.date | None = None
    ) -> None:
        entries, errors, options = loader.load_file(str(main))
        connection = beanquery.connect(
            "beancount:", entries=entries, errors=errors, options=options
        )
        wanted = ", ".join(f"any_meta('{name}')" for name in _META)
        found = connection.execute(
            "SELECT id, account, date, number, year, narration, "
            f"meta('filename'), meta('lineno'), {wanted}"  # our names
        ).fetchall()
        rows = []
        for entry, account, date, amount, of_date, narration, file, line, given, *words in found:
            texts = [str(word or "") for word in words]
            own = int(given or of_date)
            place = f"{Path(file).relative_to(main.resolve().parent)}:{line}"
            if until is None or date <= until:
                rows.append(Row(entry, account, date, int(amount), own, *texts, narration, place))
        self.year = year
        self.closing = closing
        self._every_year = rows
        self.rows = [row for row in rows if row.year == year]
        moved: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.kind == "correction":
                moved[row.entry] |= {":".join(row.parts[:2])}
        only = {"Assets:DuToan", "Equity:GiaoDuToan"}
        self.red = {entry for entry, accounts in moved.items() if accounts <= only}
        self.declared = {
            (one.type, str(one.values[0].value)): one.meta
            for one in entries
            if isinstance(one, Custom) and one.values
        }

    def since_the_beginning(self) -> list[Asked]:
        """Each budget year of the book up to this one, oldest first."""
        years = sorted({row.year for row in self._every_year if row.year <= self.year})
        found = []
        for year in years:
            one = copy.copy(self)
            one.year = year
            one.rows = [row for row in self._every_year if row.year == year]
            one.closing = self.closing.replace(year=self.closing.year - self.year + year)
            found.append(one)
        return found

    def adjusts(self, row: Row) -> bool:
        """Whether a posting of the estimate raises or cuts it after it was first given."""
        return row.kind in {"supplement", "reallocation"} or row.entry in self.red

    def draws(self, row: Row) -> bool:
        """Whether a posting of the estimate draws on it, or takes a draw back."""
        return row.kind in DRAWING and row.entry not in self.red

    def sum(self, accounts: str, keep: Callable[[Row], bool] = lambda _: True) -> int:
        """What postings of accounts sum up to, VND."""
        return sum(row.amount for row in self.of(accounts) if keep(row))

    def of(self, accounts: str) -> list[Row]:
        """The postings of accounts."""
        return [row for row in self.rows if re.search(accounts, row.account)]

    # Figures of B01, by what they mean; each from other postings than the rest.

    def b01(self, name: str, keep: Callable[[Row], bool] = lambda _: True) -> int:
        """One figure of the form, VND."""
        ended = {"cancellation", "carry-over"}

        def own(row: Row) -> bool:
            in_time = row.kind in ended or row.date <= self.closing
            return in_time and row.fund in STATE and keep(row)

        carried = lambda r: own(r) and r.kind == "carry-over"  # noqa: E731  # read beside its use
        return {
            "opening_received": lambda: self.sum(ADVANCES, lambda r: carried(r) and r.amount > 0),
            "opening_estimate": lambda: self.sum(ESTIMATE, lambda r: carried(r) and r.amount > 0),
            "allotted": lambda: -self.sum("^Equity:GiaoDuToan", own),
            "received": lambda: -self.sum(ESTIMATE, lambda r: own(r) and self.draws(r)),
            "proposed": lambda: self.sum(EXPENSES, own),
            "returned": lambda: (
                -self.sum(
                    f"{ADVANCES}|{EXPENSES}", lambda r: own(r) and r.kind == "return-to-budget"
                )
            ),
            "to_return": lambda: self.sum(ADVANCES, own),
            "cancelled": lambda: self.sum("^Equity:HuyDuToan", own),
            "carried_received": lambda: -self.sum(ADVANCES, lambda r: carried(r) and r.amount < 0),
            "carried_estimate": lambda: -self.sum(ESTIMATE, lambda r: carried(r) and r.amount < 0),
        }[name]()


# Kinds that draw on the estimate, as the table of kinds has them.
DRAWING = {
    "advance",
    "payment",
    "return-restoring",
    "recovery-from-next-year",
    "tax-payment",
    "correction",
}


def expected(form: str, asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    """The figures of one row of a form, from what its text cells say; none that rest on others."""
    return _FORMS[form](asked, cells)


def _f0101(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    under = PARTS[cells["path"].split("|")[0]]
    of_item = lambda r: r.item == cells["tieu_muc"] and r.under == under  # noqa: E731  # read beside
    return {"domestic": asked.b01("proposed", of_item)}


def _f0102(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    years = [
        one.b01("proposed", lambda r: r.item == cells["tieu_muc"])
        for one in asked.since_the_beginning()
    ]
    return {"domestic": years[-1], "ldomestic": sum(years)}


def _01a(asked: Asked, _: dict[str, Any]) -> dict[str, int]:
    def state(row: Row) -> bool:
        return row.fund in STATE

    def open_(row: Row) -> bool:
        return state(row) and row.date <= asked.closing and row.kind not in ENDING

    commits = {"commitment", "commitment-adjustment", "commitment-release"}
    adjusted = asked.sum(ESTIMATE, lambda r: state(r) and asked.adjusts(r))
    opening = asked.b01("opening_received")
    drawn = asked.b01("received") + opening
    registered = asked.sum("CamKet", lambda r: open_(r) and r.kind in commits)
    return {
        "opening": asked.b01("opening_estimate") + opening,
        "first": asked.sum(ESTIMATE, lambda r: state(r) and r.kind == "allotment"),
        "adjusted_now": adjusted,
        "adjusted": adjusted,
        "drawn_now": drawn,
        "drawn": drawn,
        "committed_now": registered,
        "committed": asked.sum("CamKet", open_),
        "withheld": asked.sum("GiuLai", open_),
    }


ENDING = {"cancellation", "carry-over"}


def _02a(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    def own(row: Row) -> bool:
        arrived = row.kind == "carry-over" and row.amount > 0
        in_time = row.date <= asked.closing and (row.kind not in ENDING or arrived)
        return in_time and row.fund in STATE and row.item == cells["tieu_muc"]

    advance, spent = asked.sum(ADVANCES, own), asked.sum(EXPENSES, own)
    return {"advance_now": advance, "advance": advance, "spent_now": spent, "spent": spent}


def _04(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    task = str(cells["label"]).split(":")[0]
    carried = (r for r in asked.rows if r.task == task and r.kind == "carry-over" and r.amount < 0)
    (under,) = {row.under for row in carried}

    def own(row: Row) -> bool:
        return row.task == task and row.fund in STATE and row.under == under

    return {
        "opening": asked.b01("opening_estimate", own) + asked.b01("opening_received", own),
        "first": asked.sum(ESTIMATE, lambda r: own(r) and r.kind == "allotment"),
        "adjusted": asked.sum(ESTIMATE, lambda r: own(r) and asked.adjusts(r)),
        "used": asked.b01("received", own) + asked.b01("opening_received", own),
        "cancelled": -asked.sum(ESTIMATE, lambda r: own(r) and r.kind == "cancellation"),
        "advance": asked.b01("carried_received", own),
    }


def _s1013(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    returns = {"return-to-budget", "recovery-from-next-year"}
    under = PARTS[cells["path"].split("|")[0]]

    def of_item(row: Row) -> bool:
        return row.item == cells["tieu_muc"] and row.under == under

    def own(row: Row) -> bool:
        in_time = row.date <= asked.closing and row.kind not in ENDING
        return in_time and row.fund in STATE and of_item(row)

    def plain(row: Row) -> bool:
        return own(row) and row.kind not in {*returns, "advance-settlement"}

    def settles(row: Row) -> bool:
        return own(row) and row.kind == "advance-settlement"

    def gives_back(row: Row) -> bool:
        return own(row) and row.kind in returns

    return {
        "opening": asked.b01("opening_received", of_item),
        "drawn": asked.sum(ADVANCES, plain),
        "settled": -asked.sum(ADVANCES, settles),
        "given_back": -asked.sum(ADVANCES, gives_back),
        "moved": asked.sum(f"{ADVANCES}|{EXPENSES}", settles),
        "direct": asked.sum(EXPENSES, plain),
        "returned": -asked.sum(EXPENSES, gives_back),
    }


def _s1012(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    def arrived(row: Row) -> bool:
        return row.kind == "carry-over" and row.amount > 0

    def made(row: Row) -> bool:
        return row.kind in {"commitment", "commitment-adjustment"} or arrived(row)

    def gone(row: Row) -> bool:
        return row.kind in ENDING and not arrived(row)

    def freed(row: Row) -> bool:
        return row.kind == "commitment-release"

    def paid(row: Row) -> bool:
        return not (made(row) or gone(row) or freed(row))

    def own(row: Row) -> bool:
        return row.fund in STATE and cells["contract"] in {row.contract, row.commitment}

    return {
        "committed": asked.sum("CamKet", lambda r: own(r) and made(r)),
        "paid": -asked.sum("CamKet", lambda r: own(r) and paid(r)),
        "released": -asked.sum("CamKet", lambda r: own(r) and freed(r)),
        "closed": -asked.sum("CamKet", lambda r: own(r) and gone(r)),
    }


def _ct01(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    def state(row: Row) -> bool:
        return row.task == cells["code"] and row.fund in STATE

    def kinds(*names: str) -> Callable[[Row], bool]:
        return lambda row: state(row) and row.kind in names

    everywhere = f"{ESTIMATE}|{ADVANCES}|{EXPENSES}"
    found = {
        "allotted": asked.sum(ESTIMATE, kinds("allotment")),
        "adjusted": asked.sum(ESTIMATE, lambda r: state(r) and asked.adjusts(r)),
        "carried": asked.sum(f"{ESTIMATE}|^Assets:TamUng", kinds("carry-over")),
        "withheld": asked.sum("GiuLai", state),
        "committed": asked.sum("CamKet", state),
        "advanced": asked.sum(ADVANCES, state),
        "cancelled": -asked.sum(ESTIMATE, kinds("cancellation")),
        "returned": -asked.sum(everywhere, kinds("return-to-budget", "recovery-from-next-year")),
        "left": asked.sum("^Assets:DuToan:KhaDung", state),
    }
    for fund in (*STATE, "DN", "HD", "DNTC"):
        place = f"^Expenses:{cells['code']}:{fund}:"
        found[f"spent_{fund.lower()}"] = asked.sum(place)
    return found


def _ct02(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    income, pledge = "^Income:DongGop", "^Assets:PhaiThu:DongGop"

    def own(*kinds: str) -> Callable[[Row], bool]:
        return lambda row: (
            row.task == cells["task"]
            and row.contributor == cells["tax_code"]
            and (not kinds or row.kind in kinds)
        )

    return {
        "pledged": asked.sum(pledge, own("contribution-pledge")),
        "cash": -asked.sum(f"{income}|{pledge}", own("contribution-cash")),
        "direct": -asked.sum(income, own("contribution-direct")),
        "given_back": asked.sum(income, own("contribution-return")),
        "due": asked.sum(pledge, own()),
    }


def _ct02b(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    income, pledge = "^Income:DongGop", "^Assets:PhaiThu:DongGop"

    def own(kind: str) -> Callable[[Row], bool]:
        return lambda row: row.task == cells["code"] and row.kind == kind

    return {
        "brought": -asked.sum(f"{income}|{pledge}", own("opening-balance")),
        "cash": -asked.sum(f"{income}|{pledge}", own("contribution-cash")),
        "given_back": asked.sum(income, own("contribution-return")),
        "spent_dn": asked.sum(f"^Expenses:{cells['code']}:DN:"),
        "spent_hd": asked.sum(f"^Expenses:{cells['code']}:HD:"),
        "interest": _out_of_interest(asked, cells["code"]),
    }


def _out_of_interest(asked: Asked, task: str) -> int:
    """What a task spent out of deposit interest: beyond its contributions."""
    excess: Counter[str] = Counter()
    for name in {row.task for row in asked.rows if row.fund in {"DN", "HD"}}:
        for fund in ("DN", "HD"):
            of = f"{name}:{fund}"
            over = asked.sum(f"^(Income:DongGop|Assets:PhaiThu:DongGop|Expenses):{of}(:|$)")
            excess[name] += max(over, 0)
    pool = -asked.sum("^Income:Khac")
    return excess[task] * min(pool, excess.total()) // (excess.total() or 1)


def _ct03(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    def own(row: Row) -> bool:
        return row.support == cells["code"]

    declared = asked.declared["support", cells["code"]]
    return {
        "eligible": int(declared["eligible-cost"]),
        "approved": int(declared["state-support"]),
        "own": int(declared["own-share"]),
        "paid": asked.sum(EXPENSES, lambda r: own(r) and r.fund in STATE)
        + max(asked.sum(ADVANCES, lambda r: own(r) and r.fund in STATE), 0),
        "direct": asked.sum(EXPENSES, lambda r: own(r) and r.fund not in STATE),
    }


def _ct05(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    returns = {"return-restoring", "return-to-budget", "recovery-from-next-year"}

    def own(row: Row) -> bool:
        return (row.advance or row.voucher) == cells["voucher"] and row.fund in STATE

    def in_time(row: Row) -> bool:
        return own(row) and row.date <= asked.closing and row.kind != "carry-over"

    other = {*returns, "advance-settlement"}
    return {
        "drawn": asked.sum(ADVANCES, lambda r: in_time(r) and r.kind not in other),
        "settled": -asked.sum(ADVANCES, lambda r: in_time(r) and r.kind == "advance-settlement"),
        "returned": -asked.sum(ADVANCES, lambda r: in_time(r) and r.kind in returns),
        "carried": -asked.sum(
            ADVANCES, lambda r: own(r) and r.kind == "carry-over" and r.amount < 0
        ),
        "later": -asked.sum(
            ADVANCES, lambda r: own(r) and r.date > asked.closing and r.kind != "carry-over"
        ),
    }


def _ct06(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    def own(kind: str) -> Callable[[Row], bool]:
        return lambda row: (
            row.kind == kind
            and row.amount < 0
            and row.task == cells["task"]
            and row.narration == cells["label"]
        )

    return {
        "cancelled": -asked.sum(ESTIMATE, own("cancellation")),
        "estimate": -asked.sum(ESTIMATE, own("carry-over")),
        "advance": -asked.sum(ADVANCES, own("carry-over")),
    }


def steps_of_the_estimate(asked: Asked, fund: str) -> Counter[tuple[str, str, str]]:
    """What the book of the estimate has a row of: the entry, the part and the step."""
    lines: Counter[tuple[str, ...]] = Counter()
    for row in asked.rows:
        if re.search(ESTIMATE, row.account) and row.fund == fund:
            part = next(name for name, under in PARTS.items() if row.under == under)
            if step := _step(asked, row):
                lines[row.entry, part, step, row.task] += row.amount
    return Counter({line[:3] for line, amount in lines.items() if amount})  # type: ignore[misc]


def _step(asked: Asked, row: Row) -> str:
    """Where a posting of the estimate stands in its book, or nowhere."""
    if row.kind == "carry-over":
        return "opening" if row.amount > 0 else "carried"
    if row.kind == "cancellation":
        return "cancelled"
    gives = row.kind == "allotment" or asked.adjusts(row)
    return "given" if gives and row.date <= asked.closing else ""


def entry_at(asked: Asked, place: object) -> str:
    """The entry that has a posting on a line."""
    (entry,) = {row.entry for row in asked.rows if row.place == place}
    return entry


def _s1011(asked: Asked, cells: dict[str, Any]) -> dict[str, int]:
    part, step = cells["path"].split("|")[:2]
    entry = entry_at(asked, cells["place"])

    def own(row: Row) -> bool:
        same = row.entry == entry and row.under == PARTS[part] and row.fund == cells["fund"]
        return same and _step(asked, row) == step

    said = {(row.narration, row.date, row.decision) for row in asked.rows if own(row)}
    assert said == {(cells["label"], cells["date"], cells["decision"])}
    sign = -1 if step in {"cancelled", "carried"} else 1
    committed = -asked.sum("CamKet", own) if step == "carried" else 0
    return {"amount": sign * asked.sum(ESTIMATE, own), "committed": committed}


_FORMS: dict[str, Callable[[Asked, dict[str, Any]], dict[str, int]]] = {
    "F01-01/BCQT": _f0101,
    "F01-02/BCQT-II": _f0102,
    "F01-02/BCQT-III": lambda *_: {},  # results, no amounts
    "01a-SDKP/ĐVDT": _01a,
    "02a-SDKP/ĐVDT": _02a,
    "04-SDKP/ĐVDT": _04,
    "S101-H/I": _s1011,
    "S101-H/II": _s1012,
    "S101-H/III": _s1013,
    "CT01": _ct01,
    "CT02": _ct02,
    "CT02b": _ct02b,
    "CT03": _ct03,
    "CT05": _ct05,
    "CT06": _ct06,
}
