// Enhancements: every page works without them.

import { enhance } from "./combobox.js";

// Focus the error summary: autofocus works for form fields only.
document.querySelector(".summary")?.focus();

// Ask before leaving a form with unsaved changes.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let changed = form.querySelector(".summary") !== null;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

enhance(document);
