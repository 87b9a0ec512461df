"""The settlement workbook of one budget year (bảng tính quyết toán)."""

from reports.settlement.workbook import write_settlement

__all__ = ["write_settlement"]
