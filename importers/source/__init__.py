"""A file as bytes, sheets and cells, whatever it is a file of (tệp nguồn)."""
