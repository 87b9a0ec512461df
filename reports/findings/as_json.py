"""Findings as JSON for other programs, and the JSON of an earlier check read back.

The shape is that of ``reports.findings.shapes.Report``; its schema is ``findings.schema.json``.
Nothing heavy is imported, so that a check against a baseline stays as quick as any other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ledger.problems import BadInputError, Problem
from ledger.system import reason
from ledger.text import Text
from reports.findings.rows import report
from reports.findings.shapes import SCHEMA
from rules.baseline import Baseline, Book
from rules.finding import Past, Selection
from rules.severity import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.text import Language
    from rules.finding import Outcome

_REMEDY: Final = Text(
    "nêu tệp do «cnht check SO --format json -o TỆP» ghi",
    "name a file that “cnht check BOOK --format json -o FILE” wrote",
)
_SEVERITIES: Final = {severity.name.lower() for severity in Severity}


def findings_json(outcome: Outcome, language: Language) -> str:
    """The outcome as JSON text; amounts are whole VND, days ISO, paths absolute."""
    return json.dumps(report(outcome, language), ensure_ascii=False, indent=2)


def read_baseline(path: Path) -> Baseline:
    """The findings of an earlier check, from the JSON that it wrote.

    An earlier check that was itself made against a baseline told only what was new; what was as
    before stands beside and counts too.

    Raises:
        BadInputError: the file cannot be read, or is not ours.
    """
    file = str(path.resolve())
    content = _content(path, file)
    try:
        if content["schema"] != SCHEMA:
            raise ValueError("schema")  # noqa: TRY301  # told below with every other misfit
        found = [*content["findings"], *(content["baseline"] or {"unchanged": []})["unchanged"]]
        return Baseline(
            file=file,
            as_of=_text(content["as_of"]),
            books=frozenset(_book(programme) for programme in content["programmes"]),
            codes=frozenset(_text(rule["code"]) for rule in content["rules"]),
            selection=_selection(content.get("selection", {})),
            findings=tuple(_past(item) for item in found),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _not_ours(file, 0, str(error).strip("'\"")) from None


def _content(path: Path, file: str) -> Any:  # noqa: ANN401  # JSON
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        why = reason(error)
        told = Text(f"không đọc được tệp: {why.vi}", f"the file cannot be read: {why.en}")
        raise BadInputError([Problem(file, 0, told, _REMEDY)]) from None
    except json.JSONDecodeError as error:
        raise _not_ours(file, error.lineno, "") from None
    except (UnicodeDecodeError, RecursionError):
        raise _not_ours(file, 0, "") from None


def _book(raw: Any) -> Book:  # noqa: ANN401  # JSON
    return Book(*(_text(raw[name]) for name in Book._fields))


def _selection(raw: Any) -> Selection:  # noqa: ANN401  # JSON
    """What was asked for; earlier versions did not write it down."""
    select, ignore = (tuple(map(_text, raw.get(name, ()))) for name in ("select", "ignore"))
    return Selection(select, ignore, _text(raw.get("kind") or ""))


def _past(raw: Any) -> Past:  # noqa: ANN401  # JSON
    if raw["severity"] not in _SEVERITIES:
        raise ValueError("severity")
    return Past(
        code=_text(raw["code"]),
        title=_text(raw["title"]),
        severity=raw["severity"],
        message=_text(raw["message"]),
        file=_text(raw["file"]),
        line=_whole(raw["line"]),
        at_issue=_whole(raw["at_issue"]),
        fingerprint=_text(raw["fingerprint"]),
        kind=_text(raw.get("kind", "")),
    )


def _text(value: Any) -> str:  # noqa: ANN401  # JSON
    if not isinstance(value, str):
        raise TypeError(repr(value))
    return value


def _whole(value: Any) -> int:  # noqa: ANN401  # JSON
    if type(value) is not int:
        raise TypeError(repr(value))
    return value


def _not_ours(file: str, line: int, what: str) -> BadInputError:
    text = Text("không phải kết quả JSON của «cnht check»", "not the JSON of “cnht check”")
    if what:
        text = Text(f"{text.vi} («{what}»)", f"{text.en} (“{what}”)")
    return BadInputError([Problem(file, line, text, _REMEDY)])
