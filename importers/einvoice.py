"""Electronic invoices as XML: one file, a folder or a ZIP (hóa đơn điện tử).

Formats 2.0.x and 2.1.x of Decree 123/2020 and Decree 70/2025: ``HDon`` alone, inside ``TDiep`` or
``DLHDon``, with any namespace. A signature that is present is said to be present, never valid.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.base import NOTHING_ASKED, Asked, BookImporter
from importers.draft import Draft, Duplicate, FileOutcome, other_total
from importers.invoices.invoice_draft import invoice_draft, shown_file, shown_invoice
from importers.invoices.invoice_files import holds_invoice, invoice_files
from importers.invoices.invoice_reading import Invoice, read_invoices
from importers.source.files import file_refusal, form_of, read_bytes
from importers.source.places import Place, Reject
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importers.invoices.invoice_files import InvoiceFile
    from importers.known import Known


_MOST_TOLD: Final = 20  # problems of one import


class _Found(NamedTuple):
    """An invoice, its file, and where it lies."""

    invoice: Invoice
    member: InvoiceFile
    place: Place


class EInvoice(BookImporter):
    """Invoices addressed to the unit, as payments that wait for their voucher."""

    title = Text("hóa đơn điện tử", "e-invoice")
    files_under = "Expenses"

    def identify(self, filepath: str) -> bool:
        """Whether the file is an invoice, or a ZIP or folder that holds some."""
        path = Path(filepath)
        if path.is_dir():
            return any(path.glob("**/*.xml"))
        try:
            content = read_bytes(path)
        except BadInputError:
            return False
        form = form_of(content)
        return form == "zip" or (form == "xml" and holds_invoice(content))

    def propose(self, path: Path, known: Known, asked: Asked = NOTHING_ASKED) -> FileOutcome:
        """Every invoice as a payment, its declaration and its document."""
        found, others = _read(path, known, asked)
        replaced = {one.invoice.related_name: one.invoice for one in found if one.invoice.replaces}
        drafts: list[Draft] = []
        duplicates: list[Duplicate] = []
        rejects = list(others)
        seen: dict[str, _Found] = {}
        for one in found:
            invoice, member, place = one
            name = invoice.name
            reason = _nothing_to_pay(invoice, known, replaced)
            paid = known.invoiced.get(name)
            if name in known.invoices or (name in seen and invoice.numbered):
                where, total = _met_before(name, known, seen)
                if total is not None and total != invoice.total:
                    shown = shown_invoice(invoice, member)
                    rejects.append(Reject(place, shown, other_total(where, invoice.total, total)))
                    continue
                duplicates.append(Duplicate(place, where, again=name not in known.invoices))
            elif reason and paid:
                duplicates.append(Duplicate(place, paid.where))
            elif reason:
                rejects.append(Reject(place, shown_invoice(invoice, member), reason))
            else:
                seen[name] = one
                drafts.append(invoice_draft(invoice, member, place, known))
        return FileOutcome(
            file=str(path.resolve()),
            kind=self.title,
            knowledge=Text("theo hóa đơn thật", "from real invoices"),
            read=len(found) + len(others),
            drafts=tuple(drafts),
            duplicates=tuple(duplicates),
            rejects=tuple(rejects),
        )


def _read(path: Path, known: Known, asked: Asked) -> tuple[list[_Found], list[Reject]]:
    """The invoices of a file, a folder or a ZIP, and what else lies there.

    Raises:
        BadInputError: an invoice cannot be read or is another unit's, or there is none.
    """
    found: list[_Found] = []
    others: list[Reject] = []
    problems: list[Problem] = []
    for member in asked.counted(invoice_files(path)):
        place = Place(member.file, member.name, 0)
        if member.other:
            others.append(Reject(place, shown_file(member), member.other))
            continue
        try:
            invoices = read_invoices(member.content, member.shown)
            for number, invoice in enumerate(invoices, start=1):
                _require_ours(invoice, member.shown, known)
                own = place._replace(row=number, tag="HDon") if len(invoices) > 1 else place
                found.append(_Found(invoice, member, own))
        except BadInputError as error:
            problems += error.problems
    if problems:
        raise BadInputError(problems[:_MOST_TOLD])
    if not found:
        raise file_refusal(
            path,
            Text("không có hóa đơn XML nào", "no XML invoice"),
            Text(
                "tải XML của hóa đơn, không phải PDF; tệp ZIP, sao kê, bảng tính thì nêu từng tệp",
                "download the invoice's XML; name ZIPs, statements and workbooks one by one",
            ),
        )
    return found, others


def _met_before(name: str, known: Known, seen: Mapping[str, _Found]) -> tuple[str, int | None]:
    """Where an invoice was met, and its total there, VND; None where the book does not say it."""
    if name in known.invoices:
        return known.invoices[name], known.billed.get(name)
    first = seen[name]
    return first.place.sheet or first.place.file, first.invoice.total


def _nothing_to_pay(invoice: Invoice, known: Known, replaced: Mapping[str, Invoice]) -> Text | None:
    """Why an invoice brings no payment; None where it does."""
    if not invoice.numbered:
        return Text(
            "chưa có số hóa đơn, tức chưa phát hành; tải lại XML sau khi người bán phát hành",
            "no number, thus not issued yet; download the XML once it is",
        )
    if invoice.name in known.replaced:
        by = known.replaced[invoice.name]
        return Text(f"đã bị hóa đơn {by} thay thế", f"replaced by invoice {by}")
    other = replaced.get(invoice.name)
    if other:
        return Text(
            f"đã bị hóa đơn {other.series}/{other.number} trong lần nhập này thay thế",
            f"replaced by {other.series}/{other.number}, which is being imported",
        )
    if invoice.lowers:
        return _lowering(invoice, known)
    if not invoice.total:
        return Text(
            "tổng bằng 0, không có gì để trả; giữ tệp trong hồ sơ của nhiệm vụ",
            "its total is 0, nothing to pay; keep the file with the task's papers",
        )
    return None


def _lowering(invoice: Invoice, known: Known) -> Text:
    """What to do with an invoice that takes from another one."""
    amount = abs(invoice.total)
    if not invoice.related:
        return Text(
            f"tổng âm {dong(amount)} đồng mà không nêu hóa đơn bị điều chỉnh; hỏi lại người bán",
            f"{dong(amount, 'en')} VND below zero and no invoice named that it adjusts; ask the "
            "seller",
        )
    paid = known.invoiced.get(invoice.related_name)
    where = paid.where if paid else known.invoices.get(invoice.related_name, "")
    at, at_en = (f" (ở {where})", f" (at {where})") if where else ("", "")
    return Text(
        f"điều chỉnh giảm {dong(amount)} đồng của hóa đơn {invoice.related}{at}, không phải khoản "
        "trả; sửa số tiền của hóa đơn ấy nếu chưa trả, ghi khoản nộp trả nếu đã trả",
        f"takes {dong(amount, 'en')} VND from invoice {invoice.related}{at_en}, no payment; mend "
        "that one's amount if it is unpaid, book what was returned if it is paid",
    )


def _require_ours(invoice: Invoice, shown: str, known: Known) -> None:
    """An invoice for another buyer is refused where the unit's code tells so."""
    if invoice.buyer_unit and known.unit_codes and invoice.buyer_unit not in known.unit_codes:
        raise file_refusal(
            shown,
            Text(
                f"người mua có mã ĐVQHNS {invoice.buyer_unit}, đơn vị của sổ là "
                f"{', '.join(sorted(known.unit_codes))}",
                f"the buyer's unit code is {invoice.buyer_unit}, the book's "
                f"{', '.join(sorted(known.unit_codes))}",
            ),
            Text("chọn đúng hóa đơn, hoặc đúng sổ", "take the right invoice, or the right book"),
        )
    ours = known.unit_tax_codes
    if invoice.buyer and ours and invoice.buyer not in ours:
        raise file_refusal(
            shown,
            Text(
                f"mã số thuế người mua {invoice.buyer} không phải của đơn vị "
                f"({', '.join(sorted(ours))})",
                f"the buyer's tax code {invoice.buyer} is not the unit's "
                f"({', '.join(sorted(ours))})",
            ),
            Text("trả lại hóa đơn cho người bán", "give the invoice back to the seller"),
        )
