"""What vouchers name, declared by form: what each writes, where, and what is refused."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from ledger.location import find_book
from reports.pages.data.declaration_forms import DECLARATIONS
from tests.books import run_cnht
from tests.served import Served
from tests.test_vouchers import small_book

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.facts import Facts

FILLED: dict[str, dict[str, str]] = {
    "khai-doi-tuong": {
        "tax_code": "0100109106", "title": "Công ty Minh Họa In", "role": "vendor",
    },
    "khai-hop-dong": {
        "contract": "02/2021/HĐ", "date": "15/9/2021", "title": "In tài liệu", "task": "NV02",
        "vendor": "0100000002", "value": "12.500.000", "end": "31/12/2021",
        "method": "Chỉ định thầu",
    },
    "khai-su-kien": {
        "event": "HC2021", "title": "Hội chợ", "task": "NV02", "activity": "domestic-fair",
        "date": "1/10/2021", "end": "5/10/2021", "planned": "20 participating-unit; 4 day",
    },
    "khai-ho-tro": {
        "support": "HT-1", "task": "NV02", "activity": "trial-production",
        "enterprise": "0100000002", "decision": "9/QĐ", "date": "1/9/2021",
        "eligible_cost": "1.000", "state_support": "500", "own_share": "500",
    },
    "khai-nghiem-thu": {
        "acceptance": "BB-1", "date": "20/10/2021", "subject": "contract 01/2021/HĐ",
        "amount": "900", "result": "đạt",
    },
}  # fmt: skip
# The frame and columns in which what was declared must stand, with one of its typed values.
DECLARED: dict[str, tuple[str, dict[str, object]]] = {
    "khai-doi-tuong": ("parties", {"tax_code": "0100109106", "role": "vendor"}),
    "khai-hop-dong": ("contracts", {"contract": "02/2021/HĐ", "value": 12_500_000}),
    "khai-su-kien": ("events", {"event": "HC2021", "planned": "20 participating-unit; 4 day"}),
    "khai-ho-tro": ("supports", {"support": "HT-1", "eligible_cost": 1_000}),
    "khai-nghiem-thu": ("acceptances", {"acceptance": "BB-1", "for_": "contract 01/2021/HĐ"}),
}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return small_book(tmp_path / "so")


def sent(served: Served, action: str, code: str, **more: str) -> Any:
    body = {"form": code, **FILLED[code], **more}
    return served.send("POST", f"extension/Vouchers/{action}", json=body)


def facts_of(served: Served) -> Facts:
    run = served.ledger.extensions.get_extension("Vouchers").run  # type: ignore[union-attr]
    assert run.assessed is not None, run.problems
    facts: Facts = run.assessed.facts
    return facts


def test_an_event_does_not_end_before_it_begins(served: Served) -> None:
    answer = sent(served, "preview", "khai-su-kien", date="14/05/2021", end="10/05/2021")
    assert answer.status_code == 422
    assert [one["text"] for one in answer.json["problems"]] == ["Đến ngày: trước Từ ngày"]


def test_every_declaration_is_filled_here() -> None:
    assert set(FILLED) == set(DECLARED) == {form.code for form in DECLARATIONS}


@pytest.mark.parametrize("code", sorted(FILLED))
def test_what_is_declared_stands_in_the_book(served: Served, code: str) -> None:
    before = served.main.read_bytes()
    looked_at = sent(served, "preview", code)
    assert looked_at.status_code == 200, looked_at.text
    assert served.main.read_bytes() == before
    saved = sent(served, "save", code)
    assert saved.status_code == 200, saved.text
    served.page("Vouchers")
    frame, values = DECLARED[code]
    rows = facts_of(served)[frame]
    found = rows[list(values)].astype("object").to_dict("records")
    assert found.count(values) == 1
    again = sent(served, "preview", code)
    assert again.status_code == 422
    assert [problem["remedy"] for problem in again.json["problems"]] == ["sổ đã khai báo rồi"]


def test_a_required_field_left_empty_is_told(served: Served) -> None:
    answer = sent(served, "save", "khai-hop-dong", value="", vendor="")
    assert answer.status_code == 422
    told = [problem["text"] for problem in answer.json["problems"]]
    assert told == ["Nhà thầu (mã số thuế): chưa điền", "Giá trị (đồng): chưa điền"]


def test_a_voucher_leads_to_the_form_that_declares_what_it_names(served: Served) -> None:
    voucher = {
        "form": "rut-du-toan", "drawn": "payment", "date": "15/10/2021", "voucher": "2021/RDT/1",
        "task": "NV02", "fund": "NSTP", "narration": "In", "item": "6651", "amount": "400",
        "vendor": "0100109106", "contract": "01/2021/HĐ",
    }  # fmt: skip

    def previewed() -> Any:
        return served.send("POST", "extension/Vouchers/preview", json=voucher)

    answer = previewed()
    assert answer.status_code == 422
    (link,) = answer.json["links"]
    assert link["text"] == "Khai báo đối tượng «0100109106»"
    parts = urlsplit(link["link"])
    page = unescape(served.get(f"{parts.path}?{parts.query}").text)
    assert "Khai báo Đối tượng" in page
    assert 'name="tax_code" type="text" placeholder=" " value="0100109106"' in page
    assert sent(served, "save", "khai-doi-tuong").status_code == 200
    answer = previewed()
    assert answer.status_code == 200, answer.text
    assert '"Công ty Minh Họa In" "In"' in answer.json["text"]


def test_the_name_that_a_form_begins_with_is_text(served: Served) -> None:
    evil = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    page = served.page("Vouchers", f"?form=khai-doi-tuong&name={evil}")
    assert "<script>alert(1)" not in page


def test_a_new_book_has_its_declarations_where_it_keeps_them(tmp_path: Path) -> None:
    folder = tmp_path / "so"
    assert run_cnht("init", folder, "--year", "2021", "--unit", "Sở").code == 0
    served = Served(find_book(folder))
    codes = {
        "khai-doi-tuong": "parties",
        "khai-hop-dong": "contracts",
        "khai-su-kien": "events",
        "khai-ho-tro": "events",
    }
    for code, name in codes.items():
        answer = sent(served, "preview", code, vendor="0100109106", enterprise="0100109106")
        assert answer.status_code == 200, answer.text
        assert answer.json["files"] == [f"{name}.beancount"]
        assert sent(served, "save", code, vendor="0100109106", enterprise="0100109106").json
