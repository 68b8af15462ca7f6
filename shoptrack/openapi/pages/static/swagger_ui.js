// Swagger UI over this server's own description, and a form that signs in for it.
"use strict";

const RENEW_BEFORE = 10; // seconds of an access token's life that are left

const main = document.getElementById("description");
const form = document.getElementById("sign-in");
const signOutButton = document.getElementById("sign-out");
const status = document.getElementById("session");

// Swagger UI's dark mode has a switch in another layout than the one of this page.
const dark = matchMedia("(prefers-color-scheme: dark)");
const setMode = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", setMode);
setMode();

// What Swagger UI's parts lack: a link is nested in the button of each operation, others have no name, heading or landmark.
const accessibleParts = ({ React: { createElement } }) => {
  const wrapped = (tag, attributes) => (Original) => (props) =>
    createElement(tag, attributes, createElement(Original, props));
  const nameSelect = (part) => part?.querySelector("select").setAttribute("aria-label", "Example");
  const nameHeaders = (part) => {
    for (const cell of part?.querySelectorAll("td.col_header") ?? []) cell.setAttribute("role", "columnheader");
  };
  return {
    components: { DeepLink: ({ text }) => createElement("span", null, text) },
    wrapComponents: {
      ExamplesSelect: wrapped("div", { ref: nameSelect }),
      FilterContainer: wrapped("div", { role: "search" }),
      operations: (Original) => (props) => [
        createElement("h2", { key: "heading" }, "Operations"),
        createElement(Original, { key: "operations", ...props }),
      ],
      InfoContainer: wrapped("div", { role: "region", "aria-label": "About" }),
      responses: wrapped("div", { ref: nameHeaders }),
      TextArea: (Original) => (props) => createElement(Original, { "aria-label": "Body", ...props }),
    },
  };
};

// Somebody who is signed in. The tokens live as long as the page; nothing is stored, and cookies are neither
// sent nor taken, so that the session of another page of this server stays what it is.
class Session {
  constructor(addresses, tokens) {
    this.addresses = addresses;
    this.access = tokens.access;
    this.refresh = tokens.refresh;
  }

  static async begin(addresses, username, password) {
    return new Session(addresses, await post(addresses.token, { username, password }));
  }

  get isEnding() {
    const claims = JSON.parse(atob(this.access.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
    return claims.exp - Date.now() / 1000 < RENEW_BEFORE;
  }

  async renew() {
    this.access = (await post(this.addresses.refresh, { refresh: this.refresh })).access;
  }

  async end() {
    await post(this.addresses.logout, { refresh: this.refresh });
  }
}

async function post(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) {
    throw new Error(said.detail ?? Object.values(said).flat().join(" "));
  }
  return said;
}

// The security scheme that says where to sign in, by its name.
function signInScheme(description) {
  const schemes = Object.entries(description.components?.securitySchemes ?? {});
  return schemes.find(([, scheme]) => scheme["x-sign-in"]) ?? [];
}

// Where to sign in, by what it is for.
function addresses(below, definition) {
  const found = Object.entries(definition["x-sign-in"]);
  return Object.fromEntries(found.map(([name, path]) => [name, below + path]));
}

function show(description) {
  const [scheme, definition] = signInScheme(description);
  const below = description.servers?.[0].url ?? ""; // the path of the application
  let session = null;

  // Swagger UI brings a main part of its own.
  const place = document.createElement("div");
  main.replaceWith(place);
  const ui = SwaggerUIBundle({
    spec: description,
    domNode: place,
    deepLinking: true,
    filter: true,
    queryConfigEnabled: false, // the page's address decides nothing
    validatorUrl: null, // another host
    plugins: [accessibleParts],
    requestInterceptor: renewFirst,
  });

  async function renewFirst(request) {
    if (session?.isEnding && request.headers.Authorization === `Bearer ${session.access}`) {
      try {
        await session.renew();
        ui.preauthorizeApiKey(scheme, session.access);
        request.headers.Authorization = `Bearer ${session.access}`;
      } catch (error) {
        signedOut(`Signed out: ${error.message}`);
      }
    }
    return request;
  }

  function signedOut(sentence) {
    session = null;
    ui.authActions.logout([scheme]);
    form.hidden = false;
    signOutButton.hidden = true;
    status.textContent = sentence;
  }

  form.hidden = !definition;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { username, password } = Object.fromEntries(new FormData(form));
    try {
      session = await Session.begin(addresses(below, definition), username, password);
    } catch (error) {
      status.textContent = error.message;
      return;
    }
    ui.preauthorizeApiKey(scheme, session.access);
    form.reset();
    form.hidden = true;
    signOutButton.hidden = false;
    status.textContent = `Signed in as ${username}`;
  });
  signOutButton.addEventListener("click", async () => {
    try {
      await session.end();
      signedOut("Signed out");
    } catch (error) {
      status.textContent = error.message;
    }
  });
}

async function start() {
  try {
    const answer = await fetch(main.dataset.schema);
    if (!answer.ok) {
      throw new Error(`the server answered ${answer.status}`);
    }
    show(await answer.json());
  } catch (error) {
    const sentence = document.createElement("p");
    sentence.textContent = `The description could not be loaded: ${error.message}.`;
    main.replaceChildren(sentence);
  }
}

start();
