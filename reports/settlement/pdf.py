"""A workbook as PDF, by LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE: Final = 300  # seconds
_PROGRAMS: Final = ("soffice", "libreoffice")


def office() -> str | None:
    """The program; None where it is not installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def to_pdf(workbook: Path, folder: Path, scratch: Path) -> Path | None:
    """Print every sheet of a workbook into one PDF.

    Returns:
        The PDF; None where LibreOffice is not there or could not do it.
    """
    program = office()
    if program is None:
        return None
    made = folder / f"{workbook.stem}.pdf"
    profile = (scratch.resolve() / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
    try:
        subprocess.run(  # noqa: S603  # a program of the system on a file of our own
            [*command, "--outdir", str(folder), str(workbook)],
            check=True,
            capture_output=True,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.SubprocessError):
        made.unlink(missing_ok=True)  # half of one is none
    return made if made.is_file() else None
