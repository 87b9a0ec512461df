"""The settlement set of one budget year: forms, ties, rows, exports (bộ quyết toán)."""
