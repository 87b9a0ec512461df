"""The outcome of a reconciliation: on a terminal, as JSON, as forms and a paper (đối chiếu)."""
