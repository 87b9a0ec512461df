"""DUP: doubled support (hỗ trợ trùng)."""
