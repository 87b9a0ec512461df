"""Tables of statements, forms, annexes and journals, by their layouts (bảng, sao kê)."""
