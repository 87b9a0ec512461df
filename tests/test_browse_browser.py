"""The pages in Chromium: no error, no serious fault of access, the right figures and links."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect, sync_playwright

from ledger.text import dong
from reports.pages.extension import PAGES
from reports.pages.server.serving import Place, _server
from tests.books import ALLOTMENT, write_book
from tests.served import FINDINGS_BOOK, Served
from tests.test_pages import SPENT, total
from tests.test_reconcile import movements, write_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page, Route

CHROMIUM = shutil.which("chromium")
# An office screen, and a telephone at night: each way of looking is seen once.
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"))
NAMES = [page.__name__ for page in PAGES]
# Of what repeats, rows and panels, the first few are looked at: the rest are made alike.
KINDS = [".ERROR", ".WARNING", ".NOTE", ":not(.ERROR, .WARNING, .NOTE)"]
REPEATED = ["tbody tr:nth-child(n+9)", *(" ~ ".join([f".panel{kind}"] * 4) for kind in KINDS)]
# Where screenshots are left for people to look at.
PICTURES = Path(os.environ.get("CNHT_SCREENSHOTS", "out/screenshots"))

if CHROMIUM is None and not os.environ.get("CNHT_REQUIRE_ALL"):
    pytest.skip("no Chromium on this machine", allow_module_level=True)


class Site(NamedTuple):
    """A book that is served."""

    url: str
    main: Path


@pytest.fixture(scope="module")
def site(faulty: Served) -> Iterator[Site]:
    with listening(faulty) as found:
        yield found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("small") / "so"
    with listening(Served(write_book(folder, ALLOTMENT).resolve())) as found:
        yield found


@contextlib.contextmanager
def listening(book: Served) -> Iterator[Site]:
    """Serve a book over a socket while a block runs."""
    server = _server(book.guard, Place("localhost", 0))
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield Site(f"http://localhost:{server.bind_addr[1]}", book.main)
    server.stop()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": LOOKS[0][0], "height": 900}, locale="vi-VN")
    opened = context.new_page()
    opened.set_default_timeout(60_000)  # a loaded machine, not a measure of ours
    errors: list[str] = []
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(site.url)
    opened.wait_for_selector("article .cnht h2")
    yield opened
    context.close()
    assert errors == []


def go(page: Page, name: str, query: str = "") -> None:
    base = page.url.split("/extension/")[0]
    page.goto(f"{base}/extension/{name}/{query}")
    page.wait_for_selector("article .cnht h2")
    page.wait_for_selector("aside a.selected")


def test_a_waiver_is_drafted_into_the_editor(page: Page) -> None:
    go(page, "Compliance", "?code=BUD101")
    page.click(".finding details summary")
    explanation, waiver = page.locator(".finding details[open] pre").all()
    assert 'custom "explanation" "BUD101"' in explanation.inner_text()
    assert 'custom "waiver" "BUD101"' in waiver.inner_text()
    page.locator(".finding details[open] [data-drafts]").nth(1).click()
    editor = page.locator("form.fixed-fullsize-container .cm-content")
    expect(editor).to_contain_text('custom "waiver" "BUD101"')
    page.keyboard.type("Trần Thị B")  # the first … is chosen
    expect(editor).to_contain_text('by: "Trần Thị B"')
    expect(page.locator("form.fixed-fullsize-container button[type=submit]")).to_be_enabled()


def test_whoever_only_reads_is_offered_nothing_that_writes(page: Page) -> None:
    session = {"csrf": "x", "name": "binh", "role": "kiểm toán viên", "writes": False}
    page.route("**/_cnht/session", lambda route: route.fulfill(json=session))
    page.goto(page.url.split("/extension/")[0] + "/editor/#add-transaction")
    for saves in ("form.fixed-fullsize-container", "dialog form"):
        expect(page.locator(f"{saves} button[type=submit]")).to_be_attached()
        expect(page.locator(f"{saves} button[type=submit]")).to_be_hidden()
    expect(page.locator('aside a[href="#add-transaction"]')).to_be_hidden()


def test_every_page_is_shown_without_a_fault(page: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        go(page, name)
        for look in LOOKS:
            show(page, *look)
            wide = page.evaluate("document.querySelector('.cnht').scrollWidth")
            assert wide <= look[0], name
            page.screenshot(path=PICTURES / f"{name}-{look[0]}.png", full_page=True)
        # The time that this takes grows with the page.
        page.evaluate(
            "(parts) => document.querySelectorAll(parts).forEach((one) => one.remove())",
            ", ".join(f".cnht {part}" for part in REPEATED),
        )
        for look in reversed(LOOKS):
            show(page, *look)
            assert faults(page) == [], (name, look)


def test_the_amounts_of_the_chart_are_whole_at_every_width(page: Page) -> None:
    go(page, "Overview", "?account=NV12")
    page.wait_for_selector(".cnht figure svg")
    for look in LOOKS:
        show(page, *look)
        cut = page.eval_on_selector_all(
            ".cnht figure svg text",
            "(all) => all.filter((one) => one.getBBox().x < 0).map((one) => one.textContent)",
        )
        assert cut == [], look


def show(page: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    # Colours take a moment to change.
    page.evaluate("document.getAnimations().forEach((one) => one.finish())")


def faults(page: Page) -> list[tuple[str, str]]:
    """The serious faults of access inside our own elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "(options) => axe.run('.cnht', options).then((said) => said.violations)",
        {"resultTypes": ["violations"]},
    )
    return [
        (fault["id"], node["html"][:120])
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"][:2]
    ]


def test_figures_are_bean_querys_and_follow_favas_own_filter_boxes(page: Page) -> None:
    go(page, "Overview")
    spent = page.locator('dd[data-figure="spent"]')
    year = total(f"{SPENT} AND year(date) <= 2022", FINDINGS_BOOK)
    assert spent.inner_text().split("\n")[0] == dong(year)
    page.locator("header input").nth(1).fill("NV05")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("account=NV05"))
    page.wait_for_selector('tr[data-task="NV05"]')
    in_time = "account ~ '^Expenses:NV05:NST[PW]:' AND year(date) <= 2022"
    of_task = total(in_time, FINDINGS_BOOK)
    assert spent.inner_text().split("\n")[0] == dong(of_task)
    assert page.locator("tr[data-task]").count() == 1


def test_a_task_leads_to_its_journal(page: Page) -> None:
    go(page, "Overview")
    page.locator('tr[data-task="NV05"] th a').click()
    page.wait_for_url(re.compile("/journal/.*account=NV05"))
    page.wait_for_selector("ol.journal li.transaction")


def test_a_finding_leads_to_its_line_in_the_editor(page: Page, site: Site) -> None:
    go(page, "Compliance", "?code=BUD101")
    link = page.locator(".finding a.code").first
    query = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    file, line = Path(unquote(query["file_path"][0])), int(query["line"][0])
    assert file.is_relative_to(site.main.parent)
    link.click()
    page.wait_for_selector(".cm-activeLine")
    wanted = file.read_text("utf-8").splitlines()[line - 1].strip()
    assert page.locator(".cm-activeLine").inner_text().strip() == wanted


def test_the_editor_saves_with_the_token(page: Page, small: Site) -> None:
    file = small.main
    page.goto(f"{small.url}/beancount/editor/?file_path={file}")
    page.wait_for_selector(".cm-content")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n;; ghi trong trình duyệt")
    with page.expect_response(lambda answer: answer.request.method == "PUT") as told:
        page.keyboard.press("Control+s")
    assert told.value.status == 200
    assert ";; ghi trong trình duyệt" in file.read_text("utf-8")


def test_the_second_of_two_people_sees_what_the_first_saved(browser: Browser, small: Site) -> None:
    tabs = [browser.new_context(locale="vi-VN").new_page() for _ in range(2)]
    for tab, name in zip(tabs, ("lan", "binh"), strict=True):
        tab.goto(f"{small.url}/beancount/editor/?file_path={small.main}")
        tab.locator(".cm-content").click()
        tab.keyboard.press("Control+End")
        tab.keyboard.type(f"\n;; của {name}")
    told = []
    for tab in (*tabs, tabs[1]):
        with tab.expect_response(lambda answer: answer.request.method == "PUT") as answer:
            tab.keyboard.press("Control+s")
        told.append(answer.value.status)
    # Told twice, it stands there once.
    notice = tabs[1].locator(".notifications li", has_text="vừa được người khác sửa")
    expect(notice).to_contain_text("+;; của binh")
    expect(notice).not_to_contain_text("HTTP")
    tabs[1].context.grant_permissions(["clipboard-read", "clipboard-write"])
    notice.get_by_role("button", name="Chép các dòng + của bạn").click()
    expect(notice.get_by_role("button", name="✓")).to_be_visible()
    assert tabs[1].evaluate("navigator.clipboard.readText()") == ";; của binh"
    expect(notice.get_by_role("button", name="Đóng")).to_be_visible()
    assert told == [200, 409, 409]
    assert ";; của lan" in small.main.read_text("utf-8")
    assert "của binh" not in small.main.read_text("utf-8")
    # What was typed is still there to be copied.
    expect(tabs[1].locator(".cm-content")).to_contain_text(";; của binh")
    for tab in tabs:
        tab.context.close()


def test_fava_itself_speaks_vietnamese(page: Page) -> None:
    aside = page.locator("aside").inner_text()
    assert "Nhật ký" in aside
    assert "Soạn thảo" in aside
    first = page.locator("aside a").first
    box = page.get_by_role("link", name="Tổng quan").bounding_box()
    assert first is not None
    assert box is not None
    journal = page.get_by_role("link", name="Nhật ký", exact=True).bounding_box()
    assert journal is not None
    assert box["y"] < journal["y"]
    # What its script writes without asking its catalogue is put in by ours.
    page.goto(page.url.replace("extension/Overview", "account/Expenses:NV02"))
    buttons = page.locator("article form button")
    expect(buttons.first).to_have_text("Mở TK")
    assert {"Giao dịch", "Khai báo", "Số dư"} <= set(buttons.all_inner_texts())
    assert buttons.first.get_attribute("title") == "Hiện/ẩn mục Mở TK"
    expect(page.locator("article svg .tick text", has_text=" tỷ").first).to_be_visible()
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.evaluate("confirm('There are unsaved changes. Are you sure you want to leave?')")
    assert asked == ["Có chỗ sửa chưa lưu. Vẫn rời trang?"]
    top = page.url.split("/account/")[0]
    page.goto(f"{top}/account/Assets:TienGui:KB01/")
    expect(page.locator(".last-activity")).to_contain_text("(Bút toán cuối:")
    page.goto(f"{top}/editor/")
    expect(page.get_by_role("menuitem", name="Nơi ghi bút toán mới")).to_be_visible()


def choose(form: Locator) -> None:
    """What a withdrawal leaves to be chosen: nothing is chosen for whoever forgets it."""
    for name, value in (("task", "NV02"), ("fund", "NSTP"), ("drawn", "payment")):
        chosen = form.locator(f"[name={name}]")
        assert chosen.input_value() == ""
        chosen.select_option(value)


def test_a_voucher_is_looked_at_and_then_saved(page: Page, small: Site) -> None:
    page.goto(small.url)
    page.wait_for_selector("article .cnht h2")
    go(page, "Vouchers", "?form=rut-du-toan")
    form = page.locator("form.paper")
    expect(form.locator("[name=date]")).to_be_focused()
    values = {
        "date": "15/10/2021",
        "voucher": "2021/RDT/991",
        "narration": "In tài liệu",
        "item": "6651",
        "amount": "1000",
    }
    choose(form)
    for name, value in values.items():
        form.locator(f"[name={name}]").fill(value)
    save = page.get_by_role("button", name="Lưu vào sổ")
    assert save.is_disabled()
    offered = form.locator("[name=activity] option:not([hidden])")
    named = offered.evaluate_all("(all) => all.map((one) => one.value)")
    assert set(named) == {"", "domestic-fair", "investment-seminar"}
    # What is no amount is not made one.
    form.locator("[name=amount]").fill("1.5")
    form.locator("[name=item]").focus()
    assert form.locator("[name=amount]").input_value() == "1.5"
    form.locator("[name=amount]").fill("1000")
    at_work: list[str] = []

    def wait(route: Route) -> None:
        at_work.append(page.locator("[data-result][aria-busy]").inner_text())
        route.continue_()

    page.route("**/Vouchers/preview", wait)
    # By the keyboard, which stays where it was while the rules are at work.
    preview = page.get_by_role("button", name="Xem trước")
    preview.press("Enter")
    page.wait_for_selector("[data-result] pre")
    expect(preview).to_be_focused()
    assert "Đang kiểm tra" in at_work[0]
    assert form.locator("[name=amount]").input_value() == "1.000"
    assert page.locator('[data-result] [data-figure="available"]').inner_text() == "1.000"
    assert page.locator("[data-result] [data-verdict]").count() == 1
    assert faults(page) == []
    assert "1000 VND" in page.locator("[data-result] pre").inner_text().replace(",", "")
    preview.press("Tab")
    expect(save).to_be_focused()
    save.press("Enter")
    page.wait_for_selector("[data-result] .note.good")
    expect(form.locator("[name=date]")).to_be_focused()
    assert "2021/RDT/991" in small.main.read_text("utf-8")
    choose(form)
    for name, value in values.items():
        form.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Xem trước").click()
    page.wait_for_selector("[data-result] .note.warn a")
    assert "đã có trong sổ" in page.locator("[data-result] .note.warn").inner_text()
    # There is nothing left to pay it from: it is saved only once more asked for.
    assert page.locator('[data-result] [data-verdict="bad"]').count() == 1
    before = small.main.read_text("utf-8")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    save.click()
    assert "Vẫn ghi vào sổ?" in asked[0]
    assert small.main.read_text("utf-8") == before


def test_what_a_voucher_misses_is_declared_beside_it(browser: Browser, small: Site) -> None:
    # Not the page that counts errors: Chromium tells every refusal of the server as one.
    page = browser.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(small.url)
    page.wait_for_selector("article .cnht h2")
    go(page, "Vouchers", "?form=rut-du-toan")
    form = page.locator("form.paper")
    choose(form)
    values = {
        "date": "16/10/2021",
        "voucher": "2021/RDT/995",
        "narration": "In thêm",
        "item": "6651",
        "amount": "1000",
        "vendor": "0100109106",
    }
    for name, value in values.items():
        form.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Xem trước").click()
    link = page.locator("[data-result] a", has_text="Khai báo đối tượng «0100109106»")
    with page.expect_popup() as opened:
        link.click()
    other = opened.value
    other.locator("[name=title]").fill("Công ty Minh Họa In")
    other.locator("[name=role]").select_option("vendor")
    assert other.locator("[name=tax_code]").input_value() == "0100109106"
    other.get_by_role("button", name="Xem trước").click()
    other.wait_for_selector("[data-result] pre")
    assert faults(other) == []
    other.get_by_role("button", name="Lưu vào sổ").click()
    other.wait_for_selector("[data-result] .note.good")
    other.close()
    # What was typed is kept though the page is loaded anew.
    page.reload()
    page.wait_for_selector("article .cnht h2")
    assert form.locator("[name=narration]").input_value() == "In thêm"
    page.get_by_role("button", name="Xem trước").click()
    page.wait_for_selector("[data-result] pre")
    assert "Công ty Minh Họa In" in page.locator("[data-result] pre").inner_text()
    page.get_by_role("button", name="Lưu vào sổ").click()
    page.wait_for_selector("[data-result] .note.good")
    page.reload()
    page.wait_for_selector("article .cnht h2")
    narration = form.locator("[name=narration]")
    assert narration.input_value() == ""
    narration.fill("gõ dở")
    page.get_by_role("button", name="Xóa hết chữ đã gõ").click()
    assert narration.input_value() == ""
    page.reload()
    page.wait_for_selector("article .cnht h2")
    assert narration.input_value() == ""
    page.close()


def test_a_notice_of_several_lines_stays_until_it_is_dismissed(page: Page) -> None:
    page.evaluate(
        """() => {
          const list = document.createElement("div");
          list.className = "notifications";
          for (const text of ["khác nhau:\\n-a\\n+b", "đã lưu"]) {
            const notice = document.createElement("li");
            notice.textContent = text;
            list.append(notice);
            setTimeout(() => notice.remove(), 50);
          }
          document.body.append(list);
        }"""
    )
    page.wait_for_timeout(100)
    (kept,) = page.locator(".notifications li").all()
    assert "+b" in kept.inner_text()
    page.get_by_role("button", name="Đóng").click()
    assert page.locator(".notifications li").count() == 0


def test_a_statement_is_set_beside_the_book(page: Page, tmp_path: Path) -> None:
    opening, lines = movements("2021-06-01", "2021-06-30")
    kept = [line for line in lines if line.document != "UNC01"]
    file = write_statement(tmp_path / "sao kê.xlsx", opening, kept)
    go(page, "Reconciliation", "?year=2021")
    page.locator("[name=statement]").set_input_files(str(file))
    page.locator("[name=period]").select_option("2021-06")
    page.get_by_role("button", name="Xem trước").click()
    page.wait_for_selector("[data-outcome]")
    assert "Chỉ có trong sổ" in page.locator("[data-outcome]").inner_text()
    assert faults(page) == []
    page.locator("[data-outcome] details[open] a.code").first.click()
    page.wait_for_selector(".cm-activeLine")
    assert page.locator(".cm-activeLine").inner_text().endswith("-27,500,000 VND")


def test_each_form_is_one_click_away(page: Page) -> None:
    go(page, "Settlement")
    page.locator("ul.chips a", has_text=re.compile("^CT01$")).click()
    page.wait_for_selector('section[data-form="CT01"]')
    assert page.locator("section.sheet td.money").count() > 50
    assert faults(page) == []
