"""What stands in the settlement workbook, computed from the facts before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.accounts import FUNDS
from ledger.execution import MEASURES, TASK_FUND, TASK_FUND_ITEM, execution
from ledger.kinds import KINDS
from ledger.problems import BadInputError, Problem
from ledger.text import LARGEST_AMOUNT, Text, split_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from ledger.facts import Facts

_INT64_IS_EXACT_BELOW: Final = 9e18
# What enterprises spend themselves has no sub-item of the state's; accounts need a part there.
_NO_SUB_ITEM: Final = "TM0000"
_OWN_SPENDING: Final = "DNTC"
_UNFILLED: Final = "…. "  # what an unfilled name is made of
_PREPARER: Final = "người lập"


class FundRow(NamedTuple):
    """The year's figures of one task and fund, by column name."""

    fund: str
    amounts: Mapping[str, int]


class TaskBlock(NamedTuple):
    """A task with its funds; ``code`` carries the unit in a book of several units."""

    code: str
    title: str
    rows: tuple[FundRow, ...]


class ItemRow(NamedTuple):
    """What one task and fund used of one sub-item."""

    code: str
    fund: str
    sub_item: str
    label: str
    advanced: int
    spent: int


class LedgerRow(NamedTuple):
    """One posting behind the figures."""

    date: dt.date
    voucher: str
    kind: str
    narration: str
    task: str
    fund: str
    sub_item: str
    account: str
    amount: int
    contract: str
    party: str
    file: str
    line: int


class Signatory(NamedTuple):
    """Who signs: the title, and the name where the book gives one."""

    title: str
    name: str


class Head(NamedTuple):
    """What the title block and the notes say of the book."""

    programme: str
    title: str
    plan: str
    plan_date: dt.date
    unit: str
    unit_code: str
    chapter: str
    illustration: str
    signatories: tuple[Signatory, ...]
    budget_year: int
    last_entry: dt.date
    files: tuple[str, ...]
    errors: int


class Figures(NamedTuple):
    """Everything that the workbook prints."""

    head: Head
    blocks: tuple[TaskBlock, ...]
    items: tuple[ItemRow, ...]
    rows: tuple[LedgerRow, ...]


def read_figures(facts: Facts, budget_year: int) -> Figures:
    """The figures of one budget year of one book.

    Raises:
        BadInputError: the book has no such year, no programme or no allotment of it, or a sum
            is longer than a spreadsheet keeps exactly.
    """
    postings = facts["postings"]
    year = postings[(postings["budget_year"] == budget_year) & (postings["task"] != "")]
    _require_year(postings, year, budget_year)
    _require_exact_sums(year)
    folder = Path(str(postings["book"].iloc[0])).parent
    return Figures(
        _head(facts, budget_year, folder),
        _blocks(facts, budget_year),
        _items(facts, budget_year),
        _ledger_rows(year, folder),
    )


def _require_year(postings: pd.DataFrame, year: pd.DataFrame, budget_year: int) -> None:
    if year.empty:
        found = sorted(set(postings.loc[postings["task"] != "", "budget_year"].tolist()))
        known = ", ".join(map(str, found)) or "–"
        raise bad_input(
            Text(f"sổ không có niên độ {budget_year}", f"the book has no year {budget_year}"),
            Text(f"các niên độ trong sổ: {known}", f"years in the book: {known}"),
        )
    if len(set(postings["book"])) > 1:
        raise bad_input(
            Text(
                "bảng quyết toán lập cho một sổ, ở đây có nhiều sổ",
                "a settlement is of one book, here several are given",
            ),
            Text("lập riêng cho từng sổ", "settle each book by itself"),
        )
    allotting = [kind.code for kind in KINDS.values() if kind.column == "allotted"]
    if not year["kind"].isin(allotting).any():
        raise bad_input(
            Text(
                f"niên độ {budget_year} chưa có bút toán giao dự toán, không lập được quyết toán",
                f"year {budget_year} has no allotment, so there is nothing to settle",
            ),
            Text(
                f'ghi giao dự toán với kind: "{allotting[0]}" và budget-year: {budget_year}',
                f'record the allotment with kind: "{allotting[0]}" and budget-year: {budget_year}',
            ),
        )


def _require_exact_sums(year: pd.DataFrame) -> None:
    if float(year["amount"].abs().astype("float64").sum()) > _INT64_IS_EXACT_BELOW:
        raise too_long()


def checked(amount: int) -> int:
    """An amount that a spreadsheet keeps to the dong.

    Raises:
        BadInputError: it has more than fifteen digits.
    """
    if abs(amount) > LARGEST_AMOUNT:
        raise too_long()
    return amount


def too_long() -> BadInputError:
    """The refusal of a sum that a spreadsheet would round."""
    return bad_input(
        Text(
            "có số tiền cộng dồn dài quá 15 chữ số, bảng tính không giữ được đến từng đồng",
            "a sum has more than 15 digits, which a spreadsheet does not keep to the dong",
        ),
        Text("kiểm tra lại các số tiền lớn trong sổ", "look over the large amounts in the book"),
    )


def bad_input(text: Text, remedy: Text) -> BadInputError:
    """One problem that lies with no line of the book."""
    return BadInputError([Problem("", 0, text, remedy)])


def _head(facts: Facts, budget_year: int, folder: Path) -> Head:
    programme = _programme(facts["programme"], budget_year)
    words = {name: str(programme[name]) for name in ("plan", "title", "unit", "unit_code")}
    return Head(
        programme=str(programme["code"]),
        plan_date=programme["plan_date"].date(),
        chapter=str(programme["chapter"]),
        illustration=str(programme["illustration"]),
        signatories=read_signatories(str(programme["signatories"])),
        budget_year=budget_year,
        last_entry=facts["postings"]["date"].max().date(),
        files=tuple(_relative(str(file), folder) for file in facts["files"]["file"]),
        errors=len(facts["book_errors"]),
        **words,
    )


def read_signatories(text: str) -> tuple[Signatory, ...]:
    """Who signs, from left to right: a list that ends with who prepared it is turned round.

    Forms have the preparer at the left and the head of the unit at the right.
    """
    parts = [item.partition(":") for item in split_list(text)]
    found = [Signatory(title.strip(), name.strip(_UNFILLED)) for title, _, name in parts]
    if found and found[-1].title.lower().startswith(_PREPARER):
        found.reverse()
    return tuple(found)


def _programme(frame: pd.DataFrame, budget_year: int) -> pd.Series:
    """The programme of the year; a book that declares only one means that one."""
    chosen = frame if len(frame) == 1 else frame[frame["budget_year"] == budget_year]
    if len(chosen) == 1:
        return chosen.iloc[0]
    raise bad_input(
        Text(
            f"sổ khai báo {len(chosen)} chương trình cho niên độ {budget_year}, cần đúng một",
            f"the book declares {len(chosen)} programmes for {budget_year}; one is needed",
        ),
        Text(
            f'khai báo một custom "programme" có budget-year: {budget_year}',
            f'declare one custom "programme" with budget-year: {budget_year}',
        ),
    )


def _blocks(facts: Facts, budget_year: int) -> tuple[TaskBlock, ...]:
    table = execution(facts, budget_year)
    titles = _titles(facts)
    found: dict[tuple[str, str], list[FundRow]] = {}
    for record in table.to_dict("records"):
        key = tuple(str(record[name]) for name in TASK_FUND)
        amounts = {measure.name: checked(int(record[measure.name])) for measure in MEASURES}
        _, unit, task, fund = key
        found.setdefault((unit, task), []).append(FundRow(fund, amounts))
    return tuple(
        TaskBlock(_code(unit, task), titles.get(task, ""), _by_fund(found[unit, task]))
        for unit, task in sorted(found, key=lambda key: _task_rank(key, titles))
    )


def _titles(facts: Facts) -> dict[str, str]:
    """Titles of tasks in the order in which the book declares them."""
    tasks = facts["tasks"]
    return dict(zip(tasks["task"].astype(str), tasks["title"].astype(str), strict=True))


def _task_rank(key: tuple[str, str], titles: Mapping[str, str]) -> tuple[str, int, str]:
    unit, task = key
    declared = list(titles)
    return unit, declared.index(task) if task in titles else len(declared), task


def fund_rank(fund: str) -> tuple[int, str]:
    """Where a fund stands among the others; one that is not known comes last."""
    known = list(FUNDS)
    return known.index(fund) if fund in FUNDS else len(known), fund


def _by_fund(rows: Iterable[FundRow]) -> tuple[FundRow, ...]:
    return tuple(sorted(rows, key=lambda row: fund_rank(row.fund)))


def _code(unit: str, task: str) -> str:
    return f"{unit} · {task}" if unit else task


def _items(facts: Facts, budget_year: int) -> tuple[ItemRow, ...]:
    titles = _titles(facts)
    own, common = _item_labels(facts["accounts"])
    ordered: list[tuple[tuple[object, ...], ItemRow]] = []
    for record in execution(facts, budget_year, TASK_FUND_ITEM).to_dict("records"):
        advanced, spent = int(record["advanced"]), int(record["spent"])
        if not advanced and not spent:
            continue
        _, unit, task, fund, item = (str(record[name]) for name in TASK_FUND_ITEM)
        account = ":".join(filter(None, ("Expenses", unit, task, fund, item)))
        label = own.get(account) or common.get(item, "")
        shown = item
        if (fund, item) == (_OWN_SPENDING, _NO_SUB_ITEM):
            shown, label = "", FUNDS[fund].label.vi
        row = ItemRow(_code(unit, task), fund, shown, label, advanced, spent)
        ordered.append(((_task_rank((unit, task), titles), fund_rank(fund), item), row))
    return tuple(row for _, row in sorted(ordered))


def _item_labels(accounts: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """Names of sub-items by expense account, and the first name of each sub-item."""
    own: dict[str, str] = {}
    common: dict[str, str] = {}
    columns = (accounts["account"].astype(str), accounts["label"].astype(str))
    for account, label in zip(*columns, strict=True):
        if account.startswith("Expenses:") and label:
            own[account] = name = _sub_item_name(account, label)
            common.setdefault(account.rsplit(":", 1)[-1], name)
    return own, common


def _sub_item_name(account: str, label: str) -> str:
    """A label without the task and fund before it: ``NV01, ngân sách thành phố: In tài liệu``."""
    before, parted, name = label.partition(": ")
    return name if parted and before.split(",")[0] in account.split(":") else label


def _ledger_rows(year: pd.DataFrame, folder: Path) -> tuple[LedgerRow, ...]:
    rows = year.sort_values(["date", "posting"], kind="stable")
    texts = {
        name: rows[name].astype(str).tolist()
        for name in ("voucher", "narration", "sub_item", "account", "fund", "contract")
    }
    units = zip(rows["unit"].astype(str), rows["task"].astype(str), strict=True)
    return tuple(
        LedgerRow(*cells)
        for cells in zip(
            (date.date() for date in rows["date"]),
            texts["voucher"],
            rows["kind"].astype(str),
            texts["narration"],
            (_code(unit, task) for unit, task in units),
            texts["fund"],
            texts["sub_item"],
            texts["account"],
            rows["amount"].tolist(),
            texts["contract"],
            _parties(rows),
            _relative_files(rows["file"], folder),
            rows["line"].tolist(),
            strict=True,
        )
    )


def _parties(rows: pd.DataFrame) -> list[str]:
    """Whom a posting concerns: who was paid, or who contributed."""
    columns = (rows[name].astype(str) for name in ("vendor", "beneficiary", "contributor"))
    return [next(filter(None, names), "") for names in zip(*columns, strict=True)]


def _relative_files(files: pd.Series, folder: Path) -> list[str]:
    shown = {str(file): _relative(str(file), folder) for file in files.unique()}
    return [shown[file] for file in files.astype(str)]


def _relative(file: str, folder: Path) -> str:
    path = Path(file)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
