"""Generate the pages that only repeat what the code says (sinh các trang tài liệu từ mã nguồn).

``python docs/generate.py`` writes them; ``--check`` writes nothing and exits 1 where a page on
disk differs. The same code always gives the same bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import inspect
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI

from importers.base import KNOWLEDGE
from importers.tables.profile import shipped
from ledger.accounts import FUNDS, SCHEME, Pattern
from ledger.columns import FRAMES, ColumnType
from ledger.directives import DECLARATIONS
from ledger.execution import MEASURES
from ledger.kinds import KINDS
from ledger.location import find_book
from ledger.text import Text
from reports.citations import graded
from reports.findings.as_table import print_outcome
from reports.findings.schema import findings_schema
from reports.norms_table import limits_text
from reports.rule_page import rule_page
from rules.checking import check_books
from rules.citation import smallest_first
from rules.coverage import coverage
from rules.law import load_law, shipped_packs
from rules.pro.methods import method_words
from rules.rule import catalogue
from rules.vocabulary import activities, roles, units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.columns import Column
    from ledger.directives import Declaration
    from ledger.kinds import Kind, Move
    from ledger.text import Language
    from rules.coverage import Covered
    from rules.law import Law
    from rules.norm import Instrument, Norm, Value
    from rules.rule import Described

DOCS: Final = Path(__file__).resolve().parent
ROOT: Final = DOCS.parent
MADE_BY: Final = "<!-- Trang này sinh từ mã nguồn bằng «make docs»; không sửa tay. -->"
INDEX_BEGINS: Final = "<!-- bảng loại nghiệp vụ: sinh bằng «make docs» -->"
INDEX_ENDS: Final = "<!-- hết bảng loại nghiệp vụ -->"
LAYOUTS_BEGIN: Final = "<!-- bảng mẫu tệp: sinh bằng «make docs» -->"
LAYOUTS_END: Final = "<!-- hết bảng mẫu tệp -->"
PICTURE_WIDTH: Final = 104
PICTURE_DAY: Final = dt.date(2021, 12, 31)
PICTURE_RULES: Final = ("BOK203", "BUD101", "NRM101", "NRM201")
PICTURE_FONT: Final = "DejaVu Sans Mono, Menlo, Consolas, monospace"

FRAME_TITLES: Final = {
    "postings": "Bút toán: mỗi dòng là một bút toán, kèm thông tin của giao dịch",
    "accounts": "Tài khoản đã mở",
    "documents": "Tệp quét (lệnh `document` của Beancount)",
    "files": "Các tệp của sổ",
    "pads": "Lệnh `pad` trong sổ",
    "balances": "Lệnh `balance` trong sổ, bằng đồng",
    "strange_fields": "Trường của giao dịch mà sổ không dùng đến",
    "book_errors": "Lỗi do Beancount báo",
    "allotment_decisions": "Quyết định giao dự toán, đọc từ `decisions` của chương trình",
    "expected_outputs": "Kết quả dự kiến, đọc từ `outputs` của nhiệm vụ",
    "quantities": "Số lượng, đọc từ sự kiện và khoản hỗ trợ",
}
TYPE_NAMES: Final = {
    ColumnType.TEXT: "chữ",
    ColumnType.MONEY: "đồng",
    ColumnType.QUANTITY: "số lượng",
    ColumnType.DATE: "ngày",
    ColumnType.FLAG: "có/không",
    ColumnType.NUMBER: "số",
}
PART_NAMES: Final = {
    "task": "nhiệm vụ",
    "fund": "nguồn",
    "sub_item": "TM tiểu mục",
    "detail": "tên",
}
FAMILY_CODES: Final = {
    "BOK": Text("Sổ", "The book itself"),
    "BUD": Text("Dự toán", "Estimates"),
    "NRM": Text("Định mức", "Norms"),
    "CTR": Text("Đóng góp", "Contributions"),
    "SCH": Text("Kế hoạch", "The plan"),
    "PRO": Text("Mua sắm, hợp đồng, tạm ứng", "Procurement, contracts, advances"),
    "DUP": Text("Hỗ trợ trùng", "Doubled support"),
    "TRE": Text("Đối chiếu với Kho bạc", "Reconciliation with the treasury"),
    "STL": Text("Cuối năm, quyết toán", "Year's end, settlement"),
}
CONVENTION: Final = Text("quy ước của sổ", "convention of the book")

# A terminal window without web fonts: a page that shows it asks nothing of the network.
PICTURE_FORMAT: Final = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: FONT; font-size: {char_height}px;
  line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: FONT; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
""".replace("FONT", PICTURE_FONT)

_CODE_LINE: Final = re.compile(
    r"\s|\d{4}-\d\d-\d\d |[a-z][a-z-]*: |plugin |option |"
    r"(?:Assets|Liabilities|Equity|Income|Expenses):"
)
_SECTION: Final = re.compile(r"[^\W\d_][^:]*:$")
_ALL_CODE: Final = ("Ví dụ sai:", "An example that fails:")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar or a line break in a cell does not break it."""
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    lines += [
        " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in row) for row in rows
    ]
    return "\n".join(f"| {line} |" for line in lines)


def page(title: str, *parts: str) -> str:
    """A whole page."""
    return "\n\n".join((MADE_BY, f"# {title}", *parts)) + "\n"


def facts_page() -> str:
    """Frames of the facts and their columns."""
    legend = table(
        ("kiểu", "pandas", "khi không có"),
        (
            (TYPE_NAMES[kind], f"`{kind}`", absent)
            for kind, absent in zip(
                ColumnType, ("chữ rỗng", "0", "`<NA>`", "`NaT`", "không", "–"), strict=True
            )
        ),
    )
    intro = (
        "Mọi quy tắc và báo cáo chỉ đọc các bảng dưới đây. Nhiều sổ kiểm tra cùng lúc là một bộ "
        "bảng; cột `book` cho biết dòng thuộc sổ nào. Bảng của một khai báo có cột đúng tên các "
        "trường của khai báo, dấu gạch nối thay bằng gạch dưới. Khai báo mà không trang nào khác "
        "nhắc đến thì được đọc, chưa ảnh hưởng đến kết quả kiểm tra."
    )
    return page("Số liệu của sổ", intro, legend, *_frames())


def _frames() -> Iterator[str]:
    models = {model.frame: model for model in DECLARATIONS.values()}
    for name, columns in FRAMES.items():
        model = models.get(name)
        title = _directive(model) if model else FRAME_TITLES.get(name, name)
        yield f"## `{name}`\n\n{title[:1].upper()}{title[1:]}."
        yield table(
            ("cột", "kiểu", "nghĩa"),
            ((f"`{c.name}`", TYPE_NAMES[c.type], _meaning(c, model)) for c in columns),
        )


def _directive(model: type[Declaration]) -> str:
    summary = (inspect.getdoc(model) or "").partition("\n")[0]
    words = re.findall(r"\(([^()]*)\)", summary)
    heads = " ".join(f'"{head}"' for head in model.heads)
    return f'{words[-1] if words else summary}: `custom "{model.directive}" {heads}`'


def _meaning(column: Column, model: type[Declaration] | None) -> str:
    """What a column holds; a field of a declaration as the book writes it."""
    if model is None or column.name not in model.model_fields:
        return "ngày của khai báo" if column.name == "declared" else column.meaning
    if column.name in model.heads:
        return f"giá trị thứ {model.heads.index(column.name) + 1} trên dòng khai báo"
    if column.name == "seed":
        return "chỗ sai gieo sẵn mà khai báo thuộc về, trong sổ để học"
    needed = ", bắt buộc" if model.model_fields[column.name].is_required() else ""
    return f"trường `{column.meaning}`{needed}"


def kinds_page() -> str:
    """The table of kinds, and which accounts its words stand for."""
    intro = (
        "Mỗi giao dịch có một `kind`. Bảng cho biết loại đó được tăng (+), giảm (−) những tài "
        "khoản nào và số của nó vào cột nào của bảng tình hình thực hiện dự toán. Ghi vào tài "
        "khoản khác là lỗi `BOK301`. Ví dụ của từng loại: [Ghi sổ](ghi-so.md)."
    )
    kinds = table(
        ("`kind`", "nghiệp vụ", "được ghi vào", "cột"),
        (
            (f"`{kind.code}`", kind.label.vi, ", ".join(map(_move, kind.moves)), _column(kind))
            for kind in KINDS.values()
        ),
    )
    accounts = table(
        ("từ", "tài khoản", "nghĩa"),
        (
            (f"`{pattern.family.value}`", f"`{_account(pattern)}`", pattern.family.label.vi)
            for pattern in SCHEME
        ),
    )
    funds = table(
        ("nguồn", "tên", "ngân sách nhà nước", "trong quyết toán của đơn vị"),
        (
            (f"`{fund.code}`", fund.label.vi, _yes(fund.state), _yes(fund.settled))
            for fund in FUNDS.values()
        ),
    )
    return page(
        "Loại nghiệp vụ", intro, kinds, "## Tài khoản", accounts, "## Nguồn kinh phí", funds
    )


def recording_page() -> str:
    """The hand-written page on recording, with its index of kinds renewed."""
    text = (DOCS / "ghi-so.md").read_text("utf-8")
    before, rest = text.split(INDEX_BEGINS, 1)
    _, after = rest.split(INDEX_ENDS, 1)
    rows = ((f"[`{k.code}`](#{k.code})", k.label.vi) for k in KINDS.values())
    index = table(("`kind`", "nghiệp vụ"), rows)
    return f"{before}{INDEX_BEGINS}\n{index}\n{INDEX_ENDS}{after}"


def import_page() -> str:
    """The hand-written page on importing, with its list of layouts renewed."""
    text = (DOCS / "nhap-sao-ke.md").read_text("utf-8")
    before, rest = text.split(LAYOUTS_BEGIN, 1)
    _, after = rest.split(LAYOUTS_END, 1)
    rows = ((one.title, KNOWLEDGE[one.knowledge].vi, one.source) for one in shipped())
    layouts = table(("mẫu tệp", "mức biết", "nguồn"), rows)
    return f"{before}{LAYOUTS_BEGIN}\n{layouts}\n{LAYOUTS_END}{after}"


def _move(move: Move) -> str:
    signs = {"+": "+", "-": "−", "+-": "±"}[move.signs]
    return f"`{move.family.value}` {signs}"


def _column(kind: Kind) -> str:
    labels = {measure.feeds: measure.label.vi for measure in MEASURES}
    return labels[kind.column] if kind.column else "–"


def _account(pattern: Pattern) -> str:
    """How an account of the family is written, its parts between braces."""
    return ":".join((*pattern.prefix, *(f"{{{PART_NAMES[part]}}}" for part in pattern.parts)))


def _yes(flag: bool) -> str:  # noqa: FBT001  # one word for one flag
    return "có" if flag else "không"


def rules_page(language: Language) -> str:
    """An index of the rules, then the page of each."""
    law = _law()
    title = Text("Quy tắc kiểm tra", "Rules").to(language)
    intro = Text(
        "Mức độ ghi ở đây là mức khi đã đọc nguyên văn điều luật. Điều luật hay con số chỉ đọc ở "
        "nguồn thứ cấp làm phát hiện hạ xuống «cần giải trình» (xem [Định mức](dinh-muc.md)). "
        "In một trang trên màn hình: `cnht explain BUD101`.",
        "The severity given is that of a finding whose text of law was read. A text or figure "
        "read second-hand lowers the finding to “to be explained”. "
        "One page on the terminal: `cnht explain BUD101 --lang en`.",
    ).to(language)
    heads = Text("mã;quy tắc;nhóm;mức độ;căn cứ", "code;rule;family;severity;basis").to(language)
    index = table(heads.split(";"), (_index_row(rule, law, language) for rule in catalogue()))
    return page(title, intro, index, *(_rule(rule, law, language) for rule in catalogue()))


def _index_row(rule: Described, law: Law, language: Language) -> tuple[str, ...]:
    if not rule.rests_on_law:
        basis = CONVENTION.to(language)
    elif rule.basis:
        basis = ", ".join(dict.fromkeys(law.instruments[norm].instrument for norm in rule.basis))
    else:
        norms = Text("[định mức](dinh-muc-hien-co.md)", "[norms](dinh-muc-hien-co.md)")
        basis = norms.to(language)
    family = FAMILY_CODES.get(rule.code[:3])
    return (
        f"[`{rule.code}`](#{rule.code.lower()})",
        rule.title.to(language),
        family.to(language) if family else "",
        rule.severity.label.to(language),
        basis,
    )


def _rule(rule: Described, law: Law, language: Language) -> str:
    """The page of a rule one level down, with its postings as code."""
    parts = [f'<a id="{rule.code.lower()}"></a>']
    for head, body in _sections(rule_page(rule, law, language)):
        if head.startswith("# "):
            parts += [f"#{head}", _prose(body)]
        else:
            parts += [f"**{head.removesuffix(':')}**", _body(head, body)]
    return "\n\n".join(part for part in parts if part)


def _sections(text: str) -> list[tuple[str, list[str]]]:
    """The parts of a rule's page, each by its heading."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("# ") or _SECTION.fullmatch(line):
            found.append((line, []))
        else:
            found[-1][1].append(line)
    return found


def _body(head: str, lines: list[str]) -> str:
    dedented = inspect.cleandoc("\n".join(["", *lines])).splitlines()
    if head in _ALL_CODE:
        return _code(dedented)
    if head in {"Căn cứ:", "Basis:"}:
        return "\n".join(f"- {line}" for line in dedented if line)
    parts: list[str] = []
    for is_code, block in _blocks(dedented):
        parts.append(_code(block) if is_code else _prose(block))
    return "\n\n".join(parts)


def _blocks(lines: Sequence[str]) -> list[tuple[bool, list[str]]]:
    """Runs of lines that are postings, and of lines that are not."""
    blocks: list[tuple[bool, list[str]]] = []
    for line in lines:
        is_code = bool(_CODE_LINE.match(line))
        if not blocks or (blocks[-1][0] != is_code and line):
            blocks.append((is_code, []))
        blocks[-1][1].append(line)
    return blocks


def _code(lines: list[str]) -> str:
    return "```beancount\n" + inspect.cleandoc("\n".join(["", *lines])) + "\n```"


def _prose(lines: list[str]) -> str:
    return "\n".join(lines).strip().replace("``", "`")


def norms_page() -> str:
    """Every norm that ships, by instrument."""
    law = _law()
    intro = (
        "Mọi con số của luật mà `cnht` mang theo. «?» là chưa biết điều. Mức xác minh quyết định "
        "mức độ của phát hiện (xem [Định mức](dinh-muc.md)). Định mức có hiệu lực vào một ngày: "
        "`cnht norms list --on 2021-06-30`."
    )
    parts = []
    for number in dict.fromkeys(one.instrument for one in law.instruments.values()):
        norms = [n for n in law.norms.values() if law.instruments[n.id].instrument == number]
        parts.append(_instrument(law.instruments[norms[0].id]))
        heads = ("mã", "quy định", "điều", "từ ngày", "mức", "xác minh", "đọc ở")
        parts.append(table(heads, (row for norm in norms for row in _norm_rows(norm))))
    return page("Định mức hiện có", intro, *parts)


def coverage_page() -> str:
    """Every article of every instrument, and the rules that read it, or why none can."""
    law = _law()
    covered = coverage(law)
    read = sum(bool(one.rules) for one in covered)
    intro = (
        "Mỗi điều, khoản của từng văn bản mà `cnht` mang theo: quy tắc nào đọc nó, hoặc vì sao "
        f"chưa có quy tắc nào đọc được. {len(covered)} quy định, {read} có quy tắc đọc. «?» là "
        "chưa biết điều. Con số và nguồn: [Định mức hiện có](dinh-muc-hien-co.md)."
    )
    parts = []
    for number in dict.fromkeys(one.instrument for one in law.instruments.values()):
        own = [one for one in covered if law.instruments[one.norm.id].instrument == number]
        parts.append(_instrument(law.instruments[own[0].norm.id]))
        heads = ("điều", "quy định", "mã", "quy tắc đọc, hoặc vì sao không")
        parts.append(table(heads, (_covered_row(one) for one in own)))
    return page("Độ phủ của luật", intro, *parts)


def _covered_row(one: Covered) -> tuple[str, ...]:
    links = ", ".join(f"[{code}](quy-tac.md#{code.lower()})" for code in one.rules)
    why = one.why.vi if one.why else ""
    article = smallest_first(one.norm.article or "?")
    return (article, one.norm.text, f"`{one.norm.id}`", "; ".join(filter(None, (links, why))))


def _instrument(one: Instrument) -> str:
    narrows = f" · chỉ được thu hẹp mức của {one.narrows}" if one.narrows else ""
    issued = f" · ngày {one.issued:%d/%m/%Y}" if one.issued else ""
    return (
        f"## {one.instrument}\n\n{one.title}. {one.issuer}{issued} · bộ định mức "
        f"`{one.pack}`{narrows}."
    )


def _norm_rows(norm: Norm) -> Iterator[tuple[str, ...]]:
    what = f"{norm.text} *{norm.note}*" if norm.note else norm.text
    dated = [value for value in norm.values if value.from_]
    if not dated:
        value = norm.values[0] if norm.values else None
        grade = value.grade if value else norm.seen.grade if norm.seen else None
        source = value.source if value else norm.seen.source if norm.seen else ""
        words = graded(grade, source).vi if grade else ""
        limits = limits_text(norm, None, "vi")
        yield (
            f"`{norm.id}`",
            what,
            smallest_first(norm.article or "?"),
            "?",
            limits,
            words,
            source,
        )
    for value in dated:
        yield (f"`{norm.id}`", what, *_value(norm, value))


def _value(norm: Norm, value: Value) -> tuple[str, ...]:
    limits = "hết hiệu lực" if value.limits is None else limits_text(norm, value, "vi")
    return (
        smallest_first(value.article or norm.article or "?"),
        f"{value.from_:%d/%m/%Y}",
        limits,
        graded(value.grade, value.source).vi,
        value.source,
    )


def _law() -> Law:
    return load_law(shipped_packs())


def check_picture() -> str:
    """What ``cnht check`` prints of the example book, as a picture."""
    console = Console(
        record=True,
        width=PICTURE_WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        _environ={},
    )
    with contextlib.chdir(ROOT):
        book = find_book(Path("docs") / "vi-du")
        outcome = check_books([book], PICTURE_DAY).only(PICTURE_RULES, ())
        select = ",".join(PICTURE_RULES)
        console.print(
            f"[bold]$[/] cnht check docs/vi-du --select {select} --as-of {PICTURE_DAY}\n",
            highlight=False,
        )
        print_outcome(outcome, console, "vi")
    return console.export_svg(
        title="cnht check",
        theme=DIMMED_MONOKAI,
        code_format=PICTURE_FORMAT,
        unique_id="cnht-check",
    )


def words_page() -> str:
    """The words that a book's fields take and rules look for."""
    methods = {word.capitalize(): Text("", "") for word in method_words()}
    parts = [
        ("Nội dung chi: `activity`, `activities`", activities(), "Chỉ dùng các từ này."),
        (
            "Đơn vị tính: `planned`, `actual`, `quantity`, `outputs`",
            units(),
            "Sổ có thể dùng từ khác; định mức chỉ đếm theo các từ này.",
        ),
        (
            "Vai trò của đối tượng: `role`",
            roles(),
            "Nhiều vai trò cách nhau bằng dấu chấm phẩy; từ khác thì không quy tắc nào xét.",
        ),
        (
            "Hình thức lựa chọn nhà thầu: `method` của hợp đồng",
            methods,
            "Nhận theo phần đầu, không phân biệt hoa thường; viết thêm căn cứ sau dấu hai chấm.",
        ),
    ]
    lines = [
        "# Từ vựng",
        "",
        MADE_BY,
        "",
        "Các từ dùng trong trường của sổ. Từ gõ nhầm: `cnht check` báo BOK203 kèm từ gần nhất.",
    ]
    for title, words, note in parts:
        lines += ["", f"## {title}", "", note, ""]
        if any(name.vi for name in words.values()):
            lines += ["| từ | nghĩa |", "|---|---|"]
            lines += [f"| `{word}` | {name.vi} |" for word, name in words.items()]
        else:
            lines += [f"- {word}" for word in words]
    return "\n".join(lines) + "\n"


PAGES: Final[dict[str, Callable[[], str]]] = {
    "facts.md": facts_page,
    "loai-nghiep-vu.md": kinds_page,
    "tu-vung.md": words_page,
    "ghi-so.md": recording_page,
    "nhap-sao-ke.md": import_page,
    "quy-tac.md": lambda: rules_page("vi"),
    "rules.en.md": lambda: rules_page("en"),
    "dinh-muc-hien-co.md": norms_page,
    "coverage.md": coverage_page,
    "../reports/findings.schema.json": findings_schema,
    "images/check.svg": check_picture,
}


def stale_pages() -> list[str]:
    """Pages on disk that are not what the code says."""
    return [name for name, make in PAGES.items() if _on_disk(DOCS / name) != make()]


def _on_disk(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def main() -> int:
    """Write the pages, or look whether they are up to date."""
    parser = argparse.ArgumentParser(description="Sinh các trang tài liệu từ mã nguồn.")
    parser.add_argument("--check", action="store_true", help="chỉ so với trang trên đĩa")
    if parser.parse_args().check:
        stale = stale_pages()
        for name in stale:
            print(f"docs/{name}: khác mã nguồn, chạy «make docs»", file=sys.stderr)
        return 1 if stale else 0
    for name, make in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(make(), "utf-8", newline="\n")
        print(f"docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
