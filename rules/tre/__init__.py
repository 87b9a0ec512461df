"""Rules on the reconciliation with the treasury (đối chiếu với Kho bạc Nhà nước)."""
