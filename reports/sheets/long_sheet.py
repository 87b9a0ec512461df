"""A worksheet for hundreds of thousands of plain rows."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from reports.sheets.amounts import checked
from reports.sheets.layout import Formula, Plain, plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

# What may need an escape: marks of XML, controls, and what reads like the escape of one.
_MARKS: Final = re.compile("[&<>\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_x")
_DAY_ZERO: Final = dt.date(1899, 12, 30)  # what a spreadsheet counts days from


class LongSheet(Worksheet):  # type: ignore[misc]  # untyped library
    """A worksheet of a workbook in constant memory that takes many rows at a time.

    The library writes a cell in some twenty steps and keeps the height of every row; here the
    cells of a run are made column by column, equal ones once, and go straight into its row file.
    """

    def write_run(
        self,
        first: int,
        heights: Sequence[float],
        columns: Sequence[tuple[Sequence[Plain], Any]],
    ) -> None:
        """Write rows one below the other.

        Args:
            first: the first row, counted from 0; rows before it are written already.
            heights: of each row, points.
            columns: the values and the format of each column, from the first one on.

        Raises:
            BadInputError: an amount has more than fifteen digits.
        """
        if not heights:
            return
        after = first + len(heights)
        self._write_single_row(first)
        self._check_dimensions(first, 0)
        self._check_dimensions(after - 1, len(columns) - 1)
        numbers = range(first + 1, after + 1)
        parts: list[Sequence[object]] = [numbers, heights]
        template = '<row r="%d" ht="%g" customHeight="1">'
        for column, (values, style) in enumerate(columns):
            template += f'<c r="{xl_col_to_name(column)}%d"%s'
            parts += [numbers, self._cells(values, style)]
        template += "</row>"
        self.fh.write("".join([template % row for row in zip(*parts, strict=True)]))
        self.previous_row = after

    def _cells(self, values: Sequence[Plain], style: Any) -> list[str]:  # noqa: ANN401  # untyped library
        """The cells of a column without their addresses."""
        format_ = f' s="{style._get_xf_index()}"'  # noqa: SLF001  # the library's own way
        made = {value: format_ + self._content(value) for value in set(values)}
        return [made[value] for value in values]

    def _content(self, value: Plain) -> str:
        if isinstance(value, Formula):
            return self._formula(value)
        if isinstance(value, str):
            return self._text(value) if value else "/>"
        if isinstance(value, dt.date):
            return f"><v>{(value - _DAY_ZERO).days}</v></c>"
        return f"><v>{checked(value)}</v></c>"

    def _formula(self, formula: Formula) -> str:
        """A formula with its value; what is text says so."""
        kind = ' t="str"' if isinstance(formula.value, str) else ""
        value = formula.value if kind else checked(int(formula.value))
        text = self._escape_data(formula.text.removeprefix("="))
        return f"{kind}><f>{text}</f><v>{self._escape_data(str(value))}</v></c>"

    def _text(self, value: str) -> str:
        """A text in its place; outer white space is kept, marks of XML and controls escaped."""
        text = plain_text(value)
        if _MARKS.search(text):
            text = self._escape_data(self._escape_control_characters(text))
        kept = ' xml:space="preserve"' if value != value.strip() else ""
        return f' t="inlineStr"><is><t{kept}>{text}</t></is></c>'
