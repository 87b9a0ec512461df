"""A statement is set beside the book in the browser, and nothing is written."""

from __future__ import annotations

import io
import json
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from reports.pages.server.accounts import Accounts, Role
from tests.books import ALLOTMENT, run_cnht, write_book
from tests.served import HOST, Served
from tests.test_reconcile import JUNE, Movement, movements, write_statement

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "một mật khẩu dài"  # noqa: S105  # of a test
PREVIEW = "extension/Reconciliation/preview"


@pytest.fixture(scope="module")
def june() -> tuple[int, list[Movement]]:
    return movements("2021-06-01", "2021-06-30")


def sent(served: Served, content: bytes, name: str = "sao kê.xlsx", **more: Any) -> Any:
    headers = more.pop("headers", {})
    form = {"statement": (io.BytesIO(content), name), "period": JUNE.name, **more}
    return served.send(
        "POST", PREVIEW, data=form, content_type="multipart/form-data", headers=headers
    )


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of a book's folder but the log."""
    return {
        str(path): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "log.jsonl"
    }


def test_a_preview_says_what_the_command_says_and_writes_nothing(
    hanoi: Served, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    opening, lines = june
    more = Movement("30/06/2021", "BC99", "<script>alert(1)</script>", 77_001)
    kept = [line for line in lines if line.document != "UNC01"]
    file = write_statement(tmp_path / "a.xlsx", opening, [*kept, more])
    before = everything(hanoi.main.parent)
    answer = sent(hanoi, file.read_bytes(), file.name)
    assert answer.status_code == 200, answer.text
    html = answer.json["html"]
    command = run_cnht(
        "reconcile", hanoi.main, file, "--month", JUNE.name, "--format", "json", "--no-cache"
    )
    told = json.loads(command.out)
    assert told["differences"]
    assert told["differences"] in html
    assert 'data-verdict="warn"' in html
    assert "77.001" in html
    assert "alert(1)" in html
    assert "<script>" not in html
    (entry,) = told["only_in_book"]
    assert f"line={entry['line']}" in html
    assert f'custom "reconciled" "{JUNE.name}"' in unescape(html)
    assert everything(hanoi.main.parent) == before


def test_a_statement_that_agrees_says_so(
    hanoi: Served, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    file = write_statement(tmp_path / "a.xlsx", *june)
    html = sent(hanoi, file.read_bytes()).json["html"]
    assert 'data-verdict="good"' in html
    assert "differences" not in html


@pytest.mark.parametrize(
    ("content", "name", "more", "told"),
    [
        (b"hello", "thu.txt", {}, "không nhận ra đây là sao kê"),
        (b"", "a.xlsx", {}, "tệp trống"),
        (b"PK\x03\x04 not a workbook", "a.xlsx", {}, "a.xlsx: "),
        (b"%PDF-1.4", "a.pdf", {}, "a.pdf: "),
        (b"a;b", "a.csv", {"period": "tháng sáu"}, "chưa chọn kỳ"),
        (b"a;b", "a.csv", {"closing": "1,5"}, "không phải là số tiền"),
        (b"a;b", "", {}, "chưa chọn tệp"),
        (b"a;b", "..", {}, "chưa chọn tệp"),
    ],
)
def test_what_is_no_statement_is_refused_with_the_reason(
    hanoi: Served, content: bytes, name: str, more: dict[str, str], told: str
) -> None:
    answer = sent(hanoi, content, name, **more)
    assert answer.status_code == 422
    (problem,) = answer.json["problems"]
    assert told in problem["text"]
    assert "--" not in problem["remedy"]


def test_an_account_that_the_book_does_not_have_is_chosen_on_the_page(
    hanoi: Served, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    file = write_statement(tmp_path / "a.xlsx", *june)
    answer = sent(hanoi, file.read_bytes(), account="KB99")
    assert answer.status_code == 422
    (problem,) = answer.json["problems"]
    assert "KB99" in problem["text"]
    assert "ở ô «Tài khoản»" in problem["remedy"]


def test_a_statement_of_another_period_is_refused(
    hanoi: Served, june: tuple[int, list[Movement]], tmp_path: Path
) -> None:
    file = write_statement(tmp_path / "a.xlsx", *june)
    answer = sent(hanoi, file.read_bytes(), period="2021-07")
    assert answer.status_code == 422
    assert "không phải 2021-07" in answer.json["problems"][0]["text"]


@pytest.mark.parametrize("name", ["../../../a.csv", "/etc/passwd", "a\0b.csv", "ă" * 300 + ".csv"])
def test_the_name_of_what_is_sent_leads_nowhere(hanoi: Served, name: str) -> None:
    before = everything(hanoi.main.parent.parent)
    answer = sent(hanoi, b"hello", name)
    assert answer.status_code == 422
    assert ".." not in answer.json["problems"][0]["text"].split(": ")[0]
    assert everything(hanoi.main.parent.parent) == before


def test_nothing_is_sent_at_all(hanoi: Served) -> None:
    answer = hanoi.send("POST", PREVIEW, data={"period": JUNE.name})
    assert answer.status_code == 422


# Who may.


@pytest.fixture(scope="module")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Served:
    main = write_book(tmp_path_factory.mktemp("auditor") / "so", ALLOTMENT)
    accounts = Accounts(main)
    accounts.add("binh", Role.AUDITOR, PASSWORD)
    served = Served(main, accounts=accounts)
    assert served.log_in("binh", PASSWORD).status_code == 303
    return served


def test_an_auditor_previews_and_saves_nothing(auditor: Served) -> None:
    before = everything(auditor.main.parent)
    assert sent(auditor, b"hello", "a.txt").status_code == 422  # read, and found to be none
    voucher = {"form": "rut-du-toan"}
    previewed = auditor.send("POST", "extension/Vouchers/preview", json=voucher)
    assert previewed.status_code == 422
    saved = auditor.send("POST", "extension/Vouchers/save", json=voucher)
    assert saved.status_code == 403
    page = auditor.page("Vouchers")
    assert "chỉ được xem" in page
    assert "data-save" not in page
    assert everything(auditor.main.parent) == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", PREVIEW),
        ("POST", f"{PREVIEW}/"),
        ("POST", "extension/Reconciliation/preview2"),
        ("POST", "extension/Overview/preview"),
        ("POST", "api/x/extension/Reconciliation/preview"),
    ],
)
def test_only_a_preview_is_open_to_an_auditor(auditor: Served, method: str, path: str) -> None:
    assert auditor.send(method, path, json={}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "guessed"},
    ],
)
def test_a_preview_from_elsewhere_is_refused(auditor: Served, headers: dict[str, str]) -> None:
    assert sent(auditor, b"hello", "a.txt", headers=headers).status_code == 403


def test_without_login_nothing_is_previewed(auditor: Served) -> None:
    stranger = auditor.guard
    from werkzeug.test import Client  # noqa: PLC0415  # here only

    answer = Client(stranger).post(f"/{auditor.slug}/{PREVIEW}", base_url=HOST)
    assert answer.status_code == 401
