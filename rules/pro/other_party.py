"""PRO202: the payee or the invoice's seller is not the contract's vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ledger.accounts import STATE_FUNDS, USED_FAMILIES
from ledger.programmes import of_years
from ledger.text import Text, split_list
from rules.assessment import Assessment, Verdict, passed
from rules.dup.naming import bare_number, legal_person
from rules.pro.contracts import contracts, money, places_of
from rules.pro.invoices import invoiced, payments_of
from rules.rows import evidence_by, records
from rules.rule import Rule
from rules.severity import Severity
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_PAIR: Final = ["place", "numbered"]
_UNDECLARED: Final = Text("hóa đơn chưa khai báo", "the invoice is not declared")
# What is compared, by the word that findings are sorted under: its name, and what it is held to.
_COMPARED: Final = {
    "payee": (
        Text("người nhận tiền", "the payee"),
        Text("nhà thầu của hợp đồng", "the contract's vendor"),
    ),
    "invoice": (
        Text("người bán trên hóa đơn", "the invoice's seller"),
        Text("nhà thầu của hợp đồng", "the contract's vendor"),
    ),
    "buyer": (
        Text("người mua trên hóa đơn", "the invoice's buyer"),
        Text("đơn vị", "the unit"),
    ),
    "beneficiary": (
        Text("người thụ hưởng", "the beneficiary"),
        Text("nhà thầu của hợp đồng cũng", "the contract's vendor also"),
    ),
    "vendor": (
        Text("doanh nghiệp được hỗ trợ", "the supported enterprise"),
        Text("nhà cung cấp được trả tiền cũng", "the vendor paid also"),
    ),
    "recipient": (
        Text("người thụ hưởng", "the beneficiary"),
        Text("doanh nghiệp được hỗ trợ", "the supported enterprise"),
    ),
}


class OtherParty(Rule):
    """Người nhận tiền hoặc người bán trên hóa đơn không phải nhà thầu của hợp đồng.

    Kiểm tra gì:
        Lần chi theo hợp đồng ghi ``vendor`` thì phải là nhà thầu của hợp đồng. Hóa đơn ghi ở lần
        chi theo hợp đồng, nếu đã khai báo (``invoice``), có người bán là nhà thầu đó; lần chi chỉ
        ghi ký hiệu, số mà không ghi người bán thì chỉ đề nghị giải trình. Hóa đơn do ngân sách trả
        có người mua là đơn vị (tên đơn vị hoặc đơn vị chủ trì nhiệm vụ, viết tắt được; chỉ ghi mã
        số thuế thì không xét). Nhà thầu không phải là người thụ hưởng (``beneficiary``) của hợp
        đồng; nhà cung cấp được trả tiền cho một khoản hỗ trợ không phải là doanh nghiệp được hỗ
        trợ. Người mua, hai trường hợp vừa nêu: chỉ đề nghị giải trình. Ngân sách trả cho khoản hỗ
        trợ mà ghi ``beneficiary`` thì đó là doanh nghiệp được hỗ trợ; người thụ hưởng khác không
        phải doanh nghiệp (chuyên gia …) chỉ đề nghị giải trình. Chi nhánh, đơn vị phụ thuộc (mã
        13 chữ số) là một với doanh nghiệp của nó.

    Vì sao:
        Tiền của hợp đồng trả cho đúng bên cung cấp, theo hóa đơn của bên đó; doanh nghiệp được hỗ
        trợ mà tự cung cấp cho mình thì khoản hỗ trợ không có người thứ ba xác nhận.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "In tài liệu"
          task: "NV05"
          vendor: "0100000002"
          value: 60000000
          signed: 2021-05-10
        2021-05-20 * "Trả tiền in cho công ty khác"
          kind: "payment"
          contract: "20/2021/HĐ-SCT"
          vendor: "0100000001"
          Assets:DuToan:KhaDung:NV05:NSTP  -60000000 VND
          Expenses:NV05:NSTP:TM6649         60000000 VND

    Cách sửa:
        Sửa mã số thuế ghi nhầm, hoặc lập phụ lục hợp đồng về bên thụ hưởng rồi giải trình:
          vendor: "0100000002"
    """

    code = "PRO202"
    name = "contract.other-party"
    title = Text("Không đúng bên của hợp đồng", "Not the contract's party")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: {amount} đồng, {what} là {party}, {expected} là {held_to}",
        "{subject}: {amount} VND, {what} is {party}, {expected} is {held_to}",
    )
    english = """What it checks:
    A payment under a contract that names its ``vendor`` names the contract's. An invoice of such a
    payment, where it is declared (``invoice``), is of that vendor; a payment that gives the
    invoice's symbol and number without the seller is only asked about. The buyer of an invoice that
    the budget pays is the unit (its name or that of a task's lead unit, short forms allowed; a tax
    code alone is not judged). The vendor is not the beneficiary (``beneficiary``) of the contract,
    and the vendor paid for a support is not the enterprise that is supported. The buyer and these
    two are only asked about. What the budget pays for a support with a ``beneficiary`` goes to the
    supported enterprise; another one who is no enterprise (an expert) is only asked about.
    A branch or other dependent unit (a code of 13 digits) is one with its enterprise.

Why:
    A contract's money goes to the party that supplies, on that party's invoice; where the supported
    enterprise supplies itself nobody else confirms the support.

How to put it right:
    Correct the tax code that was written wrongly, or record the amendment on the payee.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract and payee, a contract and invoice, a support and vendor."""
        yield from _payees(facts)
        yield from _beneficiaries(facts)
        yield from _invoices(facts)
        yield from _supported(facts)
        yield from _recipients(facts)


def _payees(facts: Facts) -> Iterator[Assessment]:
    """Who is paid under a contract is its vendor."""
    rows = money(facts)
    rows = rows[rows["paid"] & (rows["vendor"] != "")]
    same = _is_vendor(rows, "vendor", facts)
    yield from passed(rows["place"][same].nunique())
    other = rows[~same]
    yield from _failed(_told(other, "payee", other["vendor"], _vendor_of(other, facts)))


def _beneficiaries(facts: Facts) -> Iterator[Assessment]:
    """Who is paid under a contract is not who benefits from it."""
    rows = money(facts)
    rows = rows[rows["paid"] & (rows["beneficiary"] != "")]
    same = _is_vendor(rows, "beneficiary", facts)
    yield from passed(len(rows[~same].drop_duplicates(["place", "beneficiary"])))
    alike = rows[same]
    told = _told(alike, "beneficiary", alike["beneficiary"], _vendor_of(alike, facts))
    yield from _failed(told.assign(review=True))


def _invoices(facts: Facts) -> Iterator[Assessment]:
    """Who sells by an invoice paid under a contract is its vendor, and the unit is the buyer."""
    pairs = invoiced(facts)
    declared = pairs["issued"].notna()
    unknown = int((~declared).sum())
    if unknown:
        yield Assessment("", Verdict.UNKNOWN, population=unknown, reason=_UNDECLARED)
    pairs = pairs[declared]
    pairs = pairs.assign(of_contract=_vendor_of(pairs, facts))
    pairs = pairs.assign(right=_same(pairs["seller"], pairs["of_contract"]))
    # Of two invoices of one number the vendor's is meant.
    pairs = pairs.sort_values("right", kind="stable", ascending=False).drop_duplicates(_PAIR)
    is_unit = _is_unit(pairs, facts)
    yield from passed(int((pairs["right"] & is_unit).sum()))
    yield from _sellers(facts, pairs[~pairs["right"]])
    yield from _buyers(facts, pairs[~is_unit])


def _sellers(facts: Facts, pairs: pd.DataFrame) -> Iterator[Assessment]:
    """Invoices of another seller than the contract's vendor."""
    if pairs.empty:
        return
    rows = payments_of(facts, pairs)
    told = _told(rows, "invoice", rows["number"], rows["of_contract"])
    yield from _failed(told.assign(party=rows["seller"], review=~rows["told"].astype("bool")))


def _buyers(facts: Facts, pairs: pd.DataFrame) -> Iterator[Assessment]:
    """Invoices of another buyer than the unit."""
    if pairs.empty:
        return
    rows = payments_of(facts, pairs)
    rows = rows[rows["fund"].isin(STATE_FUNDS)]
    told = _told(rows, "invoice", rows["number"] + " buyer", of_years(facts, rows, "unit"))
    yield from _failed(told.assign(compared="buyer", party=rows["buyer"], review=True))


def _supported(facts: Facts) -> Iterator[Assessment]:
    """The vendor paid for a support is not the enterprise that is supported."""
    rows = _of_supports(facts, "vendor")
    same = _same(rows["vendor"], rows["enterprise"])
    yield from passed(len(rows[~same].drop_duplicates(["book", "support", "vendor"])))
    alike = rows[same]
    told = _told(alike, "vendor", alike["vendor"], alike["vendor"], of="support")
    yield from _failed(told.assign(party=alike["enterprise"], review=True))


def _recipients(facts: Facts) -> Iterator[Assessment]:
    """Who benefits from a support that the budget pays is the enterprise that is supported."""
    rows = _of_supports(facts, "beneficiary")
    rows = rows[rows["fund"].isin(STATE_FUNDS)]
    same = _same(rows["beneficiary"], rows["enterprise"])
    yield from passed(len(rows[same].drop_duplicates(["book", "support"])))
    other = rows[~same]
    enterprises = _enterprises(facts)
    # An expert paid for the enterprise's sake is no enterprise in its stead.
    review = [
        (book, code) not in enterprises
        for book, code in zip(other["book"], other["beneficiary"], strict=True)
    ]
    told = _told(other, "recipient", other["beneficiary"], other["enterprise"], of="support")
    yield from _failed(told.assign(review=review))


def _of_supports(facts: Facts, column: str) -> pd.DataFrame:
    """Postings paid for a declared support that name a party, with its ``enterprise``."""
    postings, supports = facts["postings"], facts["supports"]
    rows = postings[
        (postings["support"] != "")
        & (postings[column] != "")
        & postings["family"].isin(USED_FAMILIES)
    ]
    place = places_of(rows, "support", supports)
    enterprise = supports["enterprise"].astype("str").to_numpy()[place[place >= 0]]
    return rows[place >= 0].astype({column: "str"}).assign(enterprise=enterprise)


def _enterprises(facts: Facts) -> set[tuple[str, str]]:
    """Parties that are enterprises, by book and tax code."""
    return {
        (str(row.book), str(row.tax_code))
        for row in records(facts["parties"])
        if "enterprise" in split_list(str(row.role))
    }


def _is_vendor(
    rows: pd.DataFrame, column: str, facts: Facts
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the text of a category column is the vendor of the contract, or a branch of it."""
    texts = rows[column].cat
    told = np.array([legal_person(text) for text in texts.categories], dtype=object)
    vendors = contracts(facts)["vendor"].astype("str").map(legal_person).to_numpy(dtype=object)
    return np.asarray(told[texts.codes.to_numpy()] == vendors[rows["place"]], dtype=np.bool_)


def _same(
    codes: pd.Series[str], others: pd.Series[str]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether two columns name one enterprise; a branch is no other party than its enterprise."""
    own, other = (part.astype("str").map(legal_person).to_numpy() for part in (codes, others))
    return np.asarray(own == other, dtype=np.bool_)


def _vendor_of(rows: pd.DataFrame, facts: Facts) -> pd.Series:
    vendors = contracts(facts)["vendor"].astype("str").to_numpy()
    return pd.Series(vendors[rows["place"]], index=rows.index, dtype="str")


def _is_unit(pairs: pd.DataFrame, facts: Facts) -> pd.Series:
    """Whether the buyer of each invoice is a unit of its book, as far as the book can tell.

    Names are written shorter and longer; the unit's tax code is not declared, so that a buyer who
    is a number only is not questioned; nor is who bought what the budget did not pay.
    """
    books = contracts(facts)["book"].astype("str").to_numpy()[pairs["place"]]
    told = pd.DataFrame({"book": books, "buyer": pairs["buyer"].to_numpy()}, index=pairs.index)
    asked = told[pairs["state"]].drop_duplicates()
    names = {book: _unit_names(facts, book) for book in asked["book"].unique()}
    strange = {
        (book, buyer)
        for book, buyer in zip(asked["book"], asked["buyer"], strict=True)
        if not _named(bare_number(buyer), names[book])
    }
    answers = [pair not in strange for pair in zip(told["book"], told["buyer"], strict=True)]
    return pd.Series(answers, index=pairs.index, dtype="bool") | ~pairs["state"]


def _named(buyer: str, names: set[str]) -> bool:
    number = buyer.replace("-", "").isdigit()
    return number or any(buyer in name or name in buyer for name in names)


def _unit_names(facts: Facts, book: str) -> set[str]:
    """The names of the unit or units, and of the units that lead a task."""
    columns = (("programme", "unit"), ("units", "title"), ("tasks", "lead_unit"))
    names = (facts[frame].loc[facts[frame]["book"] == book, column] for frame, column in columns)
    return {bare_number(str(name)) for column in names for name in column.unique()} - {""}


def _told(
    rows: pd.DataFrame, compared: str, suffix: pd.Series, held_to: pd.Series, of: str = "contract"
) -> pd.DataFrame:
    """Failing postings with what their finding says of them.

    Columns besides: ``subject``, ``named`` (its contract or support), ``compared`` (a key of
    ``_COMPARED``), ``party`` (who was found), ``held_to`` (who was expected), ``review``.
    """
    named = f"{of} " + rows[of].astype("str")
    suffix = suffix.astype("str")
    return rows.assign(
        subject=named + f" {compared} " + suffix,
        named=named,
        compared=compared,
        party=suffix,
        held_to=held_to,
        review=False,
    )


def _failed(told: pd.DataFrame) -> Iterator[Assessment]:
    """One assessment a subject; what went out in sum is at issue: a settlement pays nothing."""
    if told.empty:
        return
    number = told.groupby(["book", "subject"], observed=True).ngroup()
    told = told.assign(finding=number)
    paid = told.groupby("finding")["amount"].sum().clip(lower=0).to_dict()
    evidence = evidence_by(told, "finding", paid)
    for row in records(told.drop_duplicates("finding")):
        what, expected = _COMPARED[row.compared]
        amount = int(paid[row.finding])
        yield Assessment(
            row.subject,
            Verdict.FAIL,
            row.book,
            observed=amount,
            at_issue=amount,
            values={
                "subject": subject_name(row.named),
                "amount": amount,
                "what": what,
                "party": row.party,
                "expected": expected,
                "held_to": row.held_to,
            },
            evidence=evidence[row.finding],
            review=bool(row.review),
        )
