"""A book beside statements written here, not by the importer: what agrees, what differs and why."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest
from beanquery import connect
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.importing import plan_import
from importers.reconciling.compared import FormComparison, Reconciliation
from importers.reconciling.matching import How
from importers.reconciling.reconcile import read_for, reconcile
from importers.source.places import Place
from importers.tables.statement import Line, Statement, StatementKind
from ledger.loading import load_facts
from ledger.period import month, quarter, read_period
from ledger.problems import BadInputError
from ledger.treasury import estimate_table, spending_table, state_postings
from reports.reconciling.outcome import write_workbook
from tests.books import HANOI, run_cnht, write_book
from tests.statements import banks, treasury

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.facts import Facts

JUNE = month(2021, 6)
ENDS = ("Số dư cuối", "Tổng cộng", "Cộng", ";Tổng cộng")  # what a file ends with
SUMS = {"Số dư đầu kỳ", "Phát sinh tăng", "Phát sinh giảm", "Số dư cuối kỳ"}
NUMBER = "3713.0.1100001.00000"


class Movement(NamedTuple):
    """One line of a statement: positive is money in."""

    day: str
    document: str
    text: str
    amount: int


def dotted(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def movements(period_start: str, period_end: str) -> tuple[int, list[Movement]]:
    """Opening balance and movements of the account, asked of the book by bean-query."""
    rows = connect(f"beancount:{HANOI / 'main.beancount'}").execute(
        "SELECT date, entry_meta('voucher') AS voucher, narration, number "
        f"WHERE account = 'Assets:TienGui:KB01' AND date <= {period_end} ORDER BY date, voucher"
    )
    opening, found = 0, []
    for day, voucher, narration, number in rows:
        if day < dt.date.fromisoformat(period_start):
            opening += int(number)
            continue
        _, kind, serial = voucher.split("/")
        found.append(Movement(f"{day:%d/%m/%Y}", f"{kind}{serial}", narration, int(number)))
    return opening, found


def write_statement(path: Path, opening: int, lines: list[Movement], **changed: str) -> Path:
    """A statement of the treasury as a workbook, amounts as dotted text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for text in (
        "KHO BẠC NHÀ NƯỚC HÀ NỘI",
        "SAO KÊ TÀI KHOẢN TIỀN GỬI",
        f"Số tài khoản: {changed.get('number', NUMBER)}",
        f"Mã ĐVQHNS: {changed.get('unit', '1100001')}",
        changed.get("period", "Từ ngày 01/06/2021 đến ngày 30/06/2021"),
    ):
        sheet.append([text])
    titles = ["Ngày hạch toán", "Số chứng từ", "Nội dung", "Phát sinh nợ", "Phát sinh có", "Số dư"]
    sheet.append(titles)
    balance = opening
    sheet.append(["Số dư đầu kỳ", None, None, None, None, dotted(opening)])
    for line in lines:
        balance += line.amount
        out = dotted(-line.amount) if line.amount < 0 else None
        came = dotted(line.amount) if line.amount > 0 else None
        sheet.append([line.day, line.document, line.text, out, came, dotted(balance)])
    sheet.append(["Số dư cuối kỳ", None, None, None, None, dotted(balance)])
    book.save(path)
    return path


def beside(facts: Facts, path: Path) -> Reconciliation:
    (statement,) = read_for(path, HANOI / "main.beancount")
    found = reconcile(facts, statement, JUNE)
    assert isinstance(found, Reconciliation)
    return found


@pytest.fixture(scope="module")
def june() -> tuple[int, list[Movement]]:
    return movements("2021-06-01", "2021-06-30")


def test_what_the_book_has_agrees(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    found = beside(hanoi_facts, write_statement(tmp_path / "a.xlsx", *june))
    assert found.agrees
    assert {pair.how for pair in found.pairs} == {How.DOCUMENT}
    assert found.statement_total == found.book_total == sum(line.amount for line in june[1])


def test_a_line_missing_in_the_book_is_told(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    opening, lines = june
    more = Movement("30/06/2021", "BC99", "Lãi tiền gửi quý", 77_001)
    found = beside(hanoi_facts, write_statement(tmp_path / "a.xlsx", opening, [*lines, more]))
    assert [found.statement.lines[row].amount for row in found.only_statement] == [77_001]
    assert found.balance_gaps == (0, 77_001)
    assert not found.agrees


def test_an_entry_missing_in_the_statement_is_told(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    opening, lines = june
    left = [line for line in lines if line.document != "UNC01"]
    found = beside(hanoi_facts, write_statement(tmp_path / "a.xlsx", opening, left))
    assert [found.entries[row].voucher for row in found.only_book] == ["2021/UNC/01"]


def test_another_amount_under_the_same_voucher_is_told(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    opening, lines = june
    typed = [
        line._replace(amount=-25_700_000) if line.document == "UNC01" else line for line in lines
    ]
    found = beside(hanoi_facts, write_statement(tmp_path / "a.xlsx", opening, typed))
    (pair,) = found.differing
    assert (pair.how, pair.difference) == (How.AMOUNT_DIFFERS, 1_800_000)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"period": "Kỳ sao kê: 01/07/2021 - 31/07/2021"}, r"sao kê của kỳ 01/07/2021 – 31/07"),
        ({"period": "Kỳ báo cáo: 07/2021"}, r"A5: sao kê của kỳ 01/07/2021 – 31/07/2021"),
        ({"period": "Sao kê"}, r"không dòng nào của sao kê thuộc kỳ 2021-06: các dòng từ \d\d/07"),
        (
            {"number": "", "period": "Tài khoản KT: 9523.2.7777777.00000 - Phải trả"},
            r"tài khoản 9523\.2",
        ),
        ({"unit": "", "period": "ĐVSDNS: 7777777 - Sở Giao thông"}, "đơn vị 7777777"),
    ],
)
def test_what_a_head_says_in_other_words_is_compared(
    hanoi_facts: Facts, tmp_path: Path, changed: dict[str, str], told: str
) -> None:
    days = ("2021-07-01", "2021-07-31") if "unit" not in changed and "number" not in changed else ()
    opening, lines = movements(*(days or ("2021-06-01", "2021-06-30")))
    with pytest.raises(BadInputError) as refused:
        beside(hanoi_facts, write_statement(tmp_path / "a.xlsx", opening, lines, **changed))
    assert re.search(told, refused.value.problems[0].text.vi)


def test_what_the_file_does_not_tell_is_said(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    opening, lines = june
    later = Movement("05/07/2021", "BC99", "Tháng sau", 1_000)
    silent = {"number": "", "unit": "", "period": "Ngày in: 05/07/2021"}
    file = write_statement(tmp_path / "a.xlsx", opening, [*lines, later], **silent)
    found = beside(hanoi_facts, file)
    assert found.agrees
    told = " | ".join(note.vi for note in found.statement.notes)
    assert "không đọc được kỳ in trong tệp" in told
    account = f"Assets:TienGui:KB01 ({NUMBER})"
    assert f"đối chiếu với {account}: không đọc được số tài khoản trong tệp" in told
    assert "1 dòng ngoài kỳ 2021-06 (từ 05/07/2021 đến 05/07/2021) không đối chiếu" in told


def test_a_statement_of_a_month_reconciles_no_quarter_and_a_running_month_is_not_recorded(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    file = write_statement(tmp_path / "a.xlsx", *june, period="Kỳ sao kê: 01/06/2021 - 30/06/2021")
    (statement,) = read_for(file, HANOI / "main.beancount")
    with pytest.raises(BadInputError, match="không phải 2021Q2"):
        reconcile(hanoi_facts, statement, quarter(2021, 2))
    looked = reconcile(hanoi_facts, statement, JUNE, on=dt.date(2021, 6, 20))
    assert any("kỳ 2021-06 chưa hết" in note.vi for note in looked.statement.notes)
    over = reconcile(hanoi_facts, statement, JUNE, on=dt.date(2021, 6, 30))
    assert not over.statement.notes
    ran = run_cnht("reconcile", HANOI, file, "--month", "2021-06", "--write", "--on", "2021-06-20")
    assert ran.code == 2
    assert "kỳ 2021-06 chưa hết vào ngày 20/06/2021; không ghi vào sổ" in ran.err


def test_a_payment_in_parts_is_one_payment(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    opening, lines = june
    split: list[Movement] = []
    for line in lines:
        parts = [-20_000_000, -7_500_000] if line.document == "UNC01" else [line.amount]
        split += [line._replace(amount=part) for part in parts]
    found = beside(hanoi_facts, write_statement(tmp_path / "a.xlsx", opening, split))
    assert found.agrees
    assert How.SPLIT in {pair.how for pair in found.pairs}


def test_the_paper_to_sign_shows_both_sides_and_all_that_differs(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    opening, lines = june
    typed = [
        line._replace(amount=-25_700_000) if line.document == "UNC01" else line
        for line in lines
        if line.document != "BC10"
    ]
    more = Movement("30/06/2021", "BC99", "Lãi tiền gửi quý", 77_001)
    found = beside(hanoi_facts, write_statement(tmp_path / "a.xlsx", opening, [*typed, more]))
    out = tmp_path / "out.xlsx"
    write_workbook(hanoi_facts, [found], out, "vi", "kho bạc ghi sau")
    sheet = openpyxl.load_workbook(out, data_only=True)["Bảng đối chiếu"]
    rows: list[list[Any]] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    told = {row[1]: row[4:7] for row in rows if isinstance(row[0], str) and row[0].isdecimal()}
    gap = found.statement_total - found.book_total
    assert told["Số dư đầu kỳ"] == [opening, opening, 0]
    assert told["Số dư cuối kỳ"] == [found.statement_closing, found.closing, gap]
    assert told["Phát sinh tăng"][2] - told["Phát sinh giảm"][2] == gap
    assert sum(row[2] for label, row in told.items() if label not in SUMS) == gap
    text = " ".join(str(cell) for row in rows for cell in row)
    assert "Vì sao còn lệch: kho bạc ghi sau" in text
    assert "Thủ trưởng đơn vị" in text


Change = tuple[str, int]
changes = st.one_of(
    st.just(("kept", 0)),
    st.just(("dropped", 0)),
    st.tuples(st.just("split"), st.integers(2, 5)),
    st.tuples(st.just("amount"), st.integers(1, 10**9)),
    st.tuples(st.just("day"), st.integers(-9, 9)),
)


def line_of(move: Movement, days: int = 0) -> Line:
    """A line of a statement whose running balance nobody printed."""
    day = dt.datetime.strptime(move.day, "%d/%m/%Y").date() + dt.timedelta(days=days)  # noqa: DTZ007  # a day
    day = min(max(day, JUNE.start), JUNE.end)
    return Line(Place("/a.xlsx", "", 1), day, move.document, move.text, move.amount)


def changed(moves: list[Movement], how: list[Change]) -> list[Line]:
    """A statement with lines dropped, split, booked otherwise."""
    lines: list[Line] = []
    for move, (what, number) in itertools.zip_longest(moves, how, fillvalue=("kept", 0)):
        assert isinstance(move, Movement)
        if what == "split":
            part = abs(move.amount) // (number + 1)
            sizes = [part + n for n in range(number - 1)]
            sizes.append(abs(move.amount) - sum(sizes))
            sign = 1 if move.amount > 0 else -1
            lines += [line_of(move._replace(amount=sign * size)) for size in sizes]
        elif what == "amount":
            lines.append(line_of(move._replace(amount=move.amount + number)))
        elif what != "dropped":
            lines.append(line_of(move, number))
    return [line for line in lines if line.amount]


def set_beside(facts: Facts, lines: Sequence[Line]) -> Reconciliation:
    statement = Statement(
        StatementKind.TREASURY, "made", "/a.xlsx", "0" * 64, NUMBER, lines=tuple(lines)
    )
    found = reconcile(facts, statement, JUNE)
    assert isinstance(found, Reconciliation)
    return found


def told(found: Reconciliation) -> Counter[object]:
    """The outcome by what it says, wherever its lines stood."""
    lines = found.statement.lines
    return Counter(
        [
            *((pair.how, pair.book, tuple(sorted(lines[n] for n in pair.statement)))
              for pair in found.pairs),
            *(("book", row) for row in found.only_book),
            *(("statement", lines[row]) for row in found.only_statement),
        ]
    )  # fmt: skip


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(how=st.lists(changes, max_size=8), seed=st.integers(0, 1000))
def test_whatever_the_treasury_booked_each_row_is_told_once(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], how: list[Change], seed: int
) -> None:
    lines = changed(june[1], how)
    found = set_beside(hanoi_facts, lines)
    ours = [n for pair in found.pairs for n in pair.book] + list(found.only_book)
    theirs = [n for pair in found.pairs for n in pair.statement] + list(found.only_statement)
    inside = [n for n, one in enumerate(found.entries) if JUNE.start <= one.date <= JUNE.end]
    assert len(set(ours)) == len(ours)
    assert set(inside) <= set(ours)
    assert sorted(theirs) == list(range(len(lines)))
    explained = sum(lines[n].amount for n in theirs) - sum(
        found.entries[n].amount for n in ours if n in inside
    )
    assert explained == found.statement_total - found.book_total
    assert all(pair.difference == 0 for pair in found.pairs if pair.how is not How.AMOUNT_DIFFERS)
    mixed = random.Random(seed).sample(lines, len(lines))  # noqa: S311  # an order, no secret
    assert told(set_beside(hanoi_facts, mixed)) == told(found)


@pytest.mark.parametrize("parts", [2, 3, 4, 5])
def test_a_payment_in_so_many_parts_is_one_pair(
    hanoi_facts: Facts, june: tuple[int, list[Movement]], parts: int
) -> None:
    lines = changed(june[1], [("split", parts)] * len(june[1]))
    found = set_beside(hanoi_facts, lines)
    assert found.statement_total == found.book_total
    assert (found.only_book, found.only_statement, found.differing) == ((), (), ())
    assert {(len(pair.book), len(pair.statement)) for pair in found.pairs} == {(1, parts)}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"number": "3713.0.9999999.00000"},
            "A3: sao kê của tài khoản 3713.0.9999999.00000, sổ",
        ),
        ({"unit": "1999999"}, "A4: sao kê của đơn vị 1999999"),
        ({"period": "Từ ngày 01/07/2021 đến ngày 31/07/2021"}, "A5: sao kê của kỳ 01/07/2021"),
    ],
)
def test_a_statement_of_something_else_is_refused(
    june: tuple[int, list[Movement]], tmp_path: Path, changed: dict[str, str], told: str
) -> None:
    opening, lines = june
    if "period" in changed:
        lines = [line._replace(day=line.day.replace("/06/", "/07/")) for line in lines]
    path = write_statement(tmp_path / "a.xlsx", opening, lines, **changed)
    ran = run_cnht("reconcile", HANOI, path, "--month", "2021-06")
    assert ran.code == 2
    assert told in ran.err
    assert "a.xlsx" in ran.err


@pytest.mark.parametrize(
    ("asked", "number", "said"),
    [
        ("KB01", "3713.0.9999999.00000", "A3: sao kê in số tài khoản 3713.0.9999999.00000"),
        ("DuToan", NUMBER, f"A3: sao kê in số tài khoản {NUMBER}, không phải của DuToan"),
        ("XX", NUMBER, "a.xlsx: sổ không có tài khoản tiền gửi «XX»"),
    ],
)
def test_an_account_that_is_named_must_be_the_one_printed(
    hanoi_facts: Facts, tmp_path: Path, asked: str, number: str, said: str
) -> None:
    path = write_statement(
        tmp_path / "a.xlsx",
        0,
        [Movement("10/06/2021", "BC02", "Nhận đóng góp", 700)],
        number=number,
    )
    (statement,) = read_for(path, HANOI / "main.beancount")
    with pytest.raises(BadInputError, match=re.escape(said)):
        reconcile(hanoi_facts, statement, JUNE, asked)


def test_a_number_that_the_book_has_not_written_is_that_of_its_only_account(tmp_path: Path) -> None:
    opened = "2021-01-01 open Assets:TienGui:KB01 VND\n"
    main = write_book(tmp_path / "so", opened).resolve()
    path = write_statement(
        tmp_path / "a.xlsx", 0, [Movement("10/06/2021", "BC02", "Nhận đóng góp", 700)]
    )
    (outcome,) = plan_import(main, [path]).outcomes
    (draft,) = outcome.drafts
    assert draft.entry is not None
    assert draft.entry.postings[0].account == "Assets:TienGui:KB01"
    (statement,) = read_for(path, main)
    found = reconcile(load_facts(main).facts, statement, JUNE)
    assert isinstance(found, Reconciliation)
    assert found.account.name == "Assets:TienGui:KB01"
    for notes in (outcome.notes, found.statement.notes):
        assert any(f"in số tài khoản {NUMBER}, sổ chưa ghi số nào" in note.vi for note in notes)


def draws_of_june() -> list[Movement]:
    """Draws on the estimate and what restored it, asked of the book by bean-query."""
    rows = connect(f"beancount:{HANOI / 'main.beancount'}").execute(
        "SELECT date, entry_meta('voucher') AS voucher, narration, sum(number) AS drawn "
        "WHERE account ~ '^Assets:DuToan:(KhaDung|CamKet):.*:NSTP$' AND year = 2021 AND month = 6 "
        "AND entry_meta('kind') IN ('payment', 'advance', 'return-restoring') "
        "GROUP BY date, voucher, narration ORDER BY date, voucher"
    )
    return [
        Movement(f"{day:%d/%m/%Y}", "".join(voucher.split("/")[1:]), narration, int(drawn))
        for day, voucher, narration, drawn in rows
    ]


def test_a_statement_of_draws_is_set_beside_the_estimate(tmp_path: Path) -> None:
    draws = draws_of_june()
    assert len(draws) > 10
    path = write_statement(tmp_path / "a.xlsx", 10**10, draws, number="")
    asked = ("--month", "2021-06", "--account", "DuToan", "--format", "json")
    ran = run_cnht("reconcile", HANOI, path, *asked)
    assert ran.code == 0, ran.err + ran.out
    path = write_statement(tmp_path / "b.xlsx", 10**10, draws[1:], number="")
    ran = run_cnht("reconcile", HANOI, path, *asked)
    assert ran.code == 1
    assert draws[0].text in ran.out


def test_a_settlement_among_draws_is_told(tmp_path: Path) -> None:
    settled = Movement("15/06/2021", "TTTU05", "Thanh toán tạm ứng", -26_160_000)
    path = write_statement(tmp_path / "a.xlsx", 10**10, [*draws_of_june(), settled], number="")
    asked = ("--month", "2021-06", "--account", "DuToan")
    ran = run_cnht("reconcile", HANOI, path, *asked)
    assert ran.code == 1
    assert "sổ ghi 2021/TTTU/05 là thanh toán tạm ứng, không rút dự toán" in " ".join(
        ran.out.split()
    )


def test_the_tables_of_the_treasury_hold_their_identities(hanoi_facts: Facts) -> None:
    postings = state_postings(hanoi_facts, 2021)
    for number in (1, 2, 3, 4):
        estimate = estimate_table(postings, quarter(2021, number))
        used = estimate["used_total"] + estimate["committed_balance"]
        rest = estimate["withheld"] + estimate["remaining"]
        assert (estimate["usable"] == used + rest).all()
        spending = spending_table(postings, quarter(2021, number))
        assert spending["total_balance"].sum() == estimate["used_total"].sum()


def test_the_tables_are_what_bean_query_says(hanoi_facts: Facts) -> None:
    query = connect(f"beancount:{HANOI / 'main.beancount'}").execute
    day = "2021-09-30"
    left = query(
        f"SELECT sum(number) WHERE account ~ '^Assets:DuToan:KhaDung:.*:NSTP$' AND date <= {day}"
    ).fetchall()
    spent = query(
        f"SELECT sum(number) WHERE account ~ '^Expenses:NV[0-9]+:NSTP:' AND date <= {day}"
    ).fetchall()
    postings = state_postings(hanoi_facts, 2021)
    assert estimate_table(postings, quarter(2021, 3))["remaining"].sum() == int(left[0][0])
    assert spending_table(postings, quarter(2021, 3))["spent_total"].sum() == int(spent[0][0])


def test_a_form_beside_the_book_tells_each_figure_that_differs(
    hanoi_facts: Facts, tmp_path: Path
) -> None:
    path = tmp_path / "02a.csv"
    text = (HANOI / "sao-ke" / "02a-2021Q3.csv").read_text("utf-8").splitlines()
    cells = text[-2].split(";")  # the last row of codes; the total is below it
    spent = int(cells[8].replace(".", "")) + 1
    spent_total = int(cells[9].replace(".", "")) + 1
    total = int(cells[10].replace(".", "")) + 1
    running = int(cells[11].replace(".", "")) + 1
    cells[8:12] = [dotted(figure) for figure in (spent, spent_total, total, running)]
    path.write_text("\n".join([*text[:-2], ";".join(cells)]) + "\n", "utf-8")
    (statement,) = read_for(path, HANOI / "main.beancount")
    found = reconcile(hanoi_facts, statement, quarter(2021, 3))
    assert isinstance(found, FormComparison)
    row = found.differing.iloc[0]
    assert len(found.differing) == 1
    assert (row["spent_difference"], row["advance_difference"]) == (1, 0)
    # The vouchers behind the row, and of no other, add up to what the book has of it.
    codes = " · ".join(row[code] or "–" for code in found.codes)
    assert {entry.code for _, entry in found.behind} == {codes}
    assert sum(entry.amount for _, entry in found.behind) == row["total_book"]
    assert all(entry.date >= dt.date(2021, 7, 1) for _, entry in found.behind)
    ran = run_cnht("reconcile", HANOI, path, "--quarter", "2021Q3", "--format", "json")
    told = json.loads(ran.out)["behind"]
    assert [one["amount"] for one in told] == [entry.amount for _, entry in found.behind]
    assert all(one["row"] == codes and one["voucher"] for one in told)
    for language, name in (
        ("vi", "Bút toán của dòng còn lệch"),
        ("en", "Entries behind differences"),
    ):
        book = tmp_path / f"{language}.xlsx"
        asked = ("--quarter", "2021Q3", "--lang", language, "-o", book)
        assert run_cnht("reconcile", HANOI, path, *asked).code == 1
        assert name in openpyxl.load_workbook(book).sheetnames
    agreeing = read_for(HANOI / "sao-ke" / "01a-2021Q3.csv", HANOI / "main.beancount")[0]
    same = reconcile(hanoi_facts, agreeing, quarter(2021, 3))
    assert isinstance(same, FormComparison)
    assert same.behind == ()


def test_the_only_code_that_a_form_prints_is_that_of_a_book_that_writes_none(
    hanoi_facts: Facts, tmp_path: Path
) -> None:
    path = tmp_path / "01a.csv"
    text = (HANOI / "sao-ke" / "01a-2021Q3.csv").read_text("utf-8").splitlines()
    rows = [line.split(";") for line in text]
    filled = [[*row[:2], "309", *row[3:]] if row[0] == "1" else row for row in rows]
    assert filled != rows
    path.write_text("\n".join(";".join(row) for row in filled) + "\n", "utf-8")
    (statement,) = read_for(path, HANOI / "main.beancount")
    assert {row.kind_item for row in statement.figures} == {"309"}
    found = reconcile(hanoi_facts, statement, quarter(2021, 3))
    assert found.agrees
    assert any("bảng chỉ in mã 309" in note.vi for note in found.statement.notes)


def test_what_moved_the_estimate_stands_behind_a_row_of_01a_that_differs(
    hanoi_facts: Facts, tmp_path: Path
) -> None:
    path = tmp_path / "01a.csv"
    text = (HANOI / "sao-ke" / "01a-2021Q3.csv").read_text("utf-8")
    used = text.splitlines()[-2].split(";")[9]
    more = dotted(int(used.replace(".", "")) + 1)
    path.write_text(text.replace(f";{used};", f";{more};"), "utf-8")
    (statement,) = read_for(path, HANOI / "main.beancount")
    found = reconcile(hanoi_facts, statement, quarter(2021, 3))
    assert isinstance(found, FormComparison)
    drawn = {"Assets:DuToan:KhaDung", "Assets:DuToan:CamKet"}
    kinds = {account.rpartition(":NV")[0] for account, _ in found.behind}
    assert drawn <= kinds
    assert not any(account.startswith("Income:") for account, _ in found.behind)


SMALL = f"""
2021-01-01 open Assets:TienGui:KB01 VND
  account-number: "{NUMBER}"
2021-01-01 open Income:DongGop:NV02:DN VND
2021-05-20 * "Nhận đóng góp"
  kind: "contribution-cash"
  voucher: "2021/BC/01"
  Assets:TienGui:KB01     5000 VND
  Income:DongGop:NV02:DN -5000 VND

2021-06-10 * "Nhận đóng góp"
  kind: "contribution-cash"
  voucher: "2021/BC/02"
  Assets:TienGui:KB01     700 VND
  Income:DongGop:NV02:DN -700 VND
"""


def a_small_book(folder: Path) -> tuple[Path, int, list[Movement]]:
    """A book of two receipts, one before June; its opening balance and its movements of June."""
    main = write_book(folder / "book", SMALL)
    return main.parent, 5000, [Movement("10/06/2021", "BC02", "Nhận đóng góp", 700)]


def test_the_outcome_is_recorded_once_the_user_agrees(tmp_path: Path) -> None:
    book, opening, lines = a_small_book(tmp_path)
    path = write_statement(tmp_path / "a.xlsx", opening, lines)
    before = {file: file.read_bytes() for file in book.rglob("*.beancount")}
    ran = run_cnht("reconcile", book, path, "--month", "2021-06", "--format", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["agrees"] is True
    assert {file: file.read_bytes() for file in book.rglob("*.beancount")} == before
    ran = run_cnht("reconcile", book, path, "--month", "2021-06", "--write", "--on", "2021-07-09")
    assert ran.code == 0
    records = load_facts((book / "main.beancount").resolve()).facts["reconciled"]
    mine = records[records["statement"] == "a.xlsx"].iloc[0]
    assert (mine["period"], mine["account"]) == ("2021-06", "Assets:TienGui:KB01")
    closing = opening + sum(line.amount for line in lines)
    assert (mine["closing"], mine["statement_closing"]) == (closing, closing)
    assert run_cnht("check", book, "--no-cache", "--select", "TRE,BOK").code == 0


def test_what_was_there_when_the_book_began_is_the_opening_balance(tmp_path: Path) -> None:
    opened = """
2021-01-01 open Equity:SoDuDauNam VND
2021-06-01 * "Số dư khi mở sổ"
  kind: "opening-balance"
  Assets:TienGui:KB01     5000 VND
  Income:DongGop:NV02:DN -2000 VND
  Equity:SoDuDauNam      -3000 VND
"""
    accounts, received = (
        SMALL.split("2021-05-20", maxsplit=1)[0],
        SMALL[SMALL.index("2021-06-10") :],
    )
    main = write_book(tmp_path / "book", accounts + opened + received)
    lines = [Movement("10/06/2021", "BC02", "Nhận đóng góp", 700)]
    path = write_statement(tmp_path / "a.xlsx", 5000, lines)
    ran = run_cnht("reconcile", main.parent, path, "--month", "2021-06", "--format", "json")
    assert (ran.code, json.loads(ran.out)["agrees"]) == (0, True)
    assert run_cnht("check", main, "--no-cache", "--select", "BOK3,CTR203").code == 0


def test_a_second_reconciliation_takes_the_place_of_one_that_differed(tmp_path: Path) -> None:
    book, opening, lines = a_small_book(tmp_path)
    more = Movement("30/06/2021", "BC99", "Lãi tiền gửi quý", 77_001)
    wrong = write_statement(tmp_path / "a.xlsx", opening, [*lines, more])
    right = write_statement(tmp_path / "b.xlsx", opening, lines)
    when = ("--month", "2021-06", "--write", "--on", "2021-07-09")
    asked = ("check", book, "--no-cache", "--select", "TRE201", "--fail-on", "warning")
    assert run_cnht("reconcile", book, wrong, *when).code == 1
    assert run_cnht(*asked).code == 1
    earlier = ("--month", "2021-06", "--write", "--on", "2021-07-08")
    refused = run_cnht("reconcile", book, right, *earlier)
    assert (refused.code, "bản ghi ngày 09/07/2021" in refused.err) == (2, True)
    ran = run_cnht("reconcile", book, right, *when)
    assert (ran.code, "thay cho bản ghi ngày 09/07/2021" in ran.out) == (0, True)
    assert run_cnht(*asked).code == 0
    before = {file: file.read_bytes() for file in book.rglob("*.beancount")}
    again = run_cnht("reconcile", book, right, "--month", "2021-06", "--write")
    assert (again.code, "kết quả này đã ghi ở" in again.out) == (0, True)
    assert {file: file.read_bytes() for file in book.rglob("*.beancount")} == before


def test_balances_of_accounts_are_set_beside_by_their_numbers(tmp_path: Path) -> None:
    main = write_book(
        tmp_path,
        SMALL + "2021-01-01 open Assets:TienGui:NH01 VND\n"
        '2021-06-11 * "Nhận"\n  kind: "contribution-cash"\n  voucher: "2021/BC/03"\n'
        "  Assets:TienGui:NH01 9 VND\n  Income:DongGop:NV02:DN -9 VND\n",
    )
    path = banks.xlsx(tmp_path / "06.xlsx", treasury.form_06())
    (statement,) = read_for(path, main)
    found = reconcile(load_facts(main.resolve()).facts, statement, JUNE)
    assert isinstance(found, FormComparison)
    rows = found.rows.set_index("label")
    assert list(rows.index) == [NUMBER, "Assets:TienGui:NH01"]
    assert list(rows["closing_book"]) == [5700, 9]
    assert list(rows["closing"]) == [106_511_320, 0]


@pytest.mark.parametrize("turned", [False, True])
def test_a_running_balance_is_compared_where_no_other_is_printed(
    tmp_path: Path, *, turned: bool
) -> None:
    book, opening, lines = a_small_book(tmp_path)
    whole = write_statement(tmp_path / "a.xlsx", opening + 300, lines)
    workbook = openpyxl.load_workbook(whole)
    sheet = workbook.worksheets[0]
    for row in range(sheet.max_row, 5, -1):
        if str(sheet.cell(row, 1).value).startswith("Số dư"):
            sheet.delete_rows(row)
    sheet.append(["Cộng phát sinh", None, None, None, dotted(700), None])
    if turned:  # rows of one day, the later one first
        sheet.insert_rows(7)
        more = ["10/06/2021", "BN9", "Phí", "100", None, dotted(opening + 300 + 700 - 100)]
        for column, cell in enumerate(more, 1):
            sheet.cell(7, column).value = cell
        sheet.cell(sheet.max_row, 4).value = "100"
    workbook.save(whole)
    when = ("--month", "2021-06", "--format", "json", "--write", "--on", "2021-07-09")
    ran = run_cnht("reconcile", book, whole, *when)
    told = json.loads(ran.out)
    gap = 200 if turned else 300
    assert (ran.code, told["opening_gap"], told["closing_gap"]) == (1, 300, gap)
    records = load_facts((book / "main.beancount").resolve()).facts["reconciled"]
    assert "lệch số dư cuối kỳ" in records.iloc[-1]["differences"]
    assert records.iloc[-1]["statement_closing"] == 5700 + gap


def test_the_workbook_lists_every_pair_and_no_formula(
    june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    opening, lines = june
    trick = '=HYPERLINK("http://a.invalid")'
    path = write_statement(tmp_path / "a.xlsx", opening, lines)
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value == lines[0].text:
                cell.value, cell.data_type = trick, "s"
    book.save(path)
    out = tmp_path / "out.xlsx"
    assert run_cnht("reconcile", HANOI, path, "--month", "2021-06", "-o", out).code == 0
    cells = [cell for row in openpyxl.load_workbook(out)["Khớp đúng"].iter_rows() for cell in row]
    assert {line.document for line in lines} <= {cell.value for cell in cells}
    assert trick in {cell.value for cell in cells}
    assert all(cell.data_type != "f" for cell in cells)


@pytest.mark.parametrize(
    ("name", "sheet", "column"), [("01a-2021Q3", "01a-SDKP", "G"), ("02a-2021Q3", "02a-SDKP", "I")]
)
def test_the_form_stands_beside_the_treasurys_figures(
    name: str, sheet: str, column: str, tmp_path: Path
) -> None:
    """The three parts of the form, read from the workbook as a reader of it would."""
    path, out = HANOI / "sao-ke" / f"{name}.csv", tmp_path / "out.xlsx"
    ran = run_cnht("reconcile", HANOI, path, "--quarter", "2021-Q3", "-o", out)
    assert (ran.code, ran.err) == (0, "")
    workbook = openpyxl.load_workbook(out)
    assert workbook.sheetnames == [sheet, f"{sheet} đối chiếu", "Từng chỉ tiêu"]
    grid = [[cell.value for cell in row] for row in workbook[f"{sheet} đối chiếu"].iter_rows()]
    parts = [n for n, row in enumerate(grid) if str(row[1]).startswith(("I. ", "II. ", "III. "))]
    assert len(parts) == 3
    size = parts[1] - parts[0]
    last = workbook[f"{sheet} đối chiếu"][f"{column}{parts[2] + size}"].value
    assert last == f"={column}{parts[1] + size}-{column}{parts[0] + size}"
    printed = path.read_text("utf-8").splitlines()[-2].split(";")
    amount = int(printed[6 if sheet == "01a-SDKP" else 8].replace(".", ""))
    assert grid[parts[1] + size - 1]["ABCDEFGHI".index(column)] == amount


def test_the_treasurys_item_is_the_books_kind_and_item(tmp_path: Path) -> None:
    """A book writes loại-khoản, the treasury the khoản alone: the same row of the form."""
    book = tmp_path / "book"
    shutil.copytree(HANOI, book)
    main = book / "main.beancount"
    found = [file for file in book.glob("*.beancount") if 'custom "programme"' in file.read_text()]
    text = found[0].read_text("utf-8")
    head = text.index('custom "programme"')
    end = text.index("\n", head) + 1
    found[0].write_text(f'{text[:end]}  kind-item: "280-309"\n{text[end:]}', "utf-8")
    lines = (HANOI / "sao-ke" / "01a-2021Q3.csv").read_text("utf-8").splitlines()
    lines[-2] = lines[-2].replace(";12;;", ";12;309;")
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    ran = run_cnht("reconcile", main, path, "--quarter", "2021Q3")
    assert ran.code == 0, ran.out + ran.err


@pytest.mark.parametrize(
    "options",
    [(), ("--month", "2021-06", "--year", "2021")],
)
def test_exactly_one_period_is_named(options: tuple[str, ...]) -> None:
    ran = run_cnht("reconcile", HANOI, HANOI / "sao-ke" / "KB01-2021-06.csv", *options)
    assert ran.code == 2
    assert "đúng một kỳ" in ran.err


@pytest.mark.parametrize(
    ("option", "typed", "wanted"),
    [
        ("--month", "06/2021", "2021-06"),
        ("--month", "2021-13", "2021-06"),
        ("--month", "2021Q2", "2021-06"),
        ("--quarter", "2021Q5", "2021Q2"),
        ("--year", "2021-06", "2021"),
    ],
)
def test_a_period_is_written_as_its_option_wants(option: str, typed: str, wanted: str) -> None:
    ran = run_cnht("reconcile", HANOI, HANOI / "sao-ke" / "KB01-2021-06.csv", option, typed)
    assert ran.code == 2
    assert f"«{typed}» không phải là kỳ" in ran.err
    assert f"viết như {option} {wanted}" in ran.err


@pytest.mark.parametrize(
    ("name", "option", "period"),
    [
        ("01a-2021Q2", "--month", "2021-06"),
        ("01a-2021Q2", "--year", "2021"),
        ("02a-2021", "--quarter", "2021Q2"),
        ("02a-2021", "--month", "2021-12"),
    ],
)
def test_a_form_is_of_its_own_period_alone(name: str, option: str, period: str) -> None:
    ran = run_cnht("reconcile", HANOI, HANOI / "sao-ke" / f"{name}.csv", option, period)
    assert ran.code == 2
    assert f"không phải {period}" in ran.err


def test_a_form_without_its_period_is_refused(tmp_path: Path) -> None:
    text = (HANOI / "sao-ke" / "01a-2021.csv").read_text("utf-8")
    path = tmp_path / "a.csv"
    path.write_text(text.replace("Năm 2021", ""), "utf-8")
    ran = run_cnht("reconcile", HANOI, path, "--year", "2021")
    assert ran.code == 2
    assert "không in kỳ" in ran.err


def test_a_month_is_taken_from_a_statement_of_the_year() -> None:
    path = HANOI / "sao-ke" / "KB01-2021.csv"
    ran = run_cnht("reconcile", HANOI, path, "--month", "2021-06", "--format", "json")
    told = json.loads(ran.out)
    assert (ran.code, told["opening_gap"], told["closing_gap"]) == (0, 0, 0)


@pytest.mark.parametrize("name", ["KB01-2021-06", "01a-2021Q2", "02a-2021Q2"])
def test_what_may_be_cut_off_is_said_and_never_recorded(name: str, tmp_path: Path) -> None:
    book = tmp_path / "book"
    shutil.copytree(HANOI, book)
    lines = (HANOI / "sao-ke" / f"{name}.csv").read_text("utf-8").splitlines()
    lines = [line for line in lines if not line.startswith(ENDS)]
    path = tmp_path / "cut.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    period = name.partition("-")[2]
    options = ("--month" if "-" in period else "--quarter", period)
    assert "cắt cụt" in run_cnht("reconcile", book, path, *options).out
    before = {file: file.read_bytes() for file in book.rglob("*.beancount")}
    ran = run_cnht("reconcile", book, path, *options, "--write")
    assert ran.code == 2
    assert "cut.csv" in ran.err
    assert "không ghi vào sổ" in ran.err
    assert {file: file.read_bytes() for file in book.rglob("*.beancount")} == before


def test_a_closing_balance_may_come_from_paper(tmp_path: Path) -> None:
    book = tmp_path / "book"
    shutil.copytree(HANOI, book)
    lines = (HANOI / "sao-ke" / "KB01-2021-06.csv").read_text("utf-8").splitlines()
    path = tmp_path / "a.csv"
    rest = [line for line in lines if not line.startswith(ENDS)]
    path.write_text("\n".join(rest) + "\n", "utf-8")
    month = ("--month", "2021-06", "--write")
    ran = run_cnht("reconcile", book, path, *month, "--closing", "1.000")
    assert (ran.code, "số dư cuối kỳ theo sao kê là" in ran.err) == (2, True)
    closing = next(line for line in lines if line.startswith("Số dư cuối")).rpartition(";")[2]
    assert run_cnht("reconcile", book, path, *month, "--closing", closing).code == 0


def test_a_workbook_takes_the_place_of_no_file_unasked(tmp_path: Path) -> None:
    path, out = HANOI / "sao-ke" / "KB01-2021-06.csv", tmp_path / "a.xlsx"
    asked = ("reconcile", HANOI, path, "--month", "2021-06", "-o")
    out.write_text("của tôi", "utf-8")
    assert run_cnht(*asked, out).code == 2
    assert out.read_text("utf-8") == "của tôi"
    assert run_cnht(*asked, tmp_path / "a.csv").code == 2
    assert not (tmp_path / "a.csv").exists()
    assert run_cnht(*asked, out, "--force").code == 0
    assert openpyxl.load_workbook(out).sheetnames


def test_counts_are_the_same_wherever_they_are_told(
    june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    opening, lines = june
    typed = [
        line._replace(amount=-25_700_000) if line.document == "UNC01" else line for line in lines
    ]
    more = Movement("30/06/2021", "BC99", "Lãi tiền gửi quý", 77_001)
    path = write_statement(tmp_path / "a.xlsx", opening, [*typed, more])
    ran = run_cnht("reconcile", HANOI, path, "--month", "2021-06", "--format", "json")
    told = json.loads(ran.out)
    assert told["counts"] == {"only_in_statement": 1, "only_in_book": 0, "pairs": 1}
    assert len(told["only_in_statement"]) == 1
    assert "1 khoản chỉ có ở sao kê; 1 cặp ghép được nhưng lệch" in told["differences"]
    table = run_cnht("reconcile", HANOI, path, "--month", "2021-06").out
    assert told["differences"] in table
    assert "Chỉ có ở sao kê (1)" in table
    assert "Ghép được, còn lệch (1)" in table


def test_a_message_of_a_bank_is_set_beside_the_book(tmp_path: Path) -> None:
    opening, moves = movements("2021-06-01", "2021-06-30")
    closing = opening + sum(move.amount for move in moves)
    text = f":20:A\n:25:{NUMBER}\n:28C:1/1\n:60F:C210601VND{opening},\n" + "".join(
        f":61:{move.day[8:]}{move.day[3:5]}{move.day[:2]}{'D' if move.amount < 0 else 'C'}"
        f"{abs(move.amount)},NTRF{move.document}\n:86:{move.text}\n"
        for move in moves
    )
    path = tmp_path / "a.sta"
    path.write_text(f"{text}:62F:C210630VND{closing},\n-\n", "utf-8")
    ran = run_cnht("reconcile", HANOI, path, "--month", "2021-06")
    assert ran.code == 0, ran.err
    assert "Khớp đúng" in ran.out
    path.write_text(text.replace("C18000000,", "C18000001,"), "utf-8")
    ran = run_cnht("reconcile", HANOI, path, "--month", "2021-06")
    assert ran.code == 1
    assert "không biết tệp có bị cắt cụt không" in ran.out
    assert ":61: 1" in ran.out


def test_what_is_no_statement_is_refused() -> None:
    ran = run_cnht("reconcile", HANOI, HANOI / "README.md", "--month", "2021-06")
    assert ran.code == 2


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("2021-02", ("2021-02-01", "2021-02-28")),
        ("2021Q4", ("2021-10-01", "2021-12-31")),
        ("2021", ("2021-01-01", "2021-12-31")),
    ],
)
def test_a_period_is_read_from_its_name(name: str, days: tuple[str, str]) -> None:
    period = read_period(name)
    assert period is not None
    assert (period.start.isoformat(), period.end.isoformat()) == days
    assert read_period(name + "x") is None
