// Adding a row in a dialog, without leaving a form: the form of the page that adds rows, by the same rules.

const texts = document.body.dataset;
let count = 0;

// Resolves to the response about the added row, or to null if the user has cancelled.
export function addRow(path, title, enhance) {
  return new Promise((resolve) => new NewRow(path, title, enhance, resolve).load());
}

class NewRow {
  constructor(path, title, enhance, resolve) {
    count += 1;
    Object.assign(this, { path, enhance, id: `new-${count}`, added: null, isSending: false });
    this.dialog = document.createElement("dialog");
    this.dialog.className = "card";
    this.dialog.setAttribute("aria-labelledby", this.id);
    this.heading = Object.assign(document.createElement("h2"), { id: this.id, textContent: title });
    this.status = Object.assign(document.createElement("p"), { className: "error" });
    this.status.setAttribute("role", "alert");
    this.dialog.append(this.heading, this.status, this.makeCancel());
    this.dialog.addEventListener("close", () => { this.dialog.remove(); resolve(this.added); });
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  makeCancel() {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: texts.cancel });
    button.addEventListener("click", () => this.dialog.close());
    return button;
  }

  async load() {
    const page = await this.request(this.path);
    if (page) this.show(page);
  }

  // Returns a page, or nothing after an error or the end.
  async request(path, options) {
    this.status.textContent = "";
    let response, text;
    try {
      response = await fetch(path, options);
      text = await response.text();
    } catch {
      this.status.textContent = texts.failed;
      return null;
    }
    if (response.ok && response.headers.get("Content-Type")?.startsWith("application/json")) {
      this.added = JSON.parse(text);
      this.dialog.close();
      return null;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    if (page.querySelector("form[data-unsaved]")) return page;
    const isSignIn = page.querySelector("[type=password]") !== null;
    this.status.textContent = isSignIn ? texts.sessionEnded : page.querySelector("main p:not(:empty)")?.textContent.trim() || texts.failed;
    // After signing in again in another window, or to send other values, the same button sends the form anew.
    for (const name of isSignIn || !this.form ? [] : ["csrf_token", "form_key"]) {
      const fresh = page.querySelector(`main [name=${name}]`);
      if (fresh) this.form.elements[name].value = fresh.value;
    }
    return null;
  }

  show(page) {
    const form = document.importNode(page.querySelector("form[data-unsaved]"), true);
    this.form?.remove();
    this.form = form;
    form.className = "";
    for (const name of ["id", "for", "aria-describedby", "href"]) {
      for (const element of form.querySelectorAll(`[${name}]`)) {
        const value = element.getAttribute(name);
        if (name !== "href" || value.startsWith("#")) element.setAttribute(name, value.replace(/\S+/g, (id) => `${id}-${this.id}`));
      }
    }
    form.querySelectorAll("[name=add-another], [name=continue]").forEach((button) => button.remove());
    this.dialog.querySelector(":scope > button")?.remove();
    form.querySelector(".buttons").append(this.makeCancel());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.dialog.append(form);
    this.enhance(form);
    const first = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].find((input) => !input.hidden && input.value === "");
    (form.querySelector(".summary") ?? first ?? form.querySelector(".primary")).focus();
  }

  async send() {
    if (this.isSending) return;
    this.isSending = true;
    const body = new URLSearchParams(new FormData(this.form));
    body.set("as-choice", "1");
    const page = await this.request(this.path, { method: "POST", body });
    this.isSending = false;
    if (page) this.show(page);
  }
}
