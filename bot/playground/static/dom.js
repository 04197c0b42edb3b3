// Small helpers for building the page. Text is always set as text, never as HTML.

/** Return a new element with properties (class, dataset, on… handlers, attributes) and children. */
export function el(tag, properties = {}, ...children) {
  return filled(document.createElement(tag), properties, children);
}

/** Return a button that submits nothing, with properties and children. */
export function button(properties, ...children) {
  return el("button", { type: "button", ...properties }, ...children);
}

function filled(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Make a list's children these, leaving those alone that are the same already: their focus and their presses stay. */
export function update(list, children) {
  children.forEach((child, index) => {
    const old = list.children[index];
    if (!old) list.append(child);
    else if (!old.isEqualNode(child)) swap(old, child);
  });
  while (list.children.length > children.length) list.lastElementChild.remove();
}

function swap(old, fresh) {
  const focused = old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (focused) fresh.focus();
}

/** Return a small drawing of the page's, which screen readers pass over. */
export function icon(name) {
  return document.getElementById("icons").content.querySelector(`[data-name="${name}"]`).cloneNode(true);
}

/** Return the letters of a round picture for a name: "Shop till" gives "ST". */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  return words.slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
}

/** Return one of eight colours that stays with an id. */
export function colour(id) {
  return `colour-${Math.abs(id) % 8}`;
}
