// One pane: a person in a chat. Shows history and events, and tells the page what the person does.

import { bubble, keyOf } from "./bubbles.js";
import { Composer } from "./composer.js";
import { colour, day, el, initials } from "./dom.js";

const TYPING_MS = 5000;
const TOAST_MS = 4500;
const PRESS_MS = 8000;
const NEAR_END = 120;

export class ChatPane {
  /** @param act sends an order of this pane; @param alertBox shows (title, text) until OK. */
  constructor(index, state, act, alertBox) {
    this.act = (order) => act({ ...order, pane: index });
    this.alertBox = alertBox;
    this.composer = new Composer(state.title, (text, replyTo) => this.send(text, replyTo));
    this.build(state);
    this.load(state);
    // Whatever changes the height (a message, an edit, a picture, the reply bar): stay at the end if we were there.
    const observer = new ResizeObserver(() => this.following && this.toEnd());
    observer.observe(this.list);
    observer.observe(this.scroller);
  }

  build(state) {
    this.subtitle = el("p", { class: "subtitle" });
    this.name = el("h2", {});
    this.avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    this.list = el("ol", { class: "messages", "aria-live": "polite" });
    this.scroller = el("div", { class: "scroller", onscroll: () => this.scrolled() }, this.list);
    this.newer = el("button", { type: "button", class: "newer", hidden: true, onclick: () => this.toEnd() }, "↓");
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.head = el("header", { class: "pane-head" }, this.avatar, el("div", {}, this.name, this.subtitle));
    const stage = el("div", { class: "pane-stage" }, this.scroller, this.newer, this.toasts);
    this.element = el("section", { class: "pane", "aria-label": state.title }, this.head, stage, this.composer.element);
  }

  /** Draw everything anew. */
  load(state) {
    this.state = state;
    const chatName = state.chat.title ?? state.botName;
    this.name.textContent = chatName;
    this.avatar.textContent = initials(chatName);
    this.avatar.className = `avatar ${colour(state.chat.id)}`;
    this.showSubtitle();
    this.composer.setCommands(state.commands);
    this.list.replaceChildren();
    this.lastDay = null;
    this.composer.reply(null);
    state.messages.forEach((message) => this.append(message));
    this.toEnd();
  }

  get view() {
    return {
      userId: this.state.user.id,
      isPrivate: this.state.chat.type === "private",
      onCommand: (text) => this.send(text, null),
      onPress: (message, data, key) => this.press(message, data, key),
      onReply: (message) => this.startReply(message),
      onJump: (key) => this.jump(key),
    };
  }

  shows(chatId) {
    return this.state.chat_ids.includes(chatId);
  }

  /** Take an event of one of this pane's chats. */
  handle(kind, data) {
    if (kind === "message") this.add(data);
    else if (kind === "edit") this.replace(data);
    else if (kind === "delete") this.find(keyOf(data))?.remove();
    else if (kind === "answer") this.answered(data);
    else if (kind === "action") this.typing();
  }

  add(message) {
    // A state that was sent a moment ago can already hold it.
    if (this.find(keyOf(message))) return;
    if (message.from.id === this.state.user.id) this.following = true;
    this.append(message).classList.add("fresh");
    if (message.from.is_bot) this.showSubtitle();
    if (!this.following) this.newer.hidden = false;
  }

  append(message) {
    const today = day(message.date);
    if (today !== this.lastDay) this.list.append(el("li", { class: "service" }, el("span", {}, today)));
    this.lastDay = today;
    const element = bubble(message, this.view);
    if (element.dataset.from && element.dataset.from === this.list.lastElementChild?.dataset.from) {
      element.classList.add("same-author");
    }
    this.list.append(element);
    if (message.from.is_bot && this.isAddressed(message)) this.composer.obey(message);
    if (message.from.id === this.state.user.id) this.composer.reply(null);
    return element;
  }

  // Selective markup is for the author of the message that the bot replies to.
  isAddressed(message) {
    if (this.state.chat.type === "private" || !message.reply_markup?.selective) return true;
    return message.reply_to_message?.from.id === this.state.user.id;
  }

  replace(message) {
    const old = this.find(keyOf(message));
    if (!old) return;
    const fresh = bubble(message, this.view);
    fresh.classList.toggle("same-author", old.classList.contains("same-author"));
    fresh.classList.add("changed");
    old.replaceWith(fresh);
  }

  find(key) {
    return this.list.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  send(text, replyTo) {
    const sent = this.act({ type: "send", text, reply_to: replyTo });
    if (!sent) this.toast("Not connected; try again in a moment");
    return sent;
  }

  press(message, data, key) {
    key.classList.add("waiting");
    setTimeout(() => key.classList.remove("waiting"), PRESS_MS);
    const order = { type: "press", chat_id: message.chat.id, message_id: message.message_id, data };
    if (!this.act(order)) this.toast("Not connected; try again in a moment");
  }

  answered({ user_id: userId, text, show_alert: asAlert }) {
    if (userId !== this.state.user.id) return;
    this.list.querySelectorAll(".key.waiting").forEach((key) => key.classList.remove("waiting"));
    if (text && asAlert) this.alertBox(this.state.title, text);
    else if (text) this.toast(text);
  }

  toast(text) {
    const toast = el("p", { class: "toast" }, text);
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }

  typing() {
    this.subtitle.textContent = "typing…";
    this.subtitle.classList.add("typing");
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.showSubtitle(), TYPING_MS);
  }

  showSubtitle() {
    const { chat, user } = this.state;
    const what = chat.type === "private" ? "bot" : `${chat.member_count} members`;
    this.subtitle.classList.remove("typing");
    this.subtitle.textContent = `${what} · you are ${user.first_name}`;
  }

  startReply(message) {
    this.composer.reply(message);
    this.composer.field.focus();
  }

  jump(key) {
    const target = this.find(key);
    target?.scrollIntoView({ block: "center", behavior: "smooth" });
    target?.classList.remove("changed");
    requestAnimationFrame(() => target?.classList.add("changed"));
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
