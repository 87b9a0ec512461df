"""Commands whose help is in the language asked for (trợ giúp)."""

from __future__ import annotations

import sys
from typing import Any

from typer.core import TyperCommand, TyperGroup

from reports.command_line.failing import asked_language
from reports.command_line.options import Lang


class Command(TyperCommand):
    """A command whose help has headings in the language asked for."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  # typer does not export its Context's base
        """The help as typer makes it, worded."""
        _word_help(self)
        return _usage(super().get_help(ctx))


class Group(TyperGroup):
    """As above, for commands with commands under them."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  # as above
        """As above."""
        _word_help(self)
        return _usage(super().get_help(ctx))


def _word_help(command: Command | Group) -> None:
    """Help is written in Vietnamese; whoever asks for English has it in English."""
    from reports.locale.usage import put_into_english

    if asked_language(sys.argv) is Lang.EN:
        put_into_english(command)


def _usage(text: str) -> str:
    from reports.locale.usage import usage

    return usage(text, asked_language(sys.argv).value)
