// Redoc over this server's own description.
"use strict";

const main = document.getElementById("description");
const system = "system-ui, sans-serif";

Redoc.init(
  main.dataset.schema,
  {
    sanitize: true,
    theme: { typography: { fontFamily: system, headings: { fontFamily: system } } },
  },
  main,
);
