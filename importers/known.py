"""What a book already holds, as importers need it: keys, accounts, parties, examples."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from beancount.core import data

from importers.draft import KEY
from importers.likeness import Example, Likeness
from importers.parties import Parties
from importers.source.cells import digits
from importers.statement_owner import Account
from ledger.accounts import FUNDS, Family, read_account, units_of_task
from ledger.problems import show_path
from ledger.text import split_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from importers.likeness import Suggestion
    from importers.parties import OtherSide


class Booked(NamedTuple):
    """A posting of the book.

    Attributes:
        amount: VND.
        where: file and line of its transaction.
        key: its import key; empty where a person wrote it.
        invoice: the invoice that its transaction names; empty where it names none.
    """

    account: str
    amount: int
    date: dt.date
    voucher: str
    where: str
    key: str
    invoice: str = ""


class Paid(NamedTuple):
    """How the book has paid an invoice.

    Attributes:
        where: the last payment.
        account: what it went to.
        amount: of all payments, VND.
    """

    where: str
    account: str
    amount: int = 0


class Known:
    """A book as importers see it.

    Attributes:
        keys: how often each import key stands in the book.
        places: where each first stands.
        opens: accounts that are open.
        accounts: deposit accounts.
        invoices: names of invoices declared.
        billed: their totals, VND, where declared.
        invoiced: how the book has paid invoices, by their names.
        replaced: which invoice stands in the place of another, by the other's name.
        booked: its postings.
        parties: names by tax code.
        tasks: titles by code.
        activities: contents of spending that each task allows.
        unit_codes: mã ĐVQHNS of the book's units.
        unit_tax_codes: tax codes of parties whose role is ``unit``.
        years: budget years declared.
        decisions: where each decision of allotment is booked, by its number.
        examples: transactions of the book that show where others like them go.
    """

    def __init__(self, entries: Iterable[Any]) -> None:
        self.keys: Counter[str] = Counter()
        self.places: dict[str, str] = {}
        self.opens: set[str] = set()
        self.accounts: list[Account] = []
        self.invoices: dict[str, str] = {}
        self.billed: dict[str, int] = {}
        self.invoiced: dict[str, Paid] = {}
        self.replaced: dict[str, str] = {}
        self.parties: dict[str, str] = {}
        self.tasks: dict[str, str] = {}
        self.activities: dict[str, list[str]] = {}
        self.unit_codes: set[str] = set()
        self.unit_tax_codes: set[str] = set()
        self.years: set[int] = set()
        self.decisions: dict[str, str] = {}
        self.booked: list[Booked] = []
        self.examples: list[Example] = []
        self._shown: dict[str, str] = {}
        for entry in entries:
            self._take(entry)
        self._likeness = Likeness(self.examples)
        self._parties = Parties(self.parties)

    @property
    def state_fund(self) -> str:
        """The one fund of the state budget that the book uses; empty where it uses both."""
        used = {read_account(name).fund for name in self.opens}
        state = [code for code in used if code in FUNDS and FUNDS[code].state]
        return state[0] if len(state) == 1 else ""

    @property
    def last_month(self) -> tuple[int, int]:
        """The year and month of the last posting."""
        last = max((one.date for one in self.booked), default=None)
        return (last.year, last.month) if last else (0, 0)

    def budget_year_of(self, day: dt.date) -> int:
        """The budget year of a day on which two are open: its own, if the book declares that."""
        return day.year - 1 if self.years and day.year not in self.years else day.year

    def unit_of(self, task: str) -> str:
        """The unit under whose name accounts of a task are open; empty where it is not one."""
        units = units_of_task(self.opens, task)
        return units.pop() if len(units) == 1 else ""

    def _take(self, entry: Any) -> None:  # noqa: ANN401  # any directive
        if isinstance(entry, data.Open):
            self._take_open(entry)
        elif isinstance(entry, data.Custom):
            self._take_custom(entry)
        elif isinstance(entry, data.Transaction):
            self._take_transaction(entry)
        elif isinstance(entry, data.Document) and KEY in entry.meta:
            self._take_key(entry)

    def _take_open(self, entry: data.Open) -> None:
        self.opens.add(entry.account)
        if read_account(entry.account).family is Family.DEPOSIT:
            number = str(entry.meta.get("account-number", ""))
            self.accounts.append(Account(entry.account, number))

    def _take_custom(self, entry: data.Custom) -> None:
        words = [str(value.value) for value in entry.values]
        meta = entry.meta
        if entry.type == "party" and len(words) > 1:
            self.parties[words[0]] = words[1]
            if "unit" in split_list(str(meta.get("role", ""))):
                self.unit_tax_codes.add(words[0])
        elif entry.type == "invoice" and words:
            self.invoices[invoice_name(words[0])] = self._where(entry)
            if isinstance(meta.get("total"), Decimal):
                self.billed[invoice_name(words[0])] = int(meta["total"])
            if meta.get("replaces"):
                name = invoice_name(str(meta["replaces"]))
                self.replaced[name] = f"{words[0].partition('/')[2]} ({self._where(entry)})"
        elif entry.type == "task" and len(words) > 1:
            self.tasks[words[0]] = words[1]
            self.activities[words[0]] = split_list(str(meta.get("activities", "")))
        elif entry.type in {"programme", "unit"}:
            code = str(meta.get("unit-code", ""))
            if digits(code):  # a new book has … there
                self.unit_codes.add(code)
            if entry.type == "programme" and str(meta.get("budget-year", "")).isdecimal():
                self.years.add(int(meta["budget-year"]))
        self._take_key(entry)

    def _take_key(self, entry: Any) -> None:  # noqa: ANN401  # any directive
        key = entry.meta.get(KEY)
        if isinstance(key, str):
            self.keys[key] += 1
            self.places.setdefault(key, self._where(entry))

    def _take_transaction(self, entry: data.Transaction) -> None:
        self._take_key(entry)
        meta = entry.meta
        if str(meta.get("kind")) in {"allotment", "supplement"} and "decision" in meta:
            self.decisions[str(meta["decision"])] = self._where(entry)
        if "invoice" in meta:
            name = f"{meta.get('vendor', '')}/{invoice_name(str(meta['invoice']))}"
            before = self.invoiced[name].amount if name in self.invoiced else 0
            target = max(entry.postings, key=_number, default=None)
            account, amount = (target.account, int(_number(target))) if target else ("", 0)
            self.invoiced[name] = Paid(self._where(entry), account, before + amount)
        voucher, where, key, invoice = (
            str(meta.get("voucher", "")),
            self._where(entry),
            str(meta.get(KEY, "")),
            str(meta.get("invoice", "")),
        )
        self.booked += [
            Booked(
                posting.account, int(posting.units.number), entry.date, voucher, where, key, invoice
            )
            for posting in entry.postings
            if posting.units and posting.units.number is not None
        ]
        if entry.flag != "!":
            self._take_example(entry)

    def _take_example(self, entry: data.Transaction) -> None:
        meta = entry.meta
        moved = [(read_account(p.account), p) for p in entry.postings if p.units is not None]
        telling = [
            (parts, posting)
            for parts, posting in moved
            if parts.family
            in {Family.SPENT, Family.CONTRIBUTED, Family.ADVANCED, Family.OTHER_INCOME}
        ]
        if len({parts.name for parts, _ in telling}) != 1:
            return  # several tasks or sub-items: no pattern for a single row
        parts, posting = telling[0]
        held = [_number(p) for one, p in moved if one.family is Family.DEPOSIT]
        self.examples.append(
            Example(
                where=self._where(entry),
                narration=entry.narration or "",
                kind=str(meta.get("kind", "")),
                account=parts.name,
                parts=parts,
                activity=str(meta.get("activity", "")),
                event=str(meta.get("event", "")),
                vendor=str(meta.get("vendor", meta.get("contributor", ""))),
                payee=entry.payee or "",
                deposit=bool(held),
                sign=-1 if (held[0] if held else -_number(posting)) < 0 else 1,
            )
        )

    def _where(self, entry: Any) -> str:  # noqa: ANN401  # any directive
        """File and line of a directive; a file is named once for all its directives."""
        file = str(entry.meta.get("filename", ""))
        if file not in self._shown:
            self._shown[file] = show_path(file)
        return f"{self._shown[file]}:{entry.meta.get('lineno', 0)}"

    def other_side(self, name: str, text: str) -> OtherSide | None:
        """The party that a movement names, by the name printed of the other side or by its text."""
        return self._parties.named_in(name, text)

    def like(
        self, text: str, name: str, other: OtherSide | None, *, deposit: bool, sign: int
    ) -> Suggestion | None:
        """The example that the book suggests for a movement, where its examples agree.

        Args:
            text: what it says.
            name: of the other side, as printed.
            other: the party that this is.
            deposit: whether it moves a deposit account.
            sign: of what it moves there.
        """
        # The name of a known party is in all its entries and would make them look alike.
        words = text if other else f"{name} {text}"
        return self._likeness.match(words, other, deposit=deposit, sign=sign)


def _number(posting: data.Posting) -> Decimal:
    return (posting.units.number if posting.units else None) or Decimal(0)


def invoice_name(name: str) -> str:
    """An invoice's name with its number without leading zeros, as two are compared."""
    head, _, number = name.rpartition("/")
    return f"{head}/{int(number)}" if number.isdecimal() else name
