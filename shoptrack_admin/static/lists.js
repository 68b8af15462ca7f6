// Lists of rows: sums beside the page, and choosing rows. The pages work without.
"use strict";

// Load the sums when the list is there. Without scripts, the link leads to them.
const sums = document.querySelector("[data-sums]");
if (sums) {
  fetch(sums.dataset.sums)
    .then((response) => (response.ok && !response.redirected ? response.text() : ""))
    .then((text) => {
      const found = new DOMParser().parseFromString(text, "text/html").querySelector("#sums");
      if (found) sums.replaceChildren(found);
    })
    .catch(() => {}); // the link stays
}

// Choose all rows of the page, or all that match; say how many are chosen.
const list = document.getElementById("rows");
const ofPage = document.getElementById("choose-page");
if (list && ofPage) {
  const boxes = [...list.querySelectorAll("input[name=id]")];
  const ofAll = document.getElementById("choose-all");
  const status = document.getElementById("chosen");
  ofPage.closest("[hidden]").hidden = false;
  const update = () => {
    const count = boxes.filter((box) => box.checked).length;
    ofPage.checked = count === boxes.length;
    ofPage.indeterminate = count > 0 && count < boxes.length;
    for (const box of [...boxes, ofPage]) box.disabled = ofAll?.checked ?? false;
    status.textContent = count && !ofAll?.checked ? status.dataset.text.replace("${count}", count) : "";
  };
  ofPage.addEventListener("change", () => {
    for (const box of boxes) box.checked = ofPage.checked;
    update();
  });
  list.addEventListener("change", update);
  window.addEventListener("pageshow", update); // a browser may have kept the boxes
}
