"""BOK202: a contract, event, support, party or task that is named and not declared."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from ledger.nearest import nearest_name
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import Questioned, declared, one_family_by, records, text_values, undeclared
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from ledger.facts import Facts
    from rules.assessment import Evidence
    from rules.law import Law

# Names less alike than this are two different ones; more names than this are not listed.
_ALIKE: Final = 0.75
_LISTED: Final = 12

# What a name refers to: the frame that declares it and the column that holds the name.
DECLARED_IN: Final = {
    "contract": ("contracts", "contract"),
    "event": ("events", "event"),
    "support": ("supports", "support"),
    "party": ("parties", "tax_code"),
    "task": ("tasks", "task"),
    "acceptance": ("acceptances", "acceptance"),
    "invoice": ("invoices", "invoice"),
}

_LABELS: Final = {
    "contract": Text("hợp đồng", "contract"),
    "event": Text("sự kiện", "event"),
    "support": Text("khoản hỗ trợ", "support"),
    "party": Text("đối tượng", "party"),
    "task": Text("nhiệm vụ", "task"),
    "acceptance": Text("biên bản nghiệm thu", "acceptance"),
    "invoice": Text("hóa đơn", "invoice"),
    "document": Text("tài liệu", "document"),
}


class _Named(NamedTuple):
    """Where a name is given: a column of a frame, and what it refers to."""

    frame: str
    column: str
    what: str


_Key = tuple[str, str, str]  # book, what is named, its name

_NAMED: Final = (
    _Named("postings", "contract", "contract"),
    _Named("postings", "event", "event"),
    _Named("postings", "support", "support"),
    _Named("postings", "vendor", "party"),
    _Named("postings", "beneficiary", "party"),
    _Named("postings", "contributor", "party"),
    _Named("contracts", "task", "task"),
    _Named("contracts", "vendor", "party"),
    _Named("events", "task", "task"),
    _Named("supports", "task", "task"),
    _Named("supports", "enterprise", "party"),
    _Named("outputs", "task", "task"),
    _Named("outputs", "acceptance", "acceptance"),
    _Named("plan_changes", "task", "task"),
)

# What ``for`` may begin with: what is accepted, and what a paper of a dossier is about.
_FOR: Final = (
    ("acceptances", "acceptance", ("contract", "event", "support")),
    ("documents", "path", ("contract", "event", "support", "task", "party", "invoice")),
)


class UnknownReference(Rule):
    """Tên được nhắc đến mà sổ không khai báo.

    Kiểm tra gì:
        Hợp đồng, sự kiện, khoản hỗ trợ, nhà cung cấp, người thụ hưởng, doanh nghiệp đóng góp mà
        giao dịch nêu, và nhiệm vụ, đối tượng, biên bản nghiệm thu mà khai báo nêu, cùng điều mà tài
        liệu (``document``, ``for``) nói đến, đều có khai báo trong cùng sổ.

    Vì sao:
        Quy tắc về định mức, hợp đồng, đối tượng đọc các khai báo này; tên gõ nhầm thì khoản chi
        không được đối chiếu với gì.

    Ví dụ sai:
        2021-05-10 * "Thanh toán"
          kind: "payment"
          contract: "99/2021/HĐ-SCT"
        (không có custom "contract" "99/2021/HĐ-SCT")

    Cách sửa:
        Sửa tên, hoặc khai báo:
          2021-05-04 custom "contract" "99/2021/HĐ-SCT" "Thuê gian hàng"
            task: "NV02"
            vendor: "0100000002"
            value: 1000
            signed: 2021-05-04
          2021-01-01 custom "party" "0100000003" "Công ty Minh Họa 3"
            role: "enterprise"
    """

    code = "BOK202"
    name = "book.unknown-reference"
    title = Text("Tên nhắc đến chưa khai báo", "A name that is not declared")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{label} «{name}» được nêu ở {count} chỗ, sổ chưa khai báo{known}",
        "{label} “{name}” is named {count} times, the book does not declare it{known}",
    )
    english = """What it checks:
    Contracts, events, supports, vendors, beneficiaries and contributors that a transaction names,
    tasks, parties and acceptances that a declaration names, and what a ``document`` is ``for``, are
    declared in the same book.

Why:
    Rules about norms, contracts and parties read these declarations; under a mistyped name
    spending is compared with nothing.

How to put it right:
    Mend the name, or declare it.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a name that is missing; the rest in bulk."""
        posted: list[pd.DataFrame] = []
        stated: dict[_Key, list[Evidence]] = defaultdict(list)
        for named in _NAMED:
            source, key = DECLARED_IN[named.what]
            rows = undeclared(facts[named.frame], named.column, facts[source], key)
            keys: Any = [(str(row.book), named.what, row.missing) for row in records(rows)]
            if named.frame == "postings":
                posted.append(rows.assign(of=pd.Series(keys, rows.index, dtype="object")))
            else:
                for of, place in zip(keys, _places(rows, named), strict=True):
                    stated[of].append(place)
        for book, what, name, place in _accepted(facts):
            stated[book, what, name].append(place)
        # Two fields of one posting may give the same name.
        questions = one_family_by(pd.concat(posted).drop_duplicates(["of", "posting"]), "of")
        missing = sorted(questions.keys() | stated.keys())
        for of in missing:
            known = _declared_names(facts, of[0], of[1])
            yield _failed(of, questions.get(of, Questioned(0, ())), sorted(stated[of]), known)
        yield from passed(_names(facts) - len(missing))


def _failed(
    key: _Key, question: Questioned, places: list[Evidence], known: Sequence[str]
) -> Assessment:
    book, what, name = key
    label = _LABELS.get(what, Text("tên", "name"))
    return Assessment(
        f"{what} {name}".strip(),
        Verdict.FAIL,
        book,
        at_issue=question.at_issue,
        values={
            "label": label,
            "name": name,
            "count": str(len(question.evidence) + len(places)),
            "known": _advice(what, name, known),
        },
        evidence=(*question.evidence, *places),
    )


def _declared_names(facts: Facts, book: str, what: str) -> list[str]:
    if what not in DECLARED_IN:
        return []
    frame, column = DECLARED_IN[what]
    return sorted(text_values(facts[frame][column][facts[frame]["book"] == book]))


def _advice(what: str, name: str, known: Sequence[str]) -> Text:
    """What there is to name, if it is little, else the name that was probably meant."""
    if what not in DECLARED_IN:
        return Text("", "")
    add = Text(
        f'; sửa tên, hoặc thêm custom "{what}" "{name}"',
        f'; mend it, or add custom "{what}" "{name}"',
    )
    if known and len(known) <= _LISTED:
        listed = ", ".join(known)
        return Text(f"{add.vi}; đã có: {listed}", f"{add.en}; declared: {listed}")
    near = nearest_name(name, known, _ALIKE)
    if near is None:
        return add
    return Text(f"{add.vi}; gần nhất: {near}", f"{add.en}; nearest: {near}")


def _places(rows: pd.DataFrame, named: _Named) -> list[Evidence]:
    text = f"{named.frame}.{named.column}".rstrip("_")
    return [declared(row, text) for row in records(rows)]


def _accepted(facts: Facts) -> Iterator[tuple[str, str, str, Evidence]]:
    """What acceptances and documents are for and is not declared: book, what, name, place."""
    names: dict[tuple[str, str], set[str]] = {}
    for frame, column, words in _FOR:
        for row in records(facts[frame]):
            if frame == "documents" and not row.for_:
                continue  # a scan that belongs to an account only
            told = PurePath(getattr(row, column)).name if column == "path" else row.acceptance
            book, place = str(row.book), declared(row, f"{frame[:-1]} {told}")
            what, _, name = str(row.for_).partition(" ")
            if what not in words:
                yield book, frame[:-1], str(row.for_), place
                continue
            source, key = DECLARED_IN[what]
            if (book, what) not in names:
                owner = facts[source]
                names[book, what] = text_values(owner[key][owner["book"] == book])
            if name.strip() not in names[book, what]:
                yield book, what, name.strip(), place


def _names(facts: Facts) -> int:
    """How many different names the books give."""
    given = {
        (named.what, name)
        for named in _NAMED
        for name in text_values(facts[named.frame][named.column])
    }
    papers = int((facts["documents"]["for_"] != "").sum())
    return len(given) + len(facts["acceptances"]) + papers
