"""The book in a browser and who may open it (duyệt sổ, tài khoản)."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.command_line.options import (
    AccountRole,
    AllowPlugins,
    Lang,
    LangOption,
    OneBook,
    Quiet,
)
from reports.command_line.telling import say_written

if TYPE_CHECKING:
    from collections.abc import Sequence


def browse(
    book: OneBook,
    *,
    host: Annotated[str, typer.Option("--host", help="Địa chỉ; mặc định chỉ máy này.")] = (
        "localhost"
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Cổng.")] = 5000,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="Tên miền khác được dùng để mở sổ.")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", help="Chứng thư TLS, tệp PEM.")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", help="Khóa của chứng thư, tệp PEM.")
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Đứng sau một proxy có TLS trên máy này.")
    ] = False,
    allow_plugins: AllowPlugins = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Mở sổ trong trình duyệt: Fava bằng tiếng Việt, kèm các trang của chương trình."""
    from ledger.location import find_book
    from reports.pages.server.serving import Place, serve

    names = tuple(allow_host or ())
    place = Place(host, port, names, tls_cert, tls_key, behind_proxy)
    if place.warning is not None:
        typer.echo(place.warning.to(lang.value), err=True)

    def ready(urls: "Sequence[str]") -> None:
        if not quiet:
            vietnamese = f"Mở {' hoặc '.join(urls)} trong trình duyệt. Dừng: Ctrl+C."
            english = f"Open {' or '.join(urls)} in a browser. Stop: Ctrl+C."
            typer.echo(vietnamese if lang is Lang.VI else english)

    main = find_book(book)
    serve(main, place, language=lang.value, allow_plugins=allow_plugins, ready=ready)


def accounts_add(
    book: OneBook,
    name: Annotated[str, typer.Argument(metavar="TÊN", help="Tên tài khoản.")],
    *,
    role: Annotated[
        AccountRole,
        typer.Option("--role", help="auditor chỉ xem; officer xem và sửa; admin xem cả nhật ký."),
    ],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ đầu vào chuẩn.")
    ] = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Thêm tài khoản, hoặc đổi quyền và mật khẩu của tài khoản đã có."""
    from ledger.location import find_book
    from reports.pages.server.accounts import Accounts, Role

    accounts = Accounts(find_book(book))
    vi = lang is Lang.VI
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt(
            "Mật khẩu" if vi else "Password",
            hide_input=True,
            confirmation_prompt="Nhập lại" if vi else "Again",
        )
    accounts.add(name, Role(role.value), password)
    _log(accounts.main, "account-set", name=name, role=role.value)
    say_written([accounts.path], lang, quiet=quiet)


def accounts_list(book: OneBook, *, lang: LangOption = Lang.VI) -> None:
    """Liệt kê tài khoản và quyền."""
    from ledger.location import find_book
    from reports.pages.server.accounts import Accounts

    for account in Accounts(find_book(book)).all().values():
        typer.echo(f"{account.name}\t{account.role}\t{account.role.label.to(lang.value)}")


def accounts_remove(
    book: OneBook,
    name: Annotated[str, typer.Argument(metavar="TÊN", help="Tên tài khoản.")],
    *,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Bỏ một tài khoản; người đang dùng nó bị thoát ra ngay."""
    from ledger.location import find_book
    from reports.pages.server.accounts import Accounts

    accounts = Accounts(find_book(book))
    accounts.remove(name)
    _log(accounts.main, "account-removed", name=name)
    say_written([accounts.path], lang, quiet=quiet)


def _log(main: "Path", what: str, **told: str) -> None:
    """Tell in the log of the book what was done from the terminal, and by which user of it."""
    from ledger.problems import refusal
    from ledger.text import Text
    from reports.pages.server.log import Log, LogError

    who = f"{getpass.getuser()} (terminal)"
    try:
        Log(main).add(who, what, files=" ".join(told.values()))
    except LogError as error:
        raise refusal(
            Text(
                f"đã ghi tài khoản nhưng không thêm được vào nhật ký: {error}",
                f"the account is written but the log could not be added to: {error}",
            ),
            Text("xem chỗ trống và quyền ghi của thư mục .cnht", "look at the folder .cnht"),
        ) from error
