"""Fava's help in Vietnamese (trợ giúp): our pages under the names that Fava's own links lead to."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fava import help as fava_help
from flask import jsonify, request

from reports.pages.words import language

if TYPE_CHECKING:
    from flask import Flask

ENDPOINT: Final = "json_api.get_help"
_FOLDER: Final = Path(__file__).parent.parent / "help"
_TITLES: Final = {
    "_index": "Mục lục",
    "filters": "Lọc",
    "features": "Xem và sửa",
    "beancount_syntax": "Cú pháp của sổ",
    "import": "Nhập dữ liệu",
    "budgets": "Ngân sách",
    "conversion": "Quy đổi",
    "options": "Tùy chọn",
    "extensions": "Tiện ích mở rộng (tiếng Anh)",
}


def offer(app: Flask) -> None:
    """Let an application of Fava's answer with our pages where Vietnamese is asked for."""
    own: Any = app.view_functions[ENDPOINT]

    def answer() -> Any:  # noqa: ANN401  # as Flask's views
        slug = request.args.get("page_slug", "")
        if language() != "vi" or slug not in _TITLES:
            return own()
        return jsonify({"data": {"html": _html(slug), "pages": list(_TITLES.items())}})

    app.view_functions[ENDPOINT] = answer


def _html(slug: str) -> str:
    file = _FOLDER / f"{slug}.md"
    if not file.is_file():
        return fava_help.render_help_page(slug) or ""
    text = file.read_text("utf-8")
    for name in ("beancount", "fava"):
        text = text.replace(f"{name.upper()}_VERSION", version(name))
    # Fava's renderer makes its editors of code and links its options.
    html: str = fava_help._MD.render(text)  # noqa: SLF001  # it has no other name
    return html
