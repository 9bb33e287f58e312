// Optional: the mouse and the arrow keys move places on a form without fields; the number boxes do the same.
"use strict";

const sheet = document.querySelector(".map-sheet svg");
const spoken = document.getElementById("map-said");
const scale = sheet ? Number(sheet.dataset.scale) : 0;
const ABOVE = 11, BELOW = 2, TAG = 16, GRIP = 10, SHORTEST = 10;

// The page's edges in points, rounded inward like the boxes: what is typed there has to be on the page.
const inward = (low, high) => [Math.ceil(low * 10) / 10, Math.floor(high * 10) / 10];
const left0 = sheet ? Number(sheet.dataset.left) : 0, top0 = sheet ? Number(sheet.dataset.top) : 0;
const [LEFT, RIGHT] = scale ? inward(left0, left0 + sheet.viewBox.baseVal.width / scale) : [0, 0];
const [FOOT, HEAD] = scale ? inward(top0 - sheet.viewBox.baseVal.height / scale, top0) : [0, 0];

const partOf = (number, part) => document.getElementById(`${part}-${number}`);
const boxOf = (number) => sheet.querySelector(`.map-box[data-number="${number}"][data-movable]`);

function numbersOf(number) {
  const read = (part) => Number(partOf(number, part).value.replace(",", "."));
  return { left: read("left"), base: read("base"), right: read("right") };
}

// Draw the box where the numbers say.
function draw(number) {
  const box = boxOf(number), { left, base, right } = numbersOf(number);
  if (!box || ![left, base, right].every(Number.isFinite) || right <= left) {
    return;
  }
  const x = (left - Number(sheet.dataset.left)) * scale;
  const y = (Number(sheet.dataset.top) - base - ABOVE) * scale;
  const width = (right - left) * scale;
  const [area, tag, grip] = box.querySelectorAll("rect"), text = box.querySelector("text");
  for (const [name, value] of [["x", x], ["y", y], ["width", width], ["height", (ABOVE + BELOW) * scale]]) {
    area.setAttribute(name, value.toFixed(1));
  }
  if (grip) {
    for (const [name, value] of [["x", x + width - GRIP / 2], ["y", y], ["width", GRIP], ["height", (ABOVE + BELOW) * scale]]) {
      grip.setAttribute(name, value.toFixed(1));
    }
  }
  const start = x + width - Number(tag.getAttribute("width"));
  tag.setAttribute("x", start.toFixed(1));
  tag.setAttribute("y", (y - TAG).toFixed(1));
  text.setAttribute("x", (start + 4).toFixed(1));
  text.setAttribute("y", (y - 2).toFixed(1));
}

// A place that is moved keeps its length; no part of it leaves the page.
function moved(from, across, up) {
  const least = Math.min(LEFT - from.left, 0), most = Math.max(RIGHT - from.right, 0);
  const low = Math.min(FOOT + BELOW - from.base, 0), high = Math.max(HEAD - ABOVE - from.base, 0);
  const x = Math.min(Math.max(across, least), most), y = Math.min(Math.max(up, low), high);
  return { left: from.left + x, base: from.base + y, right: from.right + x };
}

function ended(from, across) {
  return { right: Math.min(Math.max(from.right + across, from.left + SHORTEST), RIGHT) };
}

function put(number, values) {
  for (const [part, value] of Object.entries(values)) {
    const box = partOf(number, part);
    box.value = String(Math.round(value * 10) / 10);
    // The script that keeps drafts listens for this: setting a value fires no event by itself.
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  draw(number);
}

let waiting = 0;
function say(number) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const { left, base, right } = numbersOf(number);
    spoken.textContent = `Blank ${number}: begins at ${left}, height ${base}, ends at ${right}.`;
  }, 400);
}

function follow(number) {
  for (const part of ["left", "base", "right"]) {
    partOf(number, part).addEventListener("input", () => draw(number));
  }
  const button = document.querySelector(`.map-move[data-number="${number}"]`);
  button.hidden = false;
  button.addEventListener("click", () => {
    spoken.textContent =
      "Press an arrow key to move the place one point, or ten with Shift. Hold Alt and press left or right to move its end.";
  });
  button.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) {
      return;
    }
    event.preventDefault();
    const from = numbersOf(number), times = event.shiftKey ? 10 : 1;
    put(number, event.altKey ? ended(from, step[0] * times) : moved(from, step[0] * times, step[1] * times));
    say(number);
  });
}

// The end of a place has a grip: dragging it changes the length.
function drag(box) {
  const number = box.dataset.number;
  const grip = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  grip.setAttribute("class", "map-box__grip");
  box.append(grip);
  draw(number);
  box.addEventListener("pointerdown", (event) => {
    const from = numbersOf(number), x = event.clientX, y = event.clientY;
    const points = 1 / (scale * sheet.getScreenCTM().a);
    const pulled = event.target === grip;
    const move = (now) => {
      const across = (now.clientX - x) * points;
      put(number, pulled ? ended(from, across) : moved(from, across, (y - now.clientY) * points));
    };
    const stop = () => {
      box.removeEventListener("pointermove", move);
      say(number);
    };
    event.preventDefault();
    box.setPointerCapture(event.pointerId);
    box.addEventListener("pointermove", move);
    box.addEventListener("pointerup", stop, { once: true });
    box.addEventListener("pointercancel", stop, { once: true });
  });
}

if (sheet && scale) {
  const movable = [...sheet.querySelectorAll(".map-box[data-movable]")];
  const numbers = new Set(movable.map((box) => box.dataset.number).filter((number) => partOf(number, "left")));
  movable.filter((box) => numbers.has(box.dataset.number)).forEach(drag);
  numbers.forEach(follow);
}

// The blank in use stands out on the picture, and the place on the picture marks its blank.
for (const group of document.querySelectorAll(".map-blank")) {
  const mark = (here) => {
    for (const box of sheet.querySelectorAll(`.map-box[data-number="${group.dataset.number}"]`)) {
      box.classList.toggle("map-box--here", here);
    }
  };
  group.addEventListener("focusin", () => mark(true));
  group.addEventListener("focusout", () => mark(false));
}
for (const box of sheet ? sheet.querySelectorAll(".map-box") : []) {
  box.addEventListener("click", () => partOf(box.dataset.number, "meaning")?.focus());
}
