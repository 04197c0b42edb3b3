// Telegram's entities to page nodes. Offsets count UTF-16 units, as JavaScript strings do.

import { el } from "./dom.js";

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

/** Return nodes for a text with its entities; onCommand is called with a tapped /command. */
export function formatted(text, entities, onCommand) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, 0, text.length, sorted, onCommand);
}

function nodes(text, from, to, entities, onCommand) {
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
    result.push(wrapped(entity, text.slice(start, end), nodes(text, start, end, inside, onCommand), onCommand));
    position = end;
  }
  if (position < to) result.push(text.slice(position, to));
  return result;
}

function wrapped(entity, words, children, onCommand) {
  if (entity.type === "bot_command") {
    return el("button", { type: "button", class: "command-link", onclick: () => onCommand(words) }, words);
  }
  if (entity.type === "url" || entity.type === "text_link") return link(entity.url ?? words, children);
  if (entity.type === "spoiler") return spoiler(children);
  return el(TAGS[entity.type] ?? "span", { class: `entity-${entity.type}` }, ...children);
}

function link(address, children) {
  if (!SAFE_ADDRESS.test(address)) return el("span", {}, ...children);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function spoiler(children) {
  const reveal = (event) => event.currentTarget.classList.add("revealed");
  return el("span", { class: "spoiler", onclick: reveal }, ...children);
}
