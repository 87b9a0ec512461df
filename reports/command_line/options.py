"""The options that commands share, and the words that they take."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer


class Lang(StrEnum):
    """Languages of every message and report."""

    VI = "vi"
    EN = "en"


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Format(StrEnum):
    """How findings and norms are printed."""

    TABLE = "table"
    JSON = "json"


class AnalysisFormat(StrEnum):
    """How analytics are shown."""

    TABLE = "table"
    XLSX = "xlsx"
    HTML = "html"


class CheckFormat(StrEnum):
    """How the outcome of a check is given."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    XLSX = "xlsx"
    HTML = "html"


class AccountRole(StrEnum):
    """What an account may do."""

    AUDITOR = "auditor"
    OFFICER = "officer"
    ADMIN = "admin"


class Kind(StrEnum):
    """What a finding claims."""

    FAIL = "fail"
    REVIEW = "review"


class FailOn(StrEnum):
    """From which severity on the answer is no."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class AmountUnit(StrEnum):
    """Units in which amounts are printed."""

    DONG = "dong"
    THOUSAND = "nghin"
    MILLION = "trieu"


day_option: Final = partial(typer.Option, formats=["%Y-%m-%d"], metavar="<YYYY-MM-DD>")

Books = Annotated[
    list[Path],
    typer.Argument(metavar="SỔ", help="Sổ: tệp .beancount, hoặc thư mục có main.beancount."),
]
OneBook = Annotated[
    Path,
    typer.Argument(metavar="SỔ", help="Sổ: tệp .beancount, hoặc thư mục có main.beancount."),
]
LangOption = Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")]
ColorOption = Annotated[Color, typer.Option("--color", help="Tô màu: auto, always, never.")]
AllowPlugins = Annotated[
    bool,
    typer.Option("--allow-plugins", help="Chạy mọi plugin mà sổ nêu; chỉ dùng với sổ tin cậy."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Đọc lại từ đầu, không dùng bộ nhớ đệm.")]
AsOf = Annotated[
    dt.datetime | None, day_option("--as-of", help="Tính đến ngày này; mặc định hôm nay.")
]
FailOnOption = Annotated[FailOn, typer.Option("--fail-on", help="Từ mức nào thì mã thoát là 1.")]
FormatOption = Annotated[Format, typer.Option("--format", help="Cách trình bày.")]
Closing = Annotated[
    str, typer.Option(help="Số dư cuối kỳ theo giấy xác nhận, nếu sao kê không in.")
]
Overwrite = Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Ghi vào tệp này.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Chỉ in kết quả, không in tiến trình.")]
