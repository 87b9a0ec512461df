"""The published JSON Schema of ``cnht check --format json``, made from the classes of its rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter
from typing_extensions import get_original_bases, is_typeddict

from reports.findings import shapes

PUBLISHED: Final = Path(__file__).parents[1] / "findings.schema.json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def findings_schema() -> str:
    """The schema as the text of the file that is published."""
    rows = [thing for thing in vars(shapes).values() if is_typeddict(thing)]
    for row in rows:
        row.__pydantic_config__ = ConfigDict(use_attribute_docstrings=True)
    schema: dict[str, Any] = TypeAdapter(shapes.Report).json_schema(mode="serialization")
    for row in rows:
        for base in get_original_bases(row):
            _inherit(schema["$defs"], row.__name__, getattr(base, "__name__", ""))
    return json.dumps({"$schema": _DIALECT, **schema}, ensure_ascii=False, indent=2) + "\n"


def _inherit(classes: dict[str, Any], row: str, base: str) -> None:
    """Pydantic reads the docstrings of a class's own fields, not of those that it inherits."""
    if row in classes and base in classes:
        for name, field in classes[base]["properties"].items():
            classes[row]["properties"][name].setdefault("description", field["description"])
