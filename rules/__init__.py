"""The law and the rules that check a book against it (định mức và quy tắc kiểm tra)."""
