"""May this be paid? The answer is what a check would say once the payment stood in the book."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from ledger.beans import load_book
from ledger.extract import BookEntries, extract
from ledger.payment import PaymentKind, Wanted, complete, with_payment
from ledger.problems import BadInputError
from reports.answer_table import verdict
from rules.ask import ask
from rules.law import load_law
from rules.run import run
from tests.books import BASE, HANOI, run_cnht

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.facts import Facts
    from rules.ask import Answer
    from rules.finding import Finding
    from rules.law import Law

DAY = dt.date(2021, 10, 20)

BOOK = """
2021-10-01 custom "event" "HC2021" "Hội chợ"
  task: "NV02"
  activity: "domestic-fair"
  start: 2021-10-05
  end: 2021-10-08
  actual: "2 participating-unit; 4 day"

2021-01-01 * "Giao dự toán"
  kind: "allotment"
  decision: "5568/QĐ-UBND"
  decision-date: 2020-12-09
  Assets:DuToan:KhaDung:NV02:NSTP    100000000 VND
  Equity:GiaoDuToan:NSTP            -100000000 VND

2021-10-06 * "Doanh nghiệp tự chi phần của mình"
  kind: "contribution-direct"
  contributor: "0100000001"
  activity: "domestic-fair"
  event: "HC2021"
  Income:DongGop:NV02:DNTC   -9000000 VND
  Expenses:NV02:DNTC:TM0000   9000000 VND

2021-09-01 custom "event" "HT2021" "Hội thảo"
  task: "NV02"
  activity: "investment-seminar"
  start: 2021-10-02
  end: 2021-10-02

2021-10-06 * "Doanh nghiệp tự chi cho hội thảo"
  kind: "contribution-direct"
  contributor: "0100000001"
  activity: "investment-seminar"
  event: "HT2021"
  Income:DongGop:NV02:DNTC   -1000000 VND
  Expenses:NV02:DNTC:TM0000   1000000 VND

2021-10-07 * "Trả tiền mặt bằng đợt 1"
  kind: "payment"
  voucher: "2021/RDT/1"
  vendor: "0100000002"
  activity: "domestic-fair"
  event: "HC2021"
  Assets:DuToan:KhaDung:NV02:NSTP   -5000000 VND
  Expenses:NV02:NSTP:TM6655          5000000 VND
"""

COMMITTED = """
2021-02-01 custom "contract" "12/2021/HĐ-SCT" "Thuê mặt bằng"
  task: "NV02"
  vendor: "0100000002"
  signed: 2021-02-01
  value: 40000000

2021-02-02 * "Cam kết chi"
  kind: "commitment"
  contract: "12/2021/HĐ-SCT"
  commitment: "CKC-01/2021"
  Assets:DuToan:KhaDung:NV02:NSTP   -40000000 VND
  Assets:DuToan:CamKet:NV02:NSTP     40000000 VND
"""


def facts_of(folder: Path, text: str) -> Facts:
    main = folder / "main.beancount"
    main.write_text(f"{BASE}\n{text}", "utf-8")
    book = load_book(main)
    return extract(BookEntries(book.main, book.entries, book.errors, book.files))


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(("cnht", "cnht-hanoi"))


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts_of(tmp_path_factory.mktemp("book"), BOOK)


def wanted(amount: int, **changes: Any) -> Wanted:  # parts of a NamedTuple
    fair = Wanted("NV02", amount, DAY, activity="domestic-fair", event="HC2021")
    return fair._replace(**changes)


@pytest.fixture(scope="module")
def answered(facts: Facts, law: Law) -> Callable[[int], Answer]:
    """What is answered on the day; what a check says without the payment is found out once."""
    standing = run(facts, law, DAY).findings
    return lambda amount: ask(facts, law, DAY, complete(facts, wanted(amount)), before=standing)


def test_each_rule_says_how_much_it_lets_pass(answered: Callable[[int], Answer]) -> None:
    answer = answered(20_000_000)
    # 70 % of the cost: 16.000.000 more of 21.000.000 and 9.000.000; 12.000.000 for each of two
    # units, less 5.000.000 paid; 95.000.000 of the estimate are left.
    assert [(b.finding.code, b.most) for b in answer.bounds] == [
        ("SCH102", 0),  # the detailed plan was not approved
        ("NRM101", 16_000_000),
        ("NRM201", 19_000_000),
        ("BUD101", 95_000_000),
    ]
    assert answer.most() == 0
    assert answer.available == 95_000_000
    assert {f.code for f in answer.findings} >= {"NRM101", "NRM201"}


def test_the_most_passes_and_is_what_the_norms_leave_one_dong_more_is_not(
    answered: Callable[[int], Answer],
) -> None:
    passing, more = (answered(amount) for amount in (16_000_000, 16_000_001))
    assert "NRM101" not in {f.code for f in passing.findings}
    assert "NRM101" in {f.code for f in more.findings}
    uses = {(u.rule, u.citation.norm): u for u in passing.uses}
    share, cap = uses["NRM101", "tt29-domestic-fair"], uses["NRM201", "tt29-domestic-fair"]
    assert (share.observed, share.allowed) == (21_000_000, 21_000_000)
    assert (cap.observed, cap.allowed) == (21_000_000, 24_000_000)
    # Two limits of one norm stand in two rows, told apart by what they limit.
    assert (share.limits.vi, cap.limits.vi) == (
        "tối đa 70%",
        "tối đa 12.000.000/đơn vị tham gia, sự kiện",
    )
    assert {use.subject for use in passing.uses} == {"event HC2021"}  # not what others spent
    unknown = uses["NRM201", "hanoi-domestic-fair"]
    assert unknown.observed is None
    assert unknown.reason is not None


def test_the_estimate_bounds_what_no_norm_bounds(
    answered: Callable[[int], Answer],
) -> None:
    answer = answered(95_000_001)
    assert "BUD101" in {f.code for f in answer.findings}
    bounds = {b.finding.code: b.most for b in answer.bounds}
    assert bounds["BUD101"] == 95_000_000


def test_what_was_not_said_is_taken_from_the_book_and_told(facts: Facts) -> None:
    payment = complete(facts, wanted(1))
    assert payment.source.name == "Assets:DuToan:KhaDung:NV02:NSTP"
    assert payment.target.name == "Expenses:NV02:NSTP:TM6655"
    assert len(payment.assumed) == 2


def test_a_sub_item_of_another_content_is_told_as_such(facts: Facts) -> None:
    told = complete(facts, wanted(1, activity="information", event="")).assumed
    assert any("hay dùng nhất của nhiệm vụ (nội dung này chưa chi lần nào)" in t.vi for t in told)
    told = complete(facts, wanted(1)).assumed
    assert any(text.vi == "tiểu mục 6655, hay dùng nhất" for text in told)


def test_a_norm_that_could_not_be_tested_is_in_the_answer(
    answered: Callable[[int], Answer],
) -> None:
    answer = answered(1)
    assert answer.untested
    silent = dataclasses.replace(answer, findings=())
    assert "định mức chưa kiểm được" in verdict(silent).vi
    assert verdict(dataclasses.replace(silent, uses=())).vi.startswith("ĐƯỢC CHI")


def test_a_deposit_account_that_is_closed_pays_no_more(tmp_path: Path) -> None:
    opened = "2021-01-01 open Assets:TienGui:KB01 VND\n2021-01-01 open Assets:TienGui:NH02 VND\n"
    facts = facts_of(tmp_path, BOOK + opened + "2021-06-30 close Assets:TienGui:KB01\n")
    payment = complete(facts, wanted(1, fund="DN"))
    assert payment.source.name == "Assets:TienGui:NH02"


def test_a_contract_is_paid_from_its_commitment(tmp_path: Path, law: Law) -> None:
    facts = facts_of(tmp_path, BOOK + COMMITTED)
    payment = complete(facts, wanted(1, contract="12/2021/HĐ-SCT"))
    assert payment.source.name == "Assets:DuToan:CamKet:NV02:NSTP"
    assert payment.metadata["commitment"] == "CKC-01/2021"
    assert payment.wanted.vendor == "0100000002"
    answer = ask(facts, law, DAY, payment)
    assert answer.available == 40_000_000


def test_an_advance_raises_the_advances(facts: Facts) -> None:
    payment = complete(facts, wanted(1, kind=PaymentKind.ADVANCE))
    assert payment.target.name == "Assets:TamUng:NV02:NSTP:TM6655"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"task": "NV99"}, "không có nhiệm vụ «NV99»"),
        ({"event": "HC1999"}, "không có sự kiện «HC1999»"),
        ({"support": "HT-1"}, "không có khoản hỗ trợ «HT-1»"),
        ({"contract": "1/HĐ"}, "không có hợp đồng «1/HĐ»"),
        ({"fund": "NSX"}, "không có nguồn «NSX»"),
        ({"fund": "DNTC"}, "doanh nghiệp tự chi"),
        ({"fund": "DN"}, "tài khoản tiền gửi"),
        ({"task": "NV05"}, "chi từ nguồn nào"),
        ({"task": "NV05", "fund": "NSTP"}, "chưa biết tiểu mục"),
    ],
)
def test_what_the_book_does_not_know_is_refused(
    facts: Facts, changes: dict[str, str], told: str
) -> None:
    with pytest.raises(BadInputError, match=told):
        complete(facts, wanted(1, **changes))


@pytest.mark.parametrize(
    ("amount", "day"),
    [
        (1, dt.date(2021, 9, 1)),  # before the fair and all that was spent on it
        (19_000_001, DAY),  # above the share and the cap
        (95_000_001, dt.date(2021, 12, 31)),  # above the estimate, on the last day of the year
    ],
)
def test_the_answer_is_what_a_check_would_say(
    facts: Facts, law: Law, tmp_path: Path, amount: int, day: dt.date
) -> None:
    standing = run(facts, law, day).findings
    answer = ask(facts, law, day, complete(facts, wanted(amount, on=day)), before=standing)
    recorded = f"""
{day} * "Chi HC2021"
  kind: "payment"
  activity: "domestic-fair"
  event: "HC2021"
  Assets:DuToan:KhaDung:NV02:NSTP   -{amount} VND
  Expenses:NV02:NSTP:TM6655          {amount} VND
"""
    before = {(f.fingerprint, f.at_issue) for f in standing}
    after = run(facts_of(tmp_path, BOOK + recorded), law, day).findings
    told = {(f.code, f.subject, f.at_issue) for f in answer.findings}
    more = [f for f in after if (f.fingerprint, f.at_issue) not in before]
    # A voucher is made out when the money goes: none is asked for before.
    assert {"BOK503"} <= {f.code for f in more}
    assert told == {(f.code, f.subject, f.at_issue) for f in more if f.code != "BOK503"}


def test_an_account_that_is_not_open_is_told_and_forbids_nothing(
    hanoi_facts: Facts, law: Law
) -> None:
    asked = Wanted("NV02", 1, dt.date(2021, 10, 5), fund="NSTP", sub_item="6999")
    clean: list[Finding] = []  # as the book is without the payment
    answer = ask(hanoi_facts, law, asked.on, complete(hanoi_facts, asked), before=clean)
    assert answer.payment.to_open == ("Expenses:NV02:NSTP:TM6999",)
    assert not [f for f in answer.findings if "chưa được mở" in f.message.vi]
    known = complete(hanoi_facts, asked._replace(sub_item="6606"))
    assert known.to_open == ()


BALANCES = """
2021-10-20 balance Assets:DuToan:KhaDung:NV02:NSTP   95000000 VND
2021-10-21 balance Assets:DuToan:KhaDung:NV02:NSTP   95000000 VND
"""
PADDED = """
2021-10-20 pad Assets:DuToan:KhaDung:NV02:NSTP Equity:GiaoDuToan:NSTP
2021-10-22 balance Assets:DuToan:KhaDung:NV02:NSTP   94000000 VND
"""


@pytest.mark.parametrize("more", ["", BALANCES, PADDED])
def test_balances_that_a_payment_breaks_are_those_that_beancount_would_report(
    tmp_path: Path, more: str
) -> None:
    text = BOOK + (more if more == PADDED else BALANCES + more.replace("95000000", "94000000"))
    payment = complete(facts_of(tmp_path, text), wanted(1_000, sub_item="6655"))
    foreseen = with_payment(facts_of(tmp_path, text), payment, 1_000)["book_errors"]
    paid = """
2021-10-20 * "Chi"
  kind: "payment"
  Assets:DuToan:KhaDung:NV02:NSTP   -1000 VND
  Expenses:NV02:NSTP:TM6655          1000 VND
"""
    told = facts_of(tmp_path, paid + text)["book_errors"]
    assert sorted(foreseen["message"]) == sorted(told["message"])
    assert foreseen.empty == (more == PADDED)


@pytest.mark.parametrize("item", ["12", "66555", "abcd"])
def test_a_sub_item_has_four_digits(facts: Facts, item: str) -> None:
    with pytest.raises(BadInputError, match="không phải là tiểu mục"):
        complete(facts, wanted(1, sub_item=item))


def test_the_command_answers_no(tmp_path: Path) -> None:
    ran = run_cnht(
        *("ask", HANOI, "--task", "NV02", "--activity", "domestic-fair", "--event", "HC2021"),
        *("--amount", "2.400.000.000", "--on", "2021-10-05", "--as-of", "2021-10-05"),
        *("--format", "json", "-o", tmp_path / "answer.json"),
    )
    content = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    assert ran.code == 1
    assert content["answer"] == "refused"
    assert content["available"] == content["most-verified"]
    assert {"BUD101", "NRM201"} <= {finding["code"] for finding in content["findings"]}


@pytest.mark.parametrize("typed", ["0", "-1", "1.50", "12.34.567", "một triệu", "9" * 16])
def test_an_amount_that_is_none_is_refused(typed: str) -> None:
    ran = run_cnht("ask", HANOI, "--task", "NV02", f"--amount={typed}")
    assert ran.code == 2
    assert "không phải số tiền" in ran.err


def test_the_unit_of_a_task_stands_in_the_account_that_would_be_paid_to(tmp_path: Path) -> None:
    opened = "2021-01-01 open Expenses:SCT:NV08:NSTP:TM6799 VND\n"
    facts = facts_of(tmp_path, opened)
    wanted = Wanted(task="NV08", amount=1, on=DAY, fund="NSTP", sub_item="6799")
    payment = complete(facts, wanted)
    assert payment.source.name == "Assets:DuToan:KhaDung:SCT:NV08:NSTP"
    assert payment.target.name == "Expenses:SCT:NV08:NSTP:TM6799"


def test_what_enterprises_spend_themselves_tells_no_sub_item(tmp_path: Path) -> None:
    before, _, paid = BOOK.partition("2021-10-07")
    book = facts_of(tmp_path, before + "2021-10-07" + paid.replace("domestic-fair", "training"))
    payment = complete(book, wanted(1))
    assert payment.target.name == "Expenses:NV02:NSTP:TM6655"
