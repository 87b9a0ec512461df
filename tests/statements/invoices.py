"""Electronic invoices written tag by tag, as providers write them: every order, every quirk."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SELLER = "0199001589"
UNIT = "1100001"

SIGNATURE = (
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/><KeyInfo><X509Data>'
    "<X509SubjectName>CN=CÔNG TY MINH HỌA, C=VN</X509SubjectName></X509Data></KeyInfo></Signature>"
)


def line(name: str, amount: str, rate: str = "8%", nature: str = "1", extra: str = "") -> str:
    return (
        f"<HHDVu><TChat>{nature}</TChat><STT>1</STT><THHDVu>{name}</THHDVu>"
        f"<ThTien>{amount}</ThTien><TSuat>\n\t\t{rate}\n\t\t</TSuat>{extra}</HHDVu>"
    )


def group(rate: str, amount: str, tax: str, *, turned: bool = False) -> str:
    parts = [f"<ThTien>{amount}</ThTien>", f"<TThue>{tax}</TThue>"]
    return f"<LTSuat><TSuat>{rate}</TSuat>{''.join(parts[::-1] if turned else parts)}</LTSuat>"


def invoice(
    *,
    version: str = "2.1.0",
    number: str = "00001145",
    day: str = "2021-06-10",
    series: str = "C21TAA",
    seller: str = SELLER,
    seller_name: str = "Công ty Minh Họa Dàn Dựng",
    buyer: str = f"<Ten>Sở Công Thương Hà Nội</Ten><MDVQHNSach>{UNIT}</MDVQHNSach><DChi>HN</DChi>",
    lines: Iterable[str] = (line("Thuê gian hàng hội chợ", "10000000"),),
    groups: Iterable[str] = (group("8%", "10000000", "800000"),),
    before: str = "10000000",
    tax: str = "800000",
    total: str = "10800000",
    totals: str = "",
    related: str = "",
    code: str = "<MCCQT>00A1B2C3D4E5F60718293A4B5C6D7E8F90</MCCQT>",
    signed: str = f"<DSCKS><NBan>{SIGNATURE}</NBan></DSCKS>",
    currency: str = "VND",
    namespace: str = "",
) -> str:
    before_tag = f"<TgTCThue>{before}</TgTCThue>" if before else ""
    return (
        f"<HDon{namespace}><DLHDon Id='data'><TTChung><PBan>{version}</PBan>"
        f"<THDon>Hóa đơn giá trị gia tăng</THDon><KHMSHDon>1</KHMSHDon><KHHDon>{series}</KHHDon>"
        f"<SHDon>{number}</SHDon><NLap>{day}</NLap><DVTTe>{currency}</DVTTe>"
        f"<HTTToan>TM/CK</HTTToan>{related}"
        "<TTKhac><TTin><TTruong>Mã tra cứu</TTruong><KDLieu>string</KDLieu><DLieu>ABC</DLieu></TTin>"
        f"</TTKhac></TTChung><NDHDon><NBan><Ten>{seller_name}</Ten><MST>{seller}</MST></NBan>"
        f"<NMua>{buyer}</NMua><DSHHDVu>{''.join(lines)}</DSHHDVu><TToan>"
        f"<THTTLTSuat>{''.join(groups)}</THTTLTSuat>{before_tag}<TgTThue>{tax}</TgTThue>{totals}"
        f"<TgTTTBSo>{total}</TgTTTBSo><TgTTTBChu>…</TgTTTBChu></TToan></NDHDon></DLHDon>"
        f"{code}{signed}</HDon>"
    )


def in_message(text: str) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
        "<TDiep><TTChung><PBan>2.0.0</PBan><MNGui>V0100109106</MNGui><MST>0100109106</MST></TTChung>"
        f"<DLieu>{text}</DLieu></TDiep>"
    )


def in_wrapper(text: str) -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?><DLHDon>{text}</DLHDon>"


def zipped(members: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def encrypted(content: bytes) -> bytes:
    """The same ZIP with the mark of encryption on every member."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            changed[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(changed)


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(
        '<!ENTITY lol{} "{}">'.format(number, f"&lol{number - 1 or ''};" * 10)
        for number in range(1, 10)
    )
    + "]><HDon><DLHDon>&lol9;</DLHDon></HDon>"
)


def outside_entity(target: str) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE HDon [<!ENTITY x SYSTEM "{target}">]>'
        "<HDon><DLHDon><TTChung><PBan>&x;</PBan></TTChung></DLHDon></HDon>"
    )
