// Telegram's entities to page nodes. Offsets count UTF-16 units, as JavaScript strings do.

import { button, el } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
};
const SAFE_ADDRESS = /^(https?|tg|mailto|tel):/i;

/** Return nodes for a text with its entities.
 *  on.command is called with a tapped /command, on.link with a followed address and the event,
 *  on.copy with tapped code. */
export function formatted(text, entities, on) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, 0, text.length, sorted, on);
}

function nodes(text, from, to, entities, on) {
  const result = [];
  let position = from;
  let rest = entities;
  while (rest.length > 0) {
    const [entity, ...others] = rest;
    const start = Math.max(entity.offset, position);
    const end = Math.min(entity.offset + entity.length, to);
    const inside = others.filter((other) => other.offset < end);
    rest = others.filter((other) => other.offset >= end);
    if (end <= start) continue;
    if (start > position) result.push(text.slice(position, start));
    result.push(wrapped(entity, text.slice(start, end), nodes(text, start, end, inside, on), on));
    position = end;
  }
  if (position < to) result.push(text.slice(position, to));
  return result;
}

function wrapped(entity, words, children, on) {
  if (entity.type === "bot_command") return button({ class: "command-link", onclick: () => on.command(words) }, words);
  if (entity.type === "url" || entity.type === "text_link") return link(entity.url ?? words, children, on);
  if (entity.type === "spoiler") return spoiler(children);
  // A tap on code copies it, as in the apps.
  const copy = entity.type === "code" ? { onclick: () => on.copy(words) } : {};
  return el(TAGS[entity.type] ?? "span", { class: `entity-${entity.type}`, ...copy }, ...children);
}

function link(address, children, on) {
  if (!SAFE_ADDRESS.test(address)) return el("span", {}, ...children);
  const follow = (event) => on.link(address, event);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", onclick: follow }, ...children);
}

function spoiler(children) {
  const reveal = (event) => event.currentTarget.classList.add("revealed");
  return button({ class: "spoiler", onclick: reveal }, ...children);
}
