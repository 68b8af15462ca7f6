// Enhancements: every page works without them.
"use strict";

// Focus the error summary: autofocus works for form fields only.
document.querySelector(".summary")?.focus();

// Ask before leaving a form with unsaved changes.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let changed = form.querySelector(".summary") !== null;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

// Search for choices while typing; without scripts, the button searches.
for (const finder of document.querySelectorAll("[data-choices]")) {
  const [box, searched] = finder.querySelectorAll("input");
  const select = document.getElementById(finder.dataset.select);
  const button = finder.querySelector("button");
  let timer;
  const find = async () => {
    const text = box.value;
    const response = await fetch(`${finder.dataset.choices}?${new URLSearchParams({ search: text })}`);
    if (!response.ok || response.redirected || text !== box.value) return;
    const { choices } = await response.json();
    const current = [...select.options].filter((option) => option.value === "" || option.selected);
    const others = choices.filter(({ id }) => !current.some((option) => option.value === String(id)));
    select.replaceChildren(...current, ...others.map(({ id, label }) => new Option(label, id)));
    if (text && others.length === 1 && select.value === "") select.value = others[0].id;
    searched.value = text;
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, 200); });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); find(); } });
  button.addEventListener("click", (event) => { event.preventDefault(); find(); });
}
