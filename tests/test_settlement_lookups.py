"""How often lists of a set look postings up: once a list, however long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.loading import load_facts
from reports.forms.layouts import chosen_layouts, load_layouts
from reports.settlement.desk import Copy
from reports.settlement.filling import TABLES
from reports.settlement.source import YearMoney
from tests.books import ALLOTMENT, write_book
from tests.settled import CANCELLED, fill

if TYPE_CHECKING:
    from pathlib import Path

ADVANCE = """
2021-03-01 * "Tạm ứng {number}"
  kind: "advance"
  voucher: "RDT/{number}"
  Assets:DuToan:KhaDung:NV02:NSTP   -10 VND
  Assets:TamUng:NV02:NSTP:TM6651     10 VND
"""


def book_of(folder: Path, count: int) -> Path:
    text = "".join(ADVANCE.format(number=number) + CANCELLED for number in range(count))
    return write_book(folder, ALLOTMENT + text)


@pytest.mark.parametrize("table", ["advances", "closing"])
def test_a_list_looks_its_postings_up_as_often_however_long_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    asked: list[int] = []
    places_of = YearMoney.places_of

    def counted(self: YearMoney, rows: Any) -> Any:
        asked.append(len(rows))
        return places_of(self, rows)

    monkeypatch.setattr(YearMoney, "places_of", counted)
    found = []
    for count in (2, 7):
        desk = fill(load_facts(book_of(tmp_path / str(count), count)).facts).desk
        asked.clear()
        rows = TABLES[table](desk, Copy())
        found.append(len(asked))
        assert len(rows) == count
    assert found[0] == found[1]


def test_lists_of_a_book_that_has_none_of_their_rows_are_empty(tmp_path: Path) -> None:
    desk = fill(load_facts(write_book(tmp_path / "book", ALLOTMENT)).facts).desk
    tables = {one.rows_of for one in chosen_layouts(load_layouts(), 2021, (), "year")}
    listed = {"advances", "closing", "supports", "contributors", "norms", "findings"} & tables
    assert len(listed) == 6
    assert not any(TABLES[table](desk, Copy()) for table in listed)
