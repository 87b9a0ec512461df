"""The layout of a form as its YAML file gives it (bố cục biểu mẫu)."""

from __future__ import annotations

import re
import string
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    model_validator,
)

from ledger.problems import Problem
from ledger.strict_yaml import Tree
from ledger.text import Text
from ledger.yaml_models import MisfitError
from reports.forms.expression import Expression, read_expression

_SHEET_NAME: Final = re.compile(r"[^\[\]:*?/\\']{1,24}")
_SHEETS_OF_THE_SET: Final = frozenset(
    {
        "tổng hợp", "summary", "kiểm tra chéo", "cross-checks", "giải thích", "notes",
        "nội dung báo cáo", "narrative", "theo đơn vị", "by unit", "history",
    }
)  # fmt: skip
_A_SHEET_NAME: Final = Text(
    "tên trang gồm 1 đến 24 ký tự, không có [ ] : * ? / \\ ', không trùng các trang của bộ biểu",
    "a name of a sheet: 1 to 24 characters, none of [ ] : * ? / \\ ', and of no sheet of the set",
)
_ONE_SOURCE: Final = Text(
    "đúng một trong «is», «take», «ask» ở mã số {code}",
    "exactly one of “is”, “take”, “ask” at code {code}",
)
_NO_SOURCE: Final = Text(
    "mã số, hoặc bỏ «is», «take», «ask»: dòng không có mã số thì không có số liệu",
    "a code, or no “is”, “take”, “ask”: a row without a code has no figure",
)
_A_UNIT_LINE: Final = Text(
    "một dòng có {unit} hoặc {Unit} đúng một lần, không có từ nào khác trong ngoặc nhọn",
    "a line with {unit} or {Unit} once, and no other word in braces",
)
_A_LEGEND: Final = Text(
    "dòng chữ mà trong ngoặc nhọn chỉ có {title}, {unit}, {treasury}, {code}",
    "a line with none but {title}, {unit}, {treasury}, {code} in braces",
)
_A_GROUP_LABEL: Final = Text(
    "dòng chữ mà mỗi tên cột của bảng số liệu đứng trong một cặp ngoặc nhọn, như {task_label}",
    "a line with each name of the rows in a pair of braces of its own, like {task_label}",
)
_WIDEST: Final = 255  # characters, the most that a column of a workbook takes
_A_WIDTH: Final = Text(f"độ rộng từ 1 đến {_WIDEST} ký tự", f"a width of 1 to {_WIDEST} characters")
_IN_A_LEGEND: Final = frozenset({"title", "unit", "treasury", "code"})
_FIELDS: Final = Text("các trường của một biểu mẫu", "the fields of a form")
# Grades at which the text of the form itself was read.
READ: Final = frozenset({"primary", "own"})


def _label(value: object) -> object:
    """One wording for both languages, or ``{vi: …, en: …}``."""
    if isinstance(value, str):
        return Text(value, value)
    if isinstance(value, dict) and set(value) == {"vi", "en"}:
        return Text(value["vi"], value["en"])
    return value


def _expression(value: object) -> object:
    return read_expression(value) if isinstance(value, str) else value


def _sheet_name(value: str) -> str:
    """A name that a workbook takes, with room for the level or programme of a copy."""
    if not _SHEET_NAME.fullmatch(value) or value.casefold() in _SHEETS_OF_THE_SET:
        raise MisfitError(_A_SHEET_NAME, "B01")
    return value


def _width(value: float) -> float:
    if not 1 <= value <= _WIDEST:
        raise MisfitError(_A_WIDTH, "16")
    return value


def _words_in_braces(label: Text, expected: Text, example: str) -> list[list[str]]:
    """The words that a label asks for, in each language.

    Raises:
        MisfitError: a brace is not closed, or a word asks for more than its own text.
    """
    try:
        parts = [list(string.Formatter().parse(wording)) for wording in label]
    except ValueError:
        raise MisfitError(expected, example) from None
    asked = [[part[1:] for part in of_one if part[1] is not None] for of_one in parts]
    if any(
        not str(name).isidentifier() or more or mark
        for of_one in asked
        for name, more, mark in of_one
    ):
        raise MisfitError(expected, example)
    return [[str(name) for name, _, _ in of_one] for of_one in asked]


def _unit_line(value: Text) -> Text:
    for words in _words_in_braces(value, _A_UNIT_LINE, "Đơn vị: {Unit}") if value.vi else ():
        if len(words) != 1 or words[0].casefold() != "unit":
            raise MisfitError(_A_UNIT_LINE, "Đơn vị: {Unit}")
    return value


def _legend(value: Text) -> Text:
    example = "Mã KBNN giao dịch: {treasury}"
    if any(set(words) - _IN_A_LEGEND for words in _words_in_braces(value, _A_LEGEND, example)):
        raise MisfitError(_A_LEGEND, example)
    return value


def _group_label(value: Text) -> Text:
    _words_in_braces(value, _A_GROUP_LABEL, "{task_label}")
    return value


Label = Annotated[Text, BeforeValidator(_label)]
GroupLabel = Annotated[Label, AfterValidator(_group_label)]
Sum = Annotated[Expression, BeforeValidator(_expression)]
Kind = Literal["text", "indented", "code", "money", "percent", "number", "date"]
Flag = Annotated[bool, BeforeValidator(lambda value: {"yes": True, "no": False}.get(value, value))]


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
    )


class ColumnLayout(_Model):
    """One column.

    Attributes:
        key: how rows, figures and sums between columns name it.
        heading: what is printed above it; ``" / "`` parts the levels of a heading over several.
        mark: the letter or number in the row below the headings.
        is_: a sum or share of other columns of the same row.
        total: whether rows of totals add it up.
        open_: another figure may be typed over the one that stands there.
        brackets: an amount below zero stands in brackets, as the form writes decreases.
    """

    key: str
    heading: Label
    mark: str = ""
    width: Annotated[float, AfterValidator(_width)] = 16
    kind: Kind = "money"
    is_: Sum | None = None
    total: Flag = True
    open_: Flag = False
    brackets: Flag = False

    @property
    def adds(self) -> bool:
        """Whether rows of totals have a sum in it."""
        return self.total and self.kind == "money"


class RowLayout(_Model):
    """One row of a form whose rows are fixed.

    Attributes:
        code: mã số; rows without one are headings.
        is_: a sum of other rows.
        take: the elementary figure that stands in it.
        autonomy: only of money that is, or is not, under autonomy.
        opens: the row of last year's form that it takes over.
        ask: no source in a book: the unit enters the figure; 0 until then.
        only: columns that hold a figure; all of them unless said.
        own_level_from_here: this row and all after it stand in the copy of the unit's own budget
            level alone.
    """

    ordinal: str = ""
    label: Label
    code: str = ""
    is_: Sum | None = None
    take: str = ""
    autonomy: Flag | None = None
    opens: str = ""
    ask: Flag = False
    only: tuple[str, ...] = ()
    section: Flag = False
    own_level_from_here: Flag = False

    @model_validator(mode="after")
    def _has_one_source(self) -> RowLayout:
        given = sum((self.is_ is not None, bool(self.take), self.ask))
        if self.code and given != 1:
            raise MisfitError(_ONE_SOURCE.format(code=self.code))
        if not self.code and given:
            raise MisfitError(_NO_SOURCE)
        return self


class GroupLayout(_Model):
    """A level of subtotals of a form whose rows come from the book.

    Attributes:
        by: the column, or another word of the rows, whose changes begin a group.
        into: the column in which the group's name stands.
        label: how it is named: words of the rows in braces.
        names: the groups by the value that makes them; they stand in this order and even without
            a row.
        beside: what stands in the column of the form's own names: words of the rows in braces.
        sums: whether its row adds up what is below, which is not all of one kind everywhere.
        closes: its row stands after its rows, as «cộng quý» does; rows without the word have none.
    """

    by: str
    into: str
    label: GroupLabel = Text("", "")
    names: Annotated[dict[str, Label], Field(default_factory=dict)]
    beside: GroupLabel = Text("", "")
    sums: Flag = True
    closes: Flag = False


class SignatureLayout(_Model):
    """Who signs: the title, and the place in the book's list (preparer, accountant, head)."""

    title: Label
    role: Literal["preparer", "accountant", "head", "treasury-accountant", "treasury-head"]


class PortalLayout(_Model):
    """Where the treasury's portal looks for what is no row of the table, in its workbook.

    Attributes:
        period: the column of the quarter or month, in the sixth row.
        year: the column of the year beside it, and of the kind of estimate below.
    """

    period: str
    year: str


class FormLayout(_Model):
    """One official form.

    Attributes:
        form: how it is asked for, e.g. ``B01/BCQT``; a part of a form adds which, ``S101-H/I``.
        number: its number as the instrument prints it, where ``form`` adds something to it.
        marked: the words before the number: ``Mẫu số``, ``Phụ biểu``.
        motto: whether the name of the State stands above it, as the instrument prints it.
        sheet: the name of its sheet.
        regime: the accounting regime, which decides what account numbers mean.
        from_: the first budget year that it is for; ``until`` the last, if it has ended.
        after: what is known of the form that took its place, where none is laid out.
        grade: how far its layout is verified, as in the norms; ``own`` for the programme's set.
        source: where the layout was read.
        copies: ``level`` makes one a budget level, ``treasury-level`` too and prints the level's
            code, ``programme`` makes one a programme code;
            ``consolidated`` stands only where several units are settled together.
        spread: columns come by the loại and khoản of the year, after a total.
        rows_of: the table of the book whose rows it lists; ``form:B01/BCQT`` repeats the rows
            of another form.
        by_period: whether columns tell the period from what came since the beginning of the year;
            others show the latter alone.
        portal: how the workbook that fills the treasury's portal is laid out, if there is one; its
            columns are those of the form.
        legend: lines below the title; ``{title}``, ``{unit}`` and ``{treasury}`` are the book's,
            ``{code}`` is that of a copy by programme.
        unit_line: how the form itself names the unit of amounts, ``{unit}`` or ``{Unit}``.
        words: the row and column whose amount is written out in words below.
        year_notes: notes that are true of the whole year only.
        own_file: where a unit's own layout stands, seen from its book; empty for one that ships.
    """

    form: str
    number: str = ""
    marked: str = "Mẫu số"
    motto: Flag = False
    sheet: Annotated[str, AfterValidator(_sheet_name)]
    title: Label
    subtitle: Label = Text("", "")
    basis: str = ""
    legend: tuple[Annotated[Label, AfterValidator(_legend)], ...] = ()
    unit_line: Annotated[Label, AfterValidator(_unit_line)] = Text("", "")
    regime: str = ""
    from_: Annotated[int, Field(ge=2000)] = 2000
    until: int | None = None
    after: Label = Text("", "")
    grade: Literal["primary", "primary-quoted", "secondary", "secondary-weak", "recalled", "own"]
    source: Label
    period: Literal["year", "quarter", "any"] = "any"
    order: int
    copies: Literal["", "level", "treasury-level", "programme", "consolidated"] = ""
    orientation: Literal["portrait", "landscape"] = "landscape"
    size: Literal["A4", "A3"] = "A4"
    columns: tuple[ColumnLayout, ...]
    spread: Flag = False
    rows: tuple[RowLayout, ...] = ()
    rows_of: str = ""
    groups: tuple[GroupLayout, ...] = ()
    total: Label = Text("", "")
    into: str = ""
    words: str = ""
    notes: tuple[Label, ...] = ()
    year_notes: tuple[Label, ...] = ()
    by_period: Flag = False
    signatures: tuple[SignatureLayout, ...] = ()
    empty: Label = Text("", "")
    portal: PortalLayout | None = None
    own_file: str = ""
    _read_from: Tree | None = PrivateAttr(default=None)

    def read_from(self, tree: Tree) -> FormLayout:
        """Itself, which now knows the lines of its file, as copies of it do."""
        self._read_from = tree
        return self

    def problem(self, text: Text, remedy: Text, *keys: str | int) -> Problem:
        """What is wrong with the entry at a path of its file, told with file and line."""
        tree = self._read_from
        if tree is None:
            return Problem(self.own_file, 0, text, remedy)
        return Problem(tree.file, tree.line_of(keys), text, remedy)

    @property
    def printed(self) -> str:
        """Its number as the instrument has it."""
        return self.number or self.form

    def notes_of(self, *, whole: bool) -> tuple[Text, ...]:
        """What stands below it, of a whole year or of a part of one."""
        return (*self.notes, *self.year_notes) if whole else self.notes

    @property
    def name(self) -> Text:
        """Its title with what tells it from another of the same title."""
        if not self.subtitle.vi:
            return self.title
        return Text(
            f"{self.title.vi} · {self.subtitle.vi}", f"{self.title.en} · {self.subtitle.en}"
        )

    @property
    def bilingual(self) -> bool:
        """Whether it has English of its own; an official form has not."""
        return self.title.en != self.title.vi

    @property
    def coded(self) -> bool:
        """Whether its rows are fixed and have codes."""
        return bool(self.rows)

    @property
    def read(self) -> bool:
        """Whether the text of the form itself was read."""
        return self.grade in READ

    def in_force(self, year: int) -> bool:
        """Whether it is the form of a budget year."""
        return self.from_ <= year and (self.until is None or year <= self.until)

    @model_validator(mode="before")
    @classmethod
    def _is_a_mapping(cls, raw: Any) -> Any:  # noqa: ANN401  # a YAML tree
        if not isinstance(raw, dict):
            raise MisfitError(_FIELDS)
        return raw
