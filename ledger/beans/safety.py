"""What of a book is not obeyed: plugins that run code, folders outside, settings for Fava."""

from __future__ import annotations

import copy
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from beancount.core.data import Custom
from beancount.parser import options

from ledger.declare import read_by_nobody
from ledger.directives import DECLARATIONS
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

OUR_PLUGIN: Final = "rules.plugin"

# Each of these was read and takes no configuration, evaluates nothing and opens no file; it looks
# at the entries alone. Left out on purpose: check_commodity, check_average_cost and
# commodity_attr evaluate their configuration as Python, pedantic and auto bring check_commodity
# along, onecommodity compiles a pattern of the book's, currency_accounts rewrites postings.
PLUGINS_THAT_RUN_NOTHING: Final = frozenset(
    {
        "beancount.plugins.auto_accounts",
        "beancount.plugins.check_closing",
        "beancount.plugins.check_drained",
        "beancount.plugins.close_tree",
        "beancount.plugins.coherent_cost",
        "beancount.plugins.implicit_prices",
        "beancount.plugins.leafonly",
        "beancount.plugins.noduplicates",
        "beancount.plugins.nounused",
        "beancount.plugins.sellgains",
        "beancount.plugins.unique_prices",
        "fava.plugins.link_documents",
        "fava.plugins.tag_discovered_documents",
    }
)


# Options that say what the book is, or that the filter looks at by itself.
OPTIONS_KEPT: Final = frozenset(
    {
        "title",
        "operating_currency",
        "documents",
        "plugin",
        "plugin_processing_mode",
        "insert_pythonpath",
        "include",
        "filename",
        "commodities",
        "dcontext",
        "input_hash",
        "render_commas",
        "display_precision",
        "long_string_maxlines",
    }
)


def filter_options(found: dict[str, Any], root: Path) -> list[Text]:
    """Take out of the options what would run or read something of the book's choosing."""
    left_out = []
    kept = []
    for name, config in found["plugin"]:
        if name == OUR_PLUGIN:
            continue  # every command runs the rules itself, once
        if name in PLUGINS_THAT_RUN_NOTHING and config is None:
            kept.append((name, config))
        else:
            left_out.append(Text(f'plugin "{name}": không chạy', f'plugin "{name}": not run'))
    found["plugin"] = kept
    found["plugin_processing_mode"] = "default"
    if found["insert_pythonpath"]:
        left_out.append(Text("insert_pythonpath: không dùng", "insert_pythonpath: not obeyed"))
    found["insert_pythonpath"] = False
    left_out += _reset_options(found)
    inside = []
    for folder in found["documents"]:
        if (root / folder).resolve().is_relative_to(root):
            inside.append(folder)
        else:
            left_out.append(
                Text(
                    f'thư mục documents "{folder}" ở ngoài sổ: không đọc',
                    f'documents folder "{folder}" lies outside the book: not read',
                )
            )
    found["documents"] = inside
    return left_out


def _reset_options(found: dict[str, Any]) -> list[Text]:
    """Every option that is none of ours goes back to Beancount's default.

    A tolerance of the book's own would let any transaction pass as balanced.
    """
    left_out = []
    for name, default in options.OPTIONS_DEFAULTS.items():
        if name not in OPTIONS_KEPT and found.get(name) != default:
            found[name] = copy.copy(default)
            left_out.append(Text(f'option "{name}": không dùng', f'option "{name}": not obeyed'))
    return left_out


# Beancount takes these from included files too, or they are of its own making.
_MADE_BY_THE_PARSER: Final = frozenset(
    {"filename", "include", "plugin", "commodities", "dcontext", "input_hash", "operating_currency"}
)


def not_obeyed_where_included(found: dict[str, Any], name: str) -> list[Text]:
    """Plugins and options of an included file: only those of the top file count.

    Args:
        found: the options of the included file as parsed.
        name: the file, as the book's reader knows it.
    """
    words = [f'plugin "{plugin}"' for plugin, _ in found["plugin"] if plugin != OUR_PLUGIN]
    words += [
        f'option "{option}"'
        for option, default in options.OPTIONS_DEFAULTS.items()
        if option not in _MADE_BY_THE_PARSER and found.get(option) != default
    ]
    return [
        Text(
            f"{word} trong {name}: không dùng, chỉ tệp đầu của sổ mới nêu được",
            f"{word} in {name}: not obeyed, only the top file of a book may name it",
        )
        for word in words
    ]


def left_to_fava(entries: Sequence[Any]) -> list[Text]:
    """Directives that only Fava obeys and that would make it run code."""
    left_out = []
    for entry in entries:
        if type(entry) is not Custom:
            continue
        words = [str(value.value) for value in entry.values]
        if entry.type == "fava-extension" or (
            entry.type == "fava-option" and words[:1] == ["import-config"]
        ):
            name = f"{entry.type} {' '.join(words)}"
            left_out.append(Text(f"{name}: không dùng", f"{name}: not obeyed"))
    return left_out


def read_by_no_program(entries: Sequence[Any], root: Path) -> list[Text]:
    """``custom`` directives that neither this program nor Fava knows, each name once."""
    places: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if type(entry) is Custom and read_by_nobody(entry.type):
            file = Path(entry.meta["filename"])
            name = file.relative_to(root) if file.is_relative_to(root) else file
            places[entry.type].append(f"{name}:{entry.meta['lineno']}")
    known = ", ".join(DECLARATIONS)
    return [
        Text(
            f'custom "{name}" ({_first_of(found)}): không có khai báo nào tên này, không đọc; các '
            f"khai báo được dùng: {known}",
            f'custom "{name}" ({_first_of(found)}): no directive has this name, not read; '
            f"directives: {known}",
        )
        for name, found in sorted(places.items())
    ]


def _first_of(places: list[str]) -> str:
    more = f", +{len(places) - 1}" if len(places) > 1 else ""
    return places[0] + more
