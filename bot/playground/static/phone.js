// One phone on the page: whose it is, their chats, and the chat that is open.

import { Chat } from "./chat.js";
import { button, colour, el, initials, update } from "./dom.js";
import { say, spoken } from "./words.js";

const TYPING_MS = 5000;
const LANGUAGES = { en: "English", fr: "Français" };

export class Phone {
  /** @param on {act, alert, picture, announce, changed()}: changed when somebody or something else is shown. */
  constructor(store, on, userId) {
    this.store = store;
    this.on = on;
    this.views = new Map();
    this.typing = new Map();
    this.userId = userId;
    this.lastChats = new Map();
    this.chatId = this.person.chat_ids[0];
    this.people = el("div", { class: "people", role: "tablist", onkeydown: walk });
    this.languages = el("div", { class: "languages", role: "group" });
    this.chats = el("div", { class: "chats", role: "tablist", onkeydown: walk });
    this.stage = el("div", { class: "phone-stage" });
    this.head = el("header", { class: "phone-head" }, el("div", { class: "phone-who" }, this.people, this.languages), this.chats);
    this.element = el("section", { class: "phone" }, this.head, this.stage);
    this.draw();
  }

  get person() {
    return this.store.person(this.userId);
  }

  get language() {
    return spoken(this.person.user.language_code);
  }

  get isVisible() {
    return this.element.offsetParent !== null && !document.hidden;
  }

  /** Show a person, in one of their chats. */
  show(userId, chatId = null) {
    this.userId = userId;
    this.chatId = chatId ?? this.lastChats.get(userId) ?? this.person.chat_ids[0];
    this.lastChats.set(userId, this.chatId);
    this.on.changed();
    this.view.toEnd();
    this.takeFocus();
  }

  /** Go to a message of one of the person's chats. */
  visit(chatId, messageId) {
    const id = this.store.chat(chatId)?.id;
    if (!this.person.chat_ids.includes(id)) return;
    if (id !== this.chatId) this.show(this.userId, id);
    this.view.jump(`${chatId}:${messageId}`);
  }

  /** Go to the writing field; not on a touch screen, where that would bring up the keyboard. */
  takeFocus() {
    if (matchMedia("(hover: hover)").matches) this.view.composer.field.focus();
  }

  /** Draw the head and the open chat. */
  draw() {
    if (this.isVisible) this.store.markRead(this.userId, this.chatId);
    const { user } = this.person;
    this.element.lang = this.language;
    this.element.setAttribute("aria-label", say(this.language, "phone", { name: user.first_name }));
    this.people.setAttribute("aria-label", say(this.language, "people"));
    this.chats.setAttribute("aria-label", say(this.language, "chats", { name: user.first_name }));
    this.languages.setAttribute("aria-label", say(this.language, "language", { name: user.first_name }));
    update(this.people, this.store.people.map((person) => this.personTab(person)));
    update(this.languages, Object.keys(LANGUAGES).map((code) => this.languageButton(code)));
    update(this.chats, this.person.chat_ids.map((chatId) => this.chatTab(chatId)));
    const open = this.view;
    this.views.forEach((view) => (view.element.hidden = view !== open));
  }

  /** The open chat. Others stay in the page, hidden: what is being written there with them. */
  get view() {
    const key = `${this.userId}:${this.chatId}`;
    if (!this.views.has(key)) {
      const visit = (chatId, messageId) => this.visit(chatId, messageId);
      this.views.set(key, new Chat(this.store, this.userId, this.chatId, { ...this.on, visit }));
      this.stage.append(this.views.get(key).element);
    }
    return this.views.get(key);
  }

  personTab({ user }) {
    const selected = user.id === this.userId;
    const shown = { role: "tab", "aria-selected": String(selected), tabindex: selected ? "0" : "-1", dataset: { id: user.id } };
    return button({ ...shown, onclick: () => this.show(user.id) }, user.first_name, this.badge(selected ? 0 : this.store.unreadOf(user.id)));
  }

  languageButton(code) {
    const pressed = { "aria-pressed": String(code === this.language), title: LANGUAGES[code], lang: code, dataset: { id: code } };
    return button({ ...pressed, "aria-label": LANGUAGES[code], onclick: () => this.speak(code) }, code.toUpperCase());
  }

  speak(code) {
    this.on.act({ type: "language", user_id: this.userId, code });
  }

  chatTab(chatId) {
    const record = this.store.chat(chatId);
    const name = this.store.chatName(record);
    const selected = chatId === this.chatId;
    const shown = { role: "tab", "aria-selected": String(selected), tabindex: selected ? "0" : "-1", dataset: { id: chatId } };
    return button(
      { ...shown, onclick: () => this.show(this.userId, chatId) },
      el("span", { class: `avatar ${colour(record.id)}`, "aria-hidden": "true" }, initials(name)),
      el("span", { class: "chat-name" }, el("b", {}, name), this.subtitle(record)),
      this.badge(selected ? 0 : this.store.unreadOf(this.userId, chatId)),
    );
  }

  subtitle(record) {
    if (this.typing.has(record.id)) return el("small", { class: "typing" }, say(this.language, "typing"));
    const isPrivate = record.chat.type === "private";
    return el("small", {}, say(this.language, isPrivate ? "bot" : "members", { n: record.chat.member_count }));
  }

  badge(count) {
    if (!count) return null;
    return el("span", { class: "unread", "aria-label": say(this.language, "unread", { n: count }) }, String(count));
  }

  /** Take an event that the store has taken. */
  handle(kind, record, data) {
    if (kind === "action") this.showTyping(record.id);
    else if (kind === "message" && data.from.is_bot) this.typing.delete(record.id);
    for (const view of this.views.values()) if (view.chatId === record.id) view.handle(kind, data);
  }

  showTyping(chatId) {
    clearTimeout(this.typing.get(chatId));
    const stop = () => this.typing.delete(chatId) && this.draw();
    this.typing.set(chatId, setTimeout(stop, TYPING_MS));
  }

  /** Draw every chat anew, as after a new connection. */
  reload() {
    this.views.forEach((view) => view.load());
  }

  /** Take other menus and languages of the people. */
  meet() {
    this.views.forEach((view) => view.meet());
  }
}

/** Walk a row of tabs with the arrow keys. */
function walk(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const tabs = [...event.currentTarget.children];
  const here = tabs.indexOf(document.activeElement);
  event.preventDefault();
  tabs[(here + step + tabs.length) % tabs.length].focus();
}
