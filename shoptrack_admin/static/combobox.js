// Comboboxes: the inputs of references, which search while one types. The pattern is ARIA's editable combobox with a
// list. Without scripts, each is a select with a search.
//
// For other modules: import { enhance, getChoice, choose } from "./combobox.js"
//
//   enhance(element)        makes comboboxes of the references in an element that is in the document, for example in a
//                           line that was cloned from a <template>. What was enhanced before stays.
//   getChoice(select)       the chosen row, or null: {id, label, secondary, values}. `values` has the texts of the row's
//                           fields by their names, as in values.unit and values.category.
//   choose(select, choice)  chooses a row that getChoice has returned, or nothing for null, as when a draft is restored
//
// The macro `field` (or `choice`) of templates/rows/fields.jinja2 makes the markup. Its select keeps its name and has the value, but
// it is hidden, and the visible input has taken its id: field-lines-0-product_id.
//
// Events "input" and "change" on the select, which bubble, say that another row was chosen. Their `detail` is the row,
// or null as soon as the text was edited. Enter chooses the active row, and does not submit the form. The event
// "keydown" of an Enter that chooses is `defaultPrevented` when it bubbles, and the list was open. A text that chooses
// nothing stops its form from being sent, unless the button has `formnovalidate`. Then it is sent as search-<name>, with
// an empty <name>, and the server asks to choose.

import { addRow } from "./new_row.js";

const WAIT = 150; // milliseconds between the last key and the search
const boxes = new WeakMap(); // by select
const texts = document.body.dataset;

export function enhance(root) {
  const fields = [...root.querySelectorAll("[data-choices]")];
  if (root.matches?.("[data-choices]")) fields.push(root);
  for (const field of fields) {
    const select = field.querySelector("select");
    if (select && !boxes.has(select)) boxes.set(select, new Combobox(field, select));
  }
}

export function getChoice(select) {
  return boxes.get(select)?.choice ?? null;
}

export function choose(select, choice) {
  boxes.get(select)?.choose(choice);
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

class Combobox {
  constructor(field, select) {
    Object.assign(this, { field, select, options: [], active: -1, moved: false });
    this.isFreeText = field.dataset.text !== undefined; // in a filter that finds any text, sent by this name
    const id = select.id || field.querySelector("[type=search]").id;
    select.removeAttribute("id");
    select.hidden = true;
    select.disabled = false;
    const label = field.querySelector("label");
    this.input = make("input", {
      id, type: "text", role: "combobox", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
      placeholder: select.options[0]?.value === "" ? select.options[0].text : "",
    });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    }
    if (select.required) this.input.setAttribute("aria-required", "true");
    select.required = false;
    this.list = make("ul", { id: `${id}-list`, role: "listbox", "aria-label": label.textContent.trim(), hidden: "" });
    this.toggle = make("button", { type: "button", tabindex: "-1", "aria-label": texts.showChoices, class: "toggle" });
    this.status = field.querySelector("[role=status]") ?? make("p", { role: "status", class: "help finder-status" });
    select.after(make("div", { class: "combobox" }, this.input, this.toggle, this.list), this.status);
    this.takeOverSearch();
    this.choice = this.readChoice();
    this.show();
    if (!this.typed.value) this.say("");
    this.listen();
  }

  // The search without scripts becomes hidden inputs, which say what was typed but not chosen.
  takeOverSearch() {
    const { name } = this.select;
    const typed = this.field.querySelector("[type=search]");
    this.typed = make("input", { type: "hidden", name: `search-${name}` });
    this.typed.value = typed?.value ?? "";
    (typed?.closest(".finder") ?? typed)?.remove();
    this.select.after(this.typed);
    if (this.isFreeText) this.typed.name = this.field.dataset.text;
  }

  readChoice() {
    const option = this.select.selectedOptions[0];
    if (!option?.value) return null;
    return option.dataset.choice ? JSON.parse(option.dataset.choice) : { id: Number(option.value), label: option.text, secondary: "", values: {} };
  }

  show() {
    this.input.value = this.choice?.label ?? this.typed.value;
    this.update();
  }

  // Only a text that chooses nothing is sent.
  update() {
    this.typed.value = this.choice ? "" : this.input.value.trim();
    this.typed.disabled = this.typed.value === "";
    this.input.classList.toggle("unchosen", this.typed.value !== "");
  }

  choose(choice, text = choice?.label ?? "") {
    const differs = (choice?.id ?? null) !== (this.choice?.id ?? null);
    this.choice = choice;
    const { select } = this;
    if (choice && ![...select.options].some((option) => option.value === String(choice.id))) {
      select.append(new Option(choice.label, choice.id));
    }
    select.value = choice?.id ?? "";
    if (this.input.value !== text) this.input.value = text;
    this.update();
    if (!differs) return;
    for (const name of ["input", "change"]) {
      select.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: choice }));
    }
  }

  listen() {
    const { input, list, toggle } = this;
    input.addEventListener("input", () => this.edit());
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => this.open());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.leave());
    // The focus stays in the input.
    for (const element of [list, toggle]) element.addEventListener("mousedown", (event) => event.preventDefault());
    toggle.addEventListener("click", () => { input.focus(); if (list.hidden) this.open(); else this.close(); });
    list.addEventListener("click", (event) => {
      const index = [...list.children].indexOf(event.target.closest("li"));
      if (index >= 0) this.take(index);
    });
    this.select.form?.addEventListener("submit", (event) => this.check(event), { capture: true });
    window.addEventListener("pageshow", () => {
      const choice = this.readChoice(); // which going back may have restored
      if (choice?.id !== this.choice?.id && document.activeElement !== input) { this.choice = choice; this.show(); }
    });
  }

  edit() {
    this.choose(null, this.input.value);
    this.entered = false;
    this.find(this.input.value, WAIT);
  }

  open() {
    if (this.list.hidden && !this.searching) this.find(this.choice ? "" : this.input.value, 0);
  }

  close() {
    this.stop();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
    this.moved = false;
  }

  stop() {
    clearTimeout(this.timer);
    this.searching?.abort();
    this.searching = null;
  }

  find(text, wait) {
    this.stop();
    this.options = [];
    this.isOnlyOne = false;
    this.activate(-1);
    const searching = new AbortController();
    this.searching = searching;
    this.timer = setTimeout(() => this.search(text, searching), wait);
  }

  async search(text, searching) {
    const url = new URL(this.field.dataset.choices, location);
    url.searchParams.set("search", text);
    let found;
    try {
      const response = await fetch(url, { signal: searching.signal, headers: { Accept: "application/json" } });
      if (response.redirected) return this.fail(texts.sessionEnded);
      if (!response.ok) return this.fail(texts.failed);
      found = await response.json();
    } catch {
      if (!searching.signal.aborted) this.fail(texts.failed);
      return;
    }
    if (searching.signal.aborted) return;
    this.searching = null;
    this.fill(found, text);
  }

  fail(message) {
    this.close();
    this.say(message, true);
  }

  say(message, isError = false) {
    this.status.textContent = message;
    this.status.className = isError ? "error finder-status" : "help finder-status";
  }

  fill({ choices, complete, status }, text) {
    this.options = choices;
    const items = choices.map(({ label, secondary, recent }, number) => (
      this.makeItem(number, label, secondary, recent && !choices[number + 1]?.recent ? "last-recent" : "")
    ));
    const { newLabel } = this.field.dataset, name = text.trim();
    if (newLabel) items.push(this.makeItem(choices.length, `+ ${newLabel}${name && ` “${name}”`}`, "", "new"));
    this.list.replaceChildren(...items);
    this.say(status);
    this.isOnlyOne = complete && choices.length === 1;
    if (document.activeElement !== this.input) { this.leave(); return; }
    this.list.hidden = this.list.children.length === 0;
    this.list.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    const chosen = choices.findIndex(({ id }) => id === this.choice?.id);
    this.activate(text.trim() && !this.isFreeText && choices.length ? 0 : chosen);
    if (this.entered && this.isOnlyOne) this.take(0);
    this.entered = false;
  }

  makeItem(number, label, secondary, className) {
    const item = make("li", { id: `${this.input.id}-option-${number}`, role: "option", "aria-selected": "false", class: className }, make("span", {}, label));
    if (secondary) item.append(" ", make("small", {}, secondary));
    return item;
  }

  activate(index) {
    this.active = index;
    const items = [...this.list.children];
    items.forEach((item, number) => item.setAttribute("aria-selected", String(number === index)));
    if (items[index] && !this.list.hidden) {
      this.input.setAttribute("aria-activedescendant", items[index].id);
      items[index].scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  take(index) {
    const choice = this.options[index];
    this.close();
    this.say("");
    if (!choice) { this.addNew(); return; }
    this.choose(choice);
    if (document.activeElement === this.input) this.input.select(); // so that typing replaces it
  }

  async addNew() {
    const { new: path, newKey, newLabel } = this.field.dataset, url = new URL(path, location);
    if (newKey && !this.choice) url.searchParams.set(newKey, this.input.value.trim());
    const added = await addRow(url, newLabel, enhance);
    this.input.focus();
    if (!added) return;
    this.choose(added.choices[0]);
    this.say(added.messages.join(" "));
  }

  // A text that chooses nothing stops its form once more.
  check(event) {
    if (this.choice || this.isFreeText || !this.typed.value || !this.input.isConnected || event.submitter?.formNoValidate) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.input.focus();
    this.say(texts.choose, true);
  }

  press(event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    const isOpen = !this.list.hidden, last = this.list.children.length - 1;
    const move = (index) => { event.preventDefault(); this.moved = true; this.activate(index); };
    switch (event.key) {
      case "ArrowDown":
        if (isOpen && !event.altKey) move(this.active >= last ? 0 : this.active + 1);
        else { event.preventDefault(); this.open(); }
        break;
      case "ArrowUp":
        if (isOpen && event.altKey) { event.preventDefault(); this.close(); }
        else if (isOpen) move(this.active <= 0 ? last : this.active - 1);
        else { event.preventDefault(); this.open(); }
        break;
      case "Home": case "End": // within the text, until the arrows were used
        if (isOpen && this.moved) move(event.key === "Home" ? 0 : last);
        break;
      case "Enter":
        if (isOpen && this.active >= 0) { event.preventDefault(); this.take(this.active); }
        else if (!this.isFreeText) { event.preventDefault(); this.entered = Boolean(this.searching); }
        break;
      case "Escape":
        if (isOpen) { event.preventDefault(); event.stopPropagation(); this.close(); }
        else if (this.input.value && !this.input.closest("dialog")) { event.preventDefault(); this.choose(null); this.say(""); }
        break;
      case "Tab":
        if (isOpen && this.active >= 0 && (this.moved || !this.choice)) this.take(this.active);
    }
  }

  // A text that finds one row alone means it. Any other has to be chosen.
  leave() {
    if (this.searching) return; // which comes back here
    this.close();
    if (this.choice || this.isFreeText || !this.input.value.trim()) return;
    if (this.isOnlyOne) this.take(0);
    else this.say(texts.choose, true);
  }
}
