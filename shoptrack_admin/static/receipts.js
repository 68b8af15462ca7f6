// The form of a receipt: lines that follow each other by Enter, the running total, what was bought last, and a draft
// that stays in the browser until it was saved.

import { choose, enhance, getChoice } from "./combobox.js";

const form = document.querySelector("form.receipt");
const list = form.querySelector(".lines-of-receipt");
const template = form.querySelector("template");
const settings = form.dataset;
const store = form.elements.store_id;
const paperTotal = form.elements.paper_total;

// ---- Amounts, as whole numbers of the currency's smallest unit

const DIGITS = Number(settings.digits);
const MINUSES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u30fc\uff70]/g;
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const GROUP = escape(settings.groupMark), MARK = escape(settings.decimalMark);
const NUMBER = new RegExp(`^([+-]?)([1-9]\\d{0,2}(?:${GROUP}\\d{3})+|\\d*)(?:${MARK}(\\d*))?$`);

// Returns null for a text that is no number. The server has the last word, and says what is wrong.
function parseDecimal(text, digits) {
  const folded = text.normalize("NFKC").replace(MINUSES, "-").replace(/[\p{Sc}\p{L}\s]/gu, "");
  const [whole, sign, before, after = ""] = NUMBER.exec(folded) ?? [""];
  if (!/\d/.test(whole) || after.replace(/0+$/, "").length > digits) return null;
  const amount = BigInt(before.replaceAll(settings.groupMark, "") + after.slice(0, digits).padEnd(digits, "0") || 0);
  return sign === "-" ? -amount : amount;
}

function parseAmount(text) {
  return parseDecimal(text, DIGITS);
}

function formatAmount(amount) {
  const [, before, after] = /^(\D*).*?(\D*)$/.exec(amount < 0n ? settings.negative : settings.zero);
  const digits = String(amount < 0n ? -amount : amount).padStart(DIGITS + 1, "0");
  const whole = BigInt(digits.slice(0, digits.length - DIGITS)).toLocaleString(document.documentElement.lang);
  return before + whole + (DIGITS ? settings.decimalMark + digits.slice(-DIGITS) : "") + after;
}

// ---- Lines

const getLines = () => [...list.querySelectorAll(".line")];
const getLine = (element) => element.closest?.(".line");
const getInput = (line, key) => form.elements[`${line.dataset.prefix}${key}`];
const getProductInput = (line) => document.getElementById(`field-${line.dataset.prefix}product_id`);
let nextNumber = 0;

function isEmpty(line) {
  return ["product_id", "quantity", "price"].every((key) => getInput(line, key).value.trim() === "")
    && getProductInput(line).value.trim() === "";
}

function addLine() {
  if (getLines().length >= Number(settings.maxLines)) return null;
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("lines-new-", `lines-${nextNumber++}-`);
  const line = holder.content.firstElementChild;
  list.append(line);
  prepare(line);
  return line;
}

function prepare(line) {
  line.querySelector(".remove").hidden = false;
  enhance(line);
  numberLines();
}

function numberLines() {
  getLines().forEach((line, index) => { line.querySelector(".position").textContent = index + 1; });
}

// Returns the line behind another one; behind the last, a new one. A receipt that is full has none.
function getNextLine(line) {
  return line.nextElementSibling ?? addLine();
}

function remove(line) {
  const next = getNextLine(line) ?? line.previousElementSibling;
  line.remove();
  numberLines();
  getProductInput(next).focus();
  changed();
}

// ---- Enter goes on: to what a line still needs, and then to the next line

function goOn(line, from) {
  const [quantity, price] = ["quantity", "price"].map((key) => getInput(line, key));
  if (from === getProductInput(line) && isEmpty(line)) return paperTotal.focus();
  if (from === price) takePrice(line);
  // A quantity for which the server was asked comes later: keys that are pressed meanwhile belong to the next line.
  const needed = [getProductInput(line), price, ...(awaited.has(line) ? [] : [quantity])];
  const missing = needed.find((input) => input.value.trim() === "");
  if (missing) return missing.focus();
  const next = getNextLine(line);
  (next ? getProductInput(next) : paperTotal).focus();
}

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey) return save(event);
  const { target } = event, line = getLine(target);
  if (!target.matches("input, select") || target === paperTotal) return;
  event.preventDefault();
  if (document.activeElement !== target) return; // choosing a row has gone on already
  if (line) {
    const isProduct = target === getProductInput(line);
    if (!isProduct || isEmpty(line) || getInput(line, "product_id").value) goOn(line, target);
  } else if (target.value) getProductInput(getLines()[0]).focus();
});

function save(event) {
  event.preventDefault();
  form.requestSubmit(form.querySelector(".primary"));
}

// A product that was chosen by Enter, a click or a tap goes on. Tab goes where it always goes.
let isTab = false;
form.addEventListener("keydown", (event) => { isTab = event.key === "Tab"; }, true);
form.addEventListener("pointerdown", () => { isTab = false; }, true);

form.addEventListener("change", (event) => {
  const line = getLine(event.target);
  if (event.target === store) return update(getLines());
  if (!line || event.target !== getInput(line, "product_id")) return;
  update([line]);
  const input = getProductInput(line);
  if (event.target.value && !isTab && document.activeElement === input && input !== event.target) goOn(line);
});

list.addEventListener("click", (event) => {
  const line = getLine(event.target);
  if (event.target.closest(".remove")) remove(line);
  if (event.target.closest(".take")) goOn(line, getInput(line, "price"));
});

// ---- What was bought last: its quantity is entered, its price is offered

const awaited = new Set(); // lines for which the server was asked

async function update(lines) {
  const chosen = lines.filter((line) => getInput(line, "product_id").value);
  for (const line of lines) if (!chosen.includes(line)) show(line, null);
  if (!chosen.length) return;
  const url = new URL(settings.lastPurchases, location);
  url.searchParams.set("store_id", store.value);
  const ids = new Map(chosen.map((line) => [line, getInput(line, "product_id").value]));
  for (const id of new Set(ids.values())) url.searchParams.append("product_id", id);
  const asked = store.value;
  for (const line of chosen) awaited.add(line);
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected || store.value !== asked) return;
    const found = await response.json();
    for (const [line, id] of ids) if (getInput(line, "product_id").value === id) show(line, found[id]);
  } catch {
    // Without an answer nothing is offered.
  } finally {
    for (const line of chosen) awaited.delete(line);
  }
}

function show(line, last) {
  const [quantity, price] = ["quantity", "price"].map((key) => getInput(line, key));
  line.querySelector(".unit").textContent = last?.unit ?? "";
  line.querySelector(".last").textContent = last?.text ?? "";
  // What somebody typed stays.
  if (quantity.value === (line.dataset.filled ?? "")) {
    quantity.value = line.dataset.filled = last?.quantity ?? "";
  }
  line.dataset.quantity = last?.quantity ?? "";
  price.dataset.offered = last?.price ?? "";
  offer(line);
  changed();
}

// The last price is that of the last quantity.
function getOffer(line) {
  const price = getInput(line, "price"), { quantity } = line.dataset;
  if (!price.dataset.offered || price.value.trim()) return "";
  return parseDecimal(getInput(line, "quantity").value, 9) === parseDecimal(quantity, 9) ? price.dataset.offered : "";
}

function offer(line) {
  const offered = getOffer(line);
  getInput(line, "price").placeholder = offered;
  line.querySelector(".take").hidden = offered === "";
  line.querySelector(".line-last").classList.toggle("priced", getInput(line, "price").value !== "");
}

function takePrice(line) {
  const offered = getOffer(line);
  if (!offered) return;
  getInput(line, "price").value = offered;
  offer(line);
  changed();
}

list.addEventListener("input", (event) => {
  const line = getLine(event.target);
  if (event.target === getInput(line, "quantity")) delete line.dataset.filled;
  offer(line);
});
list.addEventListener("focusin", ({ target }) => {
  if (target.matches(".with-unit input")) target.select();
});

// ---- The total

const output = form.querySelector(".total-of-lines");
const difference = form.querySelector(".difference");
const announced = form.querySelector(".announced-total");

function showTotal() {
  const amounts = getLines().map((line) => getInput(line, "price").value).filter((text) => text.trim()).map(parseAmount);
  const isValid = !amounts.includes(null);
  const total = isValid ? amounts.reduce((sum, amount) => sum + amount, 0n) : 0n;
  output.textContent = isValid ? formatAmount(total) : "–";
  const onPaper = paperTotal.value.trim() ? parseAmount(paperTotal.value) : null;
  difference.textContent = isValid && onPaper !== null ? describe(total - onPaper) : "";
  difference.classList.toggle("error", difference.textContent !== "" && total !== onPaper);
}

function describe(amount) {
  if (amount === 0n) return difference.dataset.same;
  const text = amount > 0n ? difference.dataset.more : difference.dataset.less;
  return text.replace("{amount}", formatAmount(amount < 0n ? -amount : amount));
}

form.addEventListener("change", () => {
  announced.textContent = `${output.textContent} ${difference.textContent}`;
});

// ---- The draft: of this user, in this browser

const KEPT = new Set(["draft", "form_key"]);
const restored = document.querySelector(".restored");
let isLost = false; // whether the browser cannot keep what was entered

function readDraft() {
  try {
    return JSON.parse(localStorage.getItem(settings.draftKey));
  } catch {
    return null;
  }
}

function writeDraft() {
  const lines = getLines().filter((line) => !isEmpty(line)).map(readInputs);
  try {
    if (lines.length || paperTotal.value.trim()) {
      const [shared, kept] = [readInputs(form.querySelector(".receipt-head")), {}];
      for (const name of KEPT) kept[name] = form.elements[name].value;
      localStorage.setItem(settings.draftKey, JSON.stringify({ kept, shared, lines, paperTotal: paperTotal.value }));
    } else localStorage.removeItem(settings.draftKey);
    isLost = false;
  } catch {
    isLost = lines.length > 0;
  }
}

// Returns the values of the inputs in an element by their names, without the prefix of a line.
function readInputs(element) {
  const prefix = element.dataset.prefix ?? "";
  const values = {};
  for (const input of element.querySelectorAll("[name]:not([name^=search-])")) {
    const name = input.name.slice(prefix.length);
    if (input.matches("[type=checkbox]")) values[name] = { checked: input.checked };
    else values[name] = { value: input.value, choice: input.matches("select") ? getChoice(input) : null };
  }
  return values;
}

function writeInputs(element, values) {
  for (const [name, { value, choice, checked }] of Object.entries(values)) {
    const input = form.elements[`${element.dataset.prefix ?? ""}${name}`];
    if (!input) continue; // of a plugin that is gone
    if (choice) choose(input, choice);
    else if (checked !== undefined) input.checked = checked;
    else input.value = value;
  }
}

function restore(draft) {
  for (const name of KEPT) form.elements[name].value = draft.kept[name];
  writeInputs(form.querySelector(".receipt-head"), draft.shared);
  paperTotal.value = draft.paperTotal;
  draft.lines.forEach((values, index) => writeInputs(getLines()[index] ?? addLine(), values));
  restored.hidden = false;
}

function removeDraft() {
  try {
    localStorage.removeItem(settings.draftKey);
  } catch {
    // Nothing was kept.
  }
}

function changed() {
  showTotal();
  writeDraft();
}

form.addEventListener("input", changed);
window.addEventListener("beforeunload", (event) => { if (isLost && !isSent) event.preventDefault(); });
let isSent = false;
form.addEventListener("submit", () => { isSent = true; });
restored.querySelector(".discard").addEventListener("click", () => { removeDraft(); location.assign(form.action); });

// ---- Start

enhance(form); // the store
const hasErrors = form.querySelector(".summary") !== null;
for (const line of getLines().slice(1)) if (isEmpty(line)) line.remove();
form.querySelector("[name=more]").parentElement.hidden = true;
nextNumber = Math.max(-1, ...getLines().map((line) => Number(line.dataset.prefix.split("-")[1]))) + 1;
getLines().forEach(prepare);
if (!getLines().some(isEmpty)) addLine();
const draft = readDraft();
if (draft?.kept?.draft && draft.kept.draft === settings.saved) removeDraft();
else if (draft && !hasErrors && !form.querySelector("[name^=confirmed-]") && getLines().every(isEmpty)) restore(draft);
update(getLines());
showTotal();
if (!hasErrors) {
  const line = getLines().find(isEmpty) ?? getNextLine(getLines().at(-1)) ?? getLines()[0];
  (store.value ? getProductInput(line) : document.getElementById("field-store_id"))?.focus();
}
