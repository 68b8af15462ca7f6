// Conveniences. Every page does its work without them.
"use strict";

// An error summary takes the focus, as browsers give it to a form's field only.
document.querySelector(".summary")?.focus();
