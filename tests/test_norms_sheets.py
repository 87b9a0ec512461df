"""The worksheet of norms, from the command line to a checked book, and the budget's codes."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from ledger.problems import BadInputError
from ledger.strict_yaml import read_yaml
from rules import budget_codes
from rules.budget_codes import BudgetCodes, Code, CodeList, item_of, load_codes
from rules.confirming import HEADINGS, LABELS
from rules.law import load_law, shipped_packs
from rules.loading_codes import HEADINGS as CODE_HEADINGS
from rules.to_confirm import lines, lines_of
from tests.books import HANOI, run_cnht, write_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

COLUMNS = {key: number for number, key in enumerate(HEADINGS, 1)}
READ = "công báo số 45, trang 12"
FAIR = """
2021-10-13 custom "event" "HC" "Hội chợ"
  task: "NV02"
  activity: "domestic-fair"
  start: 2021-10-13
  end: 2021-10-13
  actual: "2 participating-unit"
2021-10-20 * "Ngân sách chi"
  kind: "payment"
  event: "HC"
  voucher: "2021/RDT/1"
  Assets:DuToan:KhaDung:NV02:NSTP  -20000001 VND
  Expenses:NV02:NSTP:TM6655         20000001 VND
2021-10-20 * "Doanh nghiệp tự chi"
  kind: "contribution-direct"
  event: "HC"
  voucher: "2021/BK/1"
  contributor: "0100000001"
  Income:DongGop:NV02:DNTC   -90000000 VND
  Expenses:NV02:DNTC:TM0000   90000000 VND
"""


class Filled:
    """A worksheet as a person fills it in, with openpyxl."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bang.xlsx"
        assert run_cnht("norms", "worksheet", "-o", self.path, "-q").code == 0
        self.workbook = openpyxl.load_workbook(self.path)
        self.sheet: Worksheet = self.workbook["Định mức"]
        self.labels("Nguyễn Văn A", dt.datetime(2024, 3, 20))  # noqa: DTZ001  # a day of a sheet

    def labels(self, by: object, on: object) -> None:
        """Who read the texts, and when."""
        for row in self.sheet.iter_rows(max_row=10):
            for cell in row:
                if cell.value in LABELS.values():
                    value = by if cell.value == LABELS["confirmed-by"] else on
                    self.sheet.cell(cell.row, cell.column + 1).value = value

    def row(self, norm: str, number: int = 1) -> int:
        """The row of a line."""
        for row in range(1, self.sheet.max_row + 1):
            found = [self.sheet.cell(row, COLUMNS[key]).value for key in ("norm", "line")]
            if found == [norm, number]:
                return row
        raise AssertionError(norm)

    def fill(self, norm: str, number: int = 1, **cells: Any) -> int:  # what a cell holds
        """Fill a line in."""
        row = self.row(norm, number)
        told = {"from": dt.datetime(2020, 6, 15), "source": READ, "article": "Điều 5", **cells}  # noqa: DTZ001
        for key, value in told.items():
            self.sheet.cell(row, COLUMNS[key.rstrip("_")]).value = value
        return row

    def fair(self, cap: object = 10_000_000, share: object = 0.7) -> None:
        """Fill in both lines of Hanoi's domestic fairs."""
        self.fill("hanoi-domestic-fair", 1, figure=share, article="Điều 5 khoản 2")
        self.fill("hanoi-domestic-fair", 2, figure=cap, article="Điều 5 khoản 2")

    def save(self) -> Path:
        """Save it where it was written."""
        self.workbook.save(self.path)
        return self.path

    def cell(self, key: str, row: int) -> str:
        """The name of a cell."""
        return self.sheet.cell(row, COLUMNS[key]).coordinate


@pytest.fixture
def sheet(tmp_path: Path) -> Filled:
    return Filled(tmp_path)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "so", FAIR)


def refused(sheet: Filled, book: Path) -> str:
    ran = run_cnht("norms", "load", sheet.save(), book)
    assert ran.code == 2
    assert not (book.parent / "norms").exists()
    return ran.err


def test_the_worksheet_asks_for_every_figure_not_read_in_the_text(sheet: Filled) -> None:
    asked = {line.norm.id for line in lines(load_law(shipped_packs()))}
    told = {sheet.sheet.cell(row, 1).value for row in range(1, sheet.sheet.max_row + 1)}
    assert asked
    assert asked <= told
    assert {"hanoi-rnd", "tt29-delegation-far", "tt28-brand", "travel-per-diem-2025"} <= asked
    assert "ttlt26-brand" not in asked


def test_local_decisions_come_first(sheet: Filled) -> None:
    first = sheet.row(next(line.norm.id for line in lines(load_law(shipped_packs()))))
    assert str(sheet.sheet.cell(first, 1).value).startswith("hanoi-")


def test_only_the_cells_to_fill_are_open(sheet: Filled) -> None:
    assert sheet.sheet.protection.sheet
    row = sheet.row("hanoi-domestic-fair")
    locked = {key for key, n in COLUMNS.items() if sheet.sheet.cell(row, n).protection.locked}
    assert set(COLUMNS) - locked == {"article", "figure", "from", "to", "source"}
    free = sheet.row("hanoi-rnd")
    opened = {key for key, n in COLUMNS.items() if not sheet.sheet.cell(free, n).protection.locked}
    assert opened == {*("article", "measure", "figure", "per", "when", "from", "to", "source")}
    fonts = {cell.font.name for row in sheet.sheet.iter_rows() for cell in row if cell.value}
    assert fonts == {"Times New Roman"}
    assert sheet.sheet.data_validations.dataValidation


def test_a_worksheet_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "bang.xlsx"
    path.write_text("của tôi", "utf-8")
    assert run_cnht("norms", "worksheet", "-o", path).code == 2
    assert path.read_text("utf-8") == "của tôi"
    assert run_cnht("norms", "worksheet", "-o", path, "--force", "-q").code == 0
    assert run_cnht("norms", "worksheet", "--pack", "không-có", "-o", tmp_path / "b.xlsx").code == 2
    assert not (tmp_path / "b.xlsx").exists()


def test_a_loaded_figure_is_an_error_where_it_was_not_known(sheet: Filled, book: Path) -> None:
    asked = ("check", book, "--select", "NRM201", "--as-of", "2021-12-31", "--no-cache")
    before = run_cnht(*asked, "--format", "json")
    assert json.loads(before.out)["findings"] == []
    sheet.fair()
    ran = run_cnht("norms", "load", sheet.save(), book)
    assert ran.code == 0, ran.err
    (finding,) = json.loads(run_cnht(*asked, "--format", "json").out)["findings"]
    assert (finding["severity"], finding["at_issue"]) == ("error", 1)
    assert {citation["grade"] for citation in finding["citations"]} == {"confirmed"}
    assert run_cnht(*asked, "--no-book-norms").code == 0


def test_the_file_says_who_read_what_and_where(sheet: Filled, book: Path) -> None:
    sheet.fair()
    assert run_cnht("norms", "load", sheet.save(), book, "-q").code == 0
    content = read_yaml(book.parent / "norms" / "11-2020-qd-ubnd.yaml").content
    assert content["confirmed-by"] == "Nguyễn Văn A"
    assert content["confirmed-on"] == "2024-03-20"
    assert content["narrows"] == "29/2018/TT-BTC"
    (norm,) = content["norms"]
    (value,) = norm["values"]
    assert (value["from"], value["source"]) == ("2020-06-15", READ)
    assert [limit["at-most"] for limit in value["limits"]] == ["0.7", "10000000"]
    # Our own words told other figures.
    assert "tối đa 70%; tối đa 10.000.000/" in norm["text"]
    assert "at most 70%; at most 10,000,000/" in norm["text-en"]


def test_our_words_hold_where_the_figures_are_the_same(sheet: Filled, book: Path) -> None:
    known = [line.limit for line in lines_of(load_law(["cnht"]).norms["tt29-domestic-fair"])]
    for number, limit in enumerate(known, 1):
        assert limit
        sheet.fill("tt29-domestic-fair", number, figure=float(limit.top))
    assert run_cnht("norms", "load", sheet.save(), book, "-q").code == 0
    (own,) = (book.parent / "norms").glob("29-*.yaml")
    (norm,) = read_yaml(own).content["norms"]
    assert norm["text"] == load_law(["cnht"]).norms["tt29-domestic-fair"].text


def test_an_end_and_a_free_line(sheet: Filled, book: Path) -> None:
    sheet.fill(
        "hanoi-rnd",
        measure="số tiền",
        figure=300_000_000,
        per="doanh nghiệp; year",
        when="size small/nhỏ",
        to=dt.datetime(2024, 12, 31),  # noqa: DTZ001
    )
    assert run_cnht("norms", "load", sheet.save(), book, "-q").code == 0
    own = sorted((book.parent / "norms").glob("*.yaml"))
    norm = load_law(["cnht", "cnht-hanoi"], own).norms["hanoi-rnd"]
    value = norm.value_on(dt.date(2024, 12, 31))
    assert value
    assert value.limits
    assert value.limits[0].per == ("enterprise", "year")
    assert value.limits[0].when == {"size": ("small", "nhỏ")}
    assert norm.value_on(dt.date(2025, 1, 1)) is None
    assert norm.value_on(dt.date(2020, 6, 14)) is None


def test_a_figure_may_hold_for_one_day(sheet: Filled, book: Path) -> None:
    day = dt.datetime(2021, 10, 20)  # noqa: DTZ001  # a day of a sheet
    sheet.fill("hanoi-rnd", measure="số tiền", figure=300_000_000, per="year", from_=day, to=day)
    assert run_cnht("norms", "load", sheet.save(), book, "-q").code == 0


def test_an_end_read_in_the_text_itself_is_kept(sheet: Filled, book: Path) -> None:
    sheet.fill("guest-domestic-tea-2018", figure=20_000, from_=dt.datetime(2018, 10, 1))  # noqa: DTZ001
    assert run_cnht("norms", "load", sheet.save(), book, "-q").code == 0
    norm = load_law([], sorted((book.parent / "norms").glob("*.yaml"))).norms[
        "guest-domestic-tea-2018"
    ]
    assert norm.value_on(dt.date(2026, 5, 17))
    assert norm.value_on(dt.date(2026, 5, 18)) is None


def test_a_text_that_sets_no_such_limit(sheet: Filled, book: Path) -> None:
    sheet.fair(share="không có")
    assert run_cnht("norms", "load", sheet.save(), book, "-q").code == 0
    own = sorted((book.parent / "norms").glob("*.yaml"))
    value = load_law(["cnht", "cnht-hanoi"], own).norms["hanoi-domestic-fair"].values[0]
    assert [limit.measure for limit in value.limits or ()] == ["amount"]


BAD: dict[str, tuple[str, str, Callable[[Filled], object]]] = {
    "figure as text": ("figure", "không phải chữ", lambda s: s.fair(cap="mười triệu")),
    "share above 100 %": ("figure", "trên 100%", lambda s: s.fair(share=1.2)),
    "share of nothing": ("figure", "lớn hơn 0%", lambda s: s.fair(share=0)),
    "begins before the text": (
        "from",
        "trước ngày ban hành 11/2020/QĐ-UBND (05/06/2020)",
        lambda s: (
            s.fair(),
            s.fill("hanoi-domestic-fair", 2, figure=1, from_=dt.datetime(2020, 6, 4)),  # noqa: DTZ001
        ),
    ),
    "no whole amount": ("figure", "số nguyên", lambda s: s.fair(cap=10.5)),
    "end before start": (
        "to",
        "trước ngày đầu",
        lambda s: s.fill(
            "hanoi-domestic-fair",
            2,
            figure=1,
            to=dt.datetime(2020, 6, 14),  # noqa: DTZ001
        ),
    ),
    "day as text": (
        "from",
        "phải là ngày",
        lambda s: s.fill("hanoi-domestic-fair", 2, figure=1, from_="tháng 6"),
    ),
    "no source": (
        "source",
        "chưa ghi đã đọc",
        lambda s: s.fill("hanoi-domestic-fair", 2, figure=1, source=None),
    ),
    "number typed as text": ("figure", "Ctrl+1", lambda s: s.fair(cap="10.000.000")),
    "share typed as text": ("figure", "Ctrl+1", lambda s: s.fair(share="70%")),
    "share without its sign": (
        "figure",
        "trên 100%\n    → nếu là 70% thì",
        lambda s: s.fair(share=70),
    ),
    "no article": (
        "article",
        "chưa ghi điều",
        lambda s: s.fill("hanoi-domestic-fair", 2, figure=1, article=None),
    ),
    "day typed as text": (
        "from",
        "Ctrl+1",
        lambda s: s.fill("hanoi-domestic-fair", 2, figure=1, from_="15/06/2020"),
    ),
    "no figure": ("figure", "chưa ghi con số", lambda s: s.fill("hanoi-domestic-fair", 2)),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_cells_are_told_by_sheet_and_cell(name: str, sheet: Filled, book: Path) -> None:
    key, told, fill = BAD[name]
    fill(sheet)
    row = sheet.row("hanoi-domestic-fair", 1 if "share" in name else 2)
    message = refused(sheet, book)
    assert f"trang «Định mức», ô {sheet.cell(key, row)}: " in message
    assert told in message


def test_a_figure_above_a_ceiling_known_second_hand_is_loaded_and_told(
    sheet: Filled, book: Path
) -> None:
    sheet.fair(share=0.9)
    ran = run_cnht("norms", "load", sheet.save(), book, "-q")
    assert ran.code == 0
    assert "cao hơn trần 70% của 29/2018/TT-BTC" in ran.err
    assert "trần ấy mới biết ở nguồn thứ cấp" in ran.err
    assert "Cần xem lại định mức: «hanoi-domestic-fair»" in run_cnht("check", book).out


def test_an_auditor_brings_norms_of_their_own(sheet: Filled, book: Path, tmp_path: Path) -> None:
    sheet.fair()
    sheet.labels("Trần Thị K, kiểm toán viên", dt.datetime(2024, 3, 20))  # noqa: DTZ001
    folder = tmp_path / "ktv"
    ran = run_cnht("norms", "load", sheet.save(), "-o", folder, "-q")
    assert (ran.code, ran.err) == (0, "")
    assert not (book.parent / "norms").exists()
    asked = ("check", book, "--select", "NRM201", "--as-of", "2021-12-31", "--no-book-norms")
    content = json.loads(run_cnht(*asked, "--norms", folder, "--format", "json").out)
    (finding,) = content["findings"]
    assert (finding["severity"], finding["at_issue"]) == ("error", 1)
    cited = finding["citations"][0]
    assert (cited["grade"], cited["reader"]) == ("auditor", "Trần Thị K, kiểm toán viên")
    assert "kiểm toán viên đã đọc: Trần Thị K" in cited["cited"]
    assert (len(content["auditor_norms"]), content["own_norms"]) == (1, [])
    totals = content["totals"]
    assert (totals["resting_on_auditor_norms"], totals["resting_on_own_norms"]) == (1, 0)
    ran = run_cnht(*asked, "--norms", folder / "11-2020-qd-ubnd.yaml")
    assert "Có dùng định mức kiểm toán viên đã đọc (--norms)" in ran.out


def test_where_norms_are_to_be_written_or_read_is_said(sheet: Filled, tmp_path: Path) -> None:
    sheet.fair()
    assert "một trong hai" in run_cnht("norms", "load", sheet.save()).err
    file = tmp_path / "a.txt"
    file.write_text("của tôi", "utf-8")
    assert "không phải thư mục" in run_cnht("norms", "load", sheet.path, "-o", file).err
    (tmp_path / "trong").mkdir()
    for path in (tmp_path / "trong", tmp_path / "khong-co"):
        ran = run_cnht("check", HANOI, "--norms", path)
        assert (ran.code, ran.out) == (2, "")
        assert f"{path}: không có tệp định mức nào ở đây" in ran.err


def test_a_line_refused_is_not_told_as_left_out(sheet: Filled, book: Path) -> None:
    sheet.fair(cap="mười triệu", share=1.2)
    message = refused(sheet, book)
    assert message.count("→") == 2
    assert "mới điền một phần" not in message


def test_two_figures_for_one_content_and_day(sheet: Filled, book: Path) -> None:
    free = {"measure": "số tiền", "figure": 5, "per": "enterprise"}
    first, second = sheet.fill("hanoi-rnd", 1, **free), sheet.fill("hanoi-rnd", 2, **free)
    message = refused(sheet, book)
    assert f"ô {sheet.cell('figure', second)}: trùng với ô {sheet.cell('figure', first)}" in message


def test_two_periods_of_one_norm(sheet: Filled, book: Path) -> None:
    free = {"measure": "tỷ lệ trên chi phí", "figure": 0.5}
    sheet.fill("hanoi-rnd", 1, **free, to=dt.datetime(2022, 12, 31))  # noqa: DTZ001
    sheet.fill("hanoi-rnd", 2, **{**free, "figure": 0.6}, from_=dt.datetime(2023, 1, 1))  # noqa: DTZ001
    assert run_cnht("norms", "load", sheet.save(), book, "-q").code == 0
    own = sorted((book.parent / "norms").glob("*.yaml"))
    norm = load_law(["cnht", "cnht-hanoi"], own).norms["hanoi-rnd"]
    shares = [norm.value_on(dt.date(year, 1, 1)) for year in (2022, 2023)]
    assert [str(v.limits[0].at_most) for v in shares if v and v.limits] == ["1/2", "3/5"]


def test_a_norm_filled_in_in_part(sheet: Filled, book: Path) -> None:
    sheet.fill("hanoi-domestic-fair", 2, figure=10_000_000)
    assert "mới điền một phần, còn dòng 1" in refused(sheet, book)


def test_nobody_answers_for_it(sheet: Filled, book: Path) -> None:
    sheet.fair()
    sheet.labels(None, "hôm qua")
    message = refused(sheet, book)
    assert "chưa ghi «Người đọc văn bản»" in message
    assert "phải là ngày, không phải «hôm qua»" in message
    sheet.labels("Nguyễn Văn A", dt.datetime(2999, 1, 1))  # noqa: DTZ001
    assert "«Ngày đọc» 01/01/2999 chưa tới" in refused(sheet, book)


def test_an_empty_worksheet(sheet: Filled, book: Path) -> None:
    assert "chưa điền dòng nào" in refused(sheet, book)


def test_a_file_that_is_no_worksheet(tmp_path: Path, book: Path) -> None:
    path = tmp_path / "khac.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    assert "cnht norms worksheet" in run_cnht("norms", "load", path, book).err
    ran = run_cnht("codes", "load", path, book, "--by", "A")
    assert (ran.code, "norms worksheet" in ran.err) == (2, False)
    ran = run_cnht("codes", "load", code_file(tmp_path), book, "--by", " ")
    assert (ran.code, "--by để trống" in ran.err) == (2, True)


def test_own_norms_are_replaced_only_when_asked(sheet: Filled, book: Path) -> None:
    sheet.fair()
    assert run_cnht("norms", "load", sheet.save(), book, "-q").code == 0
    own = book.parent / "norms" / "11-2020-qd-ubnd.yaml"
    before = own.read_bytes()
    assert "Nguyễn Văn A".encode() in before  # as people read it, no escapes
    sheet.fair(cap=9_000_000)
    again = run_cnht("norms", "load", sheet.save(), book)
    assert (again.code, f"{own.name}: tệp này đã có" in again.err) == (2, True)
    assert own.read_bytes() == before
    assert run_cnht("norms", "load", sheet.save(), book, "--force", "-q").code == 0
    assert b"9000000" in own.read_bytes()


def test_diff_tells_what_began_ended_and_changed() -> None:
    ran = run_cnht("norms", "diff", "2018-05-10", "2018-05-11", "--format", "json")
    found = {one["id"]: one for one in json.loads(ran.out)["changes"]}
    assert found["tt29-domestic-fair"]["change"] == "begins"
    assert found["ttlt26-brand"]["change"] == "ends"
    assert found["ttlt26-brand"]["after"] is None
    assert found["ttlt26-brand"]["before"][1]["at_most"] == "35000000"
    assert "ttlt26-brand" in run_cnht("norms", "diff", "2018-05-10", "2018-05-11").out
    same = run_cnht("--lang", "en", "norms", "diff", "2019-03-01", "2019-03-02")
    assert same.out == "no norm differs between the two days\n"


def code_file(folder: Path, *rows: tuple[object, ...]) -> Path:
    path = folder / "ma.xlsx"
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.append(list(CODE_HEADINGS.values()))
    for row in rows:
        page.append(list(row))
    workbook.save(path)
    return path


@pytest.mark.parametrize(
    ("listed", "asked", "named_only"),
    [
        (None, "6550", True),  # the first and the last of a group of which nothing is listed
        (None, "6599", True),
        (None, "6600", False),
        ("6550", "6560", False),
        ("6599", "6560", False),
        ("6600", "6560", True),  # listed of another group
    ],
)
def test_a_group_is_known_by_name_only_where_no_sub_item_of_it_is_listed(
    listed: str | None, asked: str, *, named_only: bool
) -> None:
    codes = [Code(segment="item-group", code="6550-6599", name="Vật tư")]
    codes += [Code(segment="sub-item", code=listed, name="Giấy")] if listed else []
    known = BudgetCodes((CodeList(title="Mục lục", codes=tuple(codes)),))
    assert known.named_only(asked, 2021) is named_only


def test_the_item_of_a_sub_item_is_the_group_that_lists_it() -> None:
    known = load_codes()
    groups = [code.split("-") for code in known.known("item-group", 2021).codes]
    listed = list(known.known("sub-item", 2021).codes)
    assert len(listed) > 20
    for code in listed:
        ((first, _),) = [own for own in groups if own[0] <= code <= own[-1]]
        assert item_of(f"TM{code}") == first, code
    assert item_of("TM6157") == "6150"  # of a group that the list has not told apart
    assert [item_of(name) for name in ("", "TM", "TMx")] == [""] * 3


def test_how_far_items_lie_apart_is_said_by_the_list_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "codes.yaml"
    text = budget_codes.SHIPPED.read_text("utf-8")
    path.write_text(text.replace("item-spacing: 50", "item-spacing: 20"), "utf-8")
    monkeypatch.setattr(budget_codes, "SHIPPED", path)
    assert item_of("TM6655") == "6640"
    with pytest.raises(BadInputError, match="item-spacing"):
        load_codes([path])  # no list of a unit says so


def test_a_loaded_list_makes_an_unknown_code_an_error(tmp_path: Path, book: Path) -> None:
    asked = ("check", book, "--select", "BOK207", "--as-of", "2021-12-31", "--no-cache")
    assert run_cnht(*asked).code == 0
    path = code_file(tmp_path, ("tiểu mục", 6651, "In, mua tài liệu", 2018, 2025))
    assert run_cnht("codes", "load", path, book, "--by", "Nguyễn Văn A", "-q").code == 0
    (finding,) = json.loads(run_cnht(*asked, "--format", "json").out)["findings"]
    assert (finding["severity"], finding["kind"]) == ("error", "fail")
    assert finding["subject"] == "code sub-item 6655 2021"
    listed = json.loads(run_cnht("codes", "list", book, "--year", "2021", "--format", "json").out)
    assert listed["segments"]["sub-item"]["complete"]
    assert not listed["segments"]["chapter"]["complete"]
    assert run_cnht("codes", "load", path, book, "--by", "B").code == 2
    assert run_cnht("codes", "load", path, book, "--by", "B", "--force", "-q").code == 0


def test_codes_of_a_csv_file_keep_their_zeros(tmp_path: Path, book: Path) -> None:
    path = tmp_path / "ma.csv"
    rows = (CODE_HEADINGS.values(), ("loại", "070", "Giáo dục", "2018", ""))
    path.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    assert run_cnht("codes", "load", path, book, "--by", "A", "-q").code == 0
    (own,) = (book.parent / "codes").glob("*.yaml")
    assert read_yaml(own).content["codes"][0]["code"] == "070"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("tiểu mục", 66511, "x", 2018, 2025), "ô B2: mã tiểu mục phải có 4 chữ số"),
        (("tiểu", 6651, "x", 2018, 2025), "ô A2: loại mã «tiểu» không có"),
        (("tiểu mục", 6651, None, 2018, 2025), "ô C2: thiếu tên"),
        (("tiểu mục", 6651, "x", 2025, 2018), "ô E2: niên độ cuối 2018 trước"),
        (("tiểu mục", 6651, "x", "năm nay", 2025), "ô D2: niên độ phải là năm"),
        (("tiểu mục", 6651, "x", 2018.5, 2025), "ô D2: niên độ phải là năm, không phải «2018.5»"),
        (("tiểu mục", 6651.5, "x", 2018, 2025), "ô B2: mã tiểu mục phải có 4 chữ số"),
    ],
)
def test_bad_codes_are_told_by_cell(
    tmp_path: Path, book: Path, row: tuple[object, ...], told: str
) -> None:
    ran = run_cnht("codes", "load", code_file(tmp_path, row), book, "--by", "A")
    assert ran.code == 2
    assert told in ran.err
    assert "→" in ran.err
    assert not (book.parent / "codes").exists()


def test_a_code_that_stands_twice(tmp_path: Path, book: Path) -> None:
    row = ("tiểu mục", 6651, "x", 2018, 2025)
    ran = run_cnht("codes", "load", code_file(tmp_path, row, row), book, "--by", "A")
    assert ran.code == 2
    assert "ô B3: mã 6651 trùng với ô B2" in ran.err


def test_codes_list_prints_what_was_read_and_how() -> None:
    told = run_cnht("codes", "list", "--year", "2021").out
    assert "6655" in told
    assert "chưa có nguồn" in told
    assert "chưa có danh mục" in run_cnht("codes", "list", "--year", "2026").out


def test_a_copy_of_the_book_takes_its_norms_along(
    sheet: Filled, book: Path, tmp_path: Path
) -> None:
    sheet.fair()
    assert run_cnht("norms", "load", sheet.save(), book, "-q").code == 0
    shutil.copytree(book.parent, tmp_path / "bản sao")
    ran = run_cnht("check", tmp_path / "bản sao", "--select", "NRM201", "--as-of", "2021-12-31")
    assert ran.code == 1
