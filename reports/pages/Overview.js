/**
 * What every page needs in the browser: the token that writes must show, who is logged in, the
 * language of the document, and buttons that copy.
 */

const own = "/_cnht";
const plainFetch = window.fetch.bind(window);
const asked = plainFetch(`${own}/session`, { headers: { Accept: "application/json" } })
  .then((answer) => (answer.ok ? answer.json() : null))
  .catch(() => null);

/** The fetch of the browser, which shows the token where something is written here. */
async function fetchWithToken(input, init) {
  const request = new Request(input, init);
  const reads = ["GET", "HEAD", "OPTIONS"].includes(request.method);
  if (reads || new URL(request.url).origin !== window.location.origin) {
    return plainFetch(request);
  }
  const session = await asked;
  if (session !== null) {
    request.headers.set("X-CSRF-Token", session.csrf);
  }
  return plainFetch(request);
}

/** Say who is logged in, with a way out, at the foot of the sidebar. */
async function showAccount() {
  const session = await asked;
  if (session === null) {
    return;
  }
  document.documentElement.lang = session.language;
  const aside = document.querySelector("aside");
  if (aside === null || aside.querySelector(".cnht-account") || (session.name === "" && !session.log)) {
    return;
  }
  const vi = session.language === "vi";
  const box = document.createElement("p");
  box.className = "cnht-account";
  box.style.cssText = "margin:1rem 0;padding:0 1rem;font-size:.875em;color:var(--sidebar-color)";
  if (session.log) {
    const log = element("a", { text: vi ? "Nhật ký ghi, tải" : "Log of writes" });
    log.href = `${own}/log`;
    log.dataset.remote = ""; // no page of Fava's: its router leaves it to the browser
    box.append(log);
  }
  if (session.name === "") {
    aside.append(box);
    return;
  }
  box.append(session.log ? " · " : "", `${session.name} (${session.role}) `);
  const leave = document.createElement("button");
  leave.type = "button";
  leave.className = "link";
  leave.textContent = vi ? "Đăng xuất" : "Log out";
  leave.addEventListener("click", async () => {
    await fetchWithToken(`${own}/logout`, { method: "POST" });
    window.location.assign(`${own}/login`);
  });
  box.append(leave);
  aside.append(box);
}

/** Copy a text, and say on the button that it was. */
async function copy(text, button) {
  await navigator.clipboard.writeText(text);
  button.textContent = "✓";
}

/** Copy the text above a button that says so. */
function copyOnClick(event) {
  const button = event.target instanceof Element ? event.target.closest("[data-copies]") : null;
  const text = button?.closest("[data-draft], details")?.querySelector("[data-copy]")?.textContent;
  if (text) {
    copy(text, button);
  }
}

const DRAFT = "cnht-draft";

/** Keep the text above a link that leads to the editor, for the editor to begin with. */
function draftOnClick(event) {
  const link = event.target instanceof Element ? event.target.closest("[data-drafts]") : null;
  const text = link?.closest("[data-draft], details")?.querySelector("[data-copy]")?.textContent;
  if (text) {
    window.sessionStorage.setItem(DRAFT, text);
  }
}

/** The view of Fava's editor, once it is there; null where it keeps it elsewhere. */
async function editorView() {
  for (let tries = 0; tries < 100; tries += 1) {
    const content = document.querySelector("form.fixed-fullsize-container .cm-content");
    if (content !== null) {
      return content.cmTile?.view ?? content.cmView?.view ?? null;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return null;
}

/** Put a draft at the end of the file that is open in the editor; the officer completes and saves it. */
async function draftIntoEditor() {
  const text = window.sessionStorage.getItem(DRAFT);
  if (text === null || !/\/editor\/?$/.test(window.location.pathname)) {
    return;
  }
  window.sessionStorage.removeItem(DRAFT);
  const view = await editorView();
  if (view === null) {
    return;
  }
  const from = view.state.doc.length;
  const blank = from + 1 + Math.max(text.indexOf("…"), 0); // where the officer types first
  view.dispatch({ changes: { from, insert: `\n${text}\n` }, selection: { anchor: blank, head: blank + 1 }, scrollIntoView: true });
  view.focus();
}

/**
 * Messages may be of several lines (the difference between two versions of a file), and the pages
 * of the programme come first in the sidebar.
 */
function styleFava() {
  const style = document.createElement("style");
  style.textContent = `
    .notifications li { white-space: pre-wrap; max-height: 70vh; overflow: auto; }
    .notifications li[data-kept] button { margin-inline-end: .5rem; }
    aside { display: flex; flex-direction: column; }
    aside > ul:has(a[href*="/extension/Overview/"]) { order: -1; }
  `;
  document.head.append(style);
}

/** Whoever only reads is offered nothing that writes; the server refuses it in any case. */
async function hideWriting() {
  const session = await asked;
  if (session === null || session.writes) {
    return;
  }
  const style = document.createElement("style");
  style.textContent = `
    a[href="#add-transaction"], dialog button[type="submit"],
    form.fixed-fullsize-container button[data-key="Control+s"] { display: none; }
  `;
  document.head.append(style);
}

/** An element with text and children. */
function element(name, { text = "", className = "" } = {}, ...children) {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  made.append(...children);
  return made;
}

/** What a voucher would leave, as a table. */
function leftTable(rows, words) {
  const look = (name, kind) => (name !== "account" ? "amt" : kind === "td" ? "code" : "");
  const cells = (names, kind, row) => names.map((name) => element(kind, { text: row[name], className: look(name, kind) }));
  const names = ["account", "before", "after"];
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...cells(names, "th", words))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells(names, "td", row)))),
  );
}

/** A part of a page that the server made, where all text of the book is escaped. */
function fragment(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

/** Why the server refuses, and what to do; what opens beside the form leaves it as it was typed. */
function refusal(problems, words, links = []) {
  const items = problems.map(({ text, remedy }) => element("li", { text: remedy ? `${text} → ${remedy}` : text }));
  const ways = links.map(({ text, link }) => {
    const way = element("a", { text });
    way.href = link;
    way.target = "_blank";
    way.dataset.remote = ""; // a tab of its own: Fava's router leaves it to the browser
    return element("p", {}, way);
  });
  return element("div", { className: "note bad" }, element("p", { text: words.problems }), element("ul", {}, ...items), ...ways);
}

/** Where the book has the number of a voucher already. */
function againNote(entries, words) {
  const items = entries.map(({ day, narration, place, link }) => {
    const where = element("a", { text: place, className: "code" });
    where.href = link;
    return element("li", { text: `${day} · ${narration} ` }, where);
  });
  const note = element("div", { className: "note warn" }, element("p", { text: words.again }), element("ul", {}, ...items));
  note.setAttribute("role", "alert");
  return note;
}

/** What the server says of a voucher. */
function shown(answer, words, saved) {
  if (answer.problems) {
    return [refusal(answer.problems, words, answer.links)];
  }
  const files = answer.files.join(", ");
  if (saved) {
    return [element("p", { text: `${words.saved} ${files}.`, className: "note good" })];
  }
  const findings = answer.findings.map(({ code, label, message }) =>
    element("li", { text: `${code} (${label}): ${message}` }),
  );
  const judged = findings.length
    ? element("div", { className: "note bad" }, element("p", { text: words.found }), element("ul", {}, ...findings))
    : element("p", { text: words.none, className: "note good" });
  return [
    ...(answer.again.length ? [againNote(answer.again, words)] : []),
    ...(answer.pledged ? [element("p", { text: answer.pledged, className: "note warn" })] : []),
    answer.answer ? fragment(answer.answer) : judged,
    ...(answer.left.length ? [element("h3", { text: words.left }), leftTable(answer.left, words)] : []),
    element("h3", { text: `${words.text} ${files}` }),
    element("pre", { text: answer.text }),
  ];
}

/** Show that an answer is being made, in place of the last one; the way to end it. */
function atWork(form, result, words) {
  result.replaceChildren(element("p", { text: words.working, className: "soft" }));
  result.setAttribute("aria-busy", "true");
  const buttons = form.querySelectorAll("button");
  const pressed = document.activeElement; // a button that is disabled loses the keyboard
  buttons.forEach((button) => (button.disabled = true));
  return () => {
    result.removeAttribute("aria-busy");
    buttons.forEach((button) => (button.disabled = false));
    pressed?.focus({ preventScroll: true });
    result.scrollIntoView({ block: "nearest" });
  };
}

/** The same for a form that the browser sends itself: what comes is a page of its own. */
function leaveForAnswer(form) {
  const button = form.querySelector("[data-working]");
  button.textContent = button.dataset.working;
  button.disabled = true;
  document.querySelector("[data-result]")?.replaceChildren();
}

const LOGGED_OUT = 401;

/** What the server answered; whose session is over is told to log in again. */
async function toldBy(answer, words) {
  return answer.status === LOGGED_OUT ? { error: words.expired } : answer.json();
}

/** Send a voucher to be looked at, or to be saved. */
async function sendVoucher(form, action) {
  const result = document.querySelector("[data-result]");
  const words = JSON.parse(result.dataset.words);
  const save = form.querySelector("[data-save]"); // none for whoever only reads
  const values = { form: form.dataset.voucher, ...Object.fromEntries(new FormData(form)) };
  const asked = typed(form);
  const done = atWork(form, result, words);
  let mayBeSaved = false;
  let isSaved = false;
  try {
    const where = `${window.location.pathname.replace(/\/$/, "")}/${action}`;
    const answer = await fetchWithToken(where, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(values),
    });
    const told = await toldBy(answer, words);
    const problems = told.error ? [{ text: told.error }] : told.problems;
    result.replaceChildren(...shown({ ...told, problems }, words, action === "save"));
    mayBeSaved = answer.ok && action === "preview" && typed(form) === asked;
    if (save && action === "preview") {
      save.toggleAttribute("data-forbidden", Boolean(told.forbidden));
    }
    isSaved = answer.ok && action === "save";
  } catch {
    result.replaceChildren(element("p", { text: words.failed, className: "note bad" }));
  }
  done();
  if (isSaved) {
    clearTyped(form);
  }
  if (save) {
    save.disabled = !mayBeSaved;
  }
}

const TYPED = "cnht-typed-";

/** What stands in a form; what was looked at is told from what was typed since by it. */
function typed(form) {
  return JSON.stringify(Object.fromEntries(new FormData(form)));
}

/** Keep what is typed for as long as the tab is open: the page may be loaded anew meanwhile. */
function keepTyped(form) {
  window.sessionStorage.setItem(TYPED + form.dataset.voucher, typed(form));
}

/** An empty form, and nothing kept of it. */
function clearTyped(form) {
  window.sessionStorage.removeItem(TYPED + form.dataset.voucher);
  form.reset();
  narrowContents(form);
  startTyping(form);
}

/** What was typed into the form before, unless the address says what it begins with. */
function restoreTyped(form) {
  const typed = window.sessionStorage.getItem(TYPED + form.dataset.voucher);
  if (typed === null || new URLSearchParams(window.location.search).has("name")) {
    return;
  }
  for (const [name, value] of Object.entries(JSON.parse(typed))) {
    const field = form.elements.namedItem(name);
    if (field !== null) {
      field.value = value;
    }
  }
}

/** The keyboard in the first field, where there is one: on a telephone it would hide the page. */
function startTyping(form) {
  if (window.matchMedia("(pointer: fine)").matches) {
    form.querySelector("input, select").focus({ preventScroll: true });
  }
}

/** Send a statement to be set beside the book; nothing is written. */
async function sendStatement(form) {
  const result = document.querySelector("[data-result]");
  const words = JSON.parse(result.dataset.words);
  const done = atWork(form, result, words);
  try {
    const where = `${window.location.pathname.replace(/\/$/, "")}/preview`;
    const answer = await fetchWithToken(where, { method: "POST", body: new FormData(form) });
    const told = await toldBy(answer, words);
    const problems = told.error ? [{ text: told.error }] : told.problems;
    result.replaceChildren(problems ? refusal(problems, words) : fragment(told.html));
  } catch {
    result.replaceChildren(element("p", { text: words.failed, className: "note bad" }));
  }
  done();
}

/** An amount with its thousands parted; as it was typed where it is not certain which is meant. */
function grouped(typed, mark) {
  const plain = typed.trim();
  if (!/^(\d+|\d{1,3}(\.\d{3})+|\d{1,3}(,\d{3})+)$/.test(plain)) {
    return typed;
  }
  return plain.replace(/[.,]/g, "").replace(/\B(?=(\d{3})+$)/g, mark);
}

/** Part the thousands of an amount once it is typed. */
function groupThousands(event) {
  const input = event.target;
  if (input instanceof HTMLInputElement && input.matches(".cnht input.money")) {
    input.value = grouped(input.value, document.documentElement.lang === "en" ? "," : ".");
  }
}

/** What a difference adds: the lines of whoever could not save. */
function addedLines(difference) {
  const lines = difference.split("\n").slice(1);
  return lines.filter((line) => line.startsWith("+")).map((line) => line.slice(1));
}

/** A copy of a notice that stays, with a button that closes it and one for the lines not saved. */
function keptNotice(notice) {
  const vi = document.documentElement.lang !== "en";
  const text = notice.textContent;
  const kept = notice.cloneNode(true);
  const close = element("button", { text: "✕", className: "muted" });
  close.type = "button";
  close.setAttribute("aria-label", vi ? "Đóng" : "Close");
  close.addEventListener("click", () => kept.remove());
  kept.dataset.kept = text.split("\n")[0];
  kept.prepend(close);
  const added = addedLines(text);
  if (added.length) {
    const button = element("button", { text: vi ? "Chép các dòng + của bạn" : "Copy your + lines" });
    button.type = "button";
    button.addEventListener("click", () => copy(added.join("\n"), button));
    close.after(button, element("br"));
  }
  return kept;
}

/** What Fava puts before a message of the server: nothing that an officer can use. */
const STATUS = /^HTTP \d{3} - /;

/**
 * A notice of several lines (the difference between two versions of a file) stays until it is
 * dismissed, or told anew: Fava takes its own away after five seconds, so a copy takes its place.
 */
function keepLongNotices() {
  const keep = (notice) => {
    if ("kept" in notice.dataset) {
      return;
    }
    for (const node of notice.childNodes) {
      if (node.nodeType === Node.TEXT_NODE && STATUS.test(node.data)) {
        node.data = node.data.replace(STATUS, "");
      }
    }
    if (!notice.textContent.includes("\n")) {
      return;
    }
    const kept = keptNotice(notice);
    const told = [...notice.parentElement.querySelectorAll("[data-kept]")];
    told.filter((other) => other.dataset.kept === kept.dataset.kept).forEach((other) => other.remove());
    notice.replaceWith(kept);
  };
  const watch = () => {
    const list = document.querySelector(".notifications");
    if (list !== null && !("watched" in list.dataset)) {
      list.dataset.watched = "";
      list.querySelectorAll("li").forEach(keep);
      new MutationObserver(() => list.querySelectorAll("li").forEach(keep)).observe(list, { childList: true });
    }
  };
  new MutationObserver(watch).observe(document.body, { childList: true });
  watch();
}

/** Where Fava prints words of its own, and never what a book holds. */
const FAVAS_WORDS = [
  "article form button", "ol.journal .flag", "article > p", "article > p a", "article th", "article svg text", ".tooltip em",
  ".notifications li", ".overlay p", ".overlay h3", "menu button", "menu span", "[role=menuitem]",
  ".last-activity",
].join(",");
const DIGITS = { number: "[−-]?[\\d.]+", year: "\\d{4}", day: "\\d{2}" };

/** A message with names of what changes in it, as a pattern. */
function pattern(message) {
  const [first, ...rest] = message.split(/%\((\w+)\)s/);
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  let source = literal(first);
  for (let at = 0; at < rest.length; at += 2) {
    source += `(?<${rest[at]}>${DIGITS[rest[at]] ?? "[^]+"})${literal(rest[at + 1])}`;
  }
  return new RegExp(`^${source}$`);
}

/** An amount beside an axis, without the zeros that say nothing. */
function shortNumber(typed) {
  return typed.includes(".") ? typed.replace(/\.?0+$/, "").replace(".", ",") : typed;
}

/** The words of Fava's catalogue, by what its script writes in English. */
function translator() {
  const script = document.getElementById("translations");
  const words = new Map(Object.entries(JSON.parse(script?.textContent || "{}")));
  const patterns = [...words.keys()].filter((word) => word.includes("%(")).map((word) => [pattern(word), words.get(word)]);
  return (text) => {
    if (words.has(text)) {
      return words.get(text);
    }
    for (const [known, said] of patterns) {
      const found = known.exec(text)?.groups;
      if (found) {
        return said.replace(/%\((\w+)\)s/g, (_, name) => (name === "number" ? shortNumber(found[name]) : found[name]));
      }
    }
    return text;
  };
}

/**
 * Some of what Fava's script prints it does not ask its catalogue for (months, names of columns,
 * kinds of entries): it is asked here, where it stands.
 */
function translateFava() {
  const translate = translator();
  const empty = translate("This book has no prices of currencies or goods.");
  const style = document.createElement("style");
  style.textContent = `body:has(aside a.selected[href*="/commodities/"]) article:not(:has(h3))::after {
    content: ${JSON.stringify(empty)}; display: block; padding: 1rem 0; }`;
  document.head.append(style);
  const confirm = window.confirm.bind(window);
  window.confirm = (asked) => confirm(translate(asked));
  const put = (place) => {
    if (place.closest(".cnht, .cm-editor")) {
      return;
    }
    for (const node of place.childNodes) {
      const text = node.nodeType === Node.TEXT_NODE ? node.data.trim() : "";
      const said = text && translate(text);
      if (text && said !== text) {
        if (place.title?.includes(text)) {
          place.title = place.title.replace(text, said);
        }
        node.data = node.data.replace(text, () => said);
      }
    }
  };
  const look = (root) => {
    const parent = root.nodeType === Node.TEXT_NODE ? root.parentElement : root;
    if (parent?.matches?.(FAVAS_WORDS)) {
      put(parent);
    }
    if (root.nodeType === Node.ELEMENT_NODE) {
      root.querySelectorAll(FAVAS_WORDS).forEach(put);
    }
  };
  new MutationObserver((changes) =>
    changes.forEach(({ type, target, addedNodes }) => (type === "characterData" ? look(target) : addedNodes.forEach(look))),
  ).observe(document.body, { childList: true, subtree: true, characterData: true });
  look(document.body);
}

/** Offer the contents of spending that the chosen task allows; all of them while none is chosen. */
function narrowContents(form) {
  const task = form.querySelector("[name=task]")?.value;
  const contents = form.querySelector("[name=activity]");
  for (const option of contents?.querySelectorAll("option[data-tasks]") ?? []) {
    option.hidden = Boolean(task) && !option.dataset.tasks.split(" ").includes(task);
    if (option.hidden && option.selected) {
      contents.value = "";
    }
  }
}

/** The events of the voucher's form. */
function listenToVouchers() {
  document.addEventListener("change", groupThousands);
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest("[data-voucher]") : null;
    if (form !== null) {
      narrowContents(form);
      keepTyped(form);
      form.querySelector("[data-save]")?.setAttribute("disabled", "");
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-voucher]")) {
      event.preventDefault();
      sendVoucher(event.target, "preview");
    }
    if (event.target instanceof Element && event.target.querySelector("[data-working]")) {
      leaveForAnswer(event.target);
    }
    if (event.target instanceof Element && event.target.matches("[data-statement]")) {
      event.preventDefault();
      sendStatement(event.target);
    }
  });
  document.addEventListener("click", (event) => {
    const form = event.target instanceof Element ? event.target.closest("[data-clear]")?.closest("form") : null;
    if (form) {
      clearTyped(form);
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-save]") : null;
    if (button !== null && !button.disabled) {
      const words = JSON.parse(document.querySelector("[data-result]").dataset.words);
      if (!button.hasAttribute("data-forbidden") || window.confirm(words.sure)) {
        sendVoucher(button.closest("form"), "save");
      }
    }
  });
}

export default {
  init() {
    window.fetch = fetchWithToken;
    document.addEventListener("click", copyOnClick);
    document.addEventListener("click", draftOnClick, { capture: true }); // before Fava's router goes
    styleFava();
    hideWriting();
    translateFava();
    keepLongNotices();
    listenToVouchers();
  },
  onPageLoad() {
    showAccount();
    draftIntoEditor();
    const form = document.querySelector("[data-voucher]");
    if (form !== null) {
      restoreTyped(form);
      narrowContents(form);
    }
    if (form !== null && document.activeElement === document.body) {
      startTyping(form);
    }
  },
};
