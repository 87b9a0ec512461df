"""CTR: contributions (đóng góp)."""
