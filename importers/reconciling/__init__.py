"""A statement beside the book, and what is recorded of it (đối chiếu)."""
