// While somebody types, the server measures: how the text fits its blank, the page with it, and what is shorter.
"use strict";

const fitStatus = document.querySelector("[data-fit-address]");
if (fitStatus) {
  const WAIT = 250;
  const form = fitStatus.closest("form");
  let timer = 0, asked = 0, shown = 0;

  // The new picture is loaded first, so that the old one does not flicker away.
  async function loaded(part) {
    const picture = part.querySelector("img");
    if (picture) {
      picture.loading = "eager";
      await picture.decode().catch(() => null);
    }
    return part;
  }

  // The box for a shorter wording comes out of its template when it is needed, and hides when it is not.
  function showBoxes(page) {
    for (const waiting of form.querySelectorAll("template[data-box]")) {
      if (page.getElementById(waiting.dataset.box) || waiting.content.querySelector("input").value) {
        waiting.replaceWith(waiting.content);
      }
    }
    for (const box of form.querySelectorAll('[data-fit="box"]')) {
      box.hidden = !page.getElementById(box.id) && !box.querySelector("input").value;
    }
  }

  async function show(page, number) {
    const parts = [...page.querySelectorAll("[data-fit]")].map((newer) => [document.getElementById(newer.id), newer])
      .filter(([part, newer]) => part && newer.dataset.fit !== "box" && textOf(part) !== textOf(newer));
    const ready = await Promise.all(parts.map(([, newer]) => loaded(document.importNode(newer, true))));
    if (number < shown) {
      return;
    }
    shown = number;
    showBoxes(page);
    for (const newer of ready) {
      const part = document.getElementById(newer.id);
      if (!part.contains(document.activeElement)) {
        if (newer.dataset.of && part.dataset.fit !== newer.dataset.fit) {
          fitStatus.textContent = `${newer.dataset.of}: ${newer.querySelector("p").textContent}`;
        }
        const open = part.querySelector("details[open]");
        part.replaceWith(newer);
        if (open && newer.querySelector("details")) {
          newer.querySelector("details").open = true;
        }
      }
    }
  }

  // An address of a picture is new each time; what it shows stands in its words.
  const textOf = (part) => part.textContent + [...part.querySelectorAll("img")].map((picture) => picture.alt).join();

  async function ask() {
    const number = ++asked;
    const answer = await fetch(fitStatus.dataset.fitAddress, { method: "POST", body: new URLSearchParams(new FormData(form)) })
      .catch(() => null);
    if (answer && answer.ok && number === asked) {
      await show(new DOMParser().parseFromString((await answer.json()).parts, "text/html"), number);
    }
  }

  // A draft that was restored was put into the page after it was measured.
  for (const waiting of form.querySelectorAll("template[data-box]")) {
    if (waiting.content.querySelector("input").value) {
      waiting.replaceWith(waiting.content);
    }
  }
  if ("whole" in form.dataset) {
    ask();
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
}
