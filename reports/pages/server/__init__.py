"""The server behind ``cnht browse``: Fava on one book, guarded, with writes that lose nothing."""
