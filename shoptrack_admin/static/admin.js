// Conveniences. Every page does its work without them.
"use strict";

// An error summary takes the focus, as browsers give it to a form's field only.
document.querySelector(".summary")?.focus();

// Whoever leaves a form with changes that are not saved is asked first.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let changed = form.querySelector(".summary") !== null;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

// A search box among choices finds while one types; without this, its button does.
for (const finder of document.querySelectorAll("[data-choices]")) {
  const [box, searched] = finder.querySelectorAll("input");
  const select = document.getElementById(finder.dataset.select);
  const button = finder.querySelector("button");
  let waiting;
  const find = async () => {
    const text = box.value;
    const answer = await fetch(`${finder.dataset.choices}?${new URLSearchParams({ search: text })}`);
    if (!answer.ok || answer.redirected || text !== box.value) return;
    const { choices } = await answer.json();
    const kept = [...select.options].filter((option) => option.value === "" || option.selected);
    const others = choices.filter(({ id }) => !kept.some((option) => option.value === String(id)));
    select.replaceChildren(...kept, ...others.map(({ id, label }) => new Option(label, id)));
    if (text && others.length === 1 && select.value === "") select.value = others[0].id;
    searched.value = text;
  };
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 200); });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); find(); } });
  button.addEventListener("click", (event) => { event.preventDefault(); find(); });
}
