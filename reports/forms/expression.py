"""Sums and shares between the rows or columns of a form: ``103 + 115 - 118``, ``used / given``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text
from ledger.yaml_models import MisfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FORM: Final = Text("một phép cộng, trừ hoặc «a / b»", "a sum, or “a / b”")
_TERM: Final = re.compile(r"\s*([+-]?)\s*([\w.]+)\s*")


class Expression(NamedTuple):
    """A sum of codes with their signs, or such a sum over another.

    Attributes:
        above: the terms, or those above the line.
        below: the terms below the line; none where it is a sum.
    """

    above: tuple[tuple[int, str], ...]
    below: tuple[tuple[int, str], ...] = ()

    @property
    def codes(self) -> Iterator[str]:
        """Every code that it names."""
        return (code for _, code in (*self.above, *self.below))

    def value(self, of: Callable[[str], int]) -> int | float | str:
        """What it comes to; empty text where there is nothing to divide by.

        Args:
            of: the value of a code.
        """
        above = _sum(self.above, of)
        if not self.below:
            return above
        below = _sum(self.below, of)
        return float(Fraction(above, below)) if below else ""

    def formula(self, at: Callable[[str], str]) -> str:
        """The same as a formula of a spreadsheet.

        Args:
            at: the address of a code.
        """
        above = _written(self.above, at)
        if not self.below:
            return f"={above}"
        below = _written(self.below, at)
        return f'=IF(({below})=0,"",({above})/({below}))'


def read_expression(text: str) -> Expression:
    """Read ``a + b - c`` or ``a + b / c + d``.

    Raises:
        MisfitError: it is neither.
    """
    above, divided, below = text.partition("/")
    return Expression(_terms(above), _terms(below) if divided else ())


def _terms(text: str) -> tuple[tuple[int, str], ...]:
    terms: list[tuple[int, str]] = []
    position = 0
    while position < len(text):
        found = _TERM.match(text, position)
        if found is None or (terms and not found[1]):
            raise MisfitError(_FORM, '"102 + 105 - 103"')
        terms.append((-1 if found[1] == "-" else 1, found[2]))
        position = found.end()
    if not terms:
        raise MisfitError(_FORM, '"102 + 105 - 103"')
    return tuple(terms)


def _sum(terms: tuple[tuple[int, str], ...], of: Callable[[str], int]) -> int:
    return sum(sign * of(code) for sign, code in terms)


def _written(terms: tuple[tuple[int, str], ...], at: Callable[[str], str]) -> str:
    text = "".join(f"{'-' if sign < 0 else '+'}{at(code)}" for sign, code in terms)
    return text.removeprefix("+")
