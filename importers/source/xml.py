"""XML from outside: parsed without entities, without document types, without the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from importers.source.files import file_refusal
from ledger.problems import BadInputError, Problem
from ledger.text import Text

if TYPE_CHECKING:
    from pathlib import Path

_DEEPEST: Final = 100


def parse_xml(content: bytes, path: Path | str) -> Any:  # noqa: ANN401  # lxml's element
    """The root element of a document.

    Raises:
        BadInputError: it is damaged, or brings a document type, entities or a depth without end.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        if b"<!DOCTYPE" in content:
            raise _typed(path) from error
        line = getattr(error, "lineno", None) or 0
        problem = Problem(
            str(path),
            line,
            Text("XML hỏng hoặc bị cắt cụt", f"the XML is damaged or cut off: {error}"),
            Text("tải lại tệp từ nơi cấp", "download the file again"),
        )
        raise BadInputError([problem]) from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise _typed(path)
    return root


def _typed(path: Path | str) -> BadInputError:
    """No invoice and no statement has a document type; it can name files and multiply entities."""
    return file_refusal(
        path,
        Text("XML có khai báo DOCTYPE", "the XML has a DOCTYPE"),
        Text("không dùng tệp này, xin lại từ nơi phát hành", "ask the issuer for another file"),
    )


def local(element: Any) -> str:  # noqa: ANN401  # lxml's element
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Any, *names: str) -> Any:  # noqa: ANN401  # lxml's element or None
    """The element down a path of local names; None where one is missing."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def children(element: Any, name: str) -> list[Any]:  # noqa: ANN401  # lxml's element
    """The elements of a local name directly below."""
    return [one for one in element if local(one) == name] if element is not None else []


def value(element: Any, *names: str) -> str:  # noqa: ANN401  # lxml's element
    """The text down a path, without blanks around it; an empty element is as if absent."""
    found = child(element, *names)
    return "" if found is None else " ".join((found.text or "").split())
