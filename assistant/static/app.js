// Optional: every page works without it.
"use strict";

// After a failed submit the summary gets the focus, so that it is read first.
const summary = document.getElementById("error-summary");
if (summary) {
  // The browser focuses it by itself; setting the focus earlier would only log a warning.
  window.addEventListener("load", () => requestAnimationFrame(() => {
    if (document.activeElement === document.body) {
      summary.focus();
    }
  }));
}

// A row that an address leads to may stand in a part that is closed.
function openPart() {
  const row = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const part = row && row.closest("details");
  if (part && !part.open) {
    part.open = true;
    row.scrollIntoView();
  }
}
openPart();
window.addEventListener("hashchange", openPart);

// What takes more than a second says so: a screen reader reads the line beside the button or link when it changes.
function sayWorking(part) {
  for (const line of part.querySelectorAll("[data-working]")) {
    line.dataset.before ??= line.textContent;
    line.textContent = line.dataset.working;
  }
}
for (const line of document.querySelectorAll("li [data-working]")) {
  const row = line.closest("li");
  const address = row.querySelector("a").href;
  // Another link on the page may go to the same address.
  for (const link of document.links) {
    link.addEventListener("click", (event) => {
      if (link.href === address && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        sayWorking(row);
      }
    });
  }
}
// The browser may show the page again from memory, as it was left.
window.addEventListener("pageshow", () => {
  for (const line of document.querySelectorAll("[data-before]")) {
    line.textContent = line.dataset.before;
  }
});

// A second click on a button that was already clicked does nothing.
// One that is answered with a file leaves the page as it is, and may be sent again for another file.
for (const form of document.querySelectorAll('form[method="post"]:not([data-downloads])')) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
    }
    sent = true;
    sayWorking(form);
  });
  // The browser may show the page again from memory, where it still counts as sent.
  window.addEventListener("pageshow", () => { sent = false; });
}

// One box ticks all of its name on the page.
for (const all of document.querySelectorAll("[data-ticks]")) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of all.closest("form").querySelectorAll(`[name="${all.dataset.ticks}"]`)) {
      box.checked = all.checked;
    }
  });
}

// Where scripts run, a page that is kept as a record can be printed with one click.
for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What is being worked on beside the page is looked at again every few seconds, until it is done.
const EVERY = 2500;
async function lookAgain(part) {
  const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } }).catch(() => null);
  const page = answer && answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const newer = page ? page.getElementById(part.id) : part;
  if (newer && newer.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) {
    part.replaceWith(newer);
    part = newer;
  }
  if (newer && newer.dataset.live) {
    setTimeout(lookAgain, EVERY, part);
  }
}
for (const part of document.querySelectorAll("[data-live]")) {
  setTimeout(lookAgain, EVERY, part);
}
