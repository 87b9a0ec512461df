"""What each row is: a movement, a total, a number of columns; tables as people print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from beancount.loader import load_string

from importers.importing import importer_of, importers
from importers.known import Known
from importers.source.places import Place
from importers.source.sheets import read_sheets
from importers.tables.profile import shipped
from importers.tables.reading import read_statements
from importers.tables.rows import TOTALS, Row, is_total
from ledger.problems import BadInputError
from ledger.writing import NewTransaction

if TYPE_CHECKING:
    from pathlib import Path

    from importers.draft import FileOutcome
    from importers.tables.statement import Statement

BANK_TITLES = "Ngày giao dịch;Nội dung;Ghi nợ;Ghi có;Số CT"


def text_file(folder: Path, *lines: str) -> Path:
    path = folder / "tep.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def read(folder: Path, *lines: str) -> Statement:
    (statement,) = read_statements(read_sheets(text_file(folder, *lines)), shipped())
    return statement


def refused(folder: Path, *lines: str) -> str:
    with pytest.raises(BadInputError) as told:
        read(folder, *lines)
    return str(told.value)


@pytest.mark.parametrize(
    ("label", "total"),
    [
        *(
            (label, True)
            for label in (
                "Cộng", "TỔNG CỘNG", "Tổng số:", "- Cộng phát sinh trong tháng 6/2021", "CONG",
                "Tong cong", "Cộng nguồn 12", "Cộng chuyển sang trang sau", "Tổng cộng (I + II)",
                "Số dư cuối kỳ", "SO DU DAU KY", "Lũy kế từ đầu năm", "Total", "Cộng NV01",
            )
        ),
        *(
            (label, False)
            for label in (
                "Công tác phí", "CONG TY CP A CHUYEN TIEN", "Công", "Cộng tác viên",
                "TONG CONG TY X NOP TIEN", "Tổng công ty X", "Tong ket hoi nghi", "SO DU chuyen",
                "Tổng kết, đánh giá chương trình", "Công tác quản lý Chương trình", "Cong tac phi",
            )
        ),
    ],
)  # fmt: skip
def test_a_total_is_told_by_whole_words(label: str, *, total: bool) -> None:
    row = Row(Place("a.csv", "", 1), {}, {}, (None, label, 1000))
    assert is_total(row) is total


def test_a_dated_row_is_a_movement_whatever_its_text_begins_with(tmp_path: Path) -> None:
    statement = read(
        tmp_path,
        "Số tài khoản;0801234567",
        BANK_TITLES,
        "01/06/2021;CONG TY CP A CHUYEN TIEN;0;18,000,000;BC07",
        "04/06/2021;Công ty TNHH B;0;16,000,000;BC08",
        "05/06/2021;Tổng hợp phí;11,000;0;BN01",
        ";Tổng cộng;11,000;34,000,000;",
    )
    assert [line.amount for line in statement.lines] == [18_000_000, 16_000_000, -11_000]
    assert [one.reason for one in statement.rejects] == [TOTALS]
    assert statement.totalled


def test_a_dated_total_is_not_guessed(tmp_path: Path) -> None:
    said = refused(
        tmp_path,
        BANK_TITLES,
        "01/06/2021;Nhận đóng góp;0;18,000,000;BC07",
        "01/06/2021;Cộng phát sinh;0;18,000,000;",
    )
    assert "ô B3" in said
    assert "dòng tổng" in said


def test_a_row_of_02a_is_no_total_for_its_first_letters(tmp_path: Path) -> None:
    titles = "Nội dung;Mã nguồn NSNN;Mã ngành kinh tế;Mã NDKT;(1);(2);(3);(4);(5);(6)"
    statement = read(
        tmp_path,
        titles,
        "Công tác phí;12;338;6749;0;0;4.695.000;4.695.000;4.695.000;4.695.000",
        "Tổng cộng;;;;0;0;4.695.000;4.695.000;4.695.000;4.695.000",
    )
    assert [(one.label, one.sub_item) for one in statement.figures] == [("Công tác phí", "6749")]


def drafted(folder: Path, *lines: str) -> FileOutcome:
    path = text_file(folder, *lines)
    return importer_of(path, importers()).propose(path, Known([]))


def undrafted(folder: Path, *lines: str) -> str:
    with pytest.raises(BadInputError) as told:
        drafted(folder, *lines)
    return str(told.value)


ANNEX = ("Kèm theo Quyết định số 33/QĐ-UBND ngày 15 tháng 6 năm 2021", "STT;Nhiệm vụ;Số tiền")
JOURNAL = "Diễn giải;Ngày chứng từ;Số chứng từ;TK Nợ;TK Có;Số tiền"


def test_the_total_of_an_annex_is_proved_against_every_task(tmp_path: Path) -> None:
    rows = ("1;NV01;150.000.000", "2;Công tác quản lý Chương trình;90.000.000")
    outcome = drafted(tmp_path, *ANNEX, *rows, ";Tổng cộng;240.000.000")
    assert len(outcome.drafts) == 2
    assert "tổng in là 250.000.000" in undrafted(tmp_path, *ANNEX, *rows, ";Cộng;250.000.000")


ANNEX_CODES = (ANNEX[0], "STT;Nội dung nhiệm vụ;Mã nhiệm vụ;Dự toán giao")


def test_an_annex_with_a_column_of_codes_is_read_and_proved_by_its_names_too(
    tmp_path: Path,
) -> None:
    rows = (
        "I;Kết nối;;150.000.000",
        "1;Hội chợ;NV01;150.000.000",
        "II;Đào tạo;;90.000.000",
        "1;Tập huấn doanh nghiệp;;90.000.000",
    )
    outcome = drafted(tmp_path, *ANNEX_CODES, "A;Tổng cộng;;240.000.000", *rows)
    assert [amount for *_, amount in given(outcome)] == [150_000_000, 90_000_000]
    (draft,) = [draft for draft in outcome.drafts if draft.entry]
    assert any("Tập huấn doanh nghiệp" in text.vi for text in draft.undecided)
    assert "tổng in là 250.000.000" in undrafted(
        tmp_path, *ANNEX_CODES, "A;Tổng cộng;;250.000.000", *rows
    )
    wrong = (*rows[:2], "II;Đào tạo;;95.000.000", rows[3])
    assert "nhóm «Đào tạo» in 95.000.000" in undrafted(tmp_path, *ANNEX_CODES, *wrong)


def test_an_amount_that_nothing_names_is_a_total_or_refused(tmp_path: Path) -> None:
    rows = ("1;Hội chợ;NV01;150.000.000", "2;Lớp;NV02;90.000.000")
    assert drafted(tmp_path, *ANNEX_CODES, *rows, ";;;240.000.000")
    assert "tổng in là 70.000.000" in undrafted(tmp_path, *ANNEX_CODES, *rows, ";;;70.000.000")


def test_what_each_fund_gives_is_read_below_a_title_that_is_parted(tmp_path: Path) -> None:
    outcome = drafted(
        tmp_path,
        ANNEX[0],
        "STT;Nhiệm vụ;Tổng số;Trong đó;",
        ";;;Ngân sách trung ương;Ngân sách thành phố",
        "1;NV01;300.000.000;100.000.000;200.000.000",
        "2;NV02;200.000.000;0;200.000.000",
        ";Tổng cộng;500.000.000;100.000.000;400.000.000",
    )
    (entry,) = [draft.entry for draft in outcome.drafts if draft.entry]
    assert [(p.account.rpartition(":")[2], p.amount) for p in entry.postings[:3]] == [
        ("NSTW", 100_000_000),
        ("NSTP", 200_000_000),
        ("NSTP", 200_000_000),
    ]


ANNEX_ITEMS = (ANNEX[0], "STT;Nhiệm vụ;Tiểu mục;Số tiền")


def given(outcome: FileOutcome) -> list[tuple[str, object, int]]:
    (entry,) = [draft.entry for draft in outcome.drafts if draft.entry]
    return [
        (posting.account.split(":")[-2], posting.meta.get("sub-item"), posting.amount)
        for posting in entry.postings
        if posting.amount > 0
    ]


def test_groups_of_an_annex_are_proved_and_allot_nothing(tmp_path: Path) -> None:
    outcome = drafted(
        tmp_path,
        *ANNEX_ITEMS,
        "A;Chi thường xuyên;;900",
        "I;Xúc tiến, đào tạo;;600",
        "1;Nhiệm vụ NV01;;400",
        "-;Thuê gian hàng;6751;250",
        "-;In tài liệu;6651;150",
        "2;Nhiệm vụ NV05;6699;200",
        "II;Nhiệm vụ NV07;;300",
        ";;6655;100",
        ";;6699;200",
        ";Tổng cộng;;900",
    )
    assert (outcome.read, outcome.counts()) == (10, (5, 0, 5))
    assert given(outcome) == [
        ("NV01", "TM6751", 250),
        ("NV01", "TM6651", 150),
        ("NV05", "TM6699", 200),
        ("NV07", "TM6655", 100),
        ("NV07", "TM6699", 200),
    ]


def test_a_group_without_numbers_below_is_told_by_its_sum(tmp_path: Path) -> None:
    rows = ("I;Nhóm một;;300", ";Nhiệm vụ NV01;;100", ";Nhiệm vụ NV02;;200")
    assert [amount for *_, amount in given(drafted(tmp_path, *ANNEX_ITEMS, *rows))] == [100, 200]
    alike = ("1;Nhiệm vụ NV01;;100", ";Nhiệm vụ NV02;;100")
    assert [amount for *_, amount in given(drafted(tmp_path, *ANNEX_ITEMS, *alike))] == [100, 100]


def test_a_task_goes_on_below_itself(tmp_path: Path) -> None:
    rows = ("1;Nhiệm vụ NV01;6651;100", ";;6699;50", "2;Nhiệm vụ NV02;6651;7")
    assert given(drafted(tmp_path, *ANNEX_ITEMS, *rows)) == [
        ("NV01", "TM6651", 100),
        ("NV01", "TM6699", 50),
        ("NV02", "TM6651", 7),
    ]


def test_a_group_that_its_rows_do_not_add_up_to_is_refused(tmp_path: Path) -> None:
    rows = ("I. Nhóm một;;301", "1. Nhiệm vụ NV01;;100", "2. Nhiệm vụ NV02;;200")
    said = undrafted(tmp_path, ANNEX[0], "Nhiệm vụ;Tiểu mục;Số tiền", *rows)
    assert "ô C3" in said
    assert "in 301, các dòng con cộng được 300" in said


def test_a_group_may_name_the_source_of_its_rows(tmp_path: Path) -> None:
    rows = ("I;Ngân sách trung ương;;100", "1;Nhiệm vụ NV01;6651;100")
    (entry,) = [one.entry for one in drafted(tmp_path, *ANNEX_ITEMS, *rows).drafts if one.entry]
    assert entry.postings[0].account.endswith("NV01:NSTW")
    parts = ("1;Nhiệm vụ NV01;;100", ";- Ngân sách trung ương;;60", ";- Ngân sách thành phố;;40")
    (entry,) = [one.entry for one in drafted(tmp_path, *ANNEX_ITEMS, *parts).drafts if one.entry]
    given = [(posting.account[-9:], posting.amount) for posting in entry.postings[:2]]
    assert given == [("NV01:NSTW", 60), ("NV01:NSTP", 40)]


FUND_COLUMNS = "STT;Nhiệm vụ;Tổng số;Ngân sách trung ương;Ngân sách Thành phố"


@pytest.mark.parametrize(
    ("titles", "row", "expected"),
    [
        (FUND_COLUMNS, "1;NV01;100;60;40", [("NSTW", 60), ("NSTP", 40)]),
        (FUND_COLUMNS, "1;NV01;100;;100", [("NSTP", 100)]),
        # Not the parts of the total: what else gives is a person's to say.
        (FUND_COLUMNS, "1;NV01;100;50;40", [("NSTP", 100)]),
        (f"{FUND_COLUMNS};NSTP bổ sung", "1;NV01;100;60;40;5", [("NSTP", 100)]),
    ],
)
def test_an_annex_may_have_a_column_for_each_fund(
    titles: str, row: str, expected: list[tuple[str, int]], tmp_path: Path
) -> None:
    outcome = drafted(tmp_path, ANNEX[0], titles, row)
    (draft,) = outcome.drafts
    assert draft.entry is not None
    shares = [
        (posting.account.rpartition(":")[2], posting.amount)
        for posting in draft.entry.postings
        if posting.account.startswith("Assets")
    ]
    assert shares == expected
    assert sum(posting.amount for posting in draft.entry.postings) == 0
    # Columns that are not the parts of the amount are told.
    split = len(expected) > 1 or row.endswith(";;100")
    assert any("không đọc" in text.vi for text in draft.undecided) is not split


def test_the_columns_of_the_funds_are_in_the_unit_of_the_table(tmp_path: Path) -> None:
    unit = "Đơn vị tính: triệu đồng"
    (draft,) = drafted(tmp_path, ANNEX[0], unit, FUND_COLUMNS, "1;NV01;100;60;40").drafts
    assert draft.entry is not None
    assert [posting.amount for posting in draft.entry.postings[:2]] == [60_000_000, 40_000_000]


def test_what_an_annex_leaves_open_is_a_persons_to_decide(tmp_path: Path) -> None:
    def said(titles: str, *rows: str) -> list[str]:
        (draft,) = [one for one in drafted(tmp_path, ANNEX[0], titles, *rows).drafts if one.entry]
        assert draft.entry is not None
        assert draft.entry.flag == ("!" if draft.undecided else "*")
        return [text.vi for text in draft.undecided if "nguồn" not in text.vi]

    adjusted = "STT;Nhiệm vụ;Mã chương;Dự toán đã giao;Điều chỉnh;Sau điều chỉnh;Ghi chú"
    (left,) = said(adjusted, "1;NV01;416;100;-20;80;2")
    assert left.startswith("số giao lấy ở cột D «Dự toán đã giao»; cột có số mà không đọc: E «Đi")
    assert left.endswith(", F «Sau điều chỉnh»")
    same = ("1;NV01;100", "2;NV01;100", "3;NV02;100")
    assert said(ANNEX[1], *same) == ["dòng 4 giống hệt dòng 3: có thể lặp"]


def test_an_annex_of_another_unit_is_refused(tmp_path: Path) -> None:
    known = Known(
        load_string(
            '2021-01-01 custom "programme" "A"\n  budget-year: 2021\n  unit-code: "1100001"\n'
        )[0]
    )
    path = text_file(tmp_path, "Mã ĐVQHNS: 1100002", *ANNEX, "1;NV01;100")
    with pytest.raises(BadInputError, match="ô A1: quyết định giao dự toán của đơn vị 1100002"):
        importer_of(path, importers()).propose(path, known)


def test_the_total_of_a_journal_is_proved_against_its_rows(tmp_path: Path) -> None:
    row = "Công tác phí;25/06/2021;UNC70;6111;1121;5.000.000"
    outcome = drafted(tmp_path, JOURNAL, row, "Tổng cộng;;;;;5.000.000")
    assert (outcome.read, len(outcome.drafts)) == (2, 1)
    assert "tổng in là 6.000.000" in undrafted(tmp_path, JOURNAL, row, "Tổng cộng;;;;;6.000.000")


@pytest.mark.parametrize(
    ("unit", "title", "printed", "dong"),
    [
        ("Đơn vị tính: triệu đồng", "Số tiền", "150", 150_000_000),
        ("ĐVT: 1.000 đồng", "Số tiền", "1.500", 1_500_000),
        ("(nghìn đồng)", "Số tiền", "0,5", 500),
        ("Đơn vị: tr.đ", "Số tiền", "12,345678", 12_345_678),
        ("Đơn vị tính: triệu đồng", "Số tiền (đồng)", "150.000", 150_000),
        ("Đơn vị: Sở Công Thương", "Số tiền (tỷ đồng)", "1,5", 1_500_000_000),
        ("Đơn vị tính: đồng", "Số tiền (VNĐ)", "150.000", 150_000),
    ],
)
def test_the_unit_of_a_table_is_obeyed_and_said(
    unit: str, title: str, printed: str, dong: int, tmp_path: Path
) -> None:
    row = f"1;NV01;{printed}"
    outcome = drafted(tmp_path, ANNEX[0], unit, f"STT;Nhiệm vụ;{title}", row, f";Cộng;{printed}")
    entry = outcome.drafts[0].entry
    assert isinstance(entry, NewTransaction)
    assert entry.postings[0].amount == dong
    assert any("đã nhân" in note.vi for note in outcome.notes) is (printed != "150.000")


def test_what_a_unit_leaves_unclear_is_refused(tmp_path: Path) -> None:
    def said(unit: str, printed: str) -> str:
        return undrafted(tmp_path, ANNEX[0], unit, ANNEX[1], f"1;NV01;{printed}")

    assert "không phải là số tiền" in said("Đơn vị tính: triệu đồng", "0,1234567")
    for doubtful in ("1,234", "1.234", "(1.234)"):
        assert "hàng nghìn hay phần lẻ" in said("Đơn vị tính: triệu đồng", doubtful)
    assert "hàng nghìn hay phần lẻ" in said("ĐVT: 1.000 đồng", "1,500")
    assert "đơn vị tính «usd»" in said("Đơn vị tính: USD", "150")


def test_balances_are_in_the_unit_of_the_statement(tmp_path: Path) -> None:
    statement = read(
        tmp_path,
        "Số tài khoản;0801234567",
        "Đơn vị tính;nghìn đồng",
        "Số dư đầu kỳ;100",
        f"{BANK_TITLES};Số dư",
        "01/06/2021;Nhận đóng góp;0;18;BC07;118",
        "Số dư cuối kỳ;;;;118",
    )
    assert (statement.opening, statement.closing) == (100_000, 118_000)
    assert [line.amount for line in statement.lines] == [18_000]
    assert "nghìn đồng" in statement.notes[0].vi


def test_an_account_statement_is_no_annex_of_an_allotment(tmp_path: Path) -> None:
    said = undrafted(
        tmp_path,
        "SAO KÊ CHI TIẾT TÀI KHOẢN theo dự toán",
        "Ngày hạch toán;Số chứng từ;Nội dung;Mã NDKT;Mã nguồn NSNN;Số tiền",
        "02/06/2021;RDT12;Rút tiền mặt tạm ứng;6699;12;24.000.000",
    )
    assert "không nhận ra loại tệp" in said
    assert "không nhận ra" in undrafted(tmp_path, "DANH SÁCH", "Nội dung;Số tiền", "Ăn trưa;30.000")


def test_a_journal_of_another_unit_or_year_is_refused(tmp_path: Path) -> None:
    known = Known(
        load_string(
            '2021-01-01 custom "programme" "A"\n  budget-year: 2021\n  unit-code: "1100001"\n'
        )[0]
    )
    row = "Nhận đóng góp;25/06/{};BC15;1121;3371;20.000.000"

    def refused_with(*lines: str) -> str:
        path = text_file(tmp_path, *lines)
        with pytest.raises(BadInputError) as told:
            importer_of(path, importers()).propose(path, known)
        return str(told.value)

    assert "B2: ngày 25/06/2020 không thuộc niên độ" in refused_with(JOURNAL, row.format(2020))
    said = refused_with("Mã QHNS: 9999999", JOURNAL, row.format(2021))
    assert "A1: sổ nhật ký của đơn vị 9999999" in said


NUMBERS_01A = "A;B;C;1;2;3;4;5=1+2+4;6;7;8;9;10;11=5-7-9-10"
TITLES_01A = (
    "Mã nguồn NSNN;Mã ngành kinh tế;Mã CTMT, DA;Dự toán năm trước còn lại;Dự toán giao đầu năm;"
    "Bổ sung trong kỳ;Bổ sung lũy kế;Dự toán được sử dụng trong năm;Đã sử dụng trong kỳ;"
    "Đã sử dụng lũy kế;Cam kết trong kỳ;Cam kết số dư;Dự toán giữ lại;Dự toán còn lại ở Kho bạc"
)
FIGURES_01A = "0;100;20;20;120;30;30;0;0;0;90"


@pytest.mark.parametrize("numbers", [NUMBERS_01A, ";".join(map(str, range(1, 15)))])
def test_numbers_of_columns_and_heads_of_groups_are_no_figures(
    numbers: str, tmp_path: Path
) -> None:
    statement = read(
        tmp_path,
        TITLES_01A,
        numbers,
        f"Nguồn 12;;;{FIGURES_01A}",
        f";Ngành ;;{FIGURES_01A}",
        f"12;;00000;{FIGURES_01A}",
        f"Cộng;;;{FIGURES_01A}",
    )
    assert [(one.source_code, one.kind_item) for one in statement.figures] == [("12", "")]
    assert statement.figures[0].amounts["usable"] == 120


def test_numbers_of_columns_are_no_movements(tmp_path: Path) -> None:
    titles = "Ngày hạch toán;Số chứng từ;Nội dung;Phát sinh nợ;Phát sinh có;Số dư"
    row = "01/06/2021;BC07;Nhận đóng góp;;18.000.000;18.000.000"
    statement = read(tmp_path, "KHO BẠC NHÀ NƯỚC", titles, "A;B;C;1;2;3", row)
    assert [line.amount for line in statement.lines] == [18_000_000]
    outcome = drafted(
        tmp_path, JOURNAL, "A;B;C;D;E;1", "Công tác phí;25/06/2021;UNC70;6111;1121;5.000.000"
    )
    assert len(outcome.drafts) == 1


WITH_BALANCE = f"{BANK_TITLES};Số dư"


def test_a_correction_keeps_to_its_column_and_is_said(tmp_path: Path) -> None:
    statement = read(
        tmp_path,
        WITH_BALANCE,
        "01/06/2021;Nhận đóng góp;;100;BC07;100",
        "02/06/2021;Điều chỉnh;;-30;BC08;70",
        "03/06/2021;Phí;20;;BN01;50",
        "04/06/2021;Trả lại phí;(5);;BN02;55",
        ";Cộng phát sinh;15;70;;",
    )
    assert [line.amount for line in statement.lines] == [100, -30, -20, 5]
    assert any("ghi giảm" in note.vi and "5, 3" in note.vi for note in statement.notes)


def test_a_minus_of_money_out_is_never_silent(tmp_path: Path) -> None:
    statement = read(tmp_path, BANK_TITLES, "01/06/2021;Trả;(2.000);;BN01")
    assert [line.amount for line in statement.lines] == [-2000]
    assert any("cột tiền ra in số âm" in note.vi for note in statement.notes)
    said = refused(tmp_path, BANK_TITLES, "01/06/2021;Trả;2.000;;BN01", "02/06/2021;Trả;-500;;BN02")
    assert "ô C3: số âm ở cột tiền ra" in said
