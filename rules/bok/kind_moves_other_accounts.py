"""BOK301: a kind of transaction that moves accounts it may not move."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from ledger.accounts import Family
from ledger.kinds import KINDS
from ledger.text import Text, unaccented
from rules.assessment import Assessment, Verdict, passed
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ledger.facts import Facts
    from ledger.kinds import Kind
    from rules.law import Law


class KindMovesOtherAccounts(Rule):
    """Loại nghiệp vụ thiếu, không có, hoặc ghi vào tài khoản mà loại đó không được ghi.

    Kiểm tra gì:
        Mọi giao dịch có ``kind`` trong bảng loại nghiệp vụ, và mỗi bút toán chỉ tăng hoặc giảm
        các nhóm tài khoản của loại đó. Tài khoản ngoài hệ thống không thuộc loại nào.

    Vì sao:
        Biểu mẫu và quy tắc đọc số liệu theo loại nghiệp vụ; loại sai thì số vào sai cột.

    Ví dụ sai:
        2021-05-10 * "Chi thẳng mà ghi là tạm ứng"
          kind: "advance"
          Assets:DuToan:KhaDung:NV02:NSTP  -1000 VND
          Expenses:NV02:NSTP:TM6655         1000 VND

    Cách sửa:
        Ghi đúng loại:
          2021-05-10 * "Chi thẳng"
            kind: "payment"
            Assets:DuToan:KhaDung:NV02:NSTP  -1000 VND
            Expenses:NV02:NSTP:TM6655         1000 VND
    """

    code = "BOK301"
    name = "book.kind-moves"
    title = Text("Loại nghiệp vụ sai tài khoản", "A kind that moves other accounts")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text("{subject}: {problem}", "{subject}: {problem}")
    english = """What it checks:
    Every transaction has a ``kind`` of the table of kinds, and each posting raises or lowers only
    the families of accounts of that kind. An account outside the scheme belongs to no kind.

Why:
    Forms and rules read the figures by kind; under a wrong kind they fall into the wrong column.

How to put it right:
    Write the kind that fits, or mend the account.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        postings = facts["postings"]
        rows = postings[~_allowed(postings)]
        for found in in_question(rows):
            fitting = _fitting(found.rows)
            problems = sorted(
                {
                    _problem(row.kind, row.family, row.account, row.amount, fitting)
                    for row in found.rows
                }
            )
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                at_issue=found.at_issue,
                values={
                    "problem": Text(
                        "; ".join(problem.vi for problem in problems),
                        "; ".join(problem.en for problem in problems),
                    )
                },
                evidence=found.evidence,
            )
        yield from passed(len(postings) - len(rows))


def _allowed(postings: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the kind of each posting may move its account so; looked up in one table."""
    kinds, families = postings["kind"].cat, postings["family"].cat
    table = np.zeros((len(kinds.categories), len(families.categories), 3), dtype=np.bool_)
    for row, kind in enumerate(kinds.categories):
        for column, family in enumerate(families.categories):
            move = KINDS[kind].move_of(family) if kind in KINDS else None
            for sign in (-1, 0, 1):
                table[row, column, sign] = move is not None and move.allows(sign)
    signs = np.sign(postings["amount"].to_numpy())
    found: NDArray[np.bool_] = table[kinds.codes.to_numpy(), families.codes.to_numpy(), signs]
    return found


def _fitting(rows: Sequence[Any]) -> list[Kind]:
    """The kinds that may make all these moves, so that one of them may have been meant."""
    return [
        kind
        for kind in KINDS.values()
        if all((move := kind.move_of(row.family)) and move.allows(row.amount) for row in rows)
    ]


def _named(kinds: Iterable[Kind]) -> Text:
    """Kinds by their codes, each with what it is called."""
    found = list(kinds)
    return Text(
        ", ".join(f"{kind.code} ({kind.label.vi})" for kind in found),
        ", ".join(f"{kind.code} ({kind.label.en})" for kind in found),
    )


def _meant(code: str) -> list[Kind]:
    """The kind that a code most resembles, or whose name it is in Vietnamese without accents."""
    named = {re.sub(r"\W+", "-", unaccented(kind.label.vi)): kind for kind in KINDS.values()}
    words = {**named, **KINDS}
    bare = re.sub(r"[\W_]+", "-", unaccented(code))
    return [words[near] for near in difflib.get_close_matches(bare, words, n=1)]


def _near(code: str, fitting: list[Kind]) -> Text:
    """What was probably meant: by the word, else by the accounts."""
    meant, fit = _named(_meant(code)), _named(fitting)
    if meant.vi:
        return Text(f"; gần nhất: {meant.vi}", f"; nearest: {meant.en}")
    if fit.vi:
        return Text(f"; hợp với các tài khoản này: {fit.vi}", f"; fits its accounts: {fit.en}")
    return fit


def _problem(code: str, family: str, account: str, amount: int, fitting: list[Kind]) -> Text:
    kind = KINDS.get(code)
    if not code and not fitting:
        return Text(
            "giao dịch thiếu kind, và không loại nghiệp vụ nào ghi đúng các tài khoản này: xem lại "
            "tài khoản và dấu của số tiền",
            "the transaction has no kind, and none moves all of its accounts so: look at the "
            "accounts and the signs of the amounts",
        )
    if not code:
        fit = _named(fitting)
        return Text(
            'giao dịch thiếu kind: thêm dòng kind: "…" (thụt vào) dưới dòng có ngày; hợp với các '
            f"tài khoản này: {fit.vi}",
            'the transaction has no kind: add kind: "…" (indented) below the line with the date; '
            f"these fit its accounts: {fit.en}",
        )
    if kind is None:
        near, known = _near(code, fitting), _named(KINDS.values())
        return Text(
            f"không có loại nghiệp vụ «{code}»{near.vi}; các loại được dùng: {known.vi}",
            f"there is no kind “{code}”{near.en}; kinds: {known.en}",
        )
    if family == Family.OUTSIDE:
        return Text(
            f"tài khoản {account} ngoài hệ thống tài khoản của sổ",
            f"the account {account} is outside the account scheme",
        )
    up = amount >= 0
    return Text(
        f"«{code}» ({kind.label.vi}) không được ghi {'tăng' if up else 'giảm'} {account}; "
        f"loại này chỉ ghi: {_moves(kind).vi}",
        f"“{code}” ({kind.label.en}) may not {'raise' if up else 'lower'} {account}; "
        f"it only moves: {_moves(kind).en}",
    )


def _moves(kind: Kind) -> Text:
    labels = [(move.family.label, move.signs.replace("-", "−")) for move in kind.moves]
    return Text(
        ", ".join(f"{label.vi} {signs}" for label, signs in labels),
        ", ".join(f"{label.en} {signs}" for label, signs in labels),
    )
