"""What stands above a table, in the words of many banks and offices."""

from __future__ import annotations

import datetime as dt

import pytest

from importers.tables.heads import account_in, unit_code_in
from importers.tables.printed_periods import printed_period

OCTOBER = (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
LAST_QUARTER = (dt.date(2026, 10, 1), dt.date(2026, 12, 31))


@pytest.mark.parametrize(
    ("row", "printed"),
    [
        (("Kỳ sao kê: 01/10/2026 - 31/10/2026",), OCTOBER),
        (("Kỳ: 01-10-2026-31-10-2026",), OCTOBER),
        (("01.10.2026 – 31.10.2026",), OCTOBER),
        (("Thời gian: 01/10/2026 00:00 - 31/10/2026 23:59",), OCTOBER),
        (("Giai đoạn từ 01/10/2026 tới 31/10/2026",), OCTOBER),
        (("Từ 01/10 đến 31/10/2026",), OCTOBER),
        (("Từ ngày 01 tháng 10 năm 2026 đến ngày 31 tháng 10 năm 2026",), OCTOBER),
        (
            ("Từ ngày/ From:", "", "01/10/2026", "", "Đến ngày/ To:", "31/10/2026"),
            OCTOBER,
        ),
        (("Từ ngày", dt.date(2026, 10, 1), "Đến ngày", dt.date(2026, 10, 31)), OCTOBER),
        (("", "01/10/2026", "31/10/2026"), OCTOBER),
        (("Ngày in: 01/11/2026", "Kỳ báo cáo: 10/2026"), OCTOBER),
        (("Kỳ báo cáo", dt.date(2026, 10, 1)), OCTOBER),
        (("Tháng 10 năm 2026",), OCTOBER),
        (("tháng 10/2026",), OCTOBER),
        (("Quý 4/2026",), LAST_QUARTER),
        (("Quý IV năm 2026",), LAST_QUARTER),
        (("Kỳ: 10/2026 - 12/2026",), LAST_QUARTER),
        (("Ngày in/Print date: 01/11/2026 08:31:22",), None),
        (("Ngày lập: 05/11/2026", "Ngày mở: 01/01/2020"), None),
        (("Thời gian in: 01/11/2026 08:12",), None),
        (("In lúc 08:12 01/11/2026 bởi LANLT",), None),
        (("Hà Nội, ngày 01 tháng 11 năm 2026",), None),
        (("Số tài khoản: 3713.0.1100001.00000", "ĐT: 024.38.2516"), None),
    ],
)
def test_a_period_is_read_and_the_day_of_printing_is_none(
    row: tuple[str | dt.date, ...], printed: tuple[dt.date, dt.date] | None
) -> None:
    found = printed_period([(0, row)], of_year=False)
    assert (found and (found.start, found.end)) == printed


@pytest.mark.parametrize(
    ("row", "account", "unit"),
    [
        (("Tài khoản KT: 9523.2.7777777.00000 - Phải trả",), "9523.2.7777777.00000", ""),
        (("TK KB", "", "3713.0.1100001.00000"), "3713.0.1100001.00000", ""),
        (("Liệt kê 3713.0.1100001.00000",), "3713.0.1100001.00000", ""),
        (("Số tài khoản", ":", "0011004567890"), "0011004567890", ""),
        (("Mã ĐVQHNS", ":", "1100001", "–"), "", "1100001"),
        (("Tài khoản khách hàng: 0011004567890",), "0011004567890", ""),
        (("ĐVSDNS: 1100001 - Sở Công Thương",), "", "1100001"),
        (("Đơn vị:", "1100001 - Sở Công Thương"), "", "1100001"),
        (("Mã số thuế: 0101234567", "Điện thoại: 02438251234"), "", ""),
        (("Chủ tài khoản: Sở Công Thương 0101234567",), "", ""),
        (("TK đối ứng: 9523.2.1234567.00000",), "", ""),
        (("Tài khoản kế toán: 008211", "Tài khoản mở ngày 01.10.2020"), "", ""),
        (("Đơn vị tính: đồng", "Mã khách hàng: 1234567"), "", ""),
    ],
)
def test_accounts_and_units_are_read_under_any_label(
    row: tuple[str, ...], account: str, unit: str
) -> None:
    assert account_in([(0, row)], None)[0] == account
    assert unit_code_in([(0, row)])[0] == unit
