"""Vouchers entered by form: what each writes, where, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts import read_account
from ledger.kinds import KINDS
from ledger.loading import load_facts
from ledger.problems import BadInputError
from ledger.text import LARGEST_AMOUNT, dong, read_dong
from ledger.writing import NewOpen, NewTransaction
from reports.pages.data.fields import read_day
from reports.pages.data.voucher_forms import VOUCHERS
from reports.pages.data.vouchers import choices, entries_of, form_of, left, pledged_by
from rules.law import load_law
from rules.plugin import today
from tests.books import ALLOTMENT, run_cnht, write_book
from tests.served import Served

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.facts import Facts

LAW = load_law(("cnht", "cnht-hanoi"))
COMMON = {
    "date": "15/10/2021",
    "voucher": "2021/RDT/990",
    "task": "NV05",
    "fund": "NSTP",
    "narration": "In tài liệu",
    "item": "6651",
    "amount": "1.500.000",
    "activity": "training",
    "event": "LOP-05",
}
FILLED: dict[str, dict[str, str]] = {
    "rut-du-toan": {"drawn": "payment"},
    "thanh-toan-tam-ung": {"advance": "2021/RDT/69", "held": "TamUng", "advanced_item": "6699"},
    "uy-nhiem-chi": {"deposit": "Assets:TienGui:KB01", "fund": "DN"},
    "bao-co": {"received": "contribution", "deposit": "Assets:TienGui:KB01", "fund": "DN"},
    "nop-tra": {"of": "advance", "restored": "yes", "item": "6699"},
    "bang-ke": {"advance": "2021/RDT/69", "advanced_item": "6699"},
    "cam-ket-chi": {"commitment": "CKC-99/2021", "contract": "17/2021/HĐ-SCT"},
}


def entered(facts: Facts, code: str, **more: str) -> NewTransaction:
    entries = entries_of(form_of(code), {**COMMON, **FILLED[code], **more}, facts, LAW)
    return next(entry for entry in entries if isinstance(entry, NewTransaction))


def test_every_form_is_filled_here() -> None:
    assert set(FILLED) == {form.code for form in VOUCHERS}


@pytest.mark.parametrize("code", sorted(FILLED))
def test_what_a_form_writes_balances_and_is_allowed_to_its_kind(
    hanoi_facts: Facts, code: str
) -> None:
    transaction = entered(hanoi_facts, code)
    assert sum(posting.amount for posting in transaction.postings) == 0
    kind = KINDS[str(transaction.meta["kind"])]
    for posting in transaction.postings:
        move = kind.move_of(read_account(posting.account).family)
        assert move is not None, posting.account
        assert move.allows(posting.amount)
    assert transaction.date == dt.date(2021, 10, 15)
    assert "budget-year" not in transaction.meta


def test_a_withdrawal_may_be_an_advance_or_draw_on_a_commitment(hanoi_facts: Facts) -> None:
    advance = entered(hanoi_facts, "rut-du-toan", drawn="advance")
    assert advance.meta["kind"] == "advance"
    assert advance.postings[1].account == "Assets:TamUng:NV05:NSTP:TM6651"
    committed = entered(hanoi_facts, "rut-du-toan", commitment="CKC-06/2021")
    assert committed.postings[0].account == "Assets:DuToan:CamKet:NV05:NSTP"
    assert committed.meta["commitment"] == "CKC-06/2021"


@pytest.mark.parametrize(
    ("of", "restored", "kind"),
    [
        ("advance", "yes", "return-restoring"),
        ("spent", "yes", "return-restoring"),
        ("advance", "no", "return-to-budget"),
        ("spent", "no", "return-to-budget"),
    ],
)
def test_a_return_says_whether_the_estimate_revives(
    hanoi_facts: Facts, of: str, restored: str, kind: str
) -> None:
    returned = entered(hanoi_facts, "nop-tra", of=of, restored=restored)
    assert returned.meta["kind"] == kind
    allowed = KINDS[kind]
    assert all(allowed.move_of(read_account(p.account).family) for p in returned.postings)


@pytest.mark.parametrize(
    ("received", "kind", "account"),
    [
        ("contribution", "contribution-cash", "Income:DongGop:NV05:DN"),
        ("pledged", "contribution-cash", "Assets:PhaiThu:DongGop:NV05:DN"),
        ("interest", "deposit-interest", "Income:Khac:LaiTienGui"),
    ],
)
def test_money_received_is_a_contribution_a_pledge_kept_or_interest(
    hanoi_facts: Facts, received: str, kind: str, account: str
) -> None:
    party = choices(hanoi_facts)["parties"][0]
    entry = entered(hanoi_facts, "bao-co", received=received, contributor=party.value)
    assert (entry.meta["kind"], entry.payee) == (kind, party.label)
    assert [p.account for p in entry.postings] == ["Assets:TienGui:KB01", account]
    assert [p.amount for p in entry.postings] == [1_500_000, -1_500_000]
    allowed = KINDS[kind]
    assert all(allowed.move_of(read_account(p.account).family) for p in entry.postings)


def test_sub_items_and_accounts_are_offered_by_name(hanoi_facts: Facts) -> None:
    offered = choices(hanoi_facts, items={"6655": "Thuê hội trường", "6799": "Chi khác"})
    items = {choice.value: choice.label for choice in offered["items"]}
    assert (items["6655"], items["6799"]) == ("Thuê hội trường", "Chi khác")
    assert items["6699"] == "6699"  # used by the book, its name not known here
    assert all(choice.label != choice.value for choice in offered["deposits"])


def test_who_is_paid_is_the_payee(hanoi_facts: Facts) -> None:
    vendor = choices(hanoi_facts)["parties"][0]
    assert entered(hanoi_facts, "rut-du-toan", vendor=vendor.value).payee == vendor.label
    assert entered(hanoi_facts, "rut-du-toan").payee == ""


def test_the_vendor_of_a_contract_is_paid_where_nobody_else_is_named(hanoi_facts: Facts) -> None:
    contracts = hanoi_facts["contracts"].astype("str").set_index("contract")["vendor"]
    number, vendor = next(iter(contracts.items()))
    label = next(one.label for one in choices(hanoi_facts)["parties"] if one.value == vendor)
    paid = entered(hanoi_facts, "rut-du-toan", contract=str(number))
    assert (paid.meta["vendor"], paid.payee) == (vendor, label)
    other = choices(hanoi_facts)["parties"][0]
    paid = entered(hanoi_facts, "rut-du-toan", contract=str(number), vendor=other.value)
    assert paid.meta["vendor"] == other.value
    committed = entered(hanoi_facts, "cam-ket-chi", contract=str(number))
    assert committed.payee == label


def test_while_the_old_year_closes_the_budget_year_is_written(hanoi_facts: Facts) -> None:
    assert (
        entered(hanoi_facts, "rut-du-toan", date="2022-01-10", year="2021").meta["budget-year"]
        == 2021
    )
    named = entered(hanoi_facts, "rut-du-toan", date="2022-01-31", year="2022")
    assert named.meta["budget-year"] == 2022
    for day in ("2022-01-01", "2022-01-31"):
        with pytest.raises(BadInputError, match=r"chỉnh lý của 2021 \(đến 31/01"):
            entered(hanoi_facts, "rut-du-toan", date=day)
    assert "budget-year" not in entered(hanoi_facts, "rut-du-toan", date="2022-02-01").meta


A_TASK = """
2021-01-01 custom "task" "NV01" "Hội chợ"
  group: "I"
  group-title: "Xúc tiến"
  start: 2021-01-01
  end: 2021-12-31
  lead-unit: "Sở Công Thương"
  activities: "training"
  outputs: "class 5"
"""


@pytest.mark.parametrize("code", ["rut-du-toan", "uy-nhiem-chi", "bang-ke"])
def test_a_person_is_paid_what_is_left_after_tax(hanoi_facts: Facts, code: str) -> None:
    paid = entered(hanoi_facts, code, amount="4.500.000", tax="500.000")
    assert (paid.meta["gross"], paid.meta["tax-withheld"]) == (5_000_000, 500_000)
    amounts = {p.account.split(":")[0]: p.amount for p in paid.postings}
    assert amounts["Liabilities"] == -500_000
    assert sorted(p.amount for p in paid.postings) == [-4_500_000, -500_000, 5_000_000]
    assert not [one for one in left(hanoi_facts, paid) if one[0].startswith("Liabilities")]
    nothing_due = entered(hanoi_facts, code, amount="4.500.000", gross="4.500.000")
    assert "tax-withheld" not in nothing_due.meta
    assert len(nothing_due.postings) == 2
    with pytest.raises(BadInputError, match=r"Số trước thuế 4\.500\.000 khác số tiền 4\.500\.000"):
        entered(hanoi_facts, code, amount="4.500.000", gross="4.500.000", tax="500.000")


def test_an_advance_withholds_no_tax(hanoi_facts: Facts) -> None:
    with pytest.raises(BadInputError, match="tạm ứng chưa phải chi"):
        entered(hanoi_facts, "rut-du-toan", drawn="advance", tax="500.000")


def test_a_day_before_the_accounts_are_open_is_refused(hanoi_facts: Facts) -> None:
    with pytest.raises(BadInputError, match=r"tài khoản \S+ của sổ mở từ 01/01/2021"):
        entered(hanoi_facts, "rut-du-toan", date="15/10/2019")


def test_a_day_after_an_account_was_closed_is_refused(tmp_path: Path) -> None:
    closed = OF_A_UNIT + "2021-06-30 close Assets:DuToan:KhaDung:TTKC:NV01:NSTP\n"
    asked = {**COMMON, "drawn": "payment", "task": "NV01", "event": "", "item": "6699"}
    facts = load_facts(write_book(tmp_path, A_TASK + closed)).facts
    assert entries_of(VOUCHERS[0], {**asked, "date": "30/06/2021"}, facts, LAW)
    with pytest.raises(BadInputError, match="của sổ đóng ngày 30/06/2021"):
        entries_of(VOUCHERS[0], {**asked, "date": "01/07/2021"}, facts, LAW)


def test_a_contribution_of_who_has_pledged_is_told(hanoi_facts: Facts) -> None:
    postings = hanoi_facts["postings"]
    pledged = postings[postings["family"] == "PhaiThu"].groupby("contributor", observed=True)
    open_ones = pledged["amount"].sum()
    assert pledged_by(hanoi_facts, entered(hanoi_facts, "bao-co")) == 0
    for contributor, amount in open_ones.items():
        new = entered(hanoi_facts, "bao-co", contributor=str(contributor))
        assert pledged_by(hanoi_facts, new) == amount
        kept = entered(hanoi_facts, "bao-co", contributor=str(contributor), received="pledged")
        assert pledged_by(hanoi_facts, kept) == 0


OF_A_UNIT = """
2021-01-01 open Assets:DuToan:KhaDung:TTKC:NV01:NSTP VND
2021-01-01 open Expenses:TTKC:NV01:NSTP:TM6651 VND
"""


def test_a_book_of_units_keeps_a_voucher_under_the_unit_of_its_task(tmp_path: Path) -> None:
    asked = {**COMMON, "drawn": "payment", "task": "NV01", "event": "", "item": "6699"}
    facts = load_facts(write_book(tmp_path / "a", A_TASK + OF_A_UNIT)).facts
    *opened, entry = entries_of(VOUCHERS[0], asked, facts, LAW)
    assert isinstance(entry, NewTransaction)
    assert [posting.account for posting in entry.postings] == [
        "Assets:DuToan:KhaDung:TTKC:NV01:NSTP",
        "Expenses:TTKC:NV01:NSTP:TM6699",
    ]
    assert [one.account for one in opened if isinstance(one, NewOpen)] == [
        "Expenses:TTKC:NV01:NSTP:TM6699"
    ]
    both = A_TASK + OF_A_UNIT + OF_A_UNIT.replace("TTKC", "VPS")
    facts = load_facts(write_book(tmp_path / "b", both)).facts
    with pytest.raises(BadInputError, match="nhiều đơn vị của sổ: TTKC, VPS"):
        entries_of(VOUCHERS[0], asked, facts, LAW)


def test_an_account_that_is_not_open_is_opened(hanoi_facts: Facts) -> None:
    entries = entries_of(
        VOUCHERS[0], {**COMMON, "drawn": "payment", "item": "6049"}, hanoi_facts, LAW
    )
    opened = [entry for entry in entries if isinstance(entry, NewOpen)]
    assert [entry.account for entry in opened] == ["Expenses:NV05:NSTP:TM6049"]
    assert opened[0].date <= dt.date(2021, 10, 15)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("amount", "1,5", "số nguyên đồng"),
        ("amount", "1.50", "số nguyên đồng"),
        ("amount", "0", "số nguyên đồng"),
        ("amount", "-5", "số nguyên đồng"),
        ("amount", "", "chưa điền"),
        ("date", "31/02/2021", "31/12/2021"),
        ("task", "NV99", "đã khai báo"),
        ("fund", "DN", "đã khai báo"),
        ("event", "LOP-99", "đã khai báo"),
        ("activity", "trainings", "đã khai báo"),
        ("item", "66", "bốn chữ số"),
        ("year", "21", "bốn chữ số"),
        ("narration", "  ", "chưa điền"),
    ],
)
def test_a_field_that_will_not_do_is_told(
    hanoi_facts: Facts, field: str, value: str, told: str
) -> None:
    with pytest.raises(BadInputError, match=told) as caught:
        entered(hanoi_facts, "rut-du-toan", **{field: value})
    assert len(caught.value.problems) == 1


@given(st.integers(1, LARGEST_AMOUNT))
def test_amounts_are_read_as_they_are_printed(amount: int) -> None:
    assert read_dong(dong(amount)) == amount
    assert read_dong(str(amount)) == amount


@given(st.text("0123456789.,- ", max_size=12))
def test_what_is_read_as_an_amount_is_printed_as_it_was_typed(text: str) -> None:
    amount = read_dong(text)
    if amount is not None:
        plain = text.strip()
        digits = plain.replace(".", "") if "." in plain else plain.replace(",", "")
        assert digits.lstrip("0") == (str(amount) if amount else "")


def test_an_amount_may_have_its_currency_behind_it() -> None:
    for typed in ("1.500.000 đồng", "1500000đ", "1,500,000 VND"):
        assert read_dong(typed) == 1_500_000


def test_days_are_read_either_way() -> None:
    assert read_day("5/3/2021") == read_day("2021-03-05") == dt.date(2021, 3, 5)
    assert read_day("2021") is None


def test_every_list_that_a_form_names_is_offered(hanoi_facts: Facts) -> None:
    offered = choices(hanoi_facts)
    for form in VOUCHERS:
        for field in form.fields:
            assert not field.choices or offered[field.choices], field.name


# Over HTTP.


@pytest.fixture
def served(tmp_path: Any) -> Served:
    return small_book(tmp_path / "so")


CONTRACT = "01/2021/HĐ"
MONTH = """
2021-10-01 * "Cam kết chi"
  kind: "commitment"
  commitment: "CKC-01/2021"
  contract: "01/2021/HĐ"
  Assets:DuToan:KhaDung:NV02:NSTP              -300 VND
  Assets:DuToan:CamKet:NV02:NSTP                300 VND
"""
BOOK = f"""{ALLOTMENT}
2021-11-01 balance Assets:DuToan:CamKet:NV02:NSTP  300 VND
include "2021-10.beancount"

2021-09-01 custom "contract" "{CONTRACT}" "In ấn"
  task: "NV02"
  vendor: "0100000002"
  value: 900 VND
  signed: 2021-09-01
"""
OF_TASK = {"task": "NV02", "activity": "", "event": "", "amount": "400"}


def small_book(folder: Path) -> Served:
    return Served(write_book(folder, BOOK, **{"2021-10__beancount": MONTH}))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return small_book(tmp_path_factory.mktemp("small") / "so")


def sent(served: Served, action: str, **more: str) -> Any:
    body = {**COMMON, "form": "rut-du-toan", "drawn": "payment", **OF_TASK, **more}
    return served.send("POST", f"extension/Vouchers/{action}", json=body)


def test_a_preview_writes_nothing_and_says_where_it_would(small: Served) -> None:
    month = small.main.parent / "2021-10.beancount"
    before = month.read_bytes()
    told = previewed(small)
    assert told["files"] == ["2021-10.beancount", "main.beancount"]  # an account is opened
    assert told["left"]
    assert month.read_bytes() == before


def test_a_number_that_the_book_has_in_the_year_is_told_before_saving(served: Served) -> None:
    assert previewed(served)["again"] == []
    assert sent(served, "save").status_code == 200
    (again,) = previewed(served)["again"]
    assert again["place"].startswith("2021-10.beancount:")
    assert again["day"] == "15/10/2021"
    assert previewed(served, voucher="2021/RDT/991")["again"] == []
    same = {"form": "cam-ket-chi", "commitment": "CKC-01/2021", "contract": CONTRACT}
    assert len(previewed(served, **same)["again"]) == 1


def test_saving_writes_into_the_months_file_in_its_form(served: Served) -> None:
    month = served.main.parent / "2021-10.beancount"
    before = month.read_text("utf-8")
    assert 'data-figure="spent">–<' in served.page("Overview")
    assert sent(served, "save").status_code == 200
    after = month.read_text("utf-8")
    assert set(before.splitlines()) <= set(after.splitlines())
    line = next(x for x in after.splitlines() if x.endswith(" 400 VND"))
    assert len(line) in {len(x) for x in before.splitlines() if x.endswith(" VND")}
    assert 'data-figure="spent">400<' in served.page("Overview")


@pytest.mark.parametrize("body", [{}, [], "x", {"form": "rut-du-toan"}, {"form": "không có"}])
def test_what_is_no_voucher_is_refused(small: Served, body: Any) -> None:
    for action in ("preview", "save"):
        answer = small.send("POST", f"extension/Vouchers/{action}", json=body)
        assert answer.status_code == 422, answer.text
        assert answer.json["problems"]


def test_text_of_a_voucher_cannot_write_another_entry(served: Served) -> None:
    evil = 'x"\n2021-10-01 open Assets:Evil\n; '
    assert sent(served, "save", narration=evil, voucher=evil).status_code == 200
    assert "Assets:Evil" not in served.ledger.accounts


def previewed(served: Served, **more: str) -> dict[str, Any]:
    answer = sent(served, "preview", **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_before_saving_the_answer_of_asking_is_shown(small: Served) -> None:
    """The same figures and bounds as the command gives for the same payment."""
    html = unescape(previewed(small)["answer"])
    command = run_cnht(
        *("ask", small.main, "--task", "NV02", "--fund", "NSTP", "--sub-item", "6651"),
        *("--amount", "400", "--on", "2021-10-15", "--format", "json", "--no-cache"),
    )
    answer = json.loads(command.out)
    assert answer["available"] == 700
    assert 'data-figure="available">700<' in html
    assert f'data-figure="most">{dong(answer["most"])} <' in html
    assert f"<dd>{dong(answer['most-verified'])} <" in html
    assert answer["bounds"]
    for bound in answer["bounds"]:
        assert f">{bound['code']}</span>" in html
        assert f">{dong(bound['most'])}</td>" in html


def test_more_than_there_is_must_not_be_paid(small: Served) -> None:
    told = previewed(small, amount="701")
    assert 'data-verdict="bad"' in told["answer"]
    assert {f["code"] for f in told["findings"]} >= {"BUD101"}
    assert told["left"][0]["after"] == "−1"


def test_a_voucher_of_a_later_day_is_judged_on_that_day(small: Served) -> None:
    day = today() + dt.timedelta(days=4)
    told = previewed(small, date=day.isoformat(), year="2021", amount="701")
    assert 'data-verdict="bad"' in told["answer"]
    assert {f["code"] for f in told["findings"]} >= {"BUD101"}


def test_what_a_commitment_pays_is_asked_of_the_commitment(small: Served) -> None:
    told = previewed(small, contract=CONTRACT, commitment="CKC-01/2021")
    assert told["left"][0]["before"] == "300"
    assert 'data-figure="available">300<' in told["answer"]
    # The book says what is committed a fortnight later.
    (broken,) = (f for f in told["findings"] if f["code"] == "BOK101")
    assert "300 đồng, cộng các bút toán được −100 đồng" in broken["message"]


def test_no_more_is_returned_than_there_was(served: Served) -> None:
    assert sent(served, "save").status_code == 200
    returned = {**FILLED["nop-tra"], "of": "spent", "item": "6651", "form": "nop-tra"}
    told = previewed(served, **returned, amount="150")
    (row,) = told["left"]
    assert (row["account"], row["before"], row["after"]) == (
        "Expenses:NV02:NSTP:TM6651",
        "400",
        "250",
    )
    for action in ("preview", "save"):
        answer = sent(served, action, **returned, amount="900.000.000.000")
        assert answer.status_code == 422
        (problem,) = answer.json["problems"]
        assert "Expenses:NV02:NSTP:TM6651: 400 đồng" in problem["text"]


def test_a_voucher_that_pays_nothing_has_no_such_answer(small: Served) -> None:
    commitment = {**FILLED["cam-ket-chi"], "contract": CONTRACT, "task": "NV02"}
    told = previewed(small, form="cam-ket-chi", **commitment)
    assert told["answer"] is None
