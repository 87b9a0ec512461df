"""What importers take from a book: who the other side is, and what entries like a row say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from beancount.parser import parser

from importers.importing import plan_import
from importers.known import Known
from importers.movements import SIDE_BY_NAME
from importers.parties import OtherSide, Parties
from ledger.problems import BadInputError
from tests.books import write_book
from tests.statements import banks, treasury

if TYPE_CHECKING:
    from pathlib import Path

    from importers.draft import Draft
    from importers.likeness import Suggestion

NUMBER = "3713.0.1100001.00000"
PARTIES = Parties(
    {
        "0100000001": "Công ty TNHH Minh Hòa",
        "0100000002": "Công ty CP Cơ khí Minh Họa",
        "0100000003": "Công ty CP Cơ khí Minh Họa 3",
        "0100000004": "Công ty CP Đại Phát",
        "0100000005": "Công ty TNHH Đại Phát",
        "0100000006": "Công ty An",
        "0100000007": "Công ty TNHH Tân Long",
    }
)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("CONG TY TNHH MINH HOA", "", OtherSide("0100000001", sure=True)),
        ("CTY MINH HOA", "", OtherSide("0100000001", sure=True)),
        ("Công ty TNHH Minh Hoà", "", OtherSide("0100000001", sure=True)),
        ("CÔNG TY TNHH MINH HÓA", "", None),
        ("CTY TNHH TAN LONG", "", OtherSide("0100000007", sure=True)),
        ("CÔNG TY TRÁCH NHIỆM HỮU HẠN TÂN LONG", "", OtherSide("0100000007", sure=True)),
        ("TAN LONG", "", OtherSide("0100000007", sure=True)),
        ("CONG TY CO PHAN TAN LONG", "", OtherSide("0100000007", sure=False)),
        ("CTCP TAN LONG", "", OtherSide("0100000007", sure=False)),
        ("CTY TNHH MTV TAN LONG", "", OtherSide("0100000007", sure=False)),
        ("HTX TAN LONG", "", OtherSide("0100000007", sure=False)),
        ("HO KINH DOANH TAN LONG", "", OtherSide("0100000007", sure=False)),
        ("CONG TY TNHH MINH HOANG", "", None),
        ("CONG TY TNHH MINH HOA LONG AN", "", OtherSide("0100000001", sure=False)),
        ("CONG TY CP CO KHI MINH HOA 3", "", OtherSide("0100000003", sure=True)),
        ("", "CTY CO KHI MINH HOA 3 TT HD 05", OtherSide("0100000003", sure=False)),
        ("", "CTY CO KHI MINH HOA TT HD 05", OtherSide("0100000002", sure=False)),
        ("Công ty TNHH Đại Phát", "", OtherSide("0100000005", sure=True)),
        ("DAI PHAT", "", None),
        ("", "dai phat tra tien", None),
        ("CONG TY AN", "", OtherSide("0100000006", sure=True)),
        ("", "tien an cua hoi dong", None),
        ("ai do", "MST 0100000004 nop", OtherSide("0100000004", sure=True)),
        ("", "MST 0100000099 nop", None),
        ("", "", None),
    ],
)
def test_a_party_is_found_by_its_code_or_its_words(
    name: str, text: str, found: OtherSide | None
) -> None:
    assert PARTIES.named_in(name, text) == found


def paid_to(folder: Path, name: str) -> tuple[str, str, object, tuple[object, ...]]:
    main = write_book(folder / "so", '2021-01-01 custom "party" "0100000001" "Công ty Minh Hòa"\n')
    rows = [
        ["Số tài khoản", NUMBER],
        ["Ngày", "Số CT", "Đối tác", "Ghi nợ", "Ghi có", "Nội dung", "Số dư"],
        ["02/06/2021", "7", name, "500.000", "", "thue xe", "17.500.000"],
    ]
    (outcome,) = plan_import(main.resolve(), [banks.xlsx(folder / "a.xlsx", rows)]).outcomes
    (draft,) = outcome.drafts
    assert draft.entry is not None
    entry = draft.entry
    return entry.flag, entry.payee, entry.meta.get("vendor"), draft.undecided


def test_a_name_inside_another_is_a_guess_and_stays_as_printed(tmp_path: Path) -> None:
    flag, payee, vendor, undecided = paid_to(tmp_path / "a", "CT MINH HOA 3")
    assert (flag, payee, vendor) == ("!", "CT MINH HOA 3", "0100000001")
    assert SIDE_BY_NAME in undecided
    _, payee, vendor, undecided = paid_to(tmp_path / "b", "CTY MINH HOA")
    assert (payee, vendor) == ("Công ty Minh Hòa", "0100000001")
    assert SIDE_BY_NAME not in undecided
    _, payee, vendor, _ = paid_to(tmp_path / "c", "CTY MINH HOANG")
    assert (payee, vendor) == ("CTY MINH HOANG", None)


@pytest.mark.parametrize(
    ("word", "sign"),
    [("Chi", -1), ("Thu", 1), ("C", 1), ("D", -1), ("Nợ", -1), ("Có", 1), ("Cr.", 1), ("−", -1)],
)
def test_a_word_says_which_way_money_went(tmp_path: Path, word: str, sign: int) -> None:
    assert moved(tmp_path, word) == sign * 500_000


@pytest.mark.parametrize("word", ["Chuyển đi", "chuyển khoản", ""])
def test_a_word_that_says_it_not_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(BadInputError, match="không rõ tiền vào hay ra"):
        moved(tmp_path, word)


def moved(folder: Path, word: str) -> int:
    rows = [
        ["Số tài khoản", NUMBER],
        ["Ngày", "Loại", "Số tiền", "Nội dung"],
        ["02/06/2021", word, "500.000", "thue xe"],
    ]
    main = write_book(folder / "so", "").resolve()
    (outcome,) = plan_import(main, [banks.xlsx(folder / "a.xlsx", rows)]).outcomes
    (draft,) = outcome.drafts
    assert draft.entry is not None
    return draft.entry.postings[0].amount


def like(book: str, text: str, *, deposit: bool) -> Suggestion | None:
    entries, _, _ = parser.parse_string(book)
    return Known(entries).like(text, "", None, deposit=deposit, sign=-1)


def test_one_syllable_of_many_teaches_nothing() -> None:
    book = """
2021-03-01 * "Công ty Ví Dụ" "Mua bút trình chiếu"
  kind: "payment"
  Assets:DuToan:KhaDung:NV03:NSTP  -1 VND
  Expenses:NV03:NSTP:TM6651         1 VND
"""
    assert like(book, "Bút; Sách", deposit=False) is None
    assert like(book, "Bút chiếu", deposit=False)


def test_examples_that_disagree_teach_nothing() -> None:
    book = "".join(
        f"""
2021-0{n}-01 * "In tài liệu tập huấn"
  kind: "payment"
  Assets:TienGui:KB01  -1 VND
  Expenses:NV0{n}:DN:TM6651  1 VND
"""
        for n in range(1, 5)
    )
    assert like(book, "IN TAI LIEU TAP HUAN", deposit=True) is None


def drafts_of(book: str, folder: Path, rows: banks.Rows) -> tuple[Draft, ...]:
    main = write_book(folder / "so", book).resolve()
    (outcome,) = plan_import(main, [banks.xlsx(folder / "a.xlsx", rows)]).outcomes
    assert outcome.read == sum(outcome.counts())
    return outcome.drafts


RETURNED = """
2021-01-01 open Assets:DuToan:KhaDung:NV05:NSTP VND
2021-01-01 open Assets:TamUng:NV05:NSTP:TM6699 VND
2021-01-01 open Expenses:NV05:NSTP:TM6699 VND
2021-06-25 * "Nộp lại tiền thừa"
  kind: "return-restoring"
  voucher: "2021/NT/04"
  Assets:DuToan:KhaDung:NV05:NSTP  1000000 VND
  Assets:TamUng:NV05:NSTP:TM6699  -1000000 VND
2021-06-26 * "Thanh toán tạm ứng"
  kind: "advance-settlement"
  voucher: "2021/TTTU/05"
  Assets:TamUng:NV05:NSTP:TM6699  -3000000 VND
  Expenses:NV05:NSTP:TM6699  3000000 VND
"""


def test_returns_and_settlements_that_the_book_has_are_not_drafted_again(tmp_path: Path) -> None:
    rows = treasury.account_statement(
        "9523.2.1100001",
        rows=[
            ["25/06/2021", "NT04", "Nop tra kinh phi", "6699", "309", "12", "", "1.000.000", ""],
            [
                "26/06/2021",
                "TTTU05",
                "Thanh toan tam ung",
                "6699",
                "309",
                "12",
                "3.000.000",
                "",
                "",
            ],
            ["27/06/2021", "NT05", "Nop tra kinh phi", "6699", "309", "12", "", "1.000.000", ""],
        ],
    )
    (draft,) = drafts_of(RETURNED, tmp_path, rows)
    assert draft.entry is not None
    assert draft.entry.meta["voucher"] == "2021/NT/05"


def test_the_same_movement_of_another_deposit_account_is_told(tmp_path: Path) -> None:
    book = f"""
2021-01-01 open Assets:TienGui:KB01 VND
2021-01-01 open Assets:TienGui:NH01 VND
  account-number: "{NUMBER}"
2021-01-01 open Expenses:NV01:DN:TM6655 VND
2021-06-02 ! "Thuê xe"
  kind: "payment"
  Assets:TienGui:KB01  -500000 VND
  Expenses:NV01:DN:TM6655  500000 VND
"""
    rows = [["Số tài khoản", NUMBER], ["Ngày", "Loại", "Số tiền", "Nội dung"]]
    (draft,) = drafts_of(book, tmp_path, [*rows, ["02/06/2021", "Chi", "500.000", "thue xe"]])
    assert any("có thể đã ghi ở" in text.vi for text in draft.undecided)


PROGRAMME = "2021-01-01 open Assets:TienGui:NH01 VND\n"


@pytest.mark.parametrize(
    ("day", "other"), [("30/01/2022", False), ("02/02/2022", True), ("15/06/2022", True)]
)
def test_the_year_after_is_another_year_once_it_has_closed(
    tmp_path: Path, day: str, *, other: bool
) -> None:
    rows = [["Ngày", "Loại", "Số tiền", "Nội dung"], [day, "Chi", "500.000", "thue xe"]]
    if other:
        with pytest.raises(BadInputError, match=f"ngày {day} không thuộc niên độ"):
            drafts_of(PROGRAMME, tmp_path, rows)
    else:
        assert drafts_of(PROGRAMME, tmp_path, rows)


def test_a_voucher_prints_its_day_and_number_once(tmp_path: Path) -> None:
    rows = treasury.journal_s04h()
    blank = [
        [None, None, None, *row[3:]] if number and row[:3] == rows[5:-1][number - 1][:3] else row
        for number, row in enumerate(rows[5:-1])
    ]
    whole = drafts_of("", tmp_path / "a", rows)
    once = drafts_of("", tmp_path / "b", [*rows[:5], *blank, rows[-1]])
    assert [d.entry and (d.entry.date, d.entry.meta["voucher"]) for d in once] == [
        d.entry and (d.entry.date, d.entry.meta["voucher"]) for d in whole
    ]


def test_a_journal_names_the_sub_item_of_what_a_deposit_paid(tmp_path: Path) -> None:
    rows = [
        ["SỔ NHẬT KÝ CHUNG"],
        ["Ngày hạch toán", "Số CT", "Diễn giải", "TK Nợ", "TK Có", "Số tiền", "Tiểu mục"],
        ["02/06/2021", "UNC7", "Thue xe", "6112", "1121", 500_000, "6655"],
        ["30/06/2021", "BC9", "Lai tien gui", "1121", "3371", 9_000, None],
    ]
    paid, earned = (draft.entry for draft in drafts_of("", tmp_path, rows))
    assert paid is not None
    assert earned is not None
    assert paid.postings[1].account.endswith(":DN:TM6655")
    assert earned.meta["kind"] == "deposit-interest"


def test_an_own_layout_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    profiles = tmp_path / "so" / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "bad.yaml").write_text("titel: y\n", "utf-8")
    with pytest.raises(BadInputError, match=r"bad\.yaml"):
        drafts_of("", tmp_path, banks.mb_rows(banks.MOVES))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("columns: {date: [Ngay], amout: [So tien]}", "amout"),
        ("columns: {date: [Ngay], text: [Noi dung]}", "có các cột out, in | amount"),
        ("columns: {date: [Ngay], amount: [Tien]}\noptional: [blance]", "blance"),
        ("columns: {date: [Ngay], amount: [Tien]}\nnegative: [outt]", "outt"),
    ],
)
def test_a_column_of_no_known_name_is_no_layout(tmp_path: Path, changed: str, told: str) -> None:
    profiles = tmp_path / "so" / "profiles"
    profiles.mkdir(parents=True)
    head = "profile: mau\ntitle: mau\nreads: bank\nknowledge: taught\nsource: tep\n"
    (profiles / "bad.yaml").write_text(head + changed + "\n", "utf-8")
    with pytest.raises(BadInputError) as refused:
        drafts_of("", tmp_path, banks.mb_rows(banks.MOVES))
    assert told in str(refused.value)
    assert "bad.yaml" in str(refused.value)


def test_an_account_number_that_lost_its_first_zeros_is_known(tmp_path: Path) -> None:
    book = '2021-01-01 open Assets:TienGui:NH01 VND\n  account-number: "0011004123456"\n'
    rows = [["Số tài khoản", 11004123456], ["Ngày", "Loại", "Số tiền", "Nội dung"]]
    (draft,) = drafts_of(book, tmp_path, [*rows, ["02/06/2021", "Chi", "500.000", "thue xe"]])
    assert draft.entry is not None
    assert draft.entry.postings[0].account == "Assets:TienGui:NH01"
