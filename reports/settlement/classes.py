"""The budget classification as forms print it: loại, khoản, mục, tiểu mục."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.budget_codes import item_of

if TYPE_CHECKING:
    from reports.settlement.desk import Desk


def kind_and_item(value: str) -> tuple[str, str]:
    """Loại and khoản of ``280-309``; a khoản alone has no loại."""
    kind, parted, item = value.partition("-")
    return (kind, item) if parted else ("", value)


def item_words(desk: Desk, sub_item: str) -> dict[str, str]:
    """The number and name of a sub-item and of its item, by the names of columns and groups."""
    number = sub_item.removeprefix("TM")
    label = desk.declarations.sub_items.get(sub_item, "")
    return {
        "tieu_muc": number,
        "muc_of": item_of(sub_item),
        "muc_name": _group_name(desk, item_of(sub_item)),
        "label": label or _listed_name(desk, number),
    }


def _listed_name(desk: Desk, number: str) -> str:
    """The name in the list of sub-items, for one that has had advances only."""
    year = desk.teller.source.period.budget_year
    found = desk.law.codes.known("sub-item", year).codes.get(number)
    return found.name if found else ""


def _group_name(desk: Desk, group: str) -> str:
    """The name of a mục in the list, which gives it with the range of its sub-items."""
    year = desk.teller.source.period.budget_year
    known = desk.law.codes.known("item-group", year).codes
    return next((one.name for code, one in known.items() if code.split("-")[0] == group), "")
