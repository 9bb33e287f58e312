// Keeps what is typed on a page and not saved: the server offers it back when the page is opened again.
"use strict";

const draftForm = document.querySelector("form[data-draft]");
if (draftForm) {
  const WAIT = 800, AGAIN = 5000, TOO_LONG = 20000;
  const UNSENT = ["csrf_token", "page_draft", "draft_number", "offered_draft"];
  const own = draftForm.elements.namedItem("page_draft").value;
  const marker = `left ${location.pathname}`;
  const count = draftForm.elements.namedItem("draft_number");
  let timer = 0, last = "", gone = false, isLeaving = false, isReachable = true;
  // What the browser filled in by itself when the user went back was not typed here.
  let touched = "whole" in draftForm.dataset;

  const named = () => [...draftForm.elements].filter((field) => field.name && field.name !== "csrf_token");
  // The server put its seal on the names that it sent, those of boxes that still wait in a template too.
  const waiting = [...draftForm.querySelectorAll("template")].flatMap((box) => [...box.content.querySelectorAll("[name]")]);
  const names = new Set([...named(), ...waiting].map((field) => field.name));
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  const isAsked = (field) => !["hidden", "submit", "button", "file"].includes(field.type);

  function isChanged(field) {
    if (isChoice(field)) {
      return field.checked !== field.defaultChecked;
    }
    if (field.tagName === "SELECT") {
      const first = Math.max([...field.options].findIndex((option) => option.defaultSelected), 0);
      return field.selectedIndex !== first;
    }
    return field.value !== field.defaultValue;
  }

  function valuesOf(fields) {
    const found = {};
    for (const field of fields) {
      found[field.name] ??= [];
      if (!isChoice(field) || field.checked) {
        found[field.name].push(field.value);
      }
    }
    return found;
  }

  // Only what was changed; everything, where the page shows more than what is saved.
  function typed() {
    const asked = named().filter((field) => isAsked(field) && names.has(field.name));
    const changed = new Set(asked.filter((field) => "whole" in draftForm.dataset || isChanged(field)).map((field) => field.name));
    return {
      names: [...names],
      fields: valuesOf(asked.filter((field) => changed.has(field.name))),
      hidden: valuesOf(named().filter((field) => field.type === "hidden" && !UNSENT.includes(field.name))),
    };
  }

  // Where nothing was typed there is nothing to send; the program answers, as far as this page knows.
  function send(isLast = false) {
    clearTimeout(timer);
    const found = typed(), text = JSON.stringify(found.fields);
    if (gone || !touched || (text === last && !isLast) || (text === "{}" && !last)) {
      return Promise.resolve();
    }
    last = text;
    count.value = Number(count.value) + 1;
    const body = new URLSearchParams({
      csrf_token: draftForm.elements.namedItem("csrf_token").value,
      id: own,
      page: draftForm.dataset.page,
      seal: draftForm.dataset.seal,
      typed: JSON.stringify({ ...found, number: Number(count.value) }),
    });
    // What cannot be sent now is sent a little later, with the next change, or when the page is left. A sign-in page to
    // which it would be led has not stored it; a proxy answers 502 to 504 where the program does not.
    const signal = AbortSignal.timeout ? AbortSignal.timeout(TOO_LONG) : undefined;
    const keepalive = body.toString().length < 60000;
    return fetch(draftForm.dataset.draft, { method: "POST", body, keepalive, signal, redirect: "manual" })
      .then((response) => {
        last = response.status === 204 ? last : "?";
        return response.status < 502 || response.status > 504;
      }, () => {
        last = "?";
        return false;
      })
      .then((reachable) => {
        tell(reachable);
        if (!reachable) {
          clearTimeout(timer);
          timer = setTimeout(send, AGAIN);
        }
      });
  }

  // A line at the foot of the page says that the program does not answer, as long as it does not.
  const line = document.createElement("p");
  line.className = "draft-line";
  line.setAttribute("role", "status");
  document.body.append(line);
  function tell(reachable, first = "") {
    if (reachable !== isReachable || first) {
      isReachable = reachable;
      line.textContent = reachable ? "" : `${first}The program does not answer, so what you typed is not stored. Keep this page open. It tries again every few seconds.`;
    }
  }

  function later() {
    touched = true;
    isLeaving = false;
    clearTimeout(timer);
    timer = setTimeout(send, WAIT);
  }

  function leave() {
    // Another window may have let go of it since: sent once more, it is offered again.
    send(!isLeaving);
    isLeaving = true;
    // Whether the page, opened again, has to wait for what is still being sent.
    if (!gone && touched && last && last !== "{}") {
      sessionStorage.setItem(marker, own);
    }
  }

  draftForm.addEventListener("input", later);
  draftForm.addEventListener("change", later);
  // A save that the program does not receive would lose the page: while nothing answers, the page stays, and says so.
  draftForm.addEventListener("submit", (event) => {
    if (isReachable) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    send(true).then(() => {
      if (isReachable) {
        draftForm.requestSubmit(submitter);
      } else {
        tell(false, "Not saved. ");
      }
    });
  }, { capture: true });
  // What is saved or discarded is no longer a draft. This comes first, because a save may follow at once.
  document.addEventListener("submit", (event) => {
    const id = event.target.elements.namedItem("id");
    gone = event.target === draftForm || (id !== null && id.value === own);
    clearTimeout(timer);
  });
  window.addEventListener("beforeunload", leave);
  window.addEventListener("pagehide", leave);
  // The browser may show the page again from memory, with everything that was typed.
  window.addEventListener("pageshow", (event) => { gone = event.persisted ? false : gone; isLeaving = false; });

  // A page that is loaded again at once may arrive before what was sent when it was left.
  const sent = sessionStorage.getItem(marker);
  sessionStorage.removeItem(marker);
  const offered = [...draftForm.elements].some((field) => field.name === "offered_draft" && field.value === sent);
  if (sent && sent !== own && !offered && !location.search.includes("restore=")) {
    setTimeout(() => {
      if (!Object.keys(typed().fields).length) {
        location.reload();
      }
    }, 300);
  }
}
