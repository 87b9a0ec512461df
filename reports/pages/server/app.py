"""Fava's application for one book, as ``cnht browse`` serves it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fava.application import create_app
from fava.context import g
from fava.core.documents import is_document_or_import_file
from flask import request

from reports.pages import catalogue
from reports.pages.server.book import BookLedger
from reports.pages.server.files import WHO, save_upload
from reports.pages.server.guard import LARGEST_BODY, Guard, Rules
from reports.pages.server.history import History
from reports.pages.server.log import Log

if TYPE_CHECKING:
    from flask import Flask

    from ledger.text import Language
    from reports.pages.server.accounts import Accounts

# Fava's routes that take a scan away from where it is.
_REMOVING: Final = frozenset({"json_api.delete_document", "json_api.put_move"})
_UPLOADING: Final = "multipart/form-data"


class Serving(NamedTuple):
    """How a book is served.

    Attributes:
        hosts: names that the server answers to besides those of this machine.
        accounts: who may log in, where the book has any; None where it is never asked.
        secure: reached by TLS, by itself or through a proxy.
    """

    main: Path
    language: Language
    allow_plugins: bool
    hosts: frozenset[str]
    accounts: Accounts | None
    secure: bool
    port: int


def make_app(serving: Serving) -> Guard:
    """The application, guarded; the book is loaded."""
    app = fava_app(serving)
    rules = Rules(
        hosts=serving.hosts,
        accounts=serving.accounts,
        secure=serving.secure,
        port=serving.port,
        language=serving.language,
    )
    return Guard(app, rules, Log(serving.main))


def fava_app(serving: Serving) -> Flask:
    """Fava's application over our ledger."""
    app = create_app([serving.main])
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    ledger = BookLedger(
        serving.main, allow_plugins=serving.allow_plugins, language=serving.language
    )
    app.config["LEDGERS"]._ledgers = [ledger]  # noqa: SLF001  # where Fava would make its own
    catalogue.offer(app)
    app.extensions["babel"].locale_selector = partial(_locale, ledger, serving.language)
    app.before_request(_save_whole)
    app.before_request(partial(_keep_removed, serving.main))
    return app


def _locale(ledger: BookLedger, language: Language) -> str:
    """The book's own choice of language, or the server's: office browsers often ask in English."""
    return ledger.fava_options.language or language


def _save_whole() -> None:
    """What is uploaded is saved whole, by whichever of Fava's routes."""
    if request.mimetype == _UPLOADING:
        for upload in request.files.values():
            upload.save = partial(_saved, upload)  # type: ignore[method-assign]


def _saved(upload: Any, target: Path) -> None:  # noqa: ANN401  # werkzeug's FileStorage
    save_upload(upload, target)
    # Fava watches the folders that were there when it loaded, and this may be a new one.
    g.ledger.watcher.notify(target)


def _keep_removed(main: Path) -> None:
    """What a route of Fava's removes or moves is kept first."""
    if request.endpoint not in _REMOVING:
        return
    body = request.get_json(silent=True)
    told: Any = body if isinstance(body, dict) else request.args
    name = str(told.get("filename", ""))
    if is_document_or_import_file(name, g.ledger) and Path(name).is_file():
        History(main).before(Path(name), WHO.get())
