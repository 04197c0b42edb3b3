// One message to one element: bubble, service line, buttons below it.

import { clock, colour, el, fileSize } from "./dom.js";
import { formatted } from "./entities.js";

/** Return the key of a message on this page: ids repeat from chat to chat. */
export function keyOf(message) {
  return `${message.chat.id}:${message.message_id}`;
}

/** Return the element of a message as the person of `view` sees it.
 *  view: {userId, isPrivate, onCommand, onPress, onReply, onJump} */
export function bubble(message, view) {
  const notice = serviceText(message);
  if (notice) return el("li", { class: "service", dataset: { key: keyOf(message) } }, el("span", {}, notice));
  const own = message.from.id === view.userId && !message.sender_chat;
  const classes = ["row", own ? "own" : "other"];
  return el(
    "li",
    { class: classes.join(" "), dataset: { key: keyOf(message), from: senderId(message) } },
    el("div", { class: "stack" }, body(message, view, own), keyboard(message, view)),
  );
}

function senderId(message) {
  return (message.sender_chat ?? message.from).id;
}

function body(message, view, own) {
  return el(
    "article",
    { class: "bubble", ondblclick: () => view.onReply(message) },
    own || view.isPrivate ? null : sender(message),
    forwarded(message),
    quote(message, view),
    attachment(message),
    words(message, view),
    el("span", { class: "meta" }, message.edit_date ? "edited " : "", clock(message.date)),
    replyButton(message, view),
  );
}

function sender(message) {
  const author = message.sender_chat?.title ?? message.from.first_name;
  const mark = message.from.is_bot && !message.sender_chat ? el("span", { class: "bot-mark" }, "bot") : null;
  return el("p", { class: `sender ${colour(senderId(message))}` }, author, mark);
}

function forwarded(message) {
  if (!message.forward_origin) return null;
  const name = message.forward_origin.sender_user?.first_name ?? message.forward_origin.sender_user_name ?? "somebody";
  return el("p", { class: "forwarded" }, "Forwarded from ", el("b", {}, name));
}

function quote(message, view) {
  const quoted = message.reply_to_message;
  if (!quoted) return null;
  return el(
    "button",
    { type: "button", class: "quote", onclick: () => view.onJump(keyOf(quoted)) },
    el("b", {}, quoted.from.first_name),
    el("span", {}, summary(quoted)),
  );
}

/** Return a message in one line. */
export function summary(message) {
  const text = message.text ?? message.caption ?? message.document?.file_name ?? (message.photo ? "Photo" : "Message");
  return text.replace(/\s+/g, " ").slice(0, 120);
}

function attachment(message) {
  if (message.photo) {
    const address = `/files/${message.photo.at(-1).file_id}`;
    return el("a", { class: "photo", href: address, target: "_blank" }, el("img", { src: address, alt: summary(message) }));
  }
  if (!message.document) return null;
  const { file_id: id, file_name: name, file_size: size } = message.document;
  return el(
    "a",
    { class: "document", href: `/files/${id}`, download: name },
    el("span", { class: "document-icon", "aria-hidden": "true" }, "↓"),
    el("span", {}, el("b", {}, name), el("small", {}, fileSize(size))),
  );
}

function words(message, view) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  const entities = message.entities ?? message.caption_entities;
  return el("div", { class: "words" }, ...formatted(text, entities, view.onCommand));
}

function replyButton(message, view) {
  const act = () => view.onReply(message);
  return el("button", { type: "button", class: "reply-button", title: "Reply", "aria-label": "Reply", onclick: act }, "↩");
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
    return el("a", { class: classes, href: safe, target: "_blank", rel: "noopener noreferrer" }, key.text, " ↗");
  }
  const act = key.copy_text
    ? () => navigator.clipboard?.writeText(key.copy_text.text)
    : (event) => view.onPress(message, key.callback_data, event.currentTarget);
  return el("button", { type: "button", class: classes, onclick: act }, key.text);
}

function serviceText(message) {
  const who = message.from.first_name;
  if (message.new_chat_members) return `${who} added ${names(message.new_chat_members)}`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} left the group`;
  if (message.migrate_to_chat_id) return "The group was upgraded to a supergroup";
  if (message.migrate_from_chat_id) return "This is the upgraded group";
  return null;
}

function names(people) {
  return people.map((person) => person.first_name).join(", ");
}
