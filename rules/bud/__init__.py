"""BUD: estimates (dự toán)."""
