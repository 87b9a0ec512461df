"""The formats of a check: each holds what the others hold, in the words of its standard."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlparse

import jsonschema
import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from reports.findings.schema import PUBLISHED, findings_schema
from tests.books import ALLOTMENT, HANOI, OVERDRAWN, ROOT, run_cnht, write_book
from tests.test_waivers import FINGERPRINT, waiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SARIF_SCHEMA = ROOT / "tests" / "data" / "sarif-schema-2.1.0.json"
SEEDED = HANOI.with_name("hanoi-2021-findings")
NORM = "Điều, văn bản, mức xác minh"
TRICK = '=HYPERLINK(\\"http://x\\")<script>alert(1)</script>'
EXPLAINED = (
    f'2022-01-10 custom "explanation" "BUD101" "{FINGERPRINT}"\n'
    f'  person: "Lê Minh Họa"\n  reason: "{TRICK}"\n'
)


# What no test writes is checked once and then read from the store that tests share.
@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = ALLOTMENT + OVERDRAWN.replace("Chi quá 1 đồng", TRICK) + EXPLAINED
    return write_book(tmp_path_factory.mktemp("tricky") / "book", text)


@pytest.fixture(scope="module")
def waived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = ALLOTMENT + OVERDRAWN + waiver("up-to: 1")
    return write_book(tmp_path_factory.mktemp("waived") / "book", text)


@functools.cache
def sarif_schema() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(json.loads(SARIF_SCHEMA.read_text("utf-8")))


def sarif(*arguments: str | Path) -> dict[str, Any]:
    ran = run_cnht("check", *arguments, "--format", "sarif")
    content: dict[str, Any] = json.loads(ran.out)
    sarif_schema().validate(content)
    (run,) = content["runs"]
    assert isinstance(run, dict)
    return run


def of(run: dict[str, Any], code: str, kind: str = "") -> list[dict[str, Any]]:
    return [r for r in run["results"] if r["ruleId"] == code and kind in {"", r["kind"]}]


@pytest.mark.parametrize("target", [SEEDED, HANOI], ids=lambda path: path.name)
@pytest.mark.parametrize("more", [(), ("--include-passes",), ("--lang", "en")])
def test_sarif_is_valid_for_the_bundled_books(target: Path, more: tuple[str, ...]) -> None:
    sarif(target, *more)


def test_sarif_points_at_the_line_and_the_evidence(book: Path) -> None:
    run = sarif(book)
    (result,) = of(run, "BUD101")
    place = result["locations"][0]["physicalLocation"]
    artifact = place["artifactLocation"]
    root = run["originalUriBaseIds"][artifact["uriBaseId"]]["uri"]
    file = Path(unquote(urlparse(urljoin(root, artifact["uri"])).path))
    line = file.read_text("utf-8").splitlines()[place["region"]["startLine"] - 1]
    assert file == book
    assert "KhaDung:NV02" in line
    assert result["relatedLocations"]
    assert (result["kind"], result["level"]) == ("fail", "error")
    assert result["partialFingerprints"] == {"cnht/v1": FINGERPRINT}
    assert (result["properties"]["observed"], result["properties"]["atIssue"]) == (-1, 1)
    assert result["properties"]["explanations"][0]["person"] == "Lê Minh Họa"


def test_sarif_names_rules_and_articles_once(book: Path) -> None:
    run = sarif(book)
    (result,) = of(run, "BUD101")
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == "BUD101"
    assert "Kiểm tra gì:" in rule["help"]["text"]
    pointer = result["taxa"][0]
    taxonomy = run["taxonomies"][pointer["toolComponent"]["index"]]
    assert taxonomy["name"] == "83/2015/QH13"
    assert taxonomy["taxa"][pointer["index"]]["id"] == pointer["id"]
    assert "Điều 12" in taxonomy["taxa"][pointer["index"]]["shortDescription"]["text"]


def test_sarif_calls_nothing_a_failure_that_only_asks() -> None:
    run = sarif(SEEDED)
    reviews = [result for result in run["results"] if result["kind"] == "review"]
    assert reviews
    assert {result["level"] for result in reviews} == {"none"}
    assert {result["properties"]["severity"] for result in reviews} <= {"warning", "note"}


def test_sarif_tells_what_held_and_what_is_unknown_on_request() -> None:
    kinds = {result["kind"] for result in sarif(SEEDED)["results"]}
    assert kinds == {"fail", "review"}
    run = sarif(SEEDED, "--include-passes")
    assert {"pass", "open", "fail", "review"} <= {result["kind"] for result in run["results"]}
    content = json.loads(run_cnht("check", SEEDED, "--format", "json").out)
    for rule in content["rules"]:
        for kind, verdict in (("pass", "pass"), ("open", "unknown")):
            told = sum(r["properties"]["subjects"] for r in of(run, rule["code"], kind))
            assert told == rule["counts"].get(verdict, 0)


def test_sarif_holds_accepted_findings_as_suppressed(waived: Path, tmp_path: Path) -> None:
    (result,) = of(sarif(waived), "BUD101")
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("inSource", "accepted")
    assert suppression["justification"].startswith("An (ghi trong sổ): Chờ Kho bạc nhập")
    assert (suppression["properties"]["by"], suppression["properties"]["up_to"]) == ("An", 1)
    own = tmp_path / "own.beancount"
    own.write_text(waiver(), "utf-8")
    (result,) = of(sarif(waived, "--waivers", own), "BUD101")
    assert result["suppressions"][0]["kind"] == "external"


def test_sarif_says_what_is_new(book: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    run_cnht("check", book, "--format", "json", "-o", before)
    assert of(sarif(book, "--baseline", before), "BUD101") == []
    again = of(sarif(book, "--baseline", before, "--include-passes"), "BUD101", "fail")
    assert [result["baselineState"] for result in again] == ["unchanged"]
    settled = write_book(tmp_path / "book", ALLOTMENT)
    gone = of(sarif(settled, "--baseline", before, "--include-passes"), "BUD101", "informational")
    assert [result["baselineState"] for result in gone] == ["absent"]


def test_json_keeps_to_the_published_schema(book: Path, waived: Path, tmp_path: Path) -> None:
    schema = json.loads(PUBLISHED.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    before = tmp_path / "before.json"
    run_cnht("check", SEEDED, "--format", "json", "-o", before)
    for arguments in ((book,), (waived,), (SEEDED,), (SEEDED, "--baseline", before)):
        content = json.loads(run_cnht("check", *arguments, "--format", "json").out)
        jsonschema.Draft202012Validator(schema).validate(content)


def test_the_published_schema_is_that_of_the_code_and_explains_every_field() -> None:
    assert PUBLISHED.read_text("utf-8") == findings_schema()
    schema = json.loads(findings_schema())
    for row in (schema, *schema["$defs"].values()):
        assert all(field.get("description") for field in row["properties"].values()), row["title"]
        assert set(row["required"]) == set(row["properties"])


def test_the_schema_refuses_what_is_not_ours() -> None:
    schema = json.loads(PUBLISHED.read_text("utf-8"))
    content = json.loads(run_cnht("check", SEEDED, "--format", "json").out)
    content["findings"][0]["at_issue"] = "1"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(content)


def sheets(book: Path, path: Path, *more: str | Path) -> Workbook:
    ran = run_cnht("check", book, "--format", "xlsx", "-o", path, *more)
    assert ran.err == ""
    return openpyxl.load_workbook(path)


def cells(sheet: Worksheet, heading: str) -> list[Any]:
    """The values below a heading."""
    head = next(row for row in sheet.iter_rows() if sum(c.value is not None for c in row) > 3)
    column = next(cell.column for cell in head if cell.value == heading)
    return [sheet.cell(row, column).value for row in range(head[0].row + 1, sheet.max_row + 1)]


def test_the_working_paper_has_its_sheets(book: Path, tmp_path: Path) -> None:
    workbook = sheets(book, tmp_path / "out.xlsx")
    assert workbook.sheetnames == [
        "Tổng hợp",
        "Phát hiện",
        "Bằng chứng",
        "Định mức áp dụng",
        "Phạm vi kiểm tra",
        "Chấp nhận",
        "Đọc ở đâu (nội bộ)",
    ]
    findings = workbook["Phát hiện"]
    assert "BUD101" in cells(findings, "Mã")
    assert set(cells(findings, "Ý kiến của đơn vị")) == {None}
    assert 1 in cells(findings, "Số tiền cần xem xét (đồng)")
    assert FINGERPRINT in cells(findings, "Dấu vân")
    assert any("83/2015/QH13" in str(c) for c in cells(workbook["Định mức áp dụng"], NORM))
    assert "BUD101" in cells(workbook["Phạm vi kiểm tra"], "Mã")


def test_the_working_paper_prints_on_a4_and_keeps_its_headings(book: Path, tmp_path: Path) -> None:
    for sheet in sheets(book, tmp_path / "out.xlsx"):
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.freeze_panes
        assert sheet.print_title_rows
        fonts = {c.font.name for row in sheet.iter_rows() for c in row if c.value is not None}
        assert fonts == {"Times New Roman"}


def test_text_of_a_book_never_becomes_a_formula(book: Path, tmp_path: Path) -> None:
    workbook = sheets(book, tmp_path / "out.xlsx")
    every = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in every)
    assert {cell.data_type for cell in every} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in every)


def test_the_working_paper_shows_accepted_findings_apart(waived: Path, tmp_path: Path) -> None:
    workbook = sheets(waived, tmp_path / "out.xlsx")
    assert "BUD101" not in cells(workbook["Phát hiện"], "Mã")
    (words,) = cells(workbook["Đã chấp nhận"], "Chấp nhận, giải trình")
    assert words.startswith("An (ghi trong sổ): Chờ Kho bạc nhập")
    assert cells(workbook["Chấp nhận"], "Kết quả") == ["có hiệu lực"]
    assert cells(workbook["Chấp nhận"], "Của ai") == ["ghi trong sổ"]


def test_the_working_paper_needs_a_file(book: Path) -> None:
    ran = run_cnht("check", book, "--format", "xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "-o" in ran.err


def test_a_working_paper_that_cannot_be_written_is_bad_input(book: Path, tmp_path: Path) -> None:
    ran = run_cnht("check", book, "--format", "xlsx", "-o", tmp_path / "none" / "out.xlsx")
    assert ran.code == 2
    assert "không ghi được" in ran.err


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, dict(attrs)))


def test_the_page_runs_only_its_own_script_and_fetches_nothing(book: Path) -> None:
    page = run_cnht("check", book, "--format", "html").out
    found = Tags()
    found.feed(page)
    assert not {tag for tag, _ in found.tags} & {"link", "img", "iframe", "object", "a"}
    assert not any(name in attributes for _, attributes in found.tags for name in ("src", "href"))
    assert not any(name.startswith("on") for _, attributes in found.tags for name in attributes)
    assert not re.search(r"url\(|@import", page)
    assert [tag for tag, _ in found.tags].count("script") == 1
    script = page.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = [a["content"] for tag, a in found.tags if a.get("http-equiv")]
    assert f"script-src 'sha256-{digest}'" in str(policy)
    assert "&lt;script&gt;" in page
    assert "prefers-color-scheme: dark" in page


def test_the_page_tells_findings_and_what_was_accepted(book: Path, tmp_path: Path) -> None:
    page = run_cnht("check", book, "--format", "html").out
    assert FINGERPRINT in page
    assert "Giải trình của Lê Minh Họa" in page
    accepted = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN + waiver())
    target = tmp_path / "page.html"
    run_cnht("check", accepted, "--format", "html", "-o", target, "--lang", "en")
    page = target.read_text("utf-8")
    assert "Accepted, not counted" in page
    assert "An (in the book): Chờ Kho bạc nhập" in page


@pytest.mark.parametrize("form", ["json", "sarif", "html"])
def test_every_format_decides_alike(overdrawn_book: Path, waived: Path, form: str) -> None:
    assert run_cnht("check", waived, "--select", "BUD101", "--format", form).code == 0
    assert run_cnht("check", overdrawn_book, "--select", "BUD101", "--format", form).code == 1


READ_IN = "«Chi ngân sách nhà nước chỉ được thực hiện khi đã có trong dự toán ngân sách được giao»"


@pytest.mark.parametrize("form", ["table", "json", "sarif", "html"])
def test_every_format_tells_where_the_number_was_read_and_how(book: Path, form: str) -> None:
    told = " ".join(run_cnht("check", book, "--select", "BUD101", "--format", form).out.split())
    assert READ_IN in told
    assert "đã đọc nguyên văn" in told


def test_one_line_and_working_paper_tell_it_too(book: Path, tmp_path: Path) -> None:
    assert READ_IN in run_cnht("check", book, "--select", "BUD101", "--all").out
    workbook = sheets(book, tmp_path / "out.xlsx")
    assert any(READ_IN in str(cell) for cell in cells(workbook["Đọc ở đâu (nội bộ)"], "Đọc ở"))
    for name in ("Phát hiện", "Định mức áp dụng"):
        every = [str(cell.value) for row in workbook[name].iter_rows() for cell in row]
        assert not any(READ_IN in text for text in every)
    basis = cells(workbook["Phát hiện"], "Căn cứ")
    assert any("khoản 2 Điều 12 Luật Ngân sách nhà nước 83/2015/QH13" in str(b) for b in basis)


def test_the_working_paper_begins_with_what_is_wrong_and_what_is_asked(
    book: Path, tmp_path: Path
) -> None:
    cover = sheets(book, tmp_path / "out.xlsx")["Tổng hợp"]
    totals = json.loads(run_cnht("check", book, "--format", "json").out)["totals"]
    head = next(row for row in cover.iter_rows() if row[0].value == "Loại phát hiện")
    told = [[cell.value for cell in cover[head[0].row + number]] for number in (1, 2)]
    assert [(row[0], row[-2], row[-1]) for row in told] == [
        ("Sai", totals["fail"], totals["fail_at_issue"]),
        ("Cần giải trình", totals["review"], totals["review_at_issue"]),
    ]
    words = " ".join(str(cell.value) for row in cover.iter_rows() for cell in row if cell.value)
    for asked in ("Đoàn kiểm toán", "Người lập", "Người soát xét", "Ngày …", "chữ ký"):
        assert asked in words


def test_wrong_and_asked_are_apart_and_either_can_be_had_alone() -> None:
    whole = json.loads(run_cnht("check", SEEDED, "--format", "json").out)
    totals = whole["totals"]
    assert totals["fail"] + totals["review"] == totals["findings"]
    assert totals["fail_at_issue"] + totals["review_at_issue"] == totals["at_issue"]
    asked = json.loads(run_cnht("check", SEEDED, "--kind", "review", "--format", "json").out)
    assert asked["selection"]["kind"] == "review"
    assert {row["kind"] for row in asked["findings"]} == {"review"}
    assert asked["totals"]["review"] == totals["review"]
    # What is wrong as well is not counted among what is asked.
    assert asked["totals"]["at_issue"] >= totals["review_at_issue"]
    wrong = json.loads(run_cnht("check", SEEDED, "--kind", "fail", "--format", "json").out)
    assert wrong["totals"]["at_issue"] == totals["fail_at_issue"]


def test_declarations_are_named_in_the_words_of_the_language() -> None:
    for language, named in (("vi", "nhiệm vụ NV12 hội nghị"), ("en", "task NV12 conference")):
        ran = run_cnht("check", SEEDED, "--lang", language, "--format", "json")
        texts = {row["text"] for f in json.loads(ran.out)["findings"] for row in f["evidence"]}
        assert named in texts
    vietnamese = run_cnht("check", SEEDED, "--format", "json").out
    assert not re.search(r'"text": "(task|contract|support|party|waiver|pad|event) ', vietnamese)


def test_an_error_of_beancount_is_shown_with_its_day_and_amount(tmp_path: Path) -> None:
    text = ALLOTMENT + "\n2021-06-30 balance Assets:DuToan:KhaDung:NV02:NSTP  900 VND\n"
    book = write_book(tmp_path / "book", text)
    content = json.loads(run_cnht("check", book, "--select", "BOK101", "--format", "json").out)
    ((row,),) = [finding["evidence"] for finding in content["findings"]]
    assert (row["date"], row["amount"]) == ("2021-06-30", 900)


def test_what_an_auditor_accepts_is_no_business_of_the_audited_unit(
    book: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.beancount"
    own.write_text(waiver().replace("Chờ Kho bạc nhập", "Việc riêng"), "utf-8")
    for more, told in (((), False), (("--internal",), True)):
        workbook = sheets(book, tmp_path / "out.xlsx", "--waivers", own, *more)
        every = [str(c.value) for sheet in workbook for row in sheet.iter_rows() for c in row]
        assert any("Việc riêng" in text for text in every) is told
        page = run_cnht("check", book, "--format", "html", "--waivers", own, *more).out
        assert ("Việc riêng" in page) is told
        assert "BUD101" not in cells(workbook["Phát hiện"], "Mã")


def test_a_rule_of_the_book_itself_says_that_it_rests_on_no_law(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN.replace("NV02", "NV99"))
    (line, *_) = run_cnht("check", book, "--select", "BOK201", "--all").out.splitlines()
    assert line.endswith("[căn cứ: quy ước của sổ, không dựa vào điều luật]")


def test_a_book_that_contradicts_itself_is_told_by_its_own_figures(tmp_path: Path) -> None:
    settled = """
2021-06-20 * "Thanh toán quá số tạm ứng"
  kind: "advance-settlement"
  Assets:TamUng:NV02:NSTP:TM6655  -1 VND
  Expenses:NV02:NSTP:TM6655        1 VND
"""
    book = write_book(tmp_path / "book", ALLOTMENT + settled)
    (line, *_) = run_cnht("check", book, "--select", "BUD103", "--all").out.splitlines()
    assert line.endswith("[căn cứ: theo số liệu của chính sổ, không phụ thuộc văn bản]")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--include-passes",), "SARIF"),
        (("--internal",), "--internal"),
        (("--all", "--format", "json"), "--all"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(
    book: Path, options: tuple[str, ...], word: str
) -> None:
    ran = run_cnht("check", book, *options)
    assert (ran.code, ran.out) == (2, "")
    assert word in ran.err


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser; where the machine has none the test is left out, unless all is required."""
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CNHT_REQUIRE_ALL"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


def test_the_page_filters_fetches_nothing_and_is_accessible(
    browser: Browser, tmp_path: Path
) -> None:
    target = tmp_path / "page.html"
    ran = run_cnht("check", SEEDED, "--as-of", "2022-12-31", "--format", "html", "-o", target)
    assert ran.code == 1
    page = browser.new_page()
    fetched: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(target.as_uri())
    shown = page.locator("[data-severity]:visible")
    every = shown.count()
    page.select_option("#severity", "warning")
    assert page.locator("[data-severity]:visible:not(.warning)").count() == 0
    assert 0 < shown.count() < every
    assert page.inner_text("#counted") == str(shown.count())
    page.select_option("#severity", "")
    page.select_option("#rule", "BUD105")
    assert shown.count() == 2  # as expected.yaml has it
    page.click("button[type=reset]")
    page.wait_for_function(f"document.getElementById('counted').textContent === '{every}'")
    assert (fetched, said) == ([target.as_uri()], [])
    assert Axe().run(page).response["violations"] == []
