"""What an electronic invoice says: parties, lines, VAT, totals proved, who signed it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from importers.invoices.invoice_files import OLD_FORMAT
from importers.known import invoice_name
from importers.source.cells import unmarked
from importers.source.files import file_refusal
from importers.source.xml import child, children, local, parse_xml, value
from ledger.text import LARGEST_AMOUNT, Text, dong

if TYPE_CHECKING:
    from ledger.problems import BadInputError

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_SHARE: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?%")
_PERSONAL: Final = re.compile(r"\d{12}")
_REPLACES, _ADJUSTS = "1", "2"
_NOTE, _DISCOUNT, _PROMOTION = "4", "3", "2"
_NO_VAT: Final = frozenset({"KCT", "KKKNT", "", "-1", "-2"})
_TOLERANCE: Final = 1  # đồng a line, and a line of a rate group


class InvoiceLine(NamedTuple):
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
    buyer_unit: str
    items: tuple[InvoiceLine, ...]
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

    @property
    def related_name(self) -> str:
        """The one that it replaces or adjusts, as the book names it; empty where it names none."""
        return invoice_name(f"{self.seller}/{self.related}") if self.related else ""

    @property
    def numbered(self) -> bool:
        """Whether it has been given a number, without which it is not issued."""
        return bool(self.number.strip("0"))

    @property
    def replaces(self) -> bool:
        """Whether it takes the place of another one."""
        return self.relation == _REPLACES

    @property
    def lowers(self) -> bool:
        """Whether it takes from another one, told by its sign or, where that is plus, in words."""
        if self.total < 0:
            return True
        words = (unmarked(item.name) for item in self.items)
        return self.relation == _ADJUSTS and any("dieu chinh giam" in one for one in words)


def read_invoices(content: bytes, shown: str) -> list[Invoice]:
    """Read the invoices of a file: one, or those that a message carries.

    Args:
        content: the XML.
        shown: its name for messages.

    Raises:
        BadInputError: it is no invoice of the formats known, or its own totals do not add up.
    """
    root = parse_xml(content, shown)
    if OLD_FORMAT in {root.nsmap.get(root.prefix), *root.nsmap.values()}:
        raise file_refusal(
            shown,
            Text(
                "hóa đơn theo định dạng cũ (Thông tư 32/2011), không đọc",
                "an invoice of the format before Decree 123/2020, not read",
            ),
            Text("ghi tay hóa đơn này", "enter this invoice by hand"),
        )
    invoices = _invoices_of(root, shown)
    if len(invoices) == 1:  # its signatures may stand beside it
        return [_Reading(shown, root, child(invoices[0], "DLHDon")).invoice()]
    return [_Reading(shown, one, child(one, "DLHDon")).invoice() for one in invoices]


def _invoices_of(root: Any, shown: str) -> list[Any]:  # noqa: ANN401  # lxml
    """Each ``HDon`` wherever it may stand; never by a search over the whole message."""
    found: list[Any] = []
    match local(root):
        case "HDon":
            found = [root]
        case "TDiep":
            data = child(root, "DLieu")
            found = [] if data is None else children(data, "HDon")
        case "DLHDon":
            found = children(root, "HDon")
    if not found or any(child(one, "DLHDon", "TTChung") is None for one in found):
        raise file_refusal(
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
        return file_refusal(
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

    def item(self, element: Any) -> InvoiceLine:  # noqa: ANN401  # lxml
        nature = value(element, "TChat")
        amount = self.number(value(element, "ThTien"))
        name = value(element, "THHDVu")
        if nature in (_NOTE, _PROMOTION):
            amount = Decimal(0)
        if nature == _DISCOUNT and amount > 0:
            amount = -amount
        return InvoiceLine(nature, name, amount, value(element, "TSuat"))

    def totals(self, items: tuple[InvoiceLine, ...], relation: str) -> tuple[int, int]:
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

    def prove_groups(
        self, groups: list[Any], items: tuple[InvoiceLine, ...], trade: Decimal
    ) -> None:
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
