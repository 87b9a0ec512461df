"""Who may open a book from elsewhere, and what each may do (tài khoản người dùng).

The accounts stand in a file beside the book, passwords as argon2id hashes only.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ledger.problems import BadInputError, Problem, refusal
from ledger.store import written_beside
from ledger.text import Text, composed
from reports.pages.server.history import OWN_FOLDER, own_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE: Final = "accounts.json"
_NAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,31}")
SHORTEST_PASSWORD: Final = 10
_LONGEST_PASSWORD: Final = 1000
_HASHER: Final = PasswordHasher()  # argon2id, with the library's present costs


class Role(StrEnum):
    """What an account may do."""

    AUDITOR = "auditor"  # reads
    OFFICER = "officer"  # reads and writes
    ADMIN = "admin"  # as an officer, and reads the log

    @property
    def label(self) -> Text:
        """The word printed for it."""
        return _ROLE_LABELS[self]

    @property
    def writes(self) -> bool:
        """Whether it may change anything."""
        return self is not Role.AUDITOR


_ROLE_LABELS = {
    Role.AUDITOR: Text("kiểm toán viên", "auditor"),
    Role.OFFICER: Text("cán bộ", "officer"),
    Role.ADMIN: Text("quản trị", "administrator"),
}


class Account(NamedTuple):
    """One person."""

    name: str
    role: Role
    password_hash: str


class Accounts:
    """The accounts of one book; read again whenever the file changes."""

    def __init__(self, main: Path) -> None:
        self.main = main
        self.path = main.parent / OWN_FOLDER / _FILE
        self._stamp: tuple[int, int] | None = None
        self._read: dict[str, Account] = {}

    def all(self) -> Mapping[str, Account]:
        """Every account by name; none where there is no file.

        Raises:
            BadInputError: the file is damaged.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return {}
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self._stamp:
            self._read, self._stamp = self._load(), stamp
        return self._read

    def add(self, name: str, role: Role, password: str) -> None:
        """Add an account, or give a known one another role and password.

        Raises:
            BadInputError: the name or the password will not do.
        """
        name = name.strip().lower()
        if not _NAME.fullmatch(name):
            raise refusal(
                Text(f"tên tài khoản «{name}» không hợp lệ", f"account name “{name}” is not valid"),
                Text(
                    "2 đến 32 ký tự: chữ thường không dấu, số, dấu . _ -, bắt đầu bằng chữ",
                    "2 to 32 characters: a–z, digits, . _ -, a letter first",
                ),
            )
        password = composed(password)
        if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD or name in password.lower():
            raise refusal(
                Text("mật khẩu chưa đủ mạnh", "the password is too weak"),
                Text(
                    f"dùng ít nhất {SHORTEST_PASSWORD} ký tự, không chứa tên tài khoản",
                    f"use at least {SHORTEST_PASSWORD} characters, without the account's name",
                ),
            )
        account = Account(name, role, _HASHER.hash(password))
        self._write({**self.all(), name: account})

    def remove(self, name: str) -> None:
        """Take an account away; its sessions end with it.

        Raises:
            BadInputError: there is none of that name.
        """
        kept = dict(self.all())
        if kept.pop(name.strip().lower(), None) is None:
            raise refusal(
                Text(f"không có tài khoản «{name}»", f"there is no account “{name}”"),
                Text(f"các tài khoản: {', '.join(kept) or '–'}", f"accounts: {', '.join(kept)}"),
            )
        self._write(kept)

    def verify(self, name: str, password: str) -> Account | None:
        """The account that a name and a password belong to; None where they belong to none.

        A name that is not known takes as long as a wrong password.
        """
        account = self.all().get(name.strip().lower())
        wanted = account.password_hash if account else _NOBODY
        try:
            _HASHER.verify(wanted, composed(password[:_LONGEST_PASSWORD]))
        except (VerificationError, InvalidHashError):
            return None
        return account

    def _load(self) -> dict[str, Account]:
        try:
            raw: Any = json.loads(self.path.read_text("utf-8"))
            found = [
                Account(name, Role(item["role"]), str(item["password"]))
                for name, item in raw["accounts"].items()
            ]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise BadInputError(
                [
                    Problem(
                        str(self.path),
                        1,
                        Text("tệp tài khoản bị hỏng", "the file of accounts is damaged"),
                        Text(
                            "xóa tệp rồi lập lại bằng «cnht accounts add»",
                            "delete it and add the accounts again: “cnht accounts add”",
                        ),
                    )
                ]
            ) from None
        return {account.name: account for account in found}

    def _write(self, accounts: Mapping[str, Account]) -> None:
        own_folder(self.main)
        content = {
            "accounts": {
                account.name: {"role": str(account.role), "password": account.password_hash}
                for account in accounts.values()
            }
        }
        with written_beside(self.path) as fresh:
            fresh.chmod(0o600)
            fresh.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


# Somebody who is not there, so that a wrong name is told no faster than a wrong password.
_NOBODY: Final = _HASHER.hash("no account has this password, for it is no account's")
