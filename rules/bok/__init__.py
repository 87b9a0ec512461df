"""BOK: the book itself (sổ)."""
