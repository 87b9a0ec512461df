"""Forms of the treasury, annexes of decisions and journals as their programs lay them out."""

from __future__ import annotations

from typing import Any

Rows = list[list[Any]]

HEAD: Rows = [
    ["Mã chương:", "416"],
    ["Đơn vị:", "Sở Công Thương Hà Nội"],
    ["Mã ĐVQHNS:", "1100001"],
    ["Mã cấp NS:", "2"],
    [],
]


def form_01a(*, unit: str = "1100001", wrong: int = 0, total_wrong: int = 0) -> Rows:
    """01a-SDKP/ĐVDT of a quarter: two rows of titles with merged groups, a row of numbers."""
    rows = [list(row) for row in HEAD]
    rows[2][1] = unit
    rows += [
        ["BẢNG ĐỐI CHIẾU DỰ TOÁN KINH PHÍ NGÂN SÁCH TẠI KHO BẠC NHÀ NƯỚC"],
        [None] * 7 + ["Quý II", "Năm 2021"],
        [None] * 8 + ["Dự toán chính thức"],
        ["STT", "Mã nguồn NSNN", "Mã ngành kinh tế", "Mã CTMT, DA", "Dự toán năm trước còn lại",
         "Dự toán giao đầu năm", "Dự toán bổ sung, điều chỉnh", None,
         "Dự toán được sử dụng trong năm", "Dự toán đã sử dụng", None, "Dự toán đã cam kết chi",
         None, "Dự toán giữ lại", "Dự toán còn lại ở Kho bạc"],
        [None, None, None, None, None, None, "Trong kỳ", "Lũy kế", None, "Trong kỳ", "Lũy kế",
         "Trong kỳ", "Số dư đến kỳ báo cáo", None, None],
        ["A", "B", "C", "D", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        [1, "12", "309", None, "x", "1.000.000.000", "20.000.000", "20.000.000",
         1_020_000_000 + wrong, "300.000.000", "400.000.000", "0", "50.000.000", "x",
         "570.000.000"],
        [2, 12, 83, "00000", 0, 500_000_000, 0, 0, 500_000_000, 0, 100_000_000, 0, 0, 0,
         400_000_000],
        ["Tổng cộng", None, None, None, 0, 1_500_000_000 + total_wrong, 20_000_000, 20_000_000,
         1_520_000_000 + wrong, 300_000_000, 500_000_000, 0, 50_000_000, 0, 970_000_000],
        [None, "Hà Nội, ngày 05 tháng 7 năm 2021"],
        [None, "Kế toán trưởng"],
    ]  # fmt: skip
    return rows


def form_02a() -> Rows:
    return [
        *HEAD,
        ["BẢNG ĐỐI CHIẾU TÌNH HÌNH SỬ DỤNG KINH PHÍ NGÂN SÁCH"],
        [None] * 5 + ["Tháng 6", "Năm 2021"],
        ["STT", "Nội dung", "Mã nguồn NSNN", "Mã ngành kinh tế", "Mã NDKT", "Mã CTMT, DA",
         "Tạm ứng", None, "Thực chi", None, "Tổng cộng", None],
        [None, None, None, None, None, None, "Phát sinh trong kỳ", "Số dư đến kỳ báo cáo",
         "Phát sinh trong kỳ", "Số dư đến kỳ báo cáo", "Phát sinh trong kỳ",
         "Số dư đến kỳ báo cáo"],
        ["A", "B", "C", "D", "E", "F", "(1)", "(2)", "(3)", "(4)", "(5)=(1)+(3)", "(6)=(2)+(4)"],
        [1, "In, mua tài liệu", "12", "309", "6651", None, 5_000_000, 5_000_000, 10_000_000,
         30_000_000, 15_000_000, 35_000_000],
        [2, "Thuê hội trường", "12", "309", "6655", "00000", "-2.000.000", "0", "2.000.000",
         "2.000.000", "0", "2.000.000"],
        [None, "Tổng cộng", None, None, None, None, 3_000_000, 5_000_000, 12_000_000, 32_000_000,
         15_000_000, 37_000_000],
    ]  # fmt: skip


def form_06() -> Rows:
    return [
        *HEAD,
        ["BẢNG XÁC NHẬN SỐ DƯ TÀI KHOẢN TIỀN GỬI TẠI KBNN"],
        ["Tháng 6 năm 2021"],
        ["STT", "Số tài khoản", "Số dư đầu kỳ", "Phát sinh", None, "Số dư cuối kỳ"],
        [None, None, None, "Tăng", "Giảm", None],
        [1, "3713.0.1100001.00000", "96.511.320", "50.000.000", "40.000.000", "106.511.320"],
    ]


def account_statement(account: str = "3713.0.1100001.00000", *, rows: Rows | None = None) -> Rows:
    """A detailed statement of an account with the codes of the classification."""
    body = rows or [
        ["01/06/2021", "BC07", "Cong ty Minh Hoa nop dong gop", None, None, None, "", "18.000.000",
         "28.000.000"],
        ["15/06/2021", "UNC57", "Tra tien thue gian hang", None, None, None, "5.000.000", "",
         "23.000.000"],
    ]  # fmt: skip
    return [
        ["KHO BẠC NHÀ NƯỚC HÀ NỘI"],
        ["SAO KÊ TÀI KHOẢN"],
        ["Số tài khoản:", account],
        ["Từ ngày 01/06/2021 đến ngày 30/06/2021"],
        ["Số dư đầu kỳ:", "10.000.000"],
        [],
        ["Ngày hạch toán", "Số chứng từ", "Nội dung", "Mã NDKT", "Mã ngành KT", "Mã nguồn",
         "Phát sinh nợ", "Phát sinh có", "Số dư"],
        *body,
    ]  # fmt: skip


def spending_statement() -> Rows:
    return account_statement(
        "9523.2.1100001",
        rows=[
            ["02/06/2021", "12", "Rut tam ung chi lop LOP-01", "6699", "309", "12", "24.000.000", "",
             ""],
            ["20/06/2021", "13", "Thanh toan in tai lieu", "6651", "83", 12, 3_000_000, None, None],
            ["25/06/2021", "14", "Nop tra kinh phi thua", "6699", "309", "12", None, 1_000_000, None],
        ],
    )  # fmt: skip


def annex(*, total: int = 1_500_000_000) -> Rows:
    return [
        ["PHỤ LỤC GIAO DỰ TOÁN"],
        ["(Kèm theo Quyết định số 5568/QĐ-UBND ngày 09/12/2020 của UBND Thành phố)"],
        [],
        ["STT", "Nhiệm vụ", "Nguồn", "Tiểu mục", "Số tiền"],
        ["I", "Nhóm nhiệm vụ 1", None, None, None],
        [1, "NV01", "Ngân sách thành phố", None, "1.000.000.000"],
        [2, "NV02", "Ngân sách thành phố", "6655", "500.000.000"],
        [None, "Tổng cộng", None, None, total],
    ]


def journal_s04h(*, unbalanced: int = 0) -> Rows:
    return [
        ["SỔ NHẬT KÝ CHUNG"],
        ["Năm 2021"],
        [],
        ["Ngày, tháng ghi sổ", "Chứng từ", None, "Diễn giải", "Số hiệu tài khoản đối ứng",
         "Số phát sinh", None, "Tiểu mục", "Nhiệm vụ"],
        [None, "Số hiệu", "Ngày, tháng", None, None, "Nợ", "Có", None, None],
        ["02/06/2021", "RDT12", "02/06/2021", "Rút tạm ứng lớp học", "008211", None, 24_000_000,
         "6699", "NV05"],
        ["04/06/2021", "RDT13", "04/06/2021", "Thanh toán tạm ứng", "008211", None, -24_000_000,
         "6699", "NV05"],
        ["04/06/2021", "RDT13", "04/06/2021", "Thanh toán tạm ứng", "008212", None, 24_000_000,
         "6651", "NV05"],
        ["07/06/2021", "RDT14", "07/06/2021", "In tài liệu hội nghị", "611", 3_000_000, None, "6651",
         "NV02"],
        ["07/06/2021", "RDT14", "07/06/2021", "In tài liệu hội nghị", "511", None, 3_000_000, "6651",
         "NV02"],
        ["07/06/2021", "RDT14", "07/06/2021", "In tài liệu hội nghị", "008212", None, 3_000_000,
         "6651", "NV02"],
        ["09/06/2021", "BC01", "09/06/2021", "Nhận đóng góp", "112", 5_000_000, None, None, "NV02"],
        ["09/06/2021", "BC01", "09/06/2021", "Nhận đóng góp", "1352", None, 5_000_000 + unbalanced,
         None, "NV02"],
        ["10/06/2021", "PKT1", "10/06/2021", "Khấu hao", "611", 700_000, None, None, None],
        ["10/06/2021", "PKT1", "10/06/2021", "Khấu hao", "214", None, 700_000, None, None],
        [None, None, None, "Cộng tháng", None, 8_700_000, 8_700_000, None, None],
    ]  # fmt: skip


def journal_pairs() -> Rows:
    return [
        ["NHẬT KÝ"],
        ["Ngày ct", "Số ct", "Diễn giải", "TK Nợ", "TK Có", "Số tiền", "Tiểu mục", "Nhiệm vụ"],
        ["07/06/2021", "RDT14", "In tài liệu hội nghị", "", "008212", "3.000.000", "6651", "NV02"],
        ["09/06/2021", "BC01", "Nhận lãi tiền gửi", "1121", "515", "12.000", "", ""],
        ["10/06/2021", "PKT1", "Khấu hao", "611", "214", "700.000", "", ""],
    ]
