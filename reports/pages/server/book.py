"""A book as Fava serves it: read by our loader, judged once, fed with what Fava can show."""

from __future__ import annotations

import threading
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fava import core
from fava.core import FavaLedger
from fava.core.extensions import ExtensionModule
from fava.core.fava_options import FavaOptions

from ledger.beans import (
    Custom,
    Document,
    collector_off,
    open_book,
    whole_dong,
    without_padding,
)
from ledger.extract import BookEntries
from ledger.text import Text
from reports.pages.extension import PAGES
from reports.pages.runs import made, remember, run_of, unusable
from reports.pages.server import feeding
from reports.pages.server.files import BookFiles
from reports.pages.server.history import OWN_FOLDER
from rules.own_files import own_norm_files
from rules.plugin import finding_error, problem_error
from rules.severity import Severity

if TYPE_CHECKING:
    from ledger.beans import OpenedBook
    from ledger.text import Language
    from reports.pages.runs import Run

# Settings of Fava's that name a file or folder, or run one.
_FILE_OPTIONS: Final = frozenset({"import-config", "import-dirs", "default-file"})


# The folder of scans that a book is offered which names none.
SCANS: Final = "ho-so"


class Loaded(NamedTuple):
    """What Fava expects of a loader."""

    entries: list[Any]
    errors: list[Any]
    options: dict[str, Any]


class Pages(ExtensionModule):
    """Our pages in their order; whatever else a book names is run only where that is allowed."""

    def load_file(self) -> None:
        """Make each page once; errors of the load are told anew."""
        for page in PAGES:
            if page.__name__ not in self._instances:
                self._instances[page.__name__] = page(self.ledger)
                self._loaded_extensions.add(page)
        self.errors = []
        if isinstance(self.ledger, BookLedger) and self.ledger.allow_plugins:
            super().load_file()


class BookLedger(FavaLedger):
    """Fava's ledger for a book that is data: nothing that it names is run unless allowed.

    Args:
        main: as ``ledger.location.find_book`` gives it.
        allow_plugins: run every plugin that the book names.
        language: of what the error page says.
    """

    def __init__(self, main: Path, *, allow_plugins: bool, language: Language) -> None:
        self.allow_plugins = allow_plugins
        self.language = language
        self.names_no_folder = False
        self._loading = threading.RLock()
        self._load = types.FunctionType(
            FavaLedger.load_file.__code__, {**vars(core), "load_uncached": self._loaded}
        )
        super().__init__(str(main))

    def load_file(self) -> None:
        """Load as Fava does, but by our loader, one load at a time."""
        with self._loading, collector_off():
            # Fava makes its modules and loads at once, so they are exchanged when it loads.
            if not isinstance(self.file, BookFiles):
                self.file, self.extensions = BookFiles(self), Pages(self)
            self._load(self)
            feeding.feed(self, run_of(self), self.language)
            if self.fava_options.default_page == FavaOptions.default_page:
                self.fava_options.default_page = f"extension/{PAGES[0].__name__}/"

    def _loaded(self, path: str, **_: bool) -> Loaded:
        main = Path(path)
        opened = open_book(main, allow_plugins=self.allow_plugins)
        if self.allow_plugins:
            entries = opened.entries
        else:
            entries, left_out = _inside(opened.entries, main.parent)
            every = tuple(dict.fromkeys((*opened.left_out, *left_out)))
            opened = opened._replace(left_out=every)
        run = _run(main, opened)
        remember(self, run)
        self.names_no_folder = not opened.options["documents"]
        own = [str(file) for file in own_norm_files(main)]
        options = {
            **opened.options,
            "include": sorted({*opened.options["include"], *own}),
            "documents": opened.options["documents"] or [SCANS],
            "dcontext": whole_dong(opened.options["dcontext"]),
        }
        return Loaded(entries, self._errors(main, opened, run), options)

    def _errors(self, main: Path, opened: OpenedBook, run: Run) -> list[Any]:
        """Every error with a file and a line, for Fava shows nothing at all without."""
        if run.assessed is None:
            told = [*run.problems, *map(feeding.told_by_beancount, opened.own_errors)]
            return [problem_error(problem, main, self.language) for problem in told]
        # What Beancount itself found is among the findings.
        return [
            finding_error(finding, self.language)
            for finding in run.assessed.outcome.findings
            if finding.severity >= Severity.WARNING
        ]


def _run(main: Path, opened: OpenedBook) -> Run:
    """The run over what was read; a book that was not read whole gives no figures."""
    if opened.problems:
        return unusable(opened.problems)
    source = BookEntries(
        str(main), without_padding(opened.entries), opened.own_errors, opened.options["include"]
    )
    return made(source, opened.left_out)


def _inside(entries: list[Any], root: Path) -> tuple[list[Any], list[Text]]:
    """Entries without what would lead Fava out of the book's folder, and what that was."""
    kept, left_out = [], []
    for entry in entries:
        outside = _names_outside(entry, root) if type(entry) in {Custom, Document} else ""
        if outside:
            text = Text(f"{outside}: không dùng", f"{outside}: not obeyed")
            left_out.append(text)
        elif type(entry) is not Custom or entry.type != "fava-extension":
            kept.append(entry)
    return kept, left_out


def _names_outside(entry: Any, root: Path) -> str:  # noqa: ANN401  # Beancount's directive
    """What of a directive leads elsewhere; empty where nothing does."""
    if type(entry) is Document:
        path = (root / entry.filename).resolve()
        inside = path.is_relative_to(root) and OWN_FOLDER not in path.relative_to(root).parts
        return "" if inside else f'document "{entry.filename}"'
    words = [str(value.value) for value in entry.values]
    if entry.type == "fava-option" and words[:1] and words[0] in _FILE_OPTIONS:
        return f"fava-option {' '.join(words)}"
    return ""
