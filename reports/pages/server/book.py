"""A book as Fava serves it: read by our loader, judged once, fed with what Fava can show."""

from __future__ import annotations

import threading
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from beancount.core.display_context import DisplayContext
from fava import core
from fava.beans.abc import Custom
from fava.core import FavaLedger
from fava.core.extensions import ExtensionModule

from ledger.beans import collector_off, open_book, without_padding
from ledger.extract import Source
from reports.pages.extension import PAGES
from reports.pages.runs import Run, made, remember, run_of
from reports.pages.server import feeding
from reports.pages.server.files import BookFiles
from rules.checking import own_norm_files
from rules.plugin import finding_error, problem_error, today
from rules.severity import Severity

if TYPE_CHECKING:
    from ledger.beans import OpenedBook
    from ledger.text import Language

_FILE_OPTIONS = frozenset({"import-config", "import-dirs", "default-file"})


class Loaded(NamedTuple):
    """What Fava expects of a loader."""

    entries: list[Any]
    errors: list[Any]
    options: dict[str, Any]


class Pages(ExtensionModule):
    """Our pages in their order; whatever else a book names is not run."""

    def load_file(self) -> None:
        """Make each page once; errors of the load are told anew."""
        self.errors = []
        if not self._instances:
            self._instances = {page.__name__: page(self.ledger) for page in PAGES}


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

    def _loaded(self, path: str, **_: bool) -> Loaded:
        main = Path(path)
        opened = open_book(main, allow_plugins=self.allow_plugins)
        run = _run(main, opened)
        remember(path, run)
        own = [str(file) for file in own_norm_files(main)]
        options = {
            **opened.options,
            "include": sorted({*opened.options["include"], *own}),
            "dcontext": _whole_dong(opened.options["dcontext"]),
        }
        entries = [entry for entry in opened.entries if not _leads_elsewhere(entry)]
        return Loaded(entries, self._errors(main, opened, run), options)

    def _errors(self, main: Path, opened: OpenedBook, run: Run) -> list[Any]:
        """Every error with a file and a line, for Fava shows nothing at all without."""
        errors = [problem_error(problem, main, self.language) for problem in run.problems]
        errors += [
            problem_error(problem, main, self.language)
            for problem in map(feeding.told_by_beancount, opened.own_errors)
        ]
        findings = run.assessed.outcome.findings if run.assessed else ()
        return errors + [
            finding_error(finding, self.language)
            for finding in findings
            if finding.severity >= Severity.WARNING
        ]


def _run(main: Path, opened: OpenedBook) -> Run:
    """The run over what was read; a book that was not read whole gives no figures."""
    if opened.problems:
        return Run(today(), None, opened.problems, {})
    source = Source(
        str(main), without_padding(opened.entries), opened.own_errors, opened.options["include"]
    )
    return made(source, opened.left_out)


def _leads_elsewhere(entry: Any) -> bool:  # noqa: ANN401  # Beancount's directive
    """Settings for Fava that run something, or write and read outside the book."""
    if not isinstance(entry, Custom):
        return False
    words = [str(value.value) for value in entry.values]
    return entry.type == "fava-extension" or (
        entry.type == "fava-option" and words[:1] != [] and words[0] in _FILE_OPTIONS
    )


def _whole_dong(found: DisplayContext) -> DisplayContext:
    """Amounts in VND are printed whole, whichever file Beancount took its manners from."""
    context = DisplayContext()
    context.update_from(found)
    context.set_fixed_precision("VND", 0)
    return context
