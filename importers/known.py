"""What a book already holds, as importers need it: keys, accounts, parties, examples.

Like entries are found here and not by smart_importer: that works on Beancount 3, but answers for
every row, says not why, and brings scikit-learn. Held out of the teaching book (20 movements of
the deposit account), it was right on 5 and wrong on 15; here 5 are right, 9 are left to a person,
and the 6 wrong ones name the entry that they follow and carry a flag.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from beancount.core import data

from importers.draft import KEY
from importers.source.cells import digits, unmarked
from ledger.accounts import FUNDS, Account, Family, read_account
from ledger.problems import show_path
from ledger.text import Text, split_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

_WORD: Final = re.compile(r"[^\W_]{2,}")
_COMMON: Final = frozenset(
    (
        *("chuyen", "khoan", "tien", "thanh", "toan", "theo", "so", "ngay", "cua", "cho", "va"),
        *("hd", "hop", "dong", "cong", "ty", "tnhh", "cp", "co", "phan", "ct", "cty", "tra"),
        *("cac", "nhung", "mot", "trong", "tai", "voi", "ve", "duoc", "de", "tren", "khi", "nhu"),
        *("hay", "hoac", "do", "boi", "nay", "thi", "ma", "con", "la", "bi", "se", "da", "vao"),
        *("nop", "thang", "nam", "vnd", "ck", "tk", "kb", "kbnn", "ft", "tu", "den", "lan", "dot"),
    )
)
_ENOUGH: Final = 0.45  # share of a text's weight that an example must share with it
_AGREED: Final = 0.75  # share of the examples' weight that must say the same
_OF_PARTY: Final = 0.5  # weight of the same party, as a share of all words
_NEAR: Final = 0.8  # of the best score
_MOST_EXAMPLES: Final = 200  # of one word; a commoner word tells nothing


class Example(NamedTuple):
    """A transaction of the book as a pattern.

    Attributes:
        where: file and line.
        narration: what it says.
        kind: its kind.
        account: the account that says task, fund and sub-item.
        parts: that account taken apart.
        activity: nội dung chi.
        event: sự kiện.
        vendor: tax code of the other side.
        payee: name of the other side.
        deposit: whether it moves a deposit account.
        sign: of what it moves there.
    """

    where: str
    narration: str
    kind: str
    account: str
    parts: Account
    activity: str
    event: str
    vendor: str
    payee: str
    deposit: bool
    sign: int


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
    """Where the book has paid an invoice, and the account that says what for."""

    where: str
    account: str


class Suggestion(NamedTuple):
    """What the book suggests and why; ``sure`` where the other side is the same one."""

    example: Example
    activity: str
    why: Text
    sure: bool


class Known:
    """A book as importers see it.

    Attributes:
        keys: how often each import key stands in the book, with a place.
        opens: accounts that are open.
        deposits: deposit accounts, with their numbers.
        invoices: names of invoices declared.
        billed: their totals, VND, where declared.
        invoiced: how the book has paid invoices, by their names.
        replaced: which invoice stands in the place of another, by the other's name.
        booked: its postings.
        parties: names by tax code.
        tasks: titles by code, and the contents of spending that each allows.
        unit_codes: mã ĐVQHNS of the book's units.
        unit_tax_codes: tax codes of parties whose role is ``unit``.
        years: budget years declared.
    """

    def __init__(self, entries: Iterable[Any]) -> None:
        self.keys: Counter[str] = Counter()
        self.places: dict[str, str] = {}
        self.opens: set[str] = set()
        self.deposits: dict[str, str] = {}
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
        self._index = _Index(self.examples)
        self._party_names = {
            unmarked(name): code
            for code, name in self.parties.items()
            if len(unmarked(name)) > 5  # noqa: PLR2004  # shorter names are words
        }

    @property
    def state_fund(self) -> str:
        """The one fund of the state budget that the book uses; empty where it uses both."""
        used = {read_account(name).fund for name in self.opens}
        state = [code for code in used if code in FUNDS and FUNDS[code].state]
        return state[0] if len(state) == 1 else ""

    def unit_of(self, task: str) -> str:
        """The unit under whose name accounts of a task are open; empty where it is not one."""
        units = {account.unit for account in map(read_account, self.opens) if account.task == task}
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
            self.deposits[entry.account] = str(entry.meta.get("account-number", ""))

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
            self.invoiced[name] = Paid(self._where(entry), _paid_for(entry))
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

    def deposit_of(self, number: str) -> str | None:
        """The deposit account with a number."""
        wanted = digits(number)
        return next(
            (a for a, own in self.deposits.items() if wanted and digits(own) == wanted), None
        )

    def deposit_named(self, asked: str) -> str | None:
        """The deposit account of a name, whole or its last word, or of a number."""
        last = (a for a in self.deposits if asked in {a, a.rpartition(":")[2]})
        return next(last, None) or self.deposit_of(asked)

    def party_in(self, *texts: str) -> str:
        """The tax code of the party whose name or code a text holds; empty where none."""
        for text in texts:
            for code in re.findall(r"\b\d{10}(?:-\d{3})?\b|\b\d{12}\b", text):
                if code in self.parties:
                    return str(code)
            words = unmarked(text)
            for name, code in self._party_names.items():
                if name in words:
                    return code
        return ""

    def like(
        self, *, text: str, payee: str, party: str, deposit: bool, sign: int
    ) -> Suggestion | None:
        """The example that the book suggests for a row, where its examples agree."""
        # The name of a known party is in all its entries and would make them look alike.
        words = text if party else f"{payee} {text}"
        return self._index.match(words, party=party, deposit=deposit, sign=sign)


class _Index:
    """Examples by their words, weighed by how rare a word is."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_party: defaultdict[str, list[int]] = defaultdict(list)
        for number, example in enumerate(examples):
            for word in _words(f"{example.payee} {example.narration}"):
                self._by_word[word].append(number)
            if example.vendor:
                self._by_party[example.vendor].append(number)

    def match(self, text: str, *, party: str, deposit: bool, sign: int) -> Suggestion | None:
        words = _words(text)
        weights = {word: self._weight(word) for word in words}
        total = sum(weights.values())
        scores: defaultdict[int, float] = defaultdict(float)
        shared: Counter[int] = Counter()
        for word, weight in weights.items():
            for number in self._by_word.get(word, ())[-_MOST_EXAMPLES:]:
                scores[number] += weight
                shared[number] += 1
        if len(words) > 1:  # one syllable of several, such as «bút» of «bút toán», tells nothing
            scores.update({number: 0.0 for number, count in shared.items() if count == 1})
        for number in self._by_party.get(party, ())[-_MOST_EXAMPLES:] if party else ():
            scores[number] += _OF_PARTY * (total or 1.0)
        fitting = {
            number: score
            for number, score in scores.items()
            if self._examples[number].deposit is deposit
            and self._examples[number].sign == sign
            and score >= _ENOUGH * (total or 1.0)
        }
        if not fitting:
            return None
        return self._agreed(fitting, words, party)

    def _agreed(self, fitting: dict[int, float], words: set[str], party: str) -> Suggestion | None:
        """The best example, where those that fit as well say the same account."""
        top = max(fitting.values())
        near = {number: score for number, score in fitting.items() if score >= _NEAR * top}
        accounts: defaultdict[tuple[str, str], float] = defaultdict(float)
        for number, score in near.items():
            example = self._examples[number]
            accounts[example.account, example.kind] += score
        (account, kind), weight = max(accounts.items(), key=lambda item: item[1])
        if weight < _AGREED * sum(near.values()):
            return None
        chosen = [
            self._examples[number]
            for number in sorted(near, key=lambda n: (near[n], n), reverse=True)
            if self._examples[number].account == account and self._examples[number].kind == kind
        ]
        best = chosen[0]
        activities = {example.activity for example in chosen}
        shared = sorted(words & _words(f"{best.payee} {best.narration}"))
        reasons_vi, reasons_en = [], []
        if party and best.vendor == party:
            reasons_vi.append(f"cùng mã số thuế {party}")
            reasons_en.append(f"same tax code {party}")
        if shared:
            reasons_vi.append("cùng chữ: " + " ".join(shared))
            reasons_en.append("same words: " + " ".join(shared))
        return Suggestion(
            best,
            best.activity if len(activities) == 1 else "",
            Text(
                f"như {best.where} ({'; '.join(reasons_vi)})",
                f"like {best.where} ({'; '.join(reasons_en)})",
            ),
            sure=bool(party) and best.vendor == party,
        )

    def _weight(self, word: str) -> float:
        count = len(self._by_word.get(word, ()))
        return math.log((len(self._examples) + 1) / (count + 1)) + 0.1


def _paid_for(entry: data.Transaction) -> str:
    """What a payment went to: spending, or what waits to be settled."""
    return str(max(entry.postings, key=_number).account) if entry.postings else ""


def _number(posting: data.Posting) -> Decimal:
    return (posting.units.number if posting.units else None) or Decimal(0)


def _words(text: str) -> set[str]:
    return {
        word
        for word in _WORD.findall(unmarked(text))
        if word not in _COMMON and not word.isdecimal()
    }


def invoice_name(name: str) -> str:
    """An invoice's name with its number without leading zeros, as two are compared."""
    head, _, number = name.rpartition("/")
    return f"{head}/{int(number)}" if number.isdecimal() else name
