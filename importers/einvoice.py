"""Electronic invoices as XML: one file, a folder or a ZIP (hóa đơn điện tử).

Formats 2.0.x and 2.1.x of Decree 123/2020 and Decree 70/2025: ``HDon`` alone, inside ``TDiep`` or
``DLHDon``, with any namespace. A signature that is present is said to be present, never valid.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from importers.base import BookImporter
from importers.draft import (
    KEY,
    UNDECIDED,
    UNKNOWN_ITEM,
    UNKNOWN_TASK,
    Draft,
    Duplicate,
    Outcome,
)
from importers.known import Known, invoice_name
from importers.movements import ACTIVITY, ITEM, TASK, opened
from importers.sheets import form_of, read_bytes, refusal
from importers.statement import Place, exact_key
from importers.xml import child, children, local, parse_xml, value
from ledger.accounts import Family, account_name
from ledger.problems import BadInputError, Problem
from ledger.text import LARGEST_AMOUNT, Text, dong
from ledger.writing import Copy, NewCustom, NewDocument, NewEntry, NewPosting, NewTransaction

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_MEMBERS: Final = 20_000
MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_INVOICE: Final = 16 * 1024 * 1024
MOST_RATIO: Final = 200

_OLD: Final = "http://laphoadon.gdt.gov.vn/2014/09/invoicexml/v1"
_FOLDER: Final = "documents/hoa-don"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_SHARE: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?%")
_PERSONAL: Final = re.compile(r"\d{12}")
_REPLACES, _ADJUSTS = "1", "2"
_NOTE, _DISCOUNT, _PROMOTION = "4", "3", "2"
_NO_VAT: Final = frozenset({"KCT", "KKKNT", "", "-1", "-2"})
_TOLERANCE: Final = 1  # đồng a line, and a line of a rate group


class Item(NamedTuple):
    """A line of an invoice; amounts are VND as written, which may have decimals."""

    nature: str
    name: str
    amount: Decimal
    rate: str


class Invoice(NamedTuple):
    """What an invoice says.

    Attributes:
        version: ``PBan`` of the invoice.
        series: ký hiệu, such as ``1C25TAA``.
        number: số hóa đơn as written; empty before it is given.
        seller: tax code.
        buyer: tax code; personal code or nothing for buyers without one.
        buyer_unit: mã ĐVQHNS of the buyer.
        total: payable, VND.
        tax: VAT, VND.
        relation: ``1`` replaces, ``2`` adjusts, empty for an ordinary one.
        related: the invoice that it replaces or adjusts.
        signed_by: who signed, as the certificates name them; nothing is verified.
        warnings: what a person should see.
    """

    version: str
    series: str
    number: str
    date: dt.date
    seller: str
    seller_name: str
    buyer: str
    buyer_name: str
    buyer_unit: str
    items: tuple[Item, ...]
    total: int
    tax: int
    relation: str
    related: str
    signed_by: tuple[str, ...]
    warnings: tuple[Text, ...]

    @property
    def name(self) -> str:
        """How the book names it: seller, series and number without leading zeros."""
        return invoice_name(f"{self.seller}/{self.series}/{self.number}")


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
        return form == "zip" or (form == "xml" and _is_invoice(content))

    def propose(self, path: Path, known: Known) -> Outcome:
        """Every invoice as a payment, its declaration and its document."""
        drafts: list[Draft] = []
        duplicates: list[Duplicate] = []
        problems: list[Problem] = []
        seen: dict[str, Place] = {}
        read = 0
        for member in _members(path):
            read += 1
            place = Place(member.file, member.name, 1)
            try:
                invoice = read_invoice(member.content, member.shown)
                _require_ours(invoice, member.shown, known)
            except BadInputError as error:
                problems += error.problems
                continue
            name = invoice.name
            if name in known.invoices or name in seen:
                where = known.invoices.get(name) or seen[name].sheet or seen[name].file
                duplicates.append(Duplicate(place, where))
                continue
            seen[name] = place
            drafts.append(_draft(invoice, member, place, known))
        if problems:
            raise BadInputError(problems[:20])
        if not read:
            raise refusal(
                path,
                Text("không có hóa đơn XML nào", "no XML invoice"),
                Text("tải XML của hóa đơn, không phải PDF", "download the invoice's XML"),
            )
        return Outcome(
            file=str(path.resolve()),
            kind=self.title,
            knowledge=Text("theo hóa đơn thật", "from real invoices"),
            read=read,
            drafts=tuple(drafts),
            duplicates=tuple(duplicates),
            rejects=(),
        )


def _is_invoice(content: bytes) -> bool:
    return any(tag in content for tag in (b"HDon", b"DLHDon", _OLD.encode()))


class _Member(NamedTuple):
    """One XML file, wherever it lies."""

    file: str
    name: str
    content: bytes

    @property
    def shown(self) -> str:
        """Its name for messages."""
        return f"{self.file}!{self.name}" if self.name else self.file


def _members(path: Path) -> Iterator[_Member]:
    if path.is_dir():
        for file in sorted(path.glob("**/*.xml")):
            if file.is_symlink() and not file.resolve().is_relative_to(path.resolve()):
                raise refusal(
                    file,
                    Text("liên kết ra ngoài thư mục", "a link out of the folder"),
                    Text("chép tệp vào thư mục", "copy the file into the folder"),
                )
            content = read_bytes(file)
            if _is_invoice(content):
                yield _Member(str(file.resolve()), "", content)
        return
    content = read_bytes(path)
    if form_of(content) != "zip":
        yield _Member(str(path.resolve()), "", content)
        return
    yield from _zip_members(path, content)


def _zip_members(path: Path, content: bytes) -> Iterator[_Member]:
    """The invoices of a ZIP; nothing of it is ever written under a name of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _require_safe(path, members)
            for one in members:
                if not one.filename.lower().endswith(".xml"):
                    continue
                inner = _unpacked(path, archive, one)
                if _is_invoice(inner):
                    yield _Member(str(path.resolve()), one.filename, inner)
    except BadInputError:
        raise
    except Exception as error:  # zipfile and zlib fail on damaged archives in many ways
        raise _zip_refused(
            path, Text(f"tệp ZIP hỏng: {error}", f"a damaged ZIP: {error}")
        ) from error


def _unpacked(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's content; what it says of its size is not believed."""
    with archive.open(member) as stream:
        content = stream.read(MOST_INVOICE + 1)
    if len(content) > MOST_INVOICE:
        raise _zip_refused(path, Text("bung ra quá lớn", "unpacks beyond the limit"))
    return content


def _require_safe(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise _zip_refused(path, Text("bung ra quá lớn", "unpacks beyond the limit"))
    for one in members:
        parts = PurePosixPath(one.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
            raise _zip_refused(
                path,
                Text(
                    f"tên «{one.filename}» ra ngoài thư mục", f"“{one.filename}” leaves its folder"
                ),
            )
        if one.flag_bits & 1:
            raise _zip_refused(path, Text("ZIP có mật khẩu", "the ZIP is encrypted"))
        if one.file_size > 1024 * 1024 and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise _zip_refused(path, Text("bung ra quá lớn", "unpacks beyond the limit"))


def _zip_refused(path: Path, text: Text) -> BadInputError:
    return refusal(
        path, text, Text("giải nén bằng tay rồi nhập từng tệp", "unpack it and import the files")
    )


# Reading.


def read_invoice(content: bytes, shown: str) -> Invoice:
    """Read one invoice.

    Args:
        content: the XML.
        shown: its name for messages.

    Raises:
        BadInputError: it is no invoice of the formats known, or its own totals do not add up.
    """
    root = parse_xml(content, shown)
    if _OLD in {root.nsmap.get(root.prefix), *root.nsmap.values()}:
        raise refusal(
            shown,
            Text(
                "hóa đơn theo định dạng cũ (Thông tư 32/2011), không đọc",
                "an invoice of the format before Decree 123/2020, not read",
            ),
            Text("ghi tay hóa đơn này", "enter this invoice by hand"),
        )
    body = child(_invoice_of(root, shown), "DLHDon")
    return _Reading(shown, root, body).invoice()


def _invoice_of(root: Any, shown: str) -> Any:  # noqa: ANN401  # lxml
    """The ``HDon`` wherever it may stand; never by a search over the whole message."""
    name = local(root)
    found = None
    if name == "HDon":
        found = root
    elif name == "TDiep":
        found = child(root, "DLieu", "HDon")
    elif name == "DLHDon":
        inner = child(root, "HDon")
        found = inner
    if found is None or child(found, "DLHDon", "TTChung") is None:
        raise refusal(
            shown,
            Text("XML không phải hóa đơn điện tử", "the XML is no e-invoice"),
            Text("tải lại XML của hóa đơn", "download the invoice's XML"),
        )
    return found


class _Reading:
    """An invoice while it is read."""

    def __init__(self, shown: str, root: Any, body: Any) -> None:  # noqa: ANN401  # lxml
        self.shown = shown
        self.root = root
        self.head = child(body, "TTChung")
        self.content = child(body, "NDHDon")
        self.warnings: list[Text] = []

    def invoice(self) -> Invoice:
        head, content = self.head, self.content
        if value(head, "DVTTe") not in {"VND", ""}:
            raise self.refused(f"hóa đơn bằng {value(head, 'DVTTe')}", f"in {value(head, 'DVTTe')}")
        seller = self.tax_code(value(content, "NBan", "MST"), "người bán", "seller")
        buyer = value(content, "NMua", "MST")
        if buyer:
            buyer = self.tax_code(buyer, "người mua", "buyer")
        items = tuple(map(self.item, children(child(content, "DSHHDVu"), "HHDVu")))
        related = child(head, "TTHDLQuan")
        relation = value(related, "TCHDon")
        total, tax = self.totals(items, relation)
        invoice = Invoice(
            version=value(head, "PBan"),
            series=value(head, "KHMSHDon") + value(head, "KHHDon"),
            number=value(head, "SHDon"),
            date=self.day(value(head, "NLap")),
            seller=seller,
            seller_name=value(content, "NBan", "Ten"),
            buyer=buyer,
            buyer_name=value(content, "NMua", "Ten") or value(content, "NMua", "HVTNMHang"),
            buyer_unit=value(content, "NMua", "MDVQHNSach"),
            items=items,
            total=total,
            tax=tax,
            relation=relation,
            related=self.related(related),
            signed_by=self.signers(),
            warnings=(),
        )
        self.judge(invoice)
        return invoice._replace(warnings=tuple(self.warnings))

    def refused(self, vi: str, en: str) -> BadInputError:
        return refusal(
            self.shown, Text(vi, en), Text("xem lại tệp XML gốc", "look at the original XML")
        )

    def warn(self, vi: str, en: str) -> None:
        self.warnings.append(Text(vi, en))

    def day(self, words: str) -> dt.date:
        try:
            return dt.date.fromisoformat(words[:10])
        except ValueError as error:
            raise self.refused(
                f"ngày lập «{words}» không đọc được", f"the date “{words}” is no date"
            ) from error

    def tax_code(self, code: str, vi: str, en: str) -> str:
        """A tax code; a wrong check digit is a warning, for the invoice is genuine all the same."""
        if not code:
            self.warn(f"thiếu mã số thuế {vi}", f"no tax code of the {en}")
            return ""
        if _PERSONAL.fullmatch(code):
            return code
        try:
            mst.validate(code)
        except ValidationError:
            self.warn(f"mã số thuế {vi} {code} sai", f"the {en}'s tax code {code} is wrong")
        return f"{code[:10]}-{code[10:]}" if re.fullmatch(r"\d{13}", code) else code

    def number(self, words: str) -> Decimal:
        """A number; a lone comma is a decimal comma, and is said."""
        if not words:
            return Decimal(0)
        if words.count(",") == 1 and "." not in words:
            self.warn(f"số viết dấu phẩy thập phân: {words}", f"a decimal comma: {words}")
            words = words.replace(",", ".")
        if not _NUMBER.fullmatch(words):
            raise self.refused(f"«{words}» không phải là số", f"“{words}” is no number")
        found = Decimal(words)
        if abs(found) > LARGEST_AMOUNT:
            raise self.refused(f"số {words} quá lớn", f"{words} is too large")
        return found

    def item(self, element: Any) -> Item:  # noqa: ANN401  # lxml
        nature = value(element, "TChat")
        amount = self.number(value(element, "ThTien"))
        name = value(element, "THHDVu")
        if nature in (_NOTE, _PROMOTION):
            amount = Decimal(0)
        if nature == _DISCOUNT and amount > 0:
            amount = -amount
        return Item(nature, name, amount, value(element, "TSuat"))

    def totals(self, items: tuple[Item, ...], relation: str) -> tuple[int, int]:
        """Payable and VAT; each proved, a rate group within a dong a line."""
        pay = child(self.content, "TToan")
        if pay is None:
            raise self.refused("thiếu phần thanh toán (TToan)", "no totals (TToan)")
        groups = children(child(pay, "THTTLTSuat"), "LTSuat")
        before = self.number(value(pay, "TgTCThue"))
        tax = self.number(value(pay, "TgTThue"))
        total = self.number(value(pay, "TgTTTBSo"))
        if not value(pay, "TgTCThue"):
            before = sum((item.amount for item in items), Decimal(0))
        trade = self.number(value(pay, "TTCKTMai"))
        self.prove_groups(groups, items, trade)
        group_tax = sum((self.number(value(one, "TThue")) for one in groups), Decimal(0))
        if groups and abs(group_tax - tax) > max(len(groups), 1) * _TOLERANCE:
            self.differs("tổng thuế", "total VAT", group_tax, tax)
        fees = sum(
            (self.number(value(one, "TPhi")) for one in children(child(pay, "DSLPhi"), "LPhi")),
            Decimal(0),
        )
        other = self.number(value(pay, "TGTKCThue")) + self.number(value(pay, "TGTKhac"))
        if (
            abs(before + tax + fees - other - total) > _TOLERANCE
            and abs(before + tax + fees - other - trade - total) > _TOLERANCE
        ):
            self.differs("tổng thanh toán", "payable", before + tax + fees - other, total)
        if relation == _ADJUSTS and total > 0:
            self.warn(
                "hóa đơn điều chỉnh ghi số dương: tăng hay giảm chỉ nói bằng lời, phải xem",
                "an adjustment with positive figures: whether up or down stands in words only",
            )
        return _round(total), _round(tax)

    def prove_groups(self, groups: list[Any], items: tuple[Item, ...], trade: Decimal) -> None:
        by_rate: dict[str, list[Decimal]] = {}
        for item in items:
            if item.nature != _NOTE:
                by_rate.setdefault(_rate(item.rate), []).append(item.amount)
        for group in groups:
            rate = _rate(value(group, "TSuat"))
            amounts = by_rate.get(rate, [])
            printed = self.number(value(group, "ThTien"))
            counted = sum(amounts, Decimal(0))
            allowed = max(len(amounts), 1) * _TOLERANCE
            if abs(counted - printed) > allowed and abs(counted - trade - printed) > allowed:
                self.differs(f"nhóm thuế suất {rate}", f"rate {rate}", counted, printed)
            if _SHARE.fullmatch(rate):
                share = Decimal(rate.rstrip("%")) / 100
                taxed = self.number(value(group, "TThue"))
                if abs(printed * share - taxed) > allowed:
                    self.differs(f"thuế suất {rate}", f"VAT at {rate}", printed * share, taxed)

    def differs(self, vi: str, en: str, counted: Decimal, printed: Decimal) -> None:
        """Totals that do not hold are shown to a person; a genuine invoice may carry them."""
        self.warn(
            f"{vi}: hóa đơn ghi {_shown(printed)}, tính lại được {_shown(counted)}",
            f"{en}: written {_shown(printed)}, reckoned {_shown(counted)}",
        )

    def related(self, element: Any) -> str:  # noqa: ANN401  # lxml
        parts = [value(element, name) for name in ("KHMSHDCLQuan", "KHHDCLQuan", "SHDCLQuan")]
        return f"{parts[0]}{parts[1]}/{parts[2]}" if any(parts) else ""

    def signers(self) -> tuple[str, ...]:
        names = []
        for signature in self.root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature"):
            subject = next(
                (one.text or "" for one in signature.iter() if local(one) == "X509SubjectName"), ""
            )
            common = re.search(r"CN=([^,]+)", subject)
            names.append(common[1].strip() if common else "")
        return tuple(names)

    def judge(self, invoice: Invoice) -> None:
        """What else a person should see."""
        envelope = self.root if local(self.root) != "TDiep" else child(self.root, "DLieu")
        found = envelope if local(envelope) == "HDon" else child(envelope, "HDon")
        if not invoice.number or not invoice.number.strip("0"):
            self.warn("chưa có số hóa đơn", "no number yet")
        if invoice.series[1:2] == "C" and not value(found, "MCCQT"):
            self.warn("chưa có mã của cơ quan thuế", "no code of the tax authority")
        if not invoice.signed_by:
            self.warn("không có chữ ký số", "not signed")
        if invoice.relation == _REPLACES:
            self.warn(f"thay thế hóa đơn {invoice.related}", f"replaces {invoice.related}")
        elif invoice.relation == _ADJUSTS:
            self.warn(f"điều chỉnh hóa đơn {invoice.related}", f"adjusts {invoice.related}")


def _rate(words: str) -> str:
    words = words.replace(" ", "").upper()
    return "KCT" if words in _NO_VAT else words.removeprefix("KHAC:")


def _round(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _shown(amount: Decimal) -> str:
    return dong(_round(amount))


def _require_ours(invoice: Invoice, shown: str, known: Known) -> None:
    """An invoice for another buyer is refused where the unit's code tells so."""
    if invoice.buyer_unit and known.unit_codes and invoice.buyer_unit not in known.unit_codes:
        raise refusal(
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
        raise refusal(
            shown,
            Text(
                f"mã số thuế người mua {invoice.buyer} không phải của đơn vị "
                f"({', '.join(sorted(ours))})",
                f"the buyer's tax code {invoice.buyer} is not the unit's "
                f"({', '.join(sorted(ours))})",
            ),
            Text("trả lại hóa đơn cho người bán", "give the invoice back to the seller"),
        )


# Drafts.


def _draft(invoice: Invoice, member: _Member, place: Place, known: Known) -> Draft:
    words = "; ".join(item.name for item in invoice.items if item.name)[:200]
    digest = hashlib.sha256(member.content).hexdigest()
    key = exact_key("invoice", invoice.name)
    declaration = NewCustom(
        invoice.date,
        "invoice",
        (f"{invoice.seller}/{invoice.series}/{invoice.number}",),
        {"seller": invoice.seller, "buyer": invoice.buyer or invoice.buyer_unit or "-",
         "total": max(invoice.total, 0), "tax": max(invoice.tax, 0)},
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
    if invoice.signed_by:
        names = ", ".join(name for name in invoice.signed_by if name) or "?"
        undecided.append(
            Text(
                f"có chữ ký số ({names}), chưa kiểm tra hiệu lực",
                f"a signature is present ({names}), its validity not checked",
            )
        )
    paid = known.invoiced.get(invoice_name(f"{invoice.seller}/{invoice.series}/{invoice.number}"))
    entry, extra, why, open_points = _payment(invoice, words, key, known, paid)
    account = entry.postings[1].account if entry else _document_account(known)
    document = NewDocument(
        invoice.date, account, target,
        {"for": f"invoice {invoice.series}/{invoice.number}", "slot": "invoice", KEY: key},
    )  # fmt: skip
    return Draft(
        place, key, entry, (*party, declaration, document, *extra),
        (*open_points, *undecided), why, (Copy(member.content, target),),
    )  # fmt: skip


def _document_account(known: Known) -> str:
    spent = sorted(name for name in known.opens if name.startswith("Expenses:"))
    return spent[0] if spent else "Expenses"


def _payment(
    invoice: Invoice, words: str, key: str, known: Known, paid: str | None
) -> tuple[NewTransaction | None, tuple[NewEntry, ...], Text | None, list[Text]]:
    """The payment of an invoice, unless the book has paid it or it brings none."""
    if paid:
        return None, (), Text(f"đã trả ở {paid}", f"paid at {paid}"), []
    if invoice.total <= 0:
        text = Text(
            "tổng không dương: không lập bút toán trả tiền", "nothing payable: no payment drafted"
        )
        return None, (), None, [text]
    match = known.like(
        text=words, payee=invoice.seller_name, party=invoice.seller, deposit=False, sign=-1
    )
    undecided = [Text("ngày và chứng từ trả tiền (voucher)", "day and voucher of the payment")]
    task, fund, item, unit = UNKNOWN_TASK, known.state_fund or "NSTP", UNKNOWN_ITEM, ""
    if match:
        parts = match.example.parts
        task, fund, item, unit = parts.task, parts.fund, parts.sub_item, parts.unit
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
    if invoice.date.month == 1:
        meta["budget-year"] = invoice.date.year
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


def _file_name(invoice: Invoice, digest: str) -> str:
    """A name made of what the invoice says, of letters that every system takes."""
    words = f"{invoice.date}.{invoice.seller}-{invoice.series}-{invoice.number}-{digest[:8]}"
    return _UNSAFE.sub("-", words).strip(".-") + ".xml"
