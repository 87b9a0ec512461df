"""The facade over Beancount: the only package that knows its parser, loader and directives.

A book that somebody else wrote is data. Reading it runs no code of the book's choosing: the list
of plugins is filtered between parsing and running, the Python path is left alone, and nothing
outside the book's folder is read. What was left out is said.
"""

from beancount.core.data import (
    Balance,
    Close,
    Custom,
    Document,
    Open,
    Pad,
    Query,
    Transaction,
)
from beancount.core.flags import FLAG_WARNING

from ledger.beans.display import whole_dong
from ledger.beans.entries import customs, parsed, without_padding
from ledger.beans.load import (
    BeanError,
    Book,
    OpenedBook,
    collector_off,
    load_book,
    open_book,
    syntax_problems,
)
from ledger.beans.waivers import read_waivers

__all__ = [
    "FLAG_WARNING",
    "Balance",
    "BeanError",
    "Book",
    "Close",
    "Custom",
    "Document",
    "Open",
    "OpenedBook",
    "Pad",
    "Query",
    "Transaction",
    "collector_off",
    "customs",
    "load_book",
    "open_book",
    "parsed",
    "read_waivers",
    "syntax_problems",
    "whole_dong",
    "without_padding",
]
