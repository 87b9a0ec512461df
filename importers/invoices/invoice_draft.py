"""An invoice as directives of the book: its payment, its declaration, its document."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from importers.draft import KEY, UNDECIDED, UNKNOWN_ITEM, UNKNOWN_TASK, Draft
from importers.movements import (
    ACTIVITY,
    BUDGET_YEAR,
    ITEM,
    TASK,
    opened,
    other_year,
    state_fund,
    two_years_open,
)
from importers.parties import OtherSide
from importers.source.places import Place, exact_key
from ledger.accounts import Family, account_name
from ledger.text import Text, dong
from ledger.writing import Copy, NewCustom, NewDocument, NewEntry, NewPosting, NewTransaction

if TYPE_CHECKING:
    from importers.invoices.invoice_files import InvoiceFile
    from importers.invoices.invoice_reading import Invoice
    from importers.known import Known, Paid

_FOLDER: Final = "documents/hoa-don"
_GUESSED: Final = Text(
    "nhiệm vụ, tiểu mục: đoán, xem lại", "task and sub-item: guessed, look at them"
)
_RENAME: Final = Text(
    "hóa đơn bị thay thế đã ghi chi: đổi «invoice» của bút toán ấy sang hóa đơn này, số khác thì "
    "ghi phần chênh lệch",
    "the replaced one is booked: name this invoice in that entry, and book what the amounts differ",
)
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


def invoice_draft(invoice: Invoice, member: InvoiceFile, place: Place, known: Known) -> Draft:
    """An invoice as a draft, with what it declares and the file that is kept."""
    words = "; ".join(item.name for item in invoice.items if item.name)[:200]
    digest = hashlib.sha256(member.content).hexdigest()
    paid = known.invoiced.get(invoice.name) or _paid_before(invoice, known)
    # What Fava's page saved is the payment alone, of the same key: the rest is another draft.
    key = exact_key("invoice", invoice.name, *(("declared",) if paid else ()))
    name = f"{invoice.seller}/{invoice.series}/{invoice.number}"
    replaces = {"replaces": f"{invoice.seller}/{invoice.related}"} if invoice.replaces else {}
    declaration = NewCustom(
        invoice.date,
        "invoice",
        (name,),
        {"seller": invoice.seller, "buyer": invoice.buyer or invoice.buyer_unit or "-",
         "total": invoice.total, "tax": max(invoice.tax, 0), **replaces},
    )  # fmt: skip
    party: tuple[NewEntry, ...] = ()
    if invoice.seller and invoice.seller not in known.parties:
        party = (
            NewCustom(
                invoice.date.replace(month=1, day=1),
                "party",
                (invoice.seller, invoice.seller_name or invoice.seller),
                {"role": "vendor"},
            ),
        )
    target = f"{_FOLDER}/{invoice.date:%Y}/{_file_name(invoice, digest)}"
    undecided = [*invoice.warnings]
    if far := other_year(invoice.date, known):
        undecided.append(far[0])
    if not (invoice.buyer and known.unit_tax_codes) and not invoice.buyer_unit:
        undecided.append(_buyer_unknown(invoice))
    if invoice.signed_by:
        names = ", ".join(name for name in invoice.signed_by if name) or "?"
        undecided.append(
            Text(
                f"có chữ ký số ({names}), chưa kiểm tra hiệu lực",
                f"a signature is present ({names}), its validity not checked",
            )
        )
    entry, extra, why, open_points = _payment(invoice, words, key, known, paid)
    account = entry.postings[1].account if entry else _document_account(known, paid)
    document = NewDocument(
        invoice.date, account, target,
        {"for": f"invoice {name}", "slot": "invoice", KEY: key},
    )  # fmt: skip
    return Draft(
        place, key, entry, (*party, declaration, document, *extra),
        (*open_points, *undecided), why, (Copy(member.content, target),),
        shown=shown_invoice(invoice, member),
        replaces=exact_key("invoice", invoice.related_name) if invoice.replaces else "",
    )  # fmt: skip


def _buyer_unknown(invoice: Invoice) -> Text:
    """That nothing told whether the buyer is the unit."""
    if not invoice.buyer:
        return Text("hóa đơn không ghi mã số thuế người mua", "no tax code of the buyer")
    return Text(
        f"chưa kiểm được người mua {invoice.buyer}: sổ chưa khai mã số thuế của đơn vị "
        '(party, role: "unit")',
        f"the buyer {invoice.buyer} not checked: the book does not declare the unit's tax code "
        '(party, role: "unit")',
    )


def shown_invoice(invoice: Invoice, member: InvoiceFile) -> str:
    """Which invoice a draft is of, as a list of many shows it."""
    seller = invoice.seller_name or invoice.seller
    return f"{shown_file(member)}: {invoice.series}/{invoice.number}, {seller}"


def shown_file(member: InvoiceFile) -> str:
    """A file by its name alone."""
    return PurePath(member.name or member.file).name


def _paid_before(invoice: Invoice, known: Known) -> Paid | None:
    """Where the book has paid the invoice that this one replaces."""
    return known.invoiced.get(invoice.related_name) if invoice.replaces else None


def _document_account(known: Known, paid: Paid | None) -> str:
    """Where the document of an invoice without a payment stands: with what was paid for it."""
    if paid and paid.account:
        return paid.account
    spent = sorted(name for name in known.opens if name.startswith("Expenses:"))
    return spent[0] if spent else "Expenses"


def _payment(
    invoice: Invoice, words: str, key: str, known: Known, paid: Paid | None
) -> tuple[NewTransaction | None, tuple[NewEntry, ...], Text | None, list[Text]]:
    """The payment of an invoice, unless the book has paid it or it brings none."""
    if paid:
        text = _paid_text(paid, invoice)
        return None, (), text, [] if invoice.name in known.invoiced else [_RENAME]
    seller = OtherSide(invoice.seller, sure=True) if invoice.seller else None
    match = known.like(words, invoice.seller_name, seller, deposit=False, sign=-1)
    undecided = [Text("ngày và chứng từ trả tiền (voucher)", "day and voucher of the payment")]
    task, item, unit = UNKNOWN_TASK, UNKNOWN_ITEM, ""
    fund = state_fund(match, known) or "NSTP"
    if match:
        parts = match.example.parts
        task, item, unit = parts.task, parts.sub_item, parts.unit
        undecided.append(_GUESSED)
    else:
        undecided += [TASK, ITEM]
    meta: dict[str, Any] = {"kind": "payment", "vendor": invoice.seller}
    activity = match.activity if match else ""
    allowed = known.activities.get(task, [])
    activity = activity or (allowed[0] if len(allowed) == 1 else "")
    if activity:
        meta["activity"] = activity
    else:
        undecided.append(ACTIVITY)
    meta["invoice"] = f"{invoice.series}/{invoice.number}"
    if invoice.tax > 0:
        meta["vat"] = invoice.tax
    if two_years_open(invoice.date):
        meta["budget-year"] = known.budget_year_of(invoice.date)
        undecided.append(BUDGET_YEAR)
    meta[KEY] = key
    place = {"unit": unit, "task": task, "fund": fund}
    spent = account_name(Family.SPENT, **place, sub_item=item or UNKNOWN_ITEM)
    postings = (
        NewPosting(account_name(Family.AVAILABLE, **place), -invoice.total),
        NewPosting(spent, invoice.total),
    )
    payee = known.parties.get(invoice.seller, invoice.seller_name)
    entry = NewTransaction(invoice.date, UNDECIDED, payee, words or "Theo hóa đơn", meta, postings)
    return entry, opened(postings, invoice.date, known), match.why if match else None, undecided


def _paid_text(paid: Paid, invoice: Invoice) -> Text:
    """Where an invoice was paid; how much, where that is not its total."""
    if paid.amount == invoice.total:
        return Text(f"đã trả ở {paid.where}", f"paid at {paid.where}")
    return Text(
        f"đã trả ở {paid.where}: {dong(paid.amount)} đồng, hóa đơn {dong(invoice.total)} đồng",
        f"paid at {paid.where}: {dong(paid.amount, 'en')} VND, the invoice is of "
        f"{dong(invoice.total, 'en')} VND",
    )


def _file_name(invoice: Invoice, digest: str) -> str:
    """A name made of what the invoice says, of letters that every system takes."""
    words = f"{invoice.date}.{invoice.seller}-{invoice.series}-{invoice.number}-{digest[:8]}"
    return _UNSAFE.sub("-", words).strip(".-") + ".xml"
