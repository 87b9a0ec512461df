"""STL: the year's end and the settlement (cuối năm, quyết toán)."""
