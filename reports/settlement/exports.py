"""The figures of a set for machines: tidy CSV and Parquet with a data package, and the manifest."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import importlib.metadata
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reports.forms.layouts import FOLDER as FORMS
from reports.settlement.places import relative

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.facts import Facts
    from reports.forms.grid import Grid
    from reports.forms.sheet import Setting
    from rules.law import Law

_FIELDS: Final = (
    ("unit_code", "string", "mã ĐVQHNS"),
    ("unit", "string", "đơn vị"),
    ("programme", "string", "mã chương trình"),
    ("budget_year", "integer", "niên độ"),
    ("period", "string", "kỳ"),
    ("form", "string", "mẫu biểu"),
    ("sheet", "string", "trang của bảng tính"),
    ("fund", "string", "nguồn ngân sách của bản biểu, nếu biểu lập riêng từng cấp"),
    ("row", "string", "mã số hoặc vị trí của dòng"),
    ("label", "string", "tên dòng; ở CSV chữ bắt đầu bằng = + - @ có dấu ' đứng trước"),
    ("codes", "string", "các mã của dòng chi tiết theo cột của mẫu, như muc=6550;tieu_muc=6551"),
    ("column", "string", "cột"),
    ("kind_item", "string", "loại-khoản của cột, nếu có"),
    ("amount", "integer", "số tiền, đồng"),
)
_NO_CODES: Final = frozenset({"ordinal", "code"})  # the place of a row, told by itself
_PARQUET: Final = "application/vnd.apache.parquet"
_NAMES: Final = tuple(name for name, _, _ in _FIELDS)


class Printed(NamedTuple):
    """A form of the set with its exact figures."""

    sheet: str
    fund: str
    grid: Grid


# The keys of columns by khoản, of the year and since the beginning (``grid.spread_over``).
_OF_AN_ITEM: Final = re.compile(r"(?:s\.)?K(.*)")


def tidy_rows(printed: Iterable[Printed], setting: Setting) -> list[tuple[Any, ...]]:
    """One row a figure, VND."""
    head = setting.head
    common = (head.unit_code, head.unit, head.programme, head.budget_year, setting.period.vi)
    rows = []
    for one in printed:
        layout = one.grid.layout
        money = [column for column in one.grid.columns if column.kind == "money"]
        coded = [c.key for c in one.grid.columns if c.kind == "code" and c.key not in _NO_CODES]
        for row in one.grid.rows:
            if not row.code:
                continue
            label = str(row.cells.get("label") or "")
            codes = ";".join(f"{key}={row.cells[key]}" for key in coded if row.cells.get(key))
            for column in money:
                content = row.cells.get(column.key)
                value = getattr(content, "value", None)
                if not isinstance(value, int):
                    continue
                item = _OF_AN_ITEM.fullmatch(column.key) if layout.spread else None
                rows.append(
                    (
                        *common,
                        layout.form,
                        one.sheet,
                        one.fund,
                        row.code,
                        label,
                        codes,
                        column.key,
                        item[1] if item else "",
                        value,
                    )
                )
    return rows


def write_tidy(folder: Path, stem: str, rows: Sequence[tuple[Any, ...]]) -> list[Path]:
    """CSV, Parquet and the ``datapackage.json`` that describes them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_NAMES)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    table, parquet = folder / f"{stem}.csv", folder / f"{stem}.parquet"
    table.write_text(text.getvalue(), "utf-8", newline="")
    _write_parquet(rows, parquet)
    package = folder / f"{stem}.datapackage.json"
    content = {
        "profile": "data-package",
        "name": _package_name(stem),
        "resources": [_resource(table, "csv", "text/csv"), _resource(parquet, "parquet", _PARQUET)],
    }
    package.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return [table, parquet, package]


def _safe(cell: object) -> object:
    """Text that a spreadsheet would take for a formula has a mark before it in the CSV."""
    if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{cell}"
    return cell


def _write_parquet(rows: Sequence[tuple[Any, ...]], path: Path) -> None:
    """The figures with their text as it is: nothing takes it for a formula there."""
    import duckdb  # noqa: PLC0415  # heavy, and wanted only here
    import pandas as pd  # noqa: PLC0415  # as above

    types = {"integer": "int64", "string": "object"}
    figures = pd.DataFrame(list(rows), columns=list(_NAMES))
    figures = figures.astype({name: types[kind] for name, kind, _ in _FIELDS})
    with contextlib.closing(duckdb.connect()) as connection:
        connection.execute("SET threads = 1")
        connection.register("figures", figures)
        target = str(path).replace("'", "''")
        connection.execute(f"COPY figures TO '{target}' (FORMAT parquet)")


def _resource(path: Path, format_: str, media: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "profile": "data-resource",
        "name": _package_name(path.name),
        "path": path.name,
        "format": format_,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "mediatype": media,
        "schema": {
            "fields": [
                {"name": name, "type": kind, "description": meaning}
                for name, kind, meaning in _FIELDS
            ]
        },
    }
    # Only text is a resource that the profile of tables allows, and has an encoding.
    if media.startswith("text/"):
        found |= {"profile": "tabular-data-resource", "encoding": "utf-8"}
    return found


def _package_name(text: str) -> str:
    """A name as data packages have it: lower case, no marks."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in text.lower())


def sha256(path: Path) -> str:
    """The digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(  # noqa: PLR0913, PLR0917  # what a manifest tells of
    path: Path,
    files: Sequence[Path],
    facts: Facts,
    law: Law,
    setting: Setting,
    more: dict[str, Any],
) -> Path:
    """What was written, of which book, by which program and norms; the PDF stands in no digest."""
    content = {
        "programme": setting.head.programme,
        "unit": setting.head.unit,
        "budget-year": setting.head.budget_year,
        "period": setting.period.vi,
        "amounts-in": setting.unit.value,
        "draft": setting.draft,
        **more,
        "files": {file.name: f"sha256:{sha256(file)}" for file in sorted(files)},
        "book": f"sha256:{book_digest(facts)}",
        "norms": f"sha256:{_named_digest([Path(file) for file in law.files])}",
        "forms": f"sha256:{_named_digest(sorted(FORMS.glob('*.yaml')))}",
        "versions": {
            name: importlib.metadata.version(name)
            for name in ("cnht-ledger", "beancount", "xlsxwriter", "duckdb")
        },
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return path


def book_digest(facts: Facts) -> str:
    """Digest of every file of the books, by names that do not depend on where they lie."""
    digest = hashlib.sha256()
    frame = facts["files"].astype(str)
    pairs = sorted(
        (relative(file, Path(book).parent), file)
        for book, file in zip(frame["book"], frame["file"], strict=True)
    )
    for name, file in pairs:
        digest.update(f"{name}\0{sha256(Path(file))}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _named_digest(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda one: one.name):
        digest.update(f"{path.name}\0{sha256(path)}\0".encode())
    return digest.hexdigest()
