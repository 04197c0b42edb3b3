// Small helpers for building the page. Text is always set as text, never as HTML.

/** Return a new element with properties (class, dataset, on… handlers, attributes) and children. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Return the time of day of a Telegram date, as "14:05". */
export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** Return the day of a Telegram date, as "23 November". */
export function day(seconds) {
  return new Date(seconds * 1000).toLocaleDateString("en", { day: "numeric", month: "long" });
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

/** Return a file size for people. */
export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
