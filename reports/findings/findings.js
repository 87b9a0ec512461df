
"use strict";
(() => {
  const filter = document.getElementById("filter");
  const rows = [...document.querySelectorAll("[data-severity]")];
  const sections = [...document.querySelectorAll("[data-group]")];
  const counted = document.getElementById("counted");

  const show = () => {
    const severity = filter.elements.severity.value;
    const rule = filter.elements.rule.value;
    for (const row of rows) {
      row.hidden = (severity && row.dataset.severity !== severity) ||
        (rule && row.dataset.rule !== rule);
    }
    for (const section of sections) {
      section.hidden = !section.querySelector("[data-severity]:not([hidden])");
    }
    counted.textContent = rows.filter((row) => !row.hidden).length;
  };

  filter.hidden = false;
  filter.addEventListener("change", show);
  filter.addEventListener("reset", () => setTimeout(show));
  addEventListener("beforeprint", () => {
    for (const more of document.querySelectorAll("details")) more.open = true;
  });
  show();
})();
