"""The rows of forms that list the book by the budget's classification and the treasury's books."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from ledger.accounts import STATE_FUNDS, Family
from ledger.codes import with_codes
from ledger.kinds import Effect, kinds_that
from ledger.text import Text
from ledger.treasury import ESTIMATE_SUMS, SPENDING_SUMS
from reports.forms.grid import Amount, CellFigure
from reports.forms.rounding import Unit, rounded
from reports.settlement.figures import item_labels, relative
from reports.settlement.periods import QUARTERS, quarter_of
from reports.settlement.source import item_of, under_autonomy
from reports.settlement.teller import Cited, Piece, Teller
from reports.settlement.trails import of_rows
from reports.settlement.years import source_of_year, years_before
from rules.stl.carried_above_supplement import supplement_day, supplement_grounds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from ledger.facts import Facts
    from ledger.text import Language
    from reports.forms.grid import Record
    from reports.settlement.source import YearMoney
    from rules.assessment import Assessment
    from rules.finding import Finding
    from rules.law import Law
    from rules.rule import Rule

_NO_CODE: Final = "00000"  # the treasury's code of no programme
_PARTS: Final = {True: "tc", False: "ktc"}
_PART_LABELS: Final = {"tc": "Kinh phí giao tự chủ", "ktc": "Kinh phí không giao tự chủ"}
_ESTIMATE: Final = (Family.AVAILABLE.value, Family.WITHHELD.value, Family.COMMITTED.value)


_Cell = TypeVar("_Cell", CellFigure, Amount)
Figures = dict[tuple[Any, ...], CellFigure]  # by the keys that a table is parted by


class Desk(NamedTuple):
    """Everything that tables are made from.

    Attributes:
        teller: figures of the year.
        findings: of the run over the book, those too that the book itself accepts.
        assessed: what the rules of norms said of each subject.
        law: the norms of the book.
        language: of what is no official wording.
    """

    teller: Teller
    findings: Sequence[Finding]
    assessed: Sequence[tuple[Rule, Assessment]]
    law: Law
    language: Language

    @property
    def facts(self) -> Facts:
        """The facts as of the day wanted."""
        return self.teller.source.facts

    @property
    def postings(self) -> pd.DataFrame:
        """Postings of the budget year."""
        return self.teller.source.postings

    def place(self, row: Any) -> str:  # noqa: ANN401  # a row of a frame
        """File and line of a row; of one book among several, with its folder."""
        several = len(set(self.facts["files"]["book"])) > 1
        folder = f"{Path(str(row['book'])).parent.name}/" if several else ""
        return folder + place_of(row)

    def say(self, text: Text) -> str:
        """A wording in the language of the set."""
        return text.to(self.language)

    def earlier(self) -> list[YearMoney]:
        """The money of the earlier budget years that the book holds, oldest first.

        Raises:
            BadInputError: no norm in force says when the closing of one of them ends.
        """
        year = self.teller.source.period.budget_year

        def read() -> list[YearMoney]:
            before = years_before(self.facts, year)
            return [source_of_year(self.facts, self.law, one) for one in before]

        return self.teller.earlier(read)

    def sum_of(self, words: Text, rows: pd.DataFrame, amounts: str = "amount") -> Amount:
        """A sum of rows of the book with the way to them.

        Args:
            words: what it is.
            rows: postings, of the year or of others.
            amounts: the column of what each row adds, VND.
        """
        piece = of_rows(self.teller.source, words, rows, amounts, self.place)
        return Amount(piece.amount, self.teller.link([piece]))

    def declared(self, words: Text, row: Any, amount: int) -> Amount:  # noqa: ANN401
        """A figure that a declaration gives, with the way to it; ``row`` is of its frame."""
        said = Cited(f"{words.to(self.language)}", self.place(row), amount)
        return Amount(amount, self.teller.link([Piece(words, amount, cited=(said,))]))


class Copy(NamedTuple):
    """One copy of a form: the keys that its figures have, and what is printed of them.

    Attributes:
        level: the code of the budget level, where the copy is of one.
        level_name: the level in words, likewise.
        own: whether that is the unit's own level; of another there is domestic state money only.
        named: what tells it from other copies of the same form, where lists name them.
    """

    where: Mapping[str, object] = {}
    legend: tuple[str, ...] = ()
    suffix: str = ""
    level: str = ""
    level_name: str = ""
    own: bool = True
    named: Text = Text("", "")


def merged(
    keys: Iterable[tuple[Any, ...]],
    columns: Mapping[str, Mapping[tuple[Any, ...], _Cell]],
    none: _Cell,
) -> list[tuple[tuple[Any, ...], dict[str, _Cell]]]:
    """Figures of several names side by side, a row a key; ``none`` stands where there is none."""
    return [
        (key, {name: figures.get(key, none) for name, figures in columns.items()}) for key in keys
    ]


def _kind_item(value: str) -> tuple[str, str]:
    kind, parted, item = value.partition("-")
    return (kind, item) if parted else ("", value)


def _item_words(desk: Desk, sub_item: str) -> dict[str, str]:
    number = sub_item.removeprefix("TM")
    label = item_labels(desk.facts["accounts"])[1].get(sub_item, "")
    return {
        "tieu_muc": number,
        "muc_of": item_of(sub_item),
        "muc_name": _group_name(desk, item_of(sub_item)),
        "label": label or _listed_name(desk, number),
    }


def _listed_name(desk: Desk, number: str) -> str:
    """The name in the list of sub-items, for one that has had advances only."""
    year = desk.teller.source.period.budget_year
    found = desk.law.codes.known("sub-item", year).codes.get(number)
    return found.name if found else ""


def _group_name(desk: Desk, group: str) -> str:
    """The name of a mục in the list, which gives it with the range of its sub-items."""
    year = desk.teller.source.period.budget_year
    known = desk.law.codes.known("item-group", year).codes
    return next((one.name for code, one in known.items() if code.split("-")[0] == group), "")


def items(desk: Desk, copy: Copy) -> list[Record]:
    """Spending proposed for settlement by autonomy, loại, khoản, mục and tiểu mục."""
    keys = ("autonomy", "kind_item", "sub_item")
    found = desk.teller.by("b01.proposed", keys, **copy.where)
    records: list[Record] = []
    for autonomy, kind_item, sub_item in sorted(found):
        kind, item = _kind_item(kind_item)
        records.append(
            {
                "part": _PARTS[autonomy],
                "loai_of": kind,
                "loai_khoan": kind_item,
                "loai_shown": kind or "…",
                "khoan_shown": item or "…",
                "domestic": found[autonomy, kind_item, sub_item],
                **_item_words(desk, sub_item),
            }
        )
    return records


def programme_items(desk: Desk, copy: Copy) -> list[Record]:
    """Spending of one programme by the classification, this year and since its beginning."""
    keys = ("kind_item", "sub_item")
    year = desk.teller.by("b01.proposed", keys, **copy.where)
    earlier = _earlier_spending(desk, keys, copy)
    records: list[Record] = []
    for kind_item, sub_item in sorted({*year, *earlier}):
        kind, item = _kind_item(kind_item)
        now = year.get((kind_item, sub_item), CellFigure(0))
        since = now.value + earlier.get((kind_item, sub_item), 0)
        where = {"kind_item": kind_item, "sub_item": sub_item, **copy.where}
        years = (desk.teller.source, *desk.earlier())
        records.append(
            {
                "loai_of": kind,
                "loai_khoan": kind_item,
                "loai_shown": kind or "…",
                "khoan_shown": item or "…",
                "domestic": now,
                "ldomestic": desk.teller.over_years(since, "b01.proposed", years, **where),
                **_item_words(desk, sub_item),
            }
        )
    return records


def _earlier_spending(desk: Desk, keys: tuple[str, str], copy: Copy) -> dict[tuple[Any, ...], int]:
    """What the book shows of earlier budget years, by the same keys, in units of the set."""
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    for source in desk.earlier():
        for (kind_item, sub), figure in source.by("b01.proposed", keys, **copy.where).items():
            found[kind_item, item_of(sub), sub] += figure.amount
    shares = rounded(found, desk.teller.unit.size)
    return {(kind_item, sub): share for (kind_item, _, sub), share in shares.items()}


# The columns of 01a and 02a as the layouts name them; sums of columns are formulas there.
_ESTIMATE_COLUMNS: Final = {
    "opening": "brought_forward",
    "first": "allotted",
    "adjusted_now": "adjusted",
    "adjusted": "adjusted_total",
    "drawn_now": "used",
    "drawn": "used_total",
    "committed_now": "committed",
    "committed": "committed_balance",
    "withheld": "withheld",
}
_SPENDING_COLUMNS: Final = {
    "advance_now": "advance",
    "advance": "advance_balance",
    "spent_now": "spent",
    "spent": "spent_total",
}


def treasury_estimate(desk: Desk, copy: Copy) -> list[Record]:
    """Form 01a: the estimate by source, khoản and programme code."""
    keys = ("source_code", "kind_item", "programme_code")
    columns = {
        column: desk.teller.by(ESTIMATE_SUMS[figure], keys, **copy.where)
        for column, figure in _ESTIMATE_COLUMNS.items()
    }
    named = sorted({key for found in columns.values() for key in found})
    return [
        {
            "source_code": source,
            "khoan": _kind_item(kind_item)[1],
            "khoan_shown": _kind_item(kind_item)[1] or "…",
            "source_khoan": f"{source}|{kind_item}",
            "programme_code": programme or _NO_CODE,
            **cells,
        }
        for (source, kind_item, programme), cells in merged(named, columns, _NONE)
    ]


def treasury_use(desk: Desk, copy: Copy) -> list[Record]:
    """Form 02a: advances and spending by source, khoản, tiểu mục and programme code."""
    keys = ("source_code", "kind_item", "sub_item", "programme_code")
    columns = {
        column: desk.teller.by(SPENDING_SUMS[figure], keys, **copy.where)
        for column, figure in _SPENDING_COLUMNS.items()
    }
    named = sorted({key for found in columns.values() for key in found})
    return [
        {
            "source_code": source,
            "khoan": _kind_item(kind_item)[1],
            "programme_code": programme or _NO_CODE,
            **_item_words(desk, sub_item),
            **cells,
        }
        for (source, kind_item, sub_item, programme), cells in merged(named, columns, _NONE)
    ]


def carried_tasks(desk: Desk, _: Copy) -> list[Record]:
    """Form 04: the tasks of which something is carried over to the next year."""
    keys = ("unit", "task", "source_code", "kind_item", "programme_code", "autonomy")
    ends = ("b01.carried_received", "b01.carried_estimate")
    found = [desk.teller.source.by(name, keys, fund=STATE_FUNDS) for name in ends]
    carried = sorted({key for figures in found for key in figures})
    tasks = tuple({key[1] for key in carried})
    where = {"fund": STATE_FUNDS, "task": tasks}
    names = {
        "opening": ("b01.opening_estimate", "b01.opening_received"),
        "first": ("allotted",),
        "adjusted": ("adjusted",),
        "used": ESTIMATE_SUMS["used_total"],
        "cancelled": ("cancelled",),
        "advance": ("b01.carried_received",),
    }
    columns = {column: desk.teller.sums(parts, keys, **where) for column, parts in names.items()}
    titles, grounds = task_titles(desk.facts), _grounds(desk)
    records: list[Record] = [
        {
            "block": "2" if programme else "1",
            "under": _carried_under(desk, programme, grounds.get(task, ()), autonomy=autonomy),
            "label": f"{code_of(unit, task)}: {titles.get(task, '')}",
            "source_code": source,
            "kind_item": kind_item or "…",
            **cells,
        }
        for (unit, task, source, kind_item, programme, autonomy), cells in merged(
            carried, columns, Amount(0)
        )
    ]
    return sorted(records, key=lambda record: (str(record["block"]), str(record["under"])))


def _carried_under(desk: Desk, programme: str, grounds: Sequence[str], *, autonomy: bool) -> str:
    """The line of the form below which a task stands, by what lets it be carried over.

    One that is carried for several reasons is no supplement of the year's end alone.
    """
    if programme:
        return f"Chương trình, dự án {programme}"
    if autonomy:
        return "a) Kinh phí giao tự chủ"
    year = desk.teller.source.period.budget_year
    supplements = supplement_grounds(desk.law, year) or ()
    if grounds and set(grounds) <= set(supplements):
        late = supplement_day(desk.law, year)
        after = f" sau ngày {late.day}/{late.month}" if late else " cuối năm"
        return f"b) Dự toán bổ sung{after}"
    return f"c) Khác (điểm {', '.join(grounds) or '…'} của căn cứ chuyển nguồn)"


def _grounds(desk: Desk) -> dict[str, list[str]]:
    """The grounds on which each task carries something over."""
    rows = desk.postings
    rows = rows[(rows["kind"] == "carry-over") & (rows["amount"] < 0) & (rows["task"] != "")]
    rows = rows[rows["fund"].isin(STATE_FUNDS)].astype({"task": "str", "ground": "str"})
    return {
        str(task): sorted(filter(None, set(found)))
        for task, found in rows.groupby("task")["ground"]
    }


def _funds(copy: Copy) -> tuple[str, ...]:
    """The sources of state money that a copy is of: all of them, where it names none."""
    fund = copy.where.get("fund")
    return (fund,) if isinstance(fund, str) else STATE_FUNDS


def drawings(desk: Desk, copy: Copy) -> list[Record]:
    """Book S101-H part III: what was drawn of the estimate, by the classification."""
    keys = ("autonomy", "kind_item", "sub_item", "programme_code")
    funds = _funds(copy)
    names = {
        "opening": "b01.opening_received",
        "drawn": "advance.drawn",
        "settled": "advance.settled",
        "given_back": "advance.returned",
        "direct": "spent.direct",
        "returned": "spent.returned",
    }

    def by(names: str | Sequence[str], less: Sequence[str] = ()) -> Figures:
        return desk.teller.by(names, keys, less, fund=funds)

    columns = {column: by(name) for column, name in names.items()}
    # An advance is settled by spending of other sub-items than the one that it was drawn under.
    columns["moved"] = by("spent.settled", ("advance.settled",))
    proposed, left = (
        desk.teller.amounts(SPENDING_SUMS[name], keys, fund=funds)
        for name in ("spent_total", "advance_balance")
    )
    named = sorted({key for found in columns.values() for key in found})
    named.sort(key=lambda key: (not key[0], key[1:]))
    rows = dict(merged(named, columns, _NONE))
    for key, cells in rows.items():
        _agree(cells, _PROPOSED, proposed.get(key, 0), kept="moved")
        _agree(cells, _LEFT, left.get(key, 0), kept="settled")
    return [
        {
            "part": _PARTS[autonomy],
            "part_label": _PART_LABELS[_PARTS[autonomy]],
            "khoan": _kind_item(kind_item)[1] or "…",
            "programme_code": programme,
            **_item_words(desk, sub_item),
            **cells,
        }
        for (autonomy, kind_item, sub_item, programme), cells in rows.items()
    ]


_NONE: Final = CellFigure(0)
# What sums of the form must come to, as 02a and B01 print it.
_PROPOSED: Final = {"settled": 1, "direct": 1, "returned": -1, "moved": 1}
_LEFT: Final = {"opening": 1, "drawn": 1, "settled": -1, "given_back": -1}


def _agree(cells: dict[str, CellFigure], signs: Mapping[str, int], wanted: int, kept: str) -> None:
    """Let a sum of rounded figures come to its own rounded figure; in đồng they agree already.

    The largest figure takes the difference, for which it matters least; ``kept``, which another
    sum holds to, takes it only where all others are 0.
    """
    gap = wanted - sum(sign * cells[name].value for name, sign in signs.items())
    if not gap:
        return
    free = [name for name in signs if name != kept and cells[name].value] or [kept]
    largest = max(free, key=lambda name: abs(cells[name].value))
    cell = cells[largest]
    cells[largest] = cell._replace(value=cell.value + signs[largest] * gap)


_STEPS: Final = {
    "allotment": "given",
    "supplement": "given",
    "reallocation": "given",
    "cancellation": "cancelled",
}
_OF_AN_ENTRY: Final = ["entry", "kind_item", "part"]
_BY_ITEM: Final = ("autonomy", "kind_item")
_OPENED, _GIVEN = ("opening.estimate",), ("given", "changed")
# What the steps of the book come to, as 01a and B01 print it.
_OF_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "opening": _OPENED,
    "given": _GIVEN,
    "carried": ("b01.carried_estimate",),
}
_IN_THE_CLOSING: Final = "thời gian chỉnh lý quyết toán"
# What is left of the estimate: figures that add to it, and those that it is less by.
_LEFT_OF_ESTIMATE: Final[tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = (
    (
        "Dự toán năm trước chuyển sang và giao trong năm",
        (*_OPENED, *_GIVEN),
        (),
    ),
    ("Đã rút tạm ứng, thực chi (đã trừ số nộp phục hồi, nộp giảm tạm ứng)", (), ("drawn",)),
    ("Dư cam kết chi", (), ("committed.left",)),
    ("Dự toán bị giữ lại", (), ("withheld.left",)),
)


def estimate_entries(desk: Desk, copy: Copy) -> list[Record]:
    """Book S101-H part I: what gave, moved and ended the estimate, by transaction and khoản."""
    postings, year = desk.postings, desk.teller.source.period.budget_year
    rows = postings[
        postings["family"].isin(_ESTIMATE)
        & postings["fund"].isin(_funds(copy))
        & postings["kind"].isin([*_STEPS, "carry-over"])
    ]
    rows = with_codes(desk.facts, rows, year)
    rows = rows.assign(
        part=under_autonomy(desk.facts, rows, year).map(_PARTS),
        kept=rows["amount"].where(rows["family"] == Family.COMMITTED.value, 0),
    )
    sums = rows.groupby(_OF_AN_ENTRY, sort=False)[["amount", "kept"]].sum()
    amounts: dict[tuple[Any, ...], int] = {}
    records: list[Record] = []
    for number, (_, first) in enumerate(rows.drop_duplicates(_OF_AN_ENTRY).iterrows()):
        found = sums.loc[tuple(first[_OF_AN_ENTRY])]
        amount, committed = int(found["amount"]), int(found["kept"])
        step = _STEPS.get(str(first["kind"]), "opening" if amount > 0 else "carried")
        sign = -1 if step in {"cancelled", "carried"} else 1
        amounts[step, first["part"], str(first["kind_item"]), number] = sign * amount
        records.append(
            {
                **_of_part(first["part"]),
                "step": step,
                "quarter": _quarter(day(first["date"]), year) if step == "given" else "",
                "date": day(first["date"]),
                "decision": str(first["decision"]),
                "decision_date": day(first["decision_date"]),
                "label": str(first["narration"]),
                "khoan": _kind_item(str(first["kind_item"]))[1] or "…",
                "committed": sign * committed if step == "carried" else 0,
                "place": desk.place(first),
            }
        )
    for path, share in _shared_out(desk, copy, amounts).items():
        records[path[-1]]["amount"] = CellFigure(share)
    return sorted(records, key=lambda one: (_part_order(one), str(one["date"]), str(one["place"])))


def _of_part(part: str) -> Record:
    return {"part": part, "part_label": _PART_LABELS[part]}


def _part_order(record: Record) -> int:
    """Money under autonomy first, as the other books and forms have it."""
    return list(_PART_LABELS).index(str(record["part"]))


def _quarter(on: dt.date, budget_year: int) -> str:
    """The quarter in whose total a decision stands; one before the year is of its beginning."""
    if on.year > budget_year:
        return _IN_THE_CLOSING
    return f"quý {QUARTERS[quarter_of(on) - 1 if on.year == budget_year else 0]}"


def _shared_out(
    desk: Desk, copy: Copy, amounts: Mapping[tuple[Any, ...], int]
) -> dict[tuple[Any, ...], int]:
    """Amounts of entries in the unit of the set, which come to what other forms print of a step.

    Args:
        desk: the figures.
        copy: of the book.
        amounts: VND by step, part, loại-khoản and number.
    """
    shares, exact = rounded(amounts, desk.teller.unit.size), Teller(desk.teller.source, Unit.DONG)
    paths: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for path in amounts:
        paths[path[:-1]].append(path)
    for step, names in _OF_STEPS.items():
        told, in_vnd = (
            teller.amounts(names, _BY_ITEM, fund=_funds(copy)) for teller in (desk.teller, exact)
        )
        for (autonomy, kind_item), wanted in told.items():
            own = paths[step, _PARTS[autonomy], kind_item]
            # Where the book itself differs from the form, a check says so: nothing is smoothed.
            if own and in_vnd[autonomy, kind_item] == sum(amounts[path] for path in own):
                largest = max(own, key=lambda path: abs(amounts[path]))
                shares[largest] += wanted - sum(shares[path] for path in own)
    return shares


def estimate_balance(desk: Desk, copy: Copy) -> list[Record]:
    """The same with what is left to be drawn, and the sum that it comes from."""
    found = [
        ((autonomy, kind_item), label, cell)
        for label, added, less in _LEFT_OF_ESTIMATE
        for (autonomy, kind_item), cell in desk.teller.by(
            added, _BY_ITEM, less, fund=_funds(copy)
        ).items()
    ]
    left: list[Record] = [
        {
            **_of_part(_PARTS[autonomy]),
            "step": "left",
            "quarter": "",
            "label": label,
            "khoan": _kind_item(kind_item)[1] or "…",
            "amount": cell,
        }
        for (autonomy, kind_item), label, cell in sorted(found, key=lambda one: one[0])
    ]
    return sorted([*estimate_entries(desk, copy), *left], key=_part_order)


_RELEASE: Final = "commitment-release"


def commitments(desk: Desk, copy: Copy) -> list[Record]:
    """Book S101-H part II: what was committed with the treasury, by commitment and contract.

    A drawing names its contract and seldom the commitment, so rows are by contract where one is
    named.
    """
    postings = desk.postings
    rows = postings[
        (postings["family"] == Family.COMMITTED.value) & postings["fund"].isin(_funds(copy))
    ]
    contract, commitment = rows["contract"].astype(str), rows["commitment"].astype(str)
    amounts, kind = rows["amount"], rows["kind"]
    released = kind == _RELEASE
    arrived = (kind == "carry-over") & (amounts > 0)
    made = (kind.isin(kinds_that(Effect.COMMITS)) & ~released) | arrived
    ended = (kind.isin(kinds_that(Effect.ENDS)) & ~arrived) | released
    own = rows.assign(
        of=contract.where(contract != "", commitment),
        committed=amounts.where(made, 0),
        paid=-amounts.where(~made & ~ended, 0),
        closed=-amounts.where(ended, 0),
    )
    sums = own.groupby("of", sort=True)[["committed", "paid", "closed"]].sum()
    pairs = own.assign(name=commitment).drop_duplicates(["of", "name"]).sort_values("name")
    names = pairs[pairs["name"] != ""].groupby("of")["name"].agg("; ".join).to_dict()
    firsts = own.sort_values(["date", "posting"]).drop_duplicates("of").set_index("of")
    narrations = firsts["narration"].astype(str).to_dict()
    dates = firsts["date"].dt.date.to_dict()
    records: list[Record] = [
        {
            "commitment": names.get(name, ""),
            "date": dates[name],
            "label": narrations[name],
            "contract": str(name),
            **{column: int(row[column]) for column in ("committed", "paid", "closed")},
        }
        for name, row in sums.to_dict("index").items()
    ]
    return sorted(records, key=lambda record: (str(record["date"]), str(record["contract"])))


def task_titles(facts: Facts) -> dict[str, str]:
    """Titles of tasks in the order in which the book declares them."""
    tasks = facts["tasks"]
    return dict(zip(tasks["task"].astype(str), tasks["title"].astype(str), strict=True))


def code_of(unit: str, task: str) -> str:
    """A task as tables name it; a book of several units puts the unit before."""
    return f"{unit} · {task}" if unit else task


def day(value: Any) -> Any:  # noqa: ANN401  # a pandas date
    """A date of a frame, or None."""
    return None if value is None or value != value else value.date()  # noqa: PLR0124  # NaT


def place_of(row: Any) -> str:  # noqa: ANN401  # a row of a frame
    """File and line of a row of the book."""
    file = relative(str(row["file"]), Path(str(row["book"])).parent)
    return f"{file}:{row['line']}"
