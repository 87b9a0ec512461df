"""The book: what is declared and posted, read as typed facts (sổ kế toán)."""
