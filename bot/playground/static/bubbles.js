// One message to one element: bubble, service line, buttons below it.

import { button, colour, el, icon } from "./dom.js";
import { formatted } from "./entities.js";
import { keyOf } from "./store.js";
import { clock, fileSize, say } from "./words.js";

/** Return the element of a message as the person of `view` sees it.
 *  view: {language, userId, isPrivate, on: {command, press, reply, jump, link, copy, picture}} */
export function bubble(message, view) {
  const notice = serviceText(message, view.language);
  if (notice) return el("li", { class: "service", dataset: { key: keyOf(message) } }, el("span", {}, notice));
  const own = message.from.id === view.userId && !message.sender_chat;
  return el(
    "li",
    {
      class: `row ${own ? "own" : "other"}`,
      tabindex: "-1",
      dataset: { key: keyOf(message), from: senderId(message) },
      "aria-label": say(view.language, "says", { name: authorOf(message), text: summary(message, view.language) }),
    },
    el("div", { class: "stack" }, body(message, view, own), keyboard(message, view)),
  );
}

/** Return who a message is from, as shown. */
export function authorOf(message) {
  return message.sender_chat?.title ?? message.from.first_name;
}

/** Return a message in one line. */
export function summary(message, language) {
  const named = message.document?.file_name ?? say(language, message.photo ? "photo" : "message");
  const text = message.text ?? message.caption ?? serviceText(message, language) ?? named;
  return text.replace(/\s+/g, " ").slice(0, 120);
}

function senderId(message) {
  return (message.sender_chat ?? message.from).id;
}

function body(message, view, own) {
  return el(
    "article",
    { class: "bubble", ondblclick: () => view.on.reply(message) },
    own || view.isPrivate ? null : sender(message, view),
    forwarded(message, view),
    quote(message, view),
    attachment(message, view),
    words(message, view),
    meta(message, view, own),
    replyButton(message, view),
  );
}

function sender(message, view) {
  const isBot = message.from.is_bot && !message.sender_chat;
  const mark = isBot ? el("span", { class: "bot-mark" }, say(view.language, "bot")) : null;
  return el("p", { class: `sender ${colour(senderId(message))}` }, authorOf(message), mark);
}

function forwarded(message, view) {
  if (!message.forward_origin) return null;
  const name = message.forward_origin.sender_user?.first_name ?? message.forward_origin.sender_user_name ?? "?";
  return el("p", { class: "forwarded" }, say(view.language, "forwarded"), el("b", {}, name));
}

function quote(message, view) {
  const quoted = message.reply_to_message;
  if (!quoted) return null;
  const jump = () => view.on.jump(keyOf(quoted));
  const text = summary(quoted, view.language);
  return button({ class: "quote", onclick: jump }, el("b", {}, authorOf(quoted)), el("span", {}, text));
}

function attachment(message, view) {
  if (message.photo) return photo(message, view);
  if (!message.document) return null;
  const { file_id: id, file_name: name, file_size: size, mime_type: type } = message.document;
  const shownSize = fileSize(size, view.language);
  // The browser shows a PDF by itself; everything else is saved under its name.
  const opening = type === "application/pdf" ? { target: "_blank", rel: "noopener" } : { download: name };
  return el(
    "a",
    { class: "document", href: `/files/${id}`, "aria-label": say(view.language, "document", { name, size: shownSize }), ...opening },
    el("span", { class: "document-icon" }, extension(name) || icon("file")),
    el("span", { class: "document-name" }, el("b", {}, name), el("small", {}, shownSize)),
  );
}

function extension(name) {
  return /\.(\w{1,4})$/.exec(name)?.[1].toUpperCase() ?? "";
}

function photo(message, view) {
  const address = `/files/${message.photo.at(-1).file_id}`;
  const alt = summary(message, view.language);
  return button({ class: "photo", onclick: () => view.on.picture(address, alt) }, el("img", { src: address, alt }));
}

function words(message, view) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  const entities = message.entities ?? message.caption_entities;
  return el("div", { class: "words" }, ...formatted(text, entities, view.on));
}

function meta(message, view, own) {
  const edited = message.edit_date ? `${say(view.language, "edited")} ` : "";
  const time = el("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date));
  return el("span", { class: "meta" }, edited, time, own ? icon("check") : null);
}

function replyButton(message, view) {
  const label = say(view.language, "reply");
  // Reached with the keyboard by Enter on the message: as a stop of its own it would be in the way.
  const shown = { class: "reply-button", title: label, "aria-label": label, tabindex: "-1" };
  return button({ ...shown, onclick: () => view.on.reply(message) }, icon("reply"));
}

function keyboard(message, view) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const shown = rows.map((row) => el("div", { class: "keys-row" }, ...row.map((key) => inlineKey(key, message, view))));
  return el("div", { class: "keys" }, ...shown);
}

function inlineKey(key, message, view) {
  const classes = `key ${key.style ?? ""}`;
  if (key.url) {
    const safe = /^https?:/i.test(key.url) ? key.url : undefined;
    const attributes = { class: classes, href: safe, target: "_blank", rel: "noopener noreferrer" };
    return el("a", { ...attributes, onclick: (event) => view.on.link(key.url, event) }, key.text, icon("out"));
  }
  if (key.copy_text) return button({ class: classes, onclick: () => view.on.copy(key.copy_text.text) }, key.text, icon("copy"));
  const press = (event) => view.on.press(message, key.callback_data, event.currentTarget);
  return button({ class: classes, onclick: press, dataset: { data: key.callback_data } }, key.text);
}

function serviceText(message, language) {
  const name = message.from.first_name;
  if (message.new_chat_members) return say(language, "joined", { name, others: names(message.new_chat_members) });
  if (message.left_chat_member) return say(language, "left", { name: message.left_chat_member.first_name });
  if (message.migrate_to_chat_id) return say(language, "migrating");
  if (message.migrate_from_chat_id) return say(language, "migrated");
  return null;
}

function names(people) {
  return people.map((person) => person.first_name).join(", ");
}
