"""Operations that the system refuses from some call on, as a full disk does."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def failing_from(call: int, real: Callable[..., Any], number: int) -> Callable[..., Any]:
    """An operation that fails from the call of this number on (from 1) and goes on failing."""
    return _failing(real, number, lambda count: count >= call)


def failing_once(call: int, real: Callable[..., Any], number: int) -> Callable[..., Any]:
    """An operation that fails at one call alone."""
    return _failing(real, number, lambda count: count == call)


def _failing(
    real: Callable[..., Any], number: int, fails: Callable[[int], bool]
) -> Callable[..., Any]:
    counted = itertools.count(1)

    def operation(*given: Any, **named: Any) -> Any:
        if fails(next(counted)):
            raise OSError(number, "no")
        return real(*given, **named)

    return operation
