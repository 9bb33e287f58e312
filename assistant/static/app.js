// Comfort only: every page works without it.
"use strict";

// A failed submit: the summary has the focus, so that it is read first.
const summary = document.getElementById("error-summary");
if (summary) {
  // The browser gives it the focus by itself; to come before it would only make it complain in the console.
  window.addEventListener("load", () => requestAnimationFrame(() => {
    if (document.activeElement === document.body) {
      summary.focus();
    }
  }));
}

// What takes over a second says so: the line beside its button or link is read out when it changes.
function sayWorking(part) {
  for (const line of part.querySelectorAll("[data-working]")) {
    line.dataset.before ??= line.textContent;
    line.textContent = line.dataset.working;
  }
}
for (const line of document.querySelectorAll("li [data-working]")) {
  const row = line.closest("li");
  const address = row.querySelector("a").href;
  // Another link on the page may lead to the same place.
  for (const link of document.links) {
    link.addEventListener("click", (event) => {
      if (link.href === address && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        sayWorking(row);
      }
    });
  }
}
// The browser may bring the page back from memory as it was left.
window.addEventListener("pageshow", () => {
  for (const line of document.querySelectorAll("[data-before]")) {
    line.textContent = line.dataset.before;
  }
});

// A second click on a button that is already at work does nothing.
for (const form of document.querySelectorAll('form[method="post"]')) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
    }
    sent = true;
    sayWorking(form);
  });
  // The browser may bring the page back from memory, where it still counts as sent.
  window.addEventListener("pageshow", () => { sent = false; });
}

// Where scripts run, a page that is kept as a record can be printed with one click.
for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
