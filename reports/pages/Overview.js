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
  document.documentElement.toggleAttribute("data-reads-only", !session.writes);
  const aside = document.querySelector("aside");
  if (session.name === "" || aside === null || aside.querySelector(".cnht-account")) {
    return;
  }
  const vi = session.language === "vi";
  const box = document.createElement("p");
  box.className = "cnht-account";
  box.style.cssText = "margin:1rem 0;padding:0 1rem;font-size:.875em;color:var(--sidebar-color)";
  box.textContent = `${session.name} (${session.role}) `;
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

/** Copy the text above a button that says so. */
function copyOnClick(event) {
  const button = event.target instanceof Element ? event.target.closest("[data-copies]") : null;
  const text = button?.closest("details")?.querySelector("[data-copy]")?.textContent;
  if (text) {
    navigator.clipboard.writeText(text).then(() => {
      button.textContent = "✓";
    });
  }
}

/**
 * Messages may be of several lines (the difference between two versions of a file), and the pages
 * of the programme come first in the sidebar.
 */
function styleFava() {
  const style = document.createElement("style");
  style.textContent = `
    .notifications li { white-space: pre-wrap; max-height: 70vh; overflow: auto; }
    aside { display: flex; flex-direction: column; }
    aside > ul:has(a[href*="/extension/Overview/"]) { order: -1; }
  `;
  document.head.append(style);
}

export default {
  init() {
    window.fetch = fetchWithToken;
    document.addEventListener("click", copyOnClick);
    styleFava();
  },
  onPageLoad() {
    showAccount();
  },
};
