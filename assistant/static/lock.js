// Warns two minutes before the server locks, and takes the page away when it has. The server locks by itself.
"use strict";

const lockDialog = document.getElementById("lock-dialog");
if (lockDialog) {
  const WARNING = Number(lockDialog.dataset.warning);
  const left = lockDialog.querySelector("[data-left]");
  let timer = 0;

  // Another window may have been used meanwhile, so the server is asked. Asking is no use of it.
  async function look() {
    clearTimeout(timer);
    let seconds;
    try {
      const response = await fetch(lockDialog.dataset.remaining, { cache: "no-store" });
      seconds = response.ok ? (await response.json()).seconds : WARNING;
    } catch {
      seconds = WARNING;  // the server is stopped or away; look again later
      timer = setTimeout(look, 30000);
      return;
    }
    if (seconds === null) {
      return;
    }
    if (seconds <= 0) {
      const onward = location.pathname + location.search;
      location.assign(`${lockDialog.dataset.lock}?${new URLSearchParams({ onward })}`);
      return;
    }
    if (seconds > WARNING) {
      if (lockDialog.open) {
        lockDialog.close();
      }
      timer = setTimeout(look, (seconds - WARNING) * 1000 + 200);
      return;
    }
    // Said once a minute, and not every second: a screen reader reads each change.
    const minutes = Math.ceil(seconds / 60);
    left.textContent = seconds < 60 ? "less than a minute" : minutes === 1 ? "one minute" : "two minutes";
    if (!lockDialog.open) {
      lockDialog.showModal();
    }
    timer = setTimeout(look, Math.min(seconds, 15) * 1000 + 200);
  }

  async function stay(event) {
    event?.preventDefault();
    const form = lockDialog.querySelector("[data-stay]");
    try {
      await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    } finally {
      look();
    }
  }

  lockDialog.querySelector("[data-stay]").addEventListener("submit", stay);
  // Escape closes the dialog: the person is there.
  lockDialog.addEventListener("cancel", stay);
  // A computer that slept has missed its timers.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { look(); } });
  window.addEventListener("pageshow", look);
}
