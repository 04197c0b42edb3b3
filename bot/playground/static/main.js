// The page: phones side by side (one on a narrow screen), example lines, connection, colours, dialogs.

import { Connection } from "./connection.js";
import { button, el, icon, update } from "./dom.js";
import { Phone } from "./phone.js";
import { Store } from "./store.js";
import { say } from "./words.js";

const SIDE_BY_SIDE = 2;
const DARK = "dark";
const place = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.store = new Store();
    this.phones = [];
    this.theme();
    place("skip").addEventListener("click", (event) => this.skip(event));
    document.addEventListener("visibilitychange", () => this.draw());
    window.addEventListener("resize", () => this.draw());
    this.status = "connecting";
    this.connection = new Connection((message) => this.handle(message), (status) => this.showStatus(status));
  }

  get language() {
    return this.phones[0]?.language ?? "en";
  }

  handle(message) {
    if (message.type === "state") this.load(message);
    else if (message.type === "people") this.meet(message.people);
    else if (message.type === "event") this.event(message);
    else if (message.type === "problem") this.active.view.toast(message.text);
  }

  load(state) {
    this.store.load(state);
    const known = this.phones.length > 0 && this.phones.every(({ userId }) => this.store.person(userId));
    if (known) this.phones.forEach((phone) => phone.reload());
    else this.open();
    this.draw();
  }

  open() {
    const shown = this.store.people.slice(0, SIDE_BY_SIDE);
    this.phones = shown.map(({ user }) => new Phone(this.store, this.hooks, user.id));
    place("phones").replaceChildren(...this.phones.map((phone) => phone.element));
    this.phones[0]?.takeFocus();
  }

  get hooks() {
    return {
      act: (order) => this.connection.send(order),
      alert: (text) => this.alert(text),
      announce: (text) => (place("news").textContent = text),
      changed: () => this.draw(),
      picture: (address, alt) => this.picture(address, alt),
    };
  }

  /** Take who is there anew: their language or their menus have changed. */
  meet(people) {
    this.store.meet(people);
    this.phones.forEach((phone) => phone.meet());
    this.draw();
  }

  event({ kind, chat_id: chatId, data }) {
    if (!this.store.take(kind, chatId, data)) return;
    const record = this.store.chat(chatId);
    if (kind === "message") this.count(record, data);
    this.phones.forEach((phone) => phone.handle(kind, record, data));
    if (kind === "message" || kind === "action") this.phones.forEach((phone) => phone.draw());
  }

  count(record, message) {
    for (const { user, chat_ids: chatIds } of this.store.people) {
      const open = this.phones.some((phone) => phone.isVisible && phone.userId === user.id && phone.chatId === record.id);
      if (chatIds.includes(record.id) && !open && message.from.id !== user.id) this.store.countUnread(user.id, record.id);
    }
  }

  /** Draw everything that is not a message. */
  draw() {
    this.phones.forEach((phone) => phone.draw());
    document.documentElement.lang = this.language;
    place("badge").textContent = say(this.language, "sandbox");
    place("badge-more").textContent = say(this.language, "noMoney");
    place("skip").textContent = say(this.language, "skip");
    place("alert-ok").textContent = say(this.language, "ok");
    place("picture-close").setAttribute("aria-label", say(this.language, "close"));
    place("theme").setAttribute("aria-label", say(this.language, "dark"));
    place("theme").title = say(this.language, "dark");
    this.showStatus(this.status);
    this.showHints();
  }

  get active() {
    return this.phones.find((phone) => phone.element.contains(document.activeElement)) ?? this.phones[0];
  }

  showHints() {
    place("hints").hidden = this.store.hints.length === 0;
    place("hints-title").textContent = say(this.language, "hints");
    place("hints-about").textContent = say(this.language, "description");
    update(place("hints-list"), this.store.people.flatMap(({ user }) => this.hintsOf(user)));
  }

  hintsOf(user) {
    const hints = this.store.hints.filter((hint) => hint.user_id === user.id);
    const title = hints.length > 0 ? [el("li", { class: "hint-person" }, user.first_name)] : [];
    return [...title, ...hints.map((hint) => el("li", {}, this.hint(hint)))];
  }

  hint({ user_id: userId, chat_id: chatId, text, note }) {
    const act = () => this.tryOut(userId, chatId, text);
    return button({ class: "hint", onclick: act }, el("span", {}, note[this.language]), el("code", {}, text));
  }

  // On the phone that already shows the person; else on the first.
  tryOut(userId, chatId, text) {
    const phone = this.phones.find((one) => one.isVisible && one.userId === userId) ?? this.phones[0];
    phone.show(userId, chatId);
    phone.view.composer.fill(text);
    phone.view.composer.menu.hide();
  }

  showStatus(status) {
    this.status = status;
    place("connection").textContent = say(this.language, status);
    place("connection").className = `connection ${status}`;
  }

  skip(event) {
    event.preventDefault();
    this.active?.view.composer.field.focus();
  }

  theme() {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const show = () => {
      const chosen = localStorage.getItem("theme");
      document.documentElement.dataset.theme = chosen ?? "";
      place("theme").setAttribute("aria-pressed", String(chosen === null ? system.matches : chosen === DARK));
    };
    const toggle = () => {
      localStorage.setItem("theme", place("theme").getAttribute("aria-pressed") === "true" ? "light" : DARK);
      show();
    };
    place("theme").append(icon("moon"));
    place("theme").addEventListener("click", toggle);
    system.addEventListener("change", show);
    show();
  }

  alert(text) {
    place("alert-title").textContent = this.store.bot.first_name;
    place("alert-text").textContent = text;
    if (!place("alert").open) place("alert").showModal();
  }

  picture(address, alt) {
    place("picture-image").src = address;
    place("picture-image").alt = alt;
    place("picture").showModal();
  }
}

new Page();
