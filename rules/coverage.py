"""Which rules read which norm, and why none does (độ phủ của luật)."""

from __future__ import annotations

import importlib
import inspect
import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text
from rules.rule import catalogue

if TYPE_CHECKING:
    from types import ModuleType

    from rules.law import Law
    from rules.norm import Norm
    from rules.rule import Described

_IMPORTED: Final = re.compile(r"^from (rules\.\w+(?:\.\w+)?) import", re.MULTILINE)
_NOT_KNOWN: Final = Text(
    "chưa biết con số hoặc ngày hiệu lực; đơn vị có văn bản thì nạp bằng «cnht norms load»",
    "figure or day of effect not known; a unit that has the text loads it by “cnht norms load”",
)


class Covered(NamedTuple):
    """One norm and the rules that read it.

    Attributes:
        rules: their codes; none where none can.
        why: why none does; None where one does, or where it is not said.
    """

    norm: Norm
    rules: tuple[str, ...]
    why: Text | None


def coverage(law: Law) -> list[Covered]:
    """Every norm with the rules that read it, in the order of the law."""
    return [_covered(norm) for norm in law.norms.values()]


def _covered(norm: Norm) -> Covered:
    codes = tuple(rule.code for rule in catalogue() if reads(rule, norm))
    if norm.unknown:
        return Covered(norm, codes, _NOT_KNOWN)
    if codes:
        return Covered(norm, codes, None)
    return Covered(norm, (), Text(norm.unenforced, norm.unenforced) if norm.unenforced else None)


def reads(rule: Described, norm: Norm) -> bool:
    """Whether a rule reads a norm: by its own word, or because it or its helpers name it."""
    return rule.reads(norm) or any(f'"{norm.id}"' in text for text in _texts(type(rule)))


@cache
def _texts(rule: type[Described]) -> tuple[str, ...]:
    """The source of a rule's module and of the helpers beside it that it imports."""
    module = importlib.import_module(rule.__module__)
    own = inspect.getsource(module)
    helpers = (importlib.import_module(name) for name in sorted(set(_IMPORTED.findall(own))))
    return (own, *(inspect.getsource(helper) for helper in helpers if _is_helper(helper)))


def _is_helper(module: ModuleType) -> bool:
    """Whether a module serves rules and is none itself."""
    rules_there = {rule.__class__.__module__ for rule in catalogue()}
    return module.__name__ not in rules_there
