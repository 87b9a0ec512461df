"""The contents of spending that books and norms name by one word each (nội dung chi)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ledger.strict_yaml import read_yaml
from ledger.text import Text

_FILE = Path(__file__).with_name("activities.yaml")


@cache
def activities() -> dict[str, Text]:
    """Every word for a content of spending, with its name in both languages."""
    return {
        word: Text(names["vi"], names["en"]) for word, names in read_yaml(_FILE).content.items()
    }
