"""Electronic invoices: every form of file, every quirk of real ones, and what must be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from beancount.parser import parser

from importers.einvoice import EInvoice
from importers.importing import importer_of, importers, plan_import
from importers.invoices.invoice_reading import read_invoices
from importers.known import Known
from ledger.problems import BadInputError
from ledger.writing import NewCustom, NewDocument, Style, entry_text
from tests.statements import invoices
from tests.statements.invoices import group, invoice, line

if TYPE_CHECKING:
    from pathlib import Path

    from importers.invoices.invoice_reading import Invoice


def read(text: str) -> Invoice:
    (found,) = read_invoices(text.encode(), "hoadon.xml")
    return found


def warnings(text: str) -> str:
    return " | ".join(warning.vi for warning in read(text).warnings)


@pytest.mark.parametrize("version", ["2.0.0", "2.0.1", "2.1.0"])
@pytest.mark.parametrize("wrap", [str, invoices.in_message, invoices.in_wrapper])
@pytest.mark.parametrize("namespace", ["", ' xmlns="http://example.vn/hoadon"'])
def test_versions_and_envelopes(version: str, wrap: type[str], namespace: str) -> None:
    found = read(wrap(invoice(version=version, namespace=namespace)))
    assert (found.version, found.series, found.number) == (version, "1C21TAA", "00001145")
    assert (found.total, found.tax, found.buyer_unit) == (10_800_000, 800_000, invoices.UNIT)
    assert found.name == "0199001589/1C21TAA/1145"
    assert found.warnings == ()


def test_a_signature_is_said_and_never_called_valid(tmp_path: Path) -> None:
    found = read(invoice())
    assert found.signed_by == ("CÔNG TY MINH HỌA",)
    path = tmp_path / "a.xml"
    path.write_text(invoice(), "utf-8")
    (draft,) = EInvoice().propose(path, Known([])).drafts
    assert any("chưa kiểm tra hiệu lực" in text.vi for text in draft.undecided)
    assert "không có chữ ký số" in warnings(invoice(signed=""))


def test_a_coded_series_without_its_code_is_shown() -> None:
    assert "chưa có mã của cơ quan thuế" in warnings(invoice(code="<MCCQT/>"))
    assert "mã của cơ quan thuế" not in warnings(invoice(series="K21TAA", code=""))


def test_numbers_with_decimals_and_a_decimal_comma() -> None:
    assert read(invoice(total="10800000.000000", before="10000000.2")).total == 10_800_000
    assert "dấu phẩy thập phân" in warnings(invoice(total="10800000,000000"))
    assert read(invoice(total="10800000,000000")).total == 10_800_000


def test_a_rate_group_may_keep_decimals_that_the_total_rounds() -> None:
    text = invoice(
        lines=(line("a", "4358190", "8%"),),
        groups=(group("8%", "4358190", "348655.2", turned=True),),
        before="4358190", tax="348655", total="4706845",
    )  # fmt: skip
    assert warnings(text) == ""


def test_totals_that_do_not_hold_are_shown_with_both_figures() -> None:
    said = warnings(invoice(before="9999000", total="10799000"))
    assert said == ""  # the total agrees with what it is made of; the group tells
    said = warnings(invoice(groups=(group("8%", "9000000", "720000"),)))
    assert "nhóm thuế suất 8%: hóa đơn ghi 9.000.000, tính lại được 10.000.000" in said
    assert "thuế suất 8%" in warnings(invoice(groups=(group("8%", "10000000", "900000"),)))
    assert "tổng thanh toán" in warnings(invoice(total="10800002"))
    assert "tổng thanh toán" not in warnings(invoice(total="10800001"))


def test_fees_outside_the_lines_are_counted() -> None:
    fees = "<DSLPhi><LPhi><TLPhi>Phí sân bay</TLPhi><TPhi>120000</TPhi></LPhi></DSLPhi>"
    assert warnings(invoice(totals=fees, total="10920000")) == ""


def test_discounts_notes_and_promotions() -> None:
    lines = (
        line("Gian hàng", "12000000"),
        line("Chiết khấu thương mại", "2000000", nature="3"),
        line("Quà tặng", "500000", nature="2"),
        line("Theo hợp đồng 12", "", "", nature="4"),
    )
    assert warnings(invoice(lines=lines)) == ""


@pytest.mark.parametrize("rate", ["KCT", "KKKNT", ""])
def test_lines_without_vat(rate: str) -> None:
    text = invoice(
        lines=(line("Lệ phí", "10000000", rate),), groups=(group(rate or "KCT", "10000000", "0"),),
        tax="0", total="10000000",
    )  # fmt: skip
    assert warnings(text) == ""


def test_a_sales_invoice_has_no_total_before_tax() -> None:
    text = invoice(
        lines=(line("Hoa", "500000", ""),), groups=(), before="", tax="0", total="500000"
    )
    assert read(text).total == 500_000
    assert warnings(text) == ""


def test_every_invoice_of_a_message_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    both = invoices.in_message(invoice(number="1") + invoice(number="2"))
    path.write_text(both, "utf-8")
    outcome = EInvoice().propose(path, Known([]))
    assert outcome.read == 2
    assert [str(d.entry.meta["invoice"]) for d in outcome.drafts if d.entry] == [
        "1C21TAA/1",
        "1C21TAA/2",
    ]


RELATED = (
    "<TTHDLQuan><TCHDon>{}</TCHDon><LHDCLQuan>1</LHDCLQuan><KHMSHDCLQuan>1</KHMSHDCLQuan>"
    "<KHHDCLQuan>C21TAA</KHHDCLQuan><SHDCLQuan>1000</SHDCLQuan></TTHDLQuan>"
)


def test_adjustments_in_three_signs() -> None:
    related = RELATED.format("2")
    negative = read(
        invoice(
            related=related,
            lines=(line("a", "-1000000"),),
            groups=(group("8%", "-1000000", "-80000"),),
            before="-1000000",
            tax="-80000",
            total="-1080000",
        )
    )
    assert (negative.total, negative.relation, negative.related) == (
        -1_080_000,
        "2",
        "1C21TAA/1000",
    )
    only_tax = read(
        invoice(
            related=related,
            lines=(line("a", "0"),),
            groups=(group("8%", "0", "-80000"),),
            before="0",
            tax="-80000",
            total="-80000",
        )
    )
    assert only_tax.tax == -80_000
    in_words = warnings(invoice(related=related))
    assert "tăng hay giảm chỉ nói bằng lời" in in_words
    assert "điều chỉnh hóa đơn 1C21TAA/1000" in in_words


def test_a_replacement_names_what_it_replaces() -> None:
    assert "thay thế hóa đơn 1C21TAA/1000" in warnings(invoice(related=RELATED.format("1")))


LOWERED = invoice(related=RELATED.format("2"), lines=(line("Điều chỉnh giảm đơn giá", "10000000"),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (invoice(number=""), "chưa phát hành"),
        (invoice(number="0"), "chưa phát hành"),
        (invoice(lines=(), groups=(), before="0", tax="0", total="0"), "tổng bằng 0"),
        (invoice(total="-10800000"), "không nêu hóa đơn bị điều chỉnh"),
        (invoice(total="-10800000", related=RELATED.format("2")), "điều chỉnh giảm 10.800.000"),
        (LOWERED, "điều chỉnh giảm 10.800.000 đồng của hóa đơn 1C21TAA/1000"),
    ],
)
def test_an_invoice_that_brings_no_payment_is_rejected_with_its_reason(
    text: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    (reject,) = EInvoice().propose(path, Known([])).rejects
    assert said in reject.reason.vi


def test_an_invoice_replaced_in_the_same_import_is_not_drafted(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_text(invoice(number="1000"), "utf-8")
    (tmp_path / "2.xml").write_text(invoice(related=RELATED.format("1")), "utf-8")
    outcome = EInvoice().propose(tmp_path, Known([]))
    assert outcome.counts() == (1, 0, 1)
    assert "1C21TAA/00001145 trong lần nhập này thay thế" in outcome.rejects[0].reason.vi


def test_what_replaces_a_paid_invoice_is_not_paid_again(tmp_path: Path) -> None:
    entries = parser.parse_string(
        '2021-06-01 * "Trả"\n  kind: "payment"\n  vendor: "0199001589"\n'
        '  invoice: "1C21TAA/1000"\n  Assets:DuToan:KhaDung:NV01:NSTP -1 VND\n'
        "  Expenses:NV01:NSTP:TM6651 1 VND\n"
    )[0]
    path = tmp_path / "a.xml"
    path.write_text(invoice(related=RELATED.format("1")), "utf-8")
    (draft,) = EInvoice().propose(path, Known(entries)).drafts
    assert (draft.entry, draft.why is not None) == (None, True)
    assert any("hóa đơn bị thay thế đã ghi chi" in text.vi for text in draft.undecided)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("0199001588", "mã số thuế người bán 0199001588 sai"),
        ("001099012345", ""),
        ("0100112437-001", ""),
        ("", "thiếu mã số thuế người bán"),
    ],
)
def test_tax_codes(code: str, said: str) -> None:
    found = warnings(invoice(seller=code))
    assert said in found
    assert bool(found) is bool(said)


def test_a_branch_without_its_dash_is_the_same_seller() -> None:
    assert read(invoice(seller="0100112437001")).seller == "0100112437-001"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "<inv:invoice xmlns:inv='http://laphoadon.gdt.gov.vn/2014/09/invoicexml/v1'/>",
            "định dạng cũ",
        ),
        ("<KhongPhai/>", "không phải hóa đơn"),
        ("<TDiep><DLieu>ABC</DLieu></TDiep>", "không phải hóa đơn"),
        (invoice(day="2021-13-40"), "ngày lập"),
        (invoice(currency="USD"), "USD"),
        (invoice(total="abc"), "không phải là số"),
        (invoice(total="1e30"), "không phải là số"),
        (invoice(total="9" * 20), "quá lớn"),
        (invoice()[:-20], "hỏng hoặc bị cắt cụt"),
        (invoices.BILLION_LAUGHS, "DOCTYPE"),
        (invoices.outside_entity("file:///etc/passwd"), "DOCTYPE"),
        (invoices.outside_entity("http://127.0.0.1:9/x"), "DOCTYPE"),
        ("<a>" * 3000, "XML"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInputError) as told:
        read(text)
    assert said in str(told.value)


def test_an_outside_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("BIMAT", "utf-8")
    with pytest.raises(BadInputError) as told:
        read(invoices.outside_entity(secret.as_uri()))
    assert "BIMAT" not in str(told.value)


def propose(path: Path, known: Known | None = None) -> tuple[int, int, int]:
    outcome = EInvoice().propose(path, known or Known([]))
    assert outcome.read == sum(outcome.counts())
    return outcome.counts()


def test_a_zip_of_the_portal_counts_its_invoice_once(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(
        invoices.zipped(
            {
                "invoice.xml": invoice(),
                "invoice.html": "<html/>",
                "details.js": "x",
                "thu/muc/message.xml": invoices.in_message(invoice()),
                "khac.xml": "<other/>",
            }
        )
    )
    assert propose(path) == (1, 1, 3)


def test_what_is_no_invoice_is_named_with_its_reason(tmp_path: Path) -> None:
    members = {
        "1145.xml": invoice(),
        "1145.pdf": "%PDF-1.4",
        "anh.pdf": "%PDF-1.4",
        "thong-bao.xml": "<TDiep><DLieu><TBao/></DLieu></TDiep>",
        "hoa-don.txt": invoice(number="7"),
        "trong.zip": invoices.zipped({"a.xml": invoice(number="8")}),
    }
    path = tmp_path / "thang-6.zip"
    path.write_bytes(invoices.zipped(members))
    folder = tmp_path / "thang-6"
    folder.mkdir()
    for name, content in members.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / ".DS_Store").write_bytes(b"x")
    for source in (path, folder):
        outcome = EInvoice().propose(source, Known([]))
        assert (outcome.read, outcome.counts()) == (6, (1, 0, 5))
        told = {reject.shown: reject.reason.vi for reject in outcome.rejects}
        assert "bản thể hiện của hóa đơn XML cùng tên" in told["1145.pdf"]
        assert "tải tệp XML" in told["anh.pdf"]
        assert "không chứa hóa đơn" in told["thong-bao.xml"]
        assert "đổi tên" in told["hoa-don.txt"]
        assert "nhập riêng" in told["trong.zip"]


def test_a_folder_without_invoices_says_what_to_name(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(BadInputError) as told:
        importer_of(tmp_path, importers()).propose(tmp_path, Known([]))
    assert "không có hóa đơn XML nào" in str(told.value)
    assert "nêu từng tệp" in str(told.value)


def test_an_original_that_the_book_has_replaced_is_not_drafted(tmp_path: Path) -> None:
    (tmp_path / "moi.xml").write_text(invoice(related=RELATED.format("1")), "utf-8")
    (draft,) = EInvoice().propose(tmp_path / "moi.xml", Known([])).drafts
    declared = next(e for e in draft.extra if isinstance(e, NewCustom) and e.type == "invoice")
    book = entry_text(declared, Style())
    original = tmp_path / "cu.xml"
    original.write_text(invoice(number="1000"), "utf-8")
    (reject,) = EInvoice().propose(original, Known(parser.parse_string(book)[0])).rejects
    assert "đã bị hóa đơn 1C21TAA/00001145" in reject.reason.vi


def test_another_total_under_the_same_number_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(invoice(), "utf-8")
    other = invoice(total="10900000")
    (tmp_path / "b.xml").write_text(other, "utf-8")
    outcome = EInvoice().propose(tmp_path, Known([]))
    assert outcome.counts() == (1, 0, 1)
    assert "nhưng tổng 10.900.000 khác 10.800.000" in outcome.rejects[0].reason.vi
    declared = (
        '2021-06-10 custom "invoice" "0199001589/1C21TAA/1145"\n  seller: "0199001589"\n'
        "  total: 10800000\n"
    )
    known = Known(parser.parse_string(declared)[0])
    assert EInvoice().propose(tmp_path, known).counts() == (0, 1, 1)


def test_each_invoice_of_a_message_counts(tmp_path: Path) -> None:
    both = invoice() + invoice(number="00001146")
    path = tmp_path / "a.xml"
    path.write_text(f"<TDiep><DLieu>{both}</DLieu></TDiep>", "utf-8")
    outcome = EInvoice().propose(path, Known([]))
    assert (outcome.read, outcome.counts()) == (2, (2, 0, 0))
    again = Known(
        parser.parse_string(
            '2021-06-10 custom "invoice" "0199001589/1C21TAA/1145"\n  seller: "0199001589"\n'
            '2021-06-10 custom "invoice" "0199001589/1C21TAA/1146"\n  seller: "0199001589"\n'
        )[0]
    )
    assert EInvoice().propose(path, again).counts() == (0, 2, 0)


def test_another_total_under_the_same_number_in_another_file_is_told(tmp_path: Path) -> None:
    book = tmp_path / "so.beancount"
    book.write_text('2021-01-01 custom "programme" "A"\n  budget-year: 2021\n', "utf-8")
    paths = [tmp_path / "a.xml", tmp_path / "b.xml", tmp_path / "c.xml"]
    for path, total in zip(paths, ("10800000", "10900000", "10800000"), strict=True):
        path.write_text(invoice(total=total), "utf-8")
    plan = plan_import(book, paths)
    assert [one.counts() for one in plan.outcomes] == [(1, 0, 0), (0, 0, 1), (0, 1, 0)]
    (reject,) = plan.outcomes[1].rejects
    assert "a.xml nhưng tổng 10.900.000 khác 10.800.000" in reject.reason.vi
    assert "1145" in reject.shown


def test_an_invoice_of_another_year_is_told_and_the_estimate_is_the_states(tmp_path: Path) -> None:
    book = (
        '2021-01-01 custom "programme" "A"\n  budget-year: 2021\n'
        '2021-02-01 * "X" "Thuê gian hàng hội chợ"\n  kind: "contribution-pledge"\n'
        "  Assets:PhaiThu:DongGop:NV02:DN  -5 VND\n  Income:DongGop:NV02:DN  5 VND\n"
    )
    (tmp_path / "a.xml").write_text(invoice(day="2023-06-10"), "utf-8")
    (draft,) = EInvoice().propose(tmp_path, Known(parser.parse_string(book)[0])).drafts
    assert any("không thuộc niên độ của sổ (2021)" in text.vi for text in draft.undecided)
    assert draft.entry is not None
    assert all(not posting.account.endswith(":DN") for posting in draft.entry.postings)


def test_a_folder(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.xml").write_text(invoice(number=f"{number + 1}"), "utf-8")
    assert propose(tmp_path) == (3, 0, 0)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"../a.xml": "x"}, "ra ngoài thư mục"),
        ({"/etc/a.xml": "x"}, "ra ngoài thư mục"),
        ({"..\\..\\a.xml": "x"}, "ra ngoài thư mục"),
        ({"C:/a.xml": "x"}, "ra ngoài thư mục"),
        ({"a.xml": b"\0" * 30_000_000}, "bung ra quá lớn"),
        ({"a.txt": "x"}, "không có hóa đơn"),
    ],
)
def test_a_zip_that_is_not_safe_is_refused(
    members: dict[str, bytes | str], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(invoices.zipped(members))
    with pytest.raises(BadInputError) as told:
        propose(path)
    assert said in str(told.value)


def test_an_encrypted_or_damaged_zip_is_refused(tmp_path: Path) -> None:
    whole = invoices.zipped({"a.xml": invoice()})
    path = tmp_path / "a.zip"
    for content, said in (
        (invoices.encrypted(whole), "mật khẩu"),
        (whole[:-40], "hỏng"),
        (whole[:60] + bytes(40) + whole[100:], "hỏng"),
    ):
        path.write_bytes(content)
        with pytest.raises(BadInputError) as told:
            propose(path)
        assert said in str(told.value)


def test_the_book_gains_a_declaration_and_a_document_with_a_safe_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(invoice(number="../../1 45", seller_name='Công ty "A" \\ B'), "utf-8")
    (draft,) = EInvoice().propose(path, Known([])).drafts
    declared = next(e for e in draft.extra if isinstance(e, NewCustom) and e.type == "invoice")
    assert declared.meta["total"] == 10_800_000
    document = next(e for e in draft.extra if isinstance(e, NewDocument))
    assert document.path.startswith("documents/hoa-don/2021/2021-06-10.0199001589")
    assert ".." not in document.path.removeprefix("documents/").split("/")
    assert draft.copies[0].content == path.read_bytes()
    assert draft.entry is not None
    assert draft.entry.flag == "!"
    assert draft.entry.meta["vat"] == 800_000
