"""Fava's application for one book, as ``cnht browse`` serves it."""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

from fava.application import create_app
from fava.context import g
from fava.core.documents import is_document_or_import_file
from fava.core.filters import FilterError
from fava.util.date import parse_date
from flask import redirect, render_template, request
from markupsafe import Markup

from ledger.text import Text
from reports.pages import catalogue
from reports.pages.server import help as help_pages
from reports.pages.server.book import SCANS, BookLedger
from reports.pages.server.files import WHO, BookFiles, save_upload, wrote
from reports.pages.server.guard import LARGEST_BODY, Guard, Rules
from reports.pages.server.history import History
from reports.pages.server.log import Log
from reports.pages.words import said

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

    from ledger.text import Language
    from reports.pages.server.accounts import Accounts

# Fava's routes that take a scan away from where it is.
_REMOVING: Final = frozenset({"json_api.delete_document", "json_api.put_move"})
# Those that keep one in the book's folder of scans.
_KEEPING: Final = frozenset({"json_api.put_add_document", "json_api.put_move"})
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
    help_pages.offer(app)
    app.extensions["babel"].locale_selector = partial(_locale, ledger, serving.language)
    app.register_error_handler(FilterError, _filter_refused)
    app.before_request(_read_time)
    app.before_request(_name_folder)
    app.before_request(_save_whole)
    app.before_request(partial(_keep_removed, serving.main))
    return app


def _filter_refused(error: FilterError) -> tuple[str, int, dict[str, str]]:
    """A page whose filter cannot be read: what to type; Fava calls it an error of the server."""
    told = said(_NO_TIME if error.filter_type == "time" else _NO_FILTER).format(
        typed=request.args.get("time" if error.filter_type == "time" else "filter", "")
    )
    if request.args.get("partial"):  # Fava's own script prints what it gets
        return told, HTTPStatus.BAD_REQUEST, {"Content-Type": "text/plain; charset=utf-8"}
    content = Markup('<p role="alert">{}</p>').format(told)
    page = render_template("_layout.html", page_title=said(_FILTERS), content=content)
    return page, HTTPStatus.BAD_REQUEST, {}


_FILTERS: Final = Text("Ô lọc", "Filters")
_NO_TIME: Final = Text(
    "Ô lọc thời gian: «{typed}» không phải là một khoảng thời gian. Gõ như 2021, 2021-08, "
    "2021-Q3, 31/08/2021 hoặc 01/08/2021 - 31/08/2021.",
    "Time filter: “{typed}” is no span of time. Type it as 2021, 2021-08, 2021-Q3 or "
    "2021-08-01 - 2021-08-31.",
)
_NO_FILTER: Final = Text(
    'Ô lọc văn bản: «{typed}» không đọc được. Gõ một từ, nhiều từ trong ngoặc kép "hội thảo", hoặc '
    'tên trường: vendor:"0199001035", voucher:"2021/RDT/61", contract:"17/2021", payee:"Minh Họa".',
    'Text filter: “{typed}” cannot be read. Type a word, several in quotes "trade fair", or a '
    'field: vendor:"0199001035", voucher:"2021/RDT/61", contract:"17/2021", payee:"name".',
)


def _locale(ledger: BookLedger, language: Language) -> str:
    """The book's own choice of language, or the server's: office browsers often ask in English."""
    return ledger.fava_options.language or language


_DAY: Final = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


def _read_time() -> Response | None:
    """Days typed as pages print them are sent on as Fava reads them; a day that is none is told.

    Raises:
        FilterError: there is no such day; Fava itself would end in an error of the server.
    """
    typed = request.args.get("time", "")
    iso = _DAY.sub(lambda day: f"{day[3]}-{day[2]:>02}-{day[1]:>02}", typed)
    try:
        parse_date(iso)
    except ValueError as error:
        raise FilterError("time", str(error)) from error
    if iso == typed or request.method != "GET":
        return None
    return redirect(f"{request.path}?{urlencode({**request.args.to_dict(), 'time': iso})}")


def _name_folder() -> None:
    """Before the first scan is kept, the book names the folder that it is offered."""
    if request.endpoint not in _KEEPING:
        return
    ledger, files = g.ledger, g.ledger.file
    if isinstance(ledger, BookLedger) and isinstance(files, BookFiles) and ledger.names_no_folder:
        files.name_folder(SCANS)


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
        wrote(Path(name))
