// One person in one chat: history and events on one side, what the person does on the other.

import { authorOf, bubble, summary } from "./bubbles.js";
import { Composer } from "./composer.js";
import { button, el, icon } from "./dom.js";
import { keyOf } from "./store.js";
import { day, say, spoken } from "./words.js";

const TOAST_MS = 4500;
const PRESS_MS = 8000;
const NEAR_END = 120;

export class Chat {
  /** @param on {act(order): whether it was sent, alert(text), picture(address, alt), announce(text),
   *  visit(chatId, messageId)} */
  constructor(store, userId, chatId, on) {
    Object.assign(this, { store, userId, chatId, on });
    const send = (text, replyTo) => this.send(text, replyTo);
    this.composer = new Composer(this.user.first_name, { send, up: () => this.goUp() });
    this.build();
    this.load();
    // Whatever changes the height (a message, an edit, a picture, the reply bar): stay at the end if we were there.
    const observer = new ResizeObserver(() => this.following && this.toEnd());
    observer.observe(this.list);
    observer.observe(this.scroller);
  }

  get person() {
    return this.store.person(this.userId);
  }

  get user() {
    return this.person.user;
  }

  get record() {
    return this.store.chat(this.chatId);
  }

  get language() {
    return spoken(this.user.language_code);
  }

  get isPrivate() {
    return this.record.chat.type === "private";
  }

  build() {
    this.list = el("ol", { class: "messages", onkeydown: (event) => this.key(event) });
    this.scroller = el("div", { class: "scroller", onscroll: () => this.scrolled() }, this.list);
    this.newer = button({ class: "newer", hidden: true, onclick: () => this.toEnd() }, icon("down"));
    this.toasts = el("div", { class: "toasts", role: "status" });
    const stage = el("div", { class: "chat-stage" }, this.scroller, this.newer, this.toasts);
    this.element = el("div", { class: "chat", role: "tabpanel" }, stage, this.composer.element);
  }

  /** Draw everything anew; what is being written stays. */
  load() {
    const kept = this.composer.replyTo;
    this.speak();
    this.list.replaceChildren();
    this.lastDay = null;
    this.record.messages.forEach((message) => this.append(message));
    if (kept && !this.composer.replyTo) this.composer.reply(this.record.messages.get(keyOf(kept)) ?? null);
    if (this.record.messages.size === 0) this.list.append(this.description());
    this.toEnd();
  }

  /** Take another menu or another language of the person. */
  meet() {
    if (this.drawnIn === this.language) this.speak();
    else this.load();
  }

  /** Name everything in the person's language, and offer the menu that goes with it. */
  speak() {
    this.drawnIn = this.language;
    const name = this.store.chatName(this.record);
    this.element.setAttribute("aria-label", name);
    this.list.setAttribute("aria-label", say(this.language, "messages", { chat: name }));
    this.newer.setAttribute("aria-label", say(this.language, "newer"));
    this.composer.load(this.person.menus[this.chatId] ?? [], this.language);
  }

  description() {
    const what = say(this.language, this.isPrivate ? "description" : "empty");
    return el("li", { class: "description" }, el("p", {}, what));
  }

  get view() {
    const on = {
      command: (text) => this.send(text, null),
      press: (message, data, key) => this.press(message, data, key),
      reply: (message) => this.startReply(message),
      jump: (key) => this.jump(key),
      link: (address, event) => this.follow(address, event),
      copy: (text) => this.copy(text),
      picture: (address, alt) => this.on.picture(address, alt),
    };
    return { language: this.language, userId: this.userId, isPrivate: this.isPrivate, on };
  }

  /** Take an event of this chat that the store has taken. */
  handle(kind, data) {
    if (kind === "message") this.add(data);
    else if (kind === "edit") this.replace(data);
    else if (kind === "delete") this.find(keyOf(data))?.remove();
    else if (kind === "answer") this.answered(data);
  }

  add(message) {
    if (message.from.id === this.userId) this.following = true;
    this.append(message).classList.add("fresh");
    if (!this.following) this.newer.hidden = false;
    this.announce(message);
  }

  append(message) {
    this.list.querySelector(".description")?.remove();
    const today = day(message.date, this.language);
    if (today !== this.lastDay) this.list.append(el("li", { class: "service" }, el("span", {}, today)));
    this.lastDay = today;
    const element = bubble(message, this.view);
    const before = this.list.lastElementChild?.dataset.from;
    element.classList.toggle("same-author", Boolean(before) && element.dataset.from === before);
    this.list.append(element);
    if (message.from.is_bot && this.isAddressed(message)) this.composer.obey(message);
    if (message.from.id === this.userId) this.composer.reply(null);
    return element;
  }

  // Selective markup is for the author of the message that the bot replies to.
  isAddressed(message) {
    if (this.isPrivate || !message.reply_markup?.selective) return true;
    return message.reply_to_message?.from.id === this.userId;
  }

  replace(message) {
    const old = this.find(keyOf(message));
    if (!old) return;
    const focused = old.contains(document.activeElement);
    const fresh = bubble(message, this.view);
    fresh.classList.toggle("same-author", old.classList.contains("same-author"));
    fresh.classList.add("changed");
    old.replaceWith(fresh);
    // The button that had the focus is gone: stay at its message, so that the keyboard is not lost.
    if (focused) (fresh.querySelector(".key") ?? fresh).focus();
    this.announce(message);
  }

  get isShown() {
    return this.element.offsetParent !== null;
  }

  announce(message) {
    if (!this.isShown || message.from.id === this.userId) return;
    const text = summary(message, this.language);
    this.on.announce(say(this.language, "says", { name: authorOf(message), text }));
  }

  find(key) {
    return this.list.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  act(order) {
    const sent = this.on.act({ user_id: this.userId, chat_id: this.record.chat.id, ...order });
    if (!sent) this.toast(say(this.language, "offline"));
    return sent;
  }

  send(text, replyTo) {
    return this.act({ type: "send", text, reply_to: replyTo });
  }

  press(message, data, key) {
    key.classList.add("waiting");
    setTimeout(() => key.classList.remove("waiting"), PRESS_MS);
    this.act({ type: "press", chat_id: message.chat.id, message_id: message.message_id, data });
  }

  answered({ user_id: userId, text, show_alert: asAlert }) {
    if (userId !== this.userId) return;
    this.list.querySelectorAll(".key.waiting").forEach((key) => key.classList.remove("waiting"));
    if (text && asAlert && this.isShown) this.on.alert(text);
    else if (text && !asAlert) this.toast(text);
  }

  toast(text) {
    const toast = el("p", { class: "toast" }, text);
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }

  async copy(text) {
    await navigator.clipboard.writeText(text);
    this.toast(say(this.language, "copied"));
  }

  startReply(message) {
    this.composer.reply(message);
    this.composer.field.focus();
  }

  /** Follow Telegram's own links inside the page: a message of a group, a /start with a word. */
  follow(address, event) {
    const link = /^https?:\/\/t\.me\/(?:c\/(\d+)(?:\/\d+)?\/(\d+)|(\w+)\?start=([\w-]+))$/i.exec(address);
    if (!link) return;
    const [, group, messageId, bot, word] = link;
    if (bot && bot.toLowerCase() !== this.store.bot.username.toLowerCase()) return;
    event.preventDefault();
    if (word) this.send(`/start ${word}`, null);
    // Ids of supergroups are those of their links, below minus a million million.
    else this.on.visit(-1e12 - Number(group), Number(messageId));
  }

  jump(key) {
    const target = this.find(key);
    target?.scrollIntoView({ block: "center", behavior: "smooth" });
    target?.classList.remove("changed");
    requestAnimationFrame(() => target?.classList.add("changed"));
  }

  /** Walk the messages with the arrow keys; Enter replies, Escape goes back to the writing field. */
  key(event) {
    if (event.key === "Escape") return this.composer.field.focus();
    const rows = [...this.list.querySelectorAll(".row")];
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      (rows[here + step] ?? (step > 0 ? this.composer.field : rows[here])).focus();
    } else if (event.key === "Enter" && event.target === rows[here]) {
      event.preventDefault();
      this.startReply(this.record.messages.get(rows[here].dataset.key));
    }
  }

  goUp() {
    const rows = this.list.querySelectorAll(".row");
    rows[rows.length - 1]?.focus();
  }

  toEnd() {
    this.following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.newer.hidden = true;
  }

  scrolled() {
    const below = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
    // Only a scroll upwards is a wish to read older messages; new ones below also change the distance.
    if (below < NEAR_END) this.following = true;
    else if (this.scroller.scrollTop < this.lastTop) this.following = false;
    this.lastTop = this.scroller.scrollTop;
    if (this.following) this.newer.hidden = true;
  }
}
