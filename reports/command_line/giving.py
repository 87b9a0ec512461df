"""The outcome of a check in the format asked for (trình bày kết quả kiểm tra)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import typer

from reports.command_line.options import CheckFormat, Color, Lang
from reports.command_line.telling import print_rich, tell_written, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from rules.baseline import Baseline
    from rules.finding import Outcome


# What is sent to the audited unit: what is the office's own stands there only where asked.
_SENT: Final = frozenset({CheckFormat.XLSX, CheckFormat.HTML})


class Manner(NamedTuple):
    """How the outcome of a check is worded and shown."""

    format: CheckFormat
    lang: Lang
    color: Color
    one_line: bool
    passes: bool
    internal: bool


def require_fitting(manner: Manner, output: Path | None) -> None:
    """Refuse options that would do nothing in the format asked for."""
    from ledger.problems import refusal
    from ledger.text import Text

    name = manner.format.value
    if manner.format is CheckFormat.XLSX and output is None:
        text = Text("--format xlsx cần tên tệp", "--format xlsx needs the name of a file")
        raise refusal(text, Text("thêm -o TỆP.xlsx", "add -o FILE.xlsx"))
    if manner.passes and manner.format is not CheckFormat.SARIF:
        text = Text("--include-passes chỉ dùng với SARIF", "--include-passes is for SARIF only")
        raise refusal(text, Text("thêm --format sarif", "add --format sarif"))
    if manner.internal and manner.format not in _SENT:
        text = Text("--internal chỉ dùng với XLSX, HTML", "--internal is for XLSX and HTML only")
        remedy = Text("bỏ --internal: định dạng này luôn đủ", "drop --internal: this is whole")
        raise refusal(text, remedy)
    if manner.one_line and manner.format is not CheckFormat.TABLE:
        text = Text(f"--all không dùng với --format {name}", f"--all is not for --format {name}")
        remedy = Text("bỏ --all: định dạng này luôn đủ", "drop --all: this format is always whole")
        raise refusal(text, remedy)


def earlier_findings(baseline: Path | None) -> Baseline | None:
    """What an earlier run found, where one is named."""
    if baseline is None:
        return None
    from reports.findings.as_json import read_baseline

    return read_baseline(baseline)


def new_since(earlier: Baseline | None, outcome: Outcome) -> Outcome:
    """An outcome beside that of an earlier run, where one is named."""
    if earlier is None:
        return outcome
    from rules.baseline import compare

    return compare(outcome, earlier)


def give(outcome: Outcome, output: Path | None, manner: Manner) -> None:
    """The outcome of a check in the format asked for."""
    lang: Literal["vi", "en"] = manner.lang.value
    if manner.format in _SENT and not manner.internal:
        from rules.finding import for_auditee

        outcome = for_auditee(outcome)
    if manner.format is CheckFormat.JSON:
        from reports.findings.as_json import findings_json

        write_text(findings_json(outcome, lang) + "\n", output)
    elif manner.format is CheckFormat.SARIF:
        from reports.findings.as_sarif import findings_sarif

        write_text(findings_sarif(outcome, lang, everything=manner.passes) + "\n", output)
    elif manner.format is CheckFormat.HTML:
        from reports.findings.as_html import findings_html

        write_text(findings_html(outcome, lang), output)
    elif manner.format is CheckFormat.XLSX and output is not None:
        from reports.findings.as_xlsx import write_working_paper

        write_working_paper(outcome, output, lang)
        tell_written(output)
    elif manner.one_line:
        from reports.findings.as_table import plain_lines, unheard_lines

        write_text("".join(f"{line}\n" for line in plain_lines(outcome, lang)), output)
        # Not among the findings, which other programs count.
        for line in unheard_lines(outcome, lang):
            typer.echo(line, err=True)
    else:
        from reports.findings.as_table import print_outcome

        print_rich(lambda console: print_outcome(outcome, console, lang), output, manner.color)
