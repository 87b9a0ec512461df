"""The language of a page: that of the request, Vietnamese where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import has_request_context
from flask_babel import get_locale

if TYPE_CHECKING:
    from ledger.text import Language, Text


def language() -> Language:
    """The language that the request is answered in."""
    locale: Any = get_locale() if has_request_context() else None
    return "vi" if locale is None or locale.language == "vi" else "en"


def said(text: Text) -> str:
    """A text in the language of the request."""
    return text.to(language())
