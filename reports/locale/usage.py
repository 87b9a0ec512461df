"""What is said of the command line, in both languages (lời của dòng lệnh).

Our own help is written in Vietnamese; ``help.en.yaml`` beside this file has its English. Typer
passes hardly any of its words through gettext, so that a catalogue of messages cannot reach them:
its finished text is put into Vietnamese here, phrase by phrase. A phrase not known stays as Typer
has it. Imported only when help or a usage error is shown.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ledger.text import Language

# In both languages: words that name Python, not the command line.
_PLAINER: Final = (
    (r"Value error, ", ""),
    (r"\{(\w+)\}", r"<\1>"),  # how Typer writes an argument's name
    (r"(?<!')<%Y-%m-%d>", "<date>    "),  # not what was typed, which is quoted
    (r"(--[\w-]+)' / '(-\w)'", r"\1, \2'"),
    (r"<list\[Path\]>", "<path>      "),  # as wide, so that the columns stay
    (r"'(.*)' does not match the formats? '%Y-%m-%d'\.", r"'\1' is no date; write YYYY-MM-DD."),
)

_VIETNAMESE: Final = (
    # Help.
    (r"^Usage: ", "Cách dùng: "),
    (r"\[OPTIONS\]", "[TÙY CHỌN]"),
    (r"COMMAND \[ARGS\]\.\.\.", "LỆNH [THAM SỐ]..."),
    (r"^Arguments:$", "Tham số:"),
    (r"^Options:$", "Tùy chọn:"),
    (r"^Commands:$", "Lệnh:"),
    (r"\[default:", "[mặc định:"),
    (r"(?<=[\[ ])required\]", "bắt buộc]"),
    (r"<path>", "<tệp> "),  # each as wide, as above
    (r"<str>", "<chữ>"),
    (r"<int>", "<số> "),
    (r"Show\s+this\s+message\s+and\s+exit\.", "In trợ giúp này."),
    (
        r"Install\s+completion\s+for\s+the\s+current\s+shell\.",
        "Cài phần tự điền lệnh (phím Tab) cho shell này.",
    ),
    (
        r"Show\s+completion\s+for\s+the\s+current\s+shell,[\w\s]+\sinstallation\.",
        "In đoạn mã tự điền lệnh cho shell này.",
    ),
    # Usage errors.
    (r"^Try '(.+)' for help\.$", r"Gõ «\1» để xem trợ giúp."),
    (r"^Error: ", "Lỗi: "),
    (r"^Aborted[.!]$", "Đã dừng."),
    (r"Missing argument '(.+?)'\.", r"thiếu tham số «\1»."),
    (r"Missing option '(.+?)'\.", r"thiếu tùy chọn «\1»."),
    (r"Choose from:", "Chọn một trong:"),
    (r"Missing command\.", "thiếu tên lệnh."),
    (r"No such command '(.+?)'\.", r"không có lệnh «\1»."),
    (r"Did you mean '?(.+?)'?\?$", r"Có phải «\1»?"),
    (r"No such option: (\S+)", r"không có tùy chọn «\1»."),
    (r"\(Possible options: (.+)\)$", r"Có phải: \1?"),
    (r"Option '(.+?)' requires an argument\.", r"tùy chọn «\1» cần một giá trị đứng sau."),
    (r"Option '(.+?)' does not take a value\.", r"tùy chọn «\1» không nhận giá trị."),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", r"thừa tham số: \1."),
    (r"Invalid value for '(.+?)': ", r"giá trị của «\1» không dùng được: "),
    (
        r"'(.*)' is no date; write YYYY-MM-DD\.",
        r"«\1» không phải ngày; viết YYYY-MM-DD, ví dụ 2021-12-31.",
    ),
    (r"'(.*)' is not one of (.+)\.$", r"«\1» không thuộc \2."),
    (r"Input should be a valid integer.*$", "phải là số nguyên."),
    (r"Input should be less than or equal to (\d+)$", r"lớn nhất là \1."),
    (r"Input should be greater than or equal to (\d+)$", r"nhỏ nhất là \1."),
    (r"(\d+)<=x<=(\d+)\]", r"từ \1 đến \2]"),
    (r"x>=(\d+)\]", r"từ \1]"),
)


def usage(text: str, language: Language) -> str:
    """Help or a usage error as Typer wrote it, in the language asked for."""
    for pattern, words in _PLAINER if language == "en" else (*_PLAINER, *_VIETNAMESE):
        text = re.sub(pattern, words, text, flags=re.MULTILINE)
    if language == "en":
        text = re.sub(r"(?<=[<'])\w+(?=[>'])", lambda name: english(name[0]) or "", text)
    return text


def put_into_english(command: Any) -> None:  # noqa: ANN401  # typer exports no class of its commands
    """The help of a command, of its options and of the commands under it, in English."""
    command.help = english(command.help)
    for parameter in command.params:
        parameter.metavar = english(parameter.metavar)
        if hasattr(parameter, "help"):
            parameter.help = english(parameter.help)
    for below in getattr(command, "commands", {}).values():
        put_into_english(below)


def english(words: str | None) -> str | None:
    """Help in English; what the catalogue does not know, Typer's own words, stays."""
    return words and _catalogue().get(words, words)


@cache
def _catalogue() -> dict[str, str]:
    from ledger.strict_yaml import read_yaml  # noqa: PLC0415

    content: dict[str, str] = read_yaml(Path(__file__).with_name("help.en.yaml")).content
    return content
