"""From a ``custom`` directive to its model, with errors that an accountant can act on."""

from __future__ import annotations

import difflib
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import ValidationError

from ledger.directives import DECLARATIONS, Cell, Declaration
from ledger.problems import Problem, show_path
from ledger.text import Text, unaccented
from ledger.written import as_written, digits_as_written, number_remedy, remedy_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from pydantic_core import ErrorDetails


# Names less alike than this are another program's.
_ALIKE: Final = 0.75


class Custom(NamedTuple):
    """A ``custom`` directive as the facade hands it over.

    Attributes:
        type: the directive's name.
        values: the values on its line.
        meta: its metadata, places left out.
    """

    file: str
    line: int
    date: dt.date
    type: str
    values: tuple[Cell, ...]
    meta: Mapping[str, Cell]


class Declared(NamedTuple):
    """A declaration with its place and date."""

    file: str
    line: int
    date: dt.date
    model: Declaration


def read_declarations(customs: Iterable[Custom]) -> tuple[list[Declared], list[Problem]]:
    """Every directive of ours as its model; what does not fit comes back as problems.

    Directives of other programs (Fava's options, say) are passed over.
    """
    declared: list[Declared] = []
    problems: list[Problem] = []
    for custom in customs:
        model = DECLARATIONS.get(custom.type)
        if model is None:
            problems += _nearly_ours(custom)
            continue
        try:
            declared.append(Declared(custom.file, custom.line, custom.date, _read(custom, model)))
        except ValidationError as error:
            problems += [_explain(custom, model, detail) for detail in error.errors()]
        except _HeadError as error:
            problems.append(Problem(custom.file, custom.line, error.text))
    problems += _declared_twice(declared)
    return declared, problems


# What Fava calls its own, much like ours or not.
_OF_FAVA: Final = frozenset({"fava-option", "fava-extension", "fava-sidebar-link", "budget"})
# What people call our directives, in small letters without accents.
_SPOKEN: Final = {
    "chuong-trinh": "programme",
    "program": "programme",
    "don-vi": "unit",
    "nhiem-vu": "task",
    "dieu-chinh": "plan-change",
    "dieu-chinh-ke-hoach": "plan-change",
    "doi-tuong": "party",
    "doanh-nghiep": "party",
    "nha-cung-cap": "party",
    "vendor": "party",
    "enterprise": "party",
    "hop-dong": "contract",
    "su-kien": "event",
    "ho-tro": "support",
    "khoan-ho-tro": "support",
    "nghiem-thu": "acceptance",
    "bien-ban-nghiem-thu": "acceptance",
    "hoa-don": "invoice",
    "ket-qua": "output",
    "doi-chieu": "reconciled",
    "giai-trinh": "explanation",
    "explain": "explanation",
    "chap-nhan": "waiver",
    "niem-phong": "seal",
}


def _nearly_ours(custom: Custom) -> list[Problem]:
    """A directive whose name is much like one of ours: read by nobody, and meant for us."""
    near = meant_by(custom.type)
    if not near:
        return []
    told = Text(f"không có khai báo «{custom.type}»", f"there is no directive “{custom.type}”")
    known = ", ".join(DECLARATIONS)
    remedy = Text(
        f'có phải «{near}»? viết custom "{near}"; các khai báo được dùng: {known}',
        f'did you mean “{near}”? write custom "{near}"; directives: {known}',
    )
    return [Problem(custom.file, custom.line, told, remedy)]


def meant_by(name: str) -> str:
    """Which directive of ours a name that is none of them stands for; empty where none does."""
    if name in _OF_FAVA or name in DECLARATIONS:
        return ""
    bare = re.sub(r"[\s_]+", "-", unaccented(name).strip())
    near = difflib.get_close_matches(bare, [*DECLARATIONS, *_SPOKEN], n=1, cutoff=_ALIKE)
    return _SPOKEN.get(near[0], near[0]) if near else ""


def read_by_nobody(name: str) -> bool:
    """Whether a directive is neither ours, nor meant to be, nor Fava's."""
    return name not in _OF_FAVA and name not in DECLARATIONS and not meant_by(name)


class _HeadError(Exception):
    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


def _read(custom: Custom, model: type[Declaration]) -> Declaration:
    if len(custom.values) != len(model.heads):
        names = " ".join(f'"{head}"' for head in model.heads)
        raise _HeadError(
            Text(
                f"khai báo «{custom.type}» cần đúng {len(model.heads)} giá trị sau tên: {names}; "
                f"ở đây có {len(custom.values)}",
                f"directive “{custom.type}” takes {len(model.heads)} values after its name: "
                f"{names}; here {len(custom.values)} stand",
            )
        )
    heads = {_key(head): value for head, value in zip(model.heads, custom.values, strict=True)}
    return model.model_validate({**custom.meta, **heads})


def _key(field: str) -> str:
    return field.replace("_", "-")


def _explain(custom: Custom, model: type[Declaration], detail: ErrorDetails) -> Problem:
    """A pydantic error in the words of the book."""
    key = str(detail["loc"][0]) if detail["loc"] else custom.type
    known = sorted(str(field.alias) for field in model.model_fields.values())
    written = as_written(custom.file, custom.line, key)
    shown = written.text or show(detail.get("input"))
    if detail["type"] == "value_error":
        shown = digits_as_written(custom.file, written.line, shown)
        words: tuple[Text, Text | None] = unquoted(
            key, shown, _on_its_line(key, shown, custom, model)
        )
    else:
        words = _words(key, custom.type, detail, known, shown)
    return Problem(custom.file, written.line, *words)


def _on_its_line(key: str, shown: str, custom: Custom, model: type[Declaration]) -> str:
    """A head as its directive's own line should hold it, what stands beside it left out."""
    keys = [_key(head) for head in model.heads]
    if key not in keys:
        return ""
    values = " ".join(f'"{shown}"' if head == key else "…" for head in keys)
    return f'custom "{custom.type}" {values}'


def _words(
    key: str, directive: str, detail: ErrorDetails, known: list[str], shown: str
) -> tuple[Text, Text | None]:
    kind = detail["type"]
    if kind == "missing":
        return (
            Text(
                f"khai báo «{directive}» thiếu trường «{key}»",
                f"directive “{directive}” lacks the field “{key}”",
            ),
            Text(
                f"thêm dòng «  {key}: …» dưới dòng có ngày",
                f"add a line “  {key}: …” below the line with the date",
            ),
        )
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(key, known, n=1)
        remedy = (
            Text(f"có phải «{near[0]}»?", f"did you mean “{near[0]}”?")
            if near
            else Text(f"các trường được dùng: {', '.join(known)}", f"fields: {', '.join(known)}")
        )
        return (
            Text(
                f"khai báo «{directive}» không có trường «{key}»",
                f"directive “{directive}” has no field “{key}”",
            ),
            remedy,
        )
    if kind in _TOGETHER:
        return _TOGETHER[kind]
    if kind == "string_pattern_mismatch":  # only a digest has a pattern
        return _no_digest(key, directive, shown), _AS_RECORDED
    expected = _EXPECTED.get(kind.split("_")[0], Text("giá trị khác", "another value"))
    expected = expected.format(**detail.get("ctx", {}))
    return (
        Text(
            f"trường «{key}» của «{directive}» phải là {expected.vi}, ở đây là {shown}",
            f"field “{key}” of “{directive}” must be {expected.en}, here it is {shown}",
        ),
        number_remedy(key, shown) if kind.startswith(_NUMERIC) else remedy_of(key, shown),
    )


_NUMERIC: Final = ("int", "greater", "less")
_AS_RECORDED = Text(
    "để «cnht reconcile … --write» ghi; đối chiếu trên giấy thì bỏ digest, ghi paper (số, ngày của "
    "bảng đối chiếu) và closing (số dư)",
    "let “cnht reconcile … --write” record it; where it was done on paper, drop digest and give "
    "paper (number and day of the sheet) and closing (the balance)",
)
# What the fields of a directive must be together, by the name of the refusal.
_TOGETHER = {
    "no_statement": (
        Text(
            "bản ghi đối chiếu không nêu sao kê nào: cần digest của tệp, hoặc paper của bảng giấy",
            "the record names no statement: it takes the digest of a file, or the paper",
        ),
        _AS_RECORDED,
    ),
    "no_closing": (
        Text(
            "đối chiếu trên giấy mà không ghi closing: không biết đã khớp ở số dư nào",
            "reconciled on paper without closing: it is not known which balance was agreed",
        ),
        Text("thêm dòng «  closing: …», theo đồng", "add a line “  closing: …”, in VND"),
    ),
}


def _no_digest(key: str, directive: str, shown: str) -> Text:
    return Text(
        f"trường «{key}» của «{directive}» phải là SHA-256 của tệp (64 chữ số 0–9, a–f), "
        f"ở đây là {shown}",
        f"field “{key}” of “{directive}” must be the SHA-256 of a file (64 digits 0–9, a–f), "
        f"here it is {shown}",
    )


_EXPECTED = {
    "int": Text("số nguyên", "a whole number"),
    "greater": Text("số từ {ge} trở lên", "{ge} or more"),
    "less": Text("số không quá {le}", "at most {le}"),
    "date": Text("ngày, viết YYYY-MM-DD không có ngoặc kép", "a date, YYYY-MM-DD without quotes"),
    "bool": Text("TRUE hoặc FALSE", "TRUE or FALSE"),
    "string": Text("chữ đặt trong ngoặc kép", "text between quotes"),
}


def unquoted(key: str, shown: str, right: str = "") -> tuple[Text, Text]:
    """The problem of a code written without quotes, whose leading zeros, if any, are lost.

    Args:
        key: the field.
        shown: what stands there.
        right: how to write it, where it is no metadata key.
    """
    right = right or f'{key}: "{shown}"'
    return (
        Text(
            f"«{key}» phải là chữ đặt trong ngoặc kép, ở đây là số {shown}: "
            "sổ đọc như vậy thì mất số 0 ở đầu",
            f"“{key}” must be text between quotes, here it is the number {shown}: "
            "a book that reads it so loses leading zeros",
        ),
        Text(f"viết {right}, đủ các chữ số", f"write {right}, with every digit"),
    )


def show(value: Any) -> str:  # noqa: ANN401  # whatever a book may hold
    """A value as the book writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (Decimal, int)):
        return str(value)
    return f'"{value}"' if isinstance(value, str) else str(value)


def _declared_twice(declared: list[Declared]) -> list[Problem]:
    """A code stands for one thing: the second declaration of it is refused."""
    first: dict[tuple[str, object], Declared] = {}
    problems = []
    for item in declared:
        model = type(item.model)
        if not model.unique:
            continue
        name = getattr(item.model, model.heads[0])
        earlier = first.setdefault((model.directive, name), item)
        if earlier is not item:
            first_at = f"{show_path(earlier.file)}:{earlier.line}"
            problems.append(
                Problem(
                    item.file,
                    item.line,
                    Text(
                        f"{model.directive} «{name}» khai báo hai lần; lần đầu ở {first_at}",
                        f"{model.directive} “{name}” is declared twice; first at {first_at}",
                    ),
                    Text("đổi mã hoặc bỏ một khai báo", "change the code or drop one of them"),
                )
            )
    return problems
