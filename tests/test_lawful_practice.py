"""What units do lawfully and a naive rule would flag: a book of it has no finding.

Each practice stands with the rules that must have looked at it, so that none is silent by chance.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import pytest

from ledger.beans import load_book
from ledger.extract import BookEntries, extract
from rules.law import load_law
from rules.rule import all_rules
from rules.run import run
from tests.cases import PACKS

if TYPE_CHECKING:
    from rules.finding import Outcome

# When another budget law is in force than in the year of the book.
AS_OF = dt.date(2026, 6, 30)
GRANTED = 900_000_000
# Supplemented late in the year, and carried over.
ADDED = 40_000_000
LIGHTS, PRINTER, EXPERT = "0199001010", "0199001028", "8399000114"


class Practice(NamedTuple):
    """What a unit does, and the rules that a wrong form of it would break."""

    looked_at_by: tuple[str, ...]
    book: str


def paid(number: int, day: str, amount: int, task: str = "NV01", **meta: str) -> str:
    """A payment from the estimate."""
    told = {
        "vendor": PRINTER,
        "activity": "programme-management",
        "voucher": f"2021/RDT/{number}",
        **meta,
    }
    lines = "".join(f'  {key.replace("_", "-")}: "{value}"\n' for key, value in told.items())
    return (
        f'{day} * "Chi {number}"\n  kind: "payment"\n{lines}'
        f"  Assets:DuToan:KhaDung:{task}:NSTP  -{amount} VND\n"
        f"  Expenses:{task}:NSTP:TM6799  {amount} VND\n"
    )


def invoice(number: str, total: int, seller: str = PRINTER) -> str:
    """An invoice to the unit."""
    return (
        f'2021-03-01 custom "invoice" "{seller}/{number}"\n'
        f'  seller: "{seller}"\n  buyer: "Sở"\n  total: {total}\n'
    )


def contract(number: str, value: int, day: str, more: str = "", vendor: str = PRINTER) -> str:
    """A contract with a vendor; a package is one of an approved plan."""
    plan = '  selection-plan: "1/QĐ"\n' if "package:" in more else ""
    return (
        f'{day} custom "contract" "{number}" "Dịch vụ {number}"\n  task: "NV01"\n'
        f'  vendor: "{vendor}"\n  value: {value}\n  signed: {day}\n'
        f'  method: "{METHOD}"\n{plan}{more}'
    )


def accepted(number: str, day: str) -> str:
    """Minutes of acceptance of a contract."""
    return f'{day} custom "acceptance" "BB {number}"\n  for: "contract {number}"\n'


METHOD = "chỉ định thầu rút gọn"

PRACTICES = {
    "an invoice paid in equal instalments": Practice(
        ("DUP102", "DUP105"),
        invoice("1C21TAA/1", 20_000_000)
        + paid(101, "2021-03-10", 10_000_000, invoice="1C21TAA/1")
        + paid(102, "2021-04-10", 10_000_000, invoice="1C21TAA/1"),
    ),
    "an invoice shared between the budget and contributions": Practice(
        ("DUP102", "CTR203", "CTR204"),
        invoice("1C21TAA/2", 15_000_000)
        + paid(111, "2021-03-12", 9_000_000, invoice="1C21TAA/2")
        + f"""
2021-03-11 * "Doanh nghiệp nộp"
  kind: "contribution-cash"
  voucher: "2021/BC/112"
  contributor: "{LIGHTS}"
  Assets:TienGui:KB01       6000000 VND
  Income:DongGop:NV01:DN   -6000000 VND
2021-03-12 * "Phần doanh nghiệp"
  kind: "payment"
  voucher: "2021/UNC/112"
  vendor: "{PRINTER}"
  activity: "programme-management"
  invoice: "1C21TAA/2"
  Assets:TienGui:KB01      -6000000 VND
  Expenses:NV01:DN:TM6799   6000000 VND
""",
    ),
    "a seller lowers its invoice and pays back the difference": Practice(
        ("DUP102",),
        invoice("1C21TAA/3", 8_000_000)
        + paid(121, "2021-04-01", 9_000_000, invoice="1C21TAA/3")
        + f"""
2021-04-01 * "Nhà thầu nộp lại theo hóa đơn điều chỉnh giảm"
  kind: "return-restoring"
  voucher: "2021/NT/121"
  vendor: "{PRINTER}"
  activity: "programme-management"
  invoice: "1C21TAA/3"
  Expenses:NV01:NSTP:TM6799        -1000000 VND
  Assets:DuToan:KhaDung:NV01:NSTP   1000000 VND
""",
    ),
    "a wrong invoice is replaced: the entry is cancelled in red and made again": Practice(
        ("DUP102", "DUP105", "BUD113"),
        invoice("1C21TAA/5", 7_000_000)
        + paid(131, "2021-05-04", 7_000_000, invoice="1C21TAA/4")
        + f"""
2021-05-20 * "Ghi đỏ, hóa đơn bị thay thế"
  kind: "correction"
  voucher: "2021/RDT/131"
  vendor: "{PRINTER}"
  activity: "programme-management"
  invoice: "1C21TAA/4"
  Assets:DuToan:KhaDung:NV01:NSTP   7000000 VND
  Expenses:NV01:NSTP:TM6799        -7000000 VND
"""
        + paid(131, "2021-05-20", 7_000_000, invoice="1C21TAA/5"),
    ),
    "an advance is settled in part and the rest given back in time": Practice(
        ("PRO403", "BOK506", "BUD103"),
        """
2021-05-03 * "Tạm ứng"
  kind: "advance"
  voucher: "2021/TU/141"
  holder: "thủ quỹ"
  Assets:DuToan:KhaDung:NV01:NSTP  -10000000 VND
  Assets:TamUng:NV01:NSTP:TM6799    10000000 VND
2021-05-25 * "Thanh toán lần một"
  kind: "advance-settlement"
  voucher: "2021/TTTU/142"
  advance: "2021/TU/141"
  activity: "programme-management"
  Assets:TamUng:NV01:NSTP:TM6799  -6000000 VND
  Expenses:NV01:NSTP:TM6799        6000000 VND
2021-06-30 * "Nộp trả phần còn lại vào ngày cuối"
  kind: "return-restoring"
  voucher: "2021/NT/143"
  advance: "2021/TU/141"
  Assets:TamUng:NV01:NSTP:TM6799   -4000000 VND
  Assets:DuToan:KhaDung:NV01:NSTP   4000000 VND
""",
    ),
    "a contract is raised by an amendment and paid in full": Practice(
        ("PRO301", "PRO302"),
        contract(
            "01/HĐ",
            46_000_000,
            "2021-03-15",
            '  package: "Gói 01"\n  end: 2021-09-30\n'
            '  amendments: "Phụ lục 01 ngày 2021-05-05: tăng 6000000"\n',
        )
        + accepted("01/HĐ", "2021-04-19")
        + paid(151, "2021-04-20", 20_000_000, contract="01/HĐ", invoice="1C21TAA/15")
        + paid(152, "2021-06-02", 26_000_000, contract="01/HĐ", invoice="1C21TAA/16"),
    ),
    "a contract is advanced to its half, recovered and paid": Practice(
        ("PRO401", "PRO402", "PRO405"),
        contract("02/HĐ", 80_000_000, "2021-03-20", '  package: "Gói 02"\n')
        + accepted("02/HĐ", "2021-06-10")
        + f"""
2021-03-25 * "Tạm ứng hợp đồng"
  kind: "advance"
  voucher: "2021/TU/161"
  contract: "02/HĐ"
  vendor: "{PRINTER}"
  Assets:DuToan:KhaDung:NV01:NSTP  -40000000 VND
  Assets:TamUng:NV01:NSTP:TM6799    40000000 VND
2021-06-11 * "Thu hồi tạm ứng"
  kind: "advance-settlement"
  voucher: "2021/TTTU/162"
  advance: "2021/TU/161"
  contract: "02/HĐ"
  vendor: "{PRINTER}"
  activity: "programme-management"
  Assets:TamUng:NV01:NSTP:TM6799  -40000000 VND
  Expenses:NV01:NSTP:TM6799        40000000 VND
"""
        + paid(163, "2021-06-11", 40_000_000, contract="02/HĐ", invoice="1C21TAA/17"),
    ),
    "two packages of an approved plan go to one vendor": Practice(
        ("PRO101", "PRO102"),
        "".join(
            contract(
                f"{number}/HĐ",
                70_000_000,
                day,
                f'  package: "Gói {number}"\n',
                LIGHTS,
            )
            + accepted(f"{number}/HĐ", "2021-08-01")
            + paid(
                170 + number,
                "2021-08-02",
                70_000_000,
                contract=f"{number}/HĐ",
                vendor=LIGHTS,
                invoice=f"1C21TBB/{number}",
            )
            for number, day in ((11, "2021-07-01"), (12, "2021-07-05"))
        ),
    ),
    "a task is put off by a decision": Practice(
        ("SCH101",),
        """
2021-09-10 custom "plan-change" "NV02"
  decision: "4100/QĐ-UBND"
  decision-date: 2021-09-10
  start: 2021-09-01
  end: 2021-11-30
2021-10-05 custom "event" "HN" "Hội nghị lùi ngày"
  task: "NV02"
  activity: "programme-management"
  start: 2021-11-20
  end: 2021-11-20
2021-11-22 custom "acceptance" "BB HN"
  for: "event HN"
"""
        + paid(181, "2021-11-24", 5_000_000, "NV02", event="HN", invoice="1C21TAA/18"),
    ),
    "estimate is moved by a decision before the last day": Practice(
        ("BUD105", "BUD106", "BUD107"),
        """
2021-11-14 * "Phân bổ lại"
  kind: "reallocation"
  decision: "15/QĐ"
  decision-date: 2021-11-14
  Assets:DuToan:KhaDung:NV01:NSTP  -30000000 VND
  Assets:DuToan:KhaDung:NV02:NSTP   30000000 VND
""",
    ),
    "a supplement after September is carried over": Practice(
        ("STL104", "STL109", "BUD112"),
        f"""
2021-10-01 * "Bổ sung"
  kind: "supplement"
  decision: "2/QĐ"
  decision-date: 2021-10-01
  Assets:DuToan:KhaDung:NV02:NSTP   {ADDED} VND
  Equity:GiaoDuToan:NSTP           -{ADDED} VND
2022-01-31 * "Chuyển nguồn phần bổ sung"
  kind: "carry-over"
  decision: "2/QĐ"
  decision-date: 2021-10-01
  ground: "đ"
  Assets:DuToan:KhaDung:NV02:NSTP  -{ADDED} VND
    budget-year: 2021
  Equity:ChuyenNguon:NSTP           {ADDED} VND
    budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP   {ADDED} VND
    budget-year: 2022
  Equity:ChuyenNguon:NSTP          -{ADDED} VND
    budget-year: 2022
2022-02-15 * "Chi từ nguồn chuyển sang"
  kind: "payment"
  voucher: "2022/RDT/191"
  vendor: "{PRINTER}"
  activity: "programme-management"
  invoice: "1C22TAA/1"
  Assets:DuToan:KhaDung:NV02:NSTP  -{ADDED} VND
  Expenses:NV02:NSTP:TM6799         {ADDED} VND
""",
    ),
    "work accepted in December is paid within the closing": Practice(
        ("STL101", "BOK104", "BOK105"),
        contract("03/HĐ", 30_000_000, "2021-11-01", '  package: "Gói 03"\n')
        + accepted("03/HĐ", "2021-12-31")
        + f"""
2022-01-20 * "Trả việc đã nghiệm thu"
  kind: "payment"
  budget-year: 2021
  voucher: "2022/RDT/201"
  vendor: "{PRINTER}"
  contract: "03/HĐ"
  activity: "programme-management"
  invoice: "1C21TAA/20"
  Assets:DuToan:KhaDung:NV01:NSTP  -30000000 VND
  Expenses:NV01:NSTP:TM6799         30000000 VND
""",
    ),
    "one payment settles two invoices": Practice(
        ("DUP102", "DUP105"),
        invoice("1C21TAA/31", 3_000_000)
        + invoice("1C21TAA/32", 4_000_000)
        + paid(301, "2021-03-18", 7_000_000, invoice="1C21TAA/31; 1C21TAA/32"),
    ),
    "tax is withheld from an expert and drawn for the budget in its own line": Practice(
        ("BOK504", "STL105"),
        f"""
2021-01-01 custom "party" "{EXPERT}" "Chuyên gia"
  role: "expert"
2021-05-11 * "Thù lao sau thuế"
  kind: "payment"
  voucher: "2021/RDT/311"
  beneficiary: "{EXPERT}"
  activity: "programme-management"
  gross: 5000000
  tax-withheld: 500000
  Assets:DuToan:KhaDung:NV01:NSTP  -4500000 VND
  Expenses:NV01:NSTP:TM6758         4500000 VND
2021-05-11 * "Thuế thu nhập cá nhân"
  kind: "payment"
  voucher: "2021/RDT/312"
  activity: "programme-management"
  Assets:DuToan:KhaDung:NV01:NSTP  -500000 VND
  Expenses:NV01:NSTP:TM6758         500000 VND
""",
    ),
    "one trainer teaches two classes on two days": Practice(
        ("DUP106", "SCH202"),
        "".join(
            f"""
{day} custom "event" "LOP-{day}" "Lớp"
  task: "NV01"
  activity: "programme-management"
  start: {day}
  end: {day}
{day} custom "acceptance" "BB LOP-{day}"
  for: "event LOP-{day}"
2021-06-14 * "Giảng lớp {day}"
  kind: "payment"
  voucher: "2021/RDT/321"
  beneficiary: "{EXPERT}"
  event: "LOP-{day}"
  activity: "programme-management"
  gross: 1000000
  Assets:DuToan:KhaDung:NV01:NSTP  -1000000 VND
  Expenses:NV01:NSTP:TM6652         1000000 VND
"""
            for day in ("2021-06-03", "2021-06-04")
        ),
    ),
    "a commitment is registered on the last day over the holidays, what is left released": Practice(
        ("PRO501", "PRO502", "BUD102"),
        contract("31/HĐ", 250_000_000, "2021-04-20", '  package: "Gói 31"\n').replace(
            METHOD, "chào hàng cạnh tranh"
        )
        + accepted("31/HĐ", "2021-07-01")
        + f"""
2021-05-06 * "Cam kết chi"
  kind: "commitment"
  contract: "31/HĐ"
  commitment: "CKC-01/2021"
  Assets:DuToan:KhaDung:NV01:NSTP  -250000000 VND
  Assets:DuToan:CamKet:NV01:NSTP    250000000 VND
2021-07-05 * "Trả theo khối lượng thực hiện"
  kind: "payment"
  voucher: "2021/RDT/331"
  contract: "31/HĐ"
  commitment: "CKC-01/2021"
  vendor: "{PRINTER}"
  activity: "programme-management"
  invoice: "1C21TAA/51"
  Assets:DuToan:CamKet:NV01:NSTP   -240000000 VND
  Expenses:NV01:NSTP:TM6799         240000000 VND
2021-08-02 * "Giải phóng phần còn lại"
  kind: "commitment-release"
  contract: "31/HĐ"
  commitment: "CKC-01/2021"
  Assets:DuToan:CamKet:NV01:NSTP   -10000000 VND
  Assets:DuToan:KhaDung:NV01:NSTP   10000000 VND
""",
    ),
    "a branch of the vendor invoices and is paid": Practice(
        ("PRO202",),
        f"""
2021-01-01 custom "party" "{PRINTER}-001" "Chi nhánh Công ty In"
  role: "vendor"
2021-05-08 custom "invoice" "{PRINTER}-001/1C21TCN/1"
  seller: "{PRINTER}-001"
  buyer: "Sở"
  total: 30000000
"""
        + contract("37/HĐ", 30_000_000, "2021-04-01", '  package: "Gói 37"\n')
        + accepted("37/HĐ", "2021-05-01")
        + paid(
            341,
            "2021-05-10",
            30_000_000,
            contract="37/HĐ",
            vendor=f"{PRINTER}-001",
            invoice=f"{PRINTER}-001/1C21TCN/1",
        ),
    ),
    "an advance of December is settled on the last day": Practice(
        ("STL102", "STL107", "PRO403"),
        """
2021-12-10 * "Tạm ứng"
  kind: "advance"
  voucher: "2021/TU/351"
  holder: "thủ quỹ"
  Assets:DuToan:KhaDung:NV01:NSTP  -10000000 VND
  Assets:TamUng:NV01:NSTP:TM6799    10000000 VND
2022-01-25 * "Thanh toán tạm ứng"
  kind: "advance-settlement"
  budget-year: 2021
  voucher: "2022/TTTU/351"
  advance: "2021/TU/351"
  activity: "programme-management"
  Assets:TamUng:NV01:NSTP:TM6799  -10000000 VND
  Expenses:NV01:NSTP:TM6799        10000000 VND
""",
    ),
    "what is left of a contribution goes back to the enterprise": Practice(
        ("CTR202", "CTR203", "CTR205"),
        f"""
2021-03-15 * "Doanh nghiệp nộp"
  kind: "contribution-cash"
  voucher: "2021/BC/361"
  contributor: "{LIGHTS}"
  Assets:TienGui:KB01       6000000 VND
  Income:DongGop:NV01:DN   -6000000 VND
2021-03-16 * "Chi"
  kind: "payment"
  voucher: "2021/UNC/362"
  vendor: "{PRINTER}"
  activity: "programme-management"
  invoice: "1C21TAA/61"
  Assets:TienGui:KB01      -5000000 VND
  Expenses:NV01:DN:TM6799   5000000 VND
2021-12-01 * "Trả lại phần không dùng"
  kind: "contribution-return"
  voucher: "2021/UNC/363"
  contributor: "{LIGHTS}"
  Income:DongGop:NV01:DN    1000000 VND
  Assets:TienGui:KB01      -1000000 VND
""",
    ),
}

FRAME = f"""
plugin "beancount.plugins.auto_accounts"
option "operating_currency" "VND"
2021-01-01 custom "programme" "THU"
  plan: "1/KH"
  plan-date: 2021-01-01
  decisions: "1/QĐ; 2020-12-10; {2 * GRANTED} | 2/QĐ; 2021-10-01; {ADDED}"
  budget-year: 2021
  unit: "Sở"
  instruments: "cnht; cnht-hanoi"
2021-01-01 custom "task" "NV01" "Quản lý"
  group: "I"
  group-title: "Nhóm"
  start: 2021-01-01
  end: 2021-12-31
  lead-unit: "Sở"
  activities: "programme-management"
2021-01-01 custom "task" "NV02" "Tổng kết"
  group: "I"
  group-title: "Nhóm"
  start: 2021-09-01
  end: 2021-10-31
  lead-unit: "Sở"
  activities: "programme-management"
2021-01-01 custom "party" "{LIGHTS}" "Công ty Đèn"
  role: "enterprise; vendor"
2021-01-01 custom "party" "{PRINTER}" "Công ty In"
  role: "vendor"
2021-01-01 * "Giao dự toán"
  kind: "allotment"
  budget-year: 2021
  decision: "1/QĐ"
  decision-date: 2020-12-10
  Assets:DuToan:KhaDung:NV01:NSTP   {GRANTED} VND
  Assets:DuToan:KhaDung:NV02:NSTP   {GRANTED} VND
  Equity:GiaoDuToan:NSTP           -{2 * GRANTED} VND
"""

LAST_DAY = """
2022-01-31 * "Hủy số dư dự toán"
  kind: "cancellation"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV01:NSTP  -230000000 VND
  Assets:DuToan:KhaDung:NV02:NSTP  -925000000 VND
  Equity:HuyDuToan:NSTP            1155000000 VND
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    main = tmp_path_factory.mktemp("book") / "main.beancount"
    main.write_text(
        "\n".join([FRAME, *(one.book for one in PRACTICES.values()), LAST_DAY]), "utf-8"
    )
    loaded = load_book(main)
    facts = extract(BookEntries(loaded.main, loaded.entries, loaded.errors, loaded.files))
    # What must be reconciled has cases of its own.
    rules = [rule for rule in all_rules() if not rule.code.startswith("TRE")]
    return run(facts, load_law(PACKS), AS_OF, rules=rules)


def test_lawful_practice_has_no_finding(outcome: Outcome) -> None:
    assert [(one.code, one.subject, one.message.vi) for one in outcome.findings] == []


@pytest.mark.parametrize("practice", PRACTICES)
def test_the_rules_in_question_looked(practice: str, outcome: Outcome) -> None:
    looked = {tally.code: sum(tally.counts.values()) for tally in outcome.tallies}
    assert all(looked[code] > 0 for code in PRACTICES[practice].looked_at_by)


def test_what_passed_was_measured_against_the_law_of_its_year(outcome: Outcome) -> None:
    (used,) = [tally.norms for tally in outcome.tallies if tally.code == "BUD110"]
    assert {one.citation.instrument for one in used} == {"83/2015/QH13"}
