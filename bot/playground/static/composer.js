// The writing field of one pane: text, reply bar, command menu with completion, reply keyboard.

import { el } from "./dom.js";
import { summary } from "./bubbles.js";

export class Composer {
  /** @param onSend gets (text, idOfTheMessageReplied or null) and says whether it could be sent. */
  constructor(title, onSend) {
    this.onSend = onSend;
    this.commands = [];
    this.replyTo = null;
    this.chosen = 0;
    this.build(title);
  }

  build(title) {
    this.field = el("textarea", {
      rows: "1",
      placeholder: "Write a message…",
      "aria-label": `Message as ${title}`,
      oninput: () => this.changed(),
      onkeydown: (event) => this.key(event),
    });
    this.menu = el("ul", { class: "menu", role: "listbox", "aria-label": "Commands", hidden: true });
    this.replyBar = el("div", { class: "reply-bar", hidden: true });
    this.keyboard = el("div", { class: "reply-keyboard", hidden: true });
    this.menuButton = el(
      "button",
      { type: "button", class: "menu-button", title: "Commands", "aria-label": "Commands", onclick: () => this.toggleMenu() },
      "/",
    );
    const send = el("button", { class: "send", title: "Send", "aria-label": "Send" }, "➤");
    const form = el("form", { class: "line", onsubmit: (event) => this.submit(event) }, this.menuButton, this.field, send);
    this.element = el("footer", { class: "composer" }, this.menu, this.replyBar, form, this.keyboard);
  }

  setCommands(commands) {
    this.commands = commands;
    this.menuButton.hidden = commands.length === 0;
  }

  /** Put a text into the field and go there. */
  fill(text) {
    this.field.value = text;
    this.changed();
    this.field.focus();
  }

  submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (text && this.onSend(text, this.replyTo?.message_id ?? null)) {
      this.fill("");
      this.reply(null);
    }
  }

  changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 140)}px`;
    const typed = this.field.value.match(/^\/([a-z0-9_]*)$/i);
    if (typed) this.showMenu(typed[1].toLowerCase());
    else this.menu.hidden = true;
  }

  key(event) {
    const open = !this.menu.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.choose(this.chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (open && (event.key === "Tab" || (event.key === "Enter" && !this.isWholeCommand()))) {
      event.preventDefault();
      this.menu.children[this.chosen]?.click();
    } else if (event.key === "Escape") {
      if (open) this.menu.hidden = true;
      else this.reply(null);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      this.submit(event);
    }
  }

  isWholeCommand() {
    return this.commands.some(({ command }) => this.field.value === `/${command}`);
  }

  toggleMenu() {
    if (this.menu.hidden) this.showMenu("");
    else this.menu.hidden = true;
    this.field.focus();
  }

  showMenu(beginning) {
    const fitting = this.commands.filter((command) => command.command.startsWith(beginning));
    this.menu.replaceChildren(...fitting.map((command) => this.menuItem(command)));
    this.menu.hidden = fitting.length === 0;
    this.choose(0);
  }

  menuItem({ command, description }) {
    const pick = () => this.fill(`/${command} `);
    return el("li", { role: "option", onclick: pick }, el("b", {}, `/${command}`), el("span", {}, description));
  }

  choose(index) {
    const items = [...this.menu.children];
    this.chosen = items.length ? (index + items.length) % items.length : 0;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === this.chosen)));
    items[this.chosen]?.scrollIntoView({ block: "nearest" });
  }

  /** Answer a message with the next text; null stops that. */
  reply(message, placeholder) {
    this.replyTo = message;
    this.field.placeholder = placeholder || "Write a message…";
    this.replyBar.hidden = message === null;
    if (message === null) return;
    const stop = { type: "button", title: "Do not reply", "aria-label": "Do not reply", onclick: () => this.reply(null) };
    const said = el("div", {}, el("b", {}, `Reply to ${message.from.first_name}`), el("span", {}, summary(message)));
    this.replyBar.replaceChildren(said, el("button", stop, "✕"));
  }

  /** Obey the reply markup of a new message of the bot. */
  obey(message) {
    const markup = message.reply_markup ?? {};
    if (markup.force_reply) this.reply(message, markup.input_field_placeholder);
    if (markup.keyboard) this.showKeyboard(markup);
    if (markup.remove_keyboard) this.keyboard.hidden = true;
  }

  showKeyboard(markup) {
    const press = (text) => {
      this.onSend(text, null);
      if (markup.one_time_keyboard) this.keyboard.hidden = true;
    };
    const key = ({ text }) => el("button", { type: "button", onclick: () => press(text) }, text);
    this.keyboard.replaceChildren(...markup.keyboard.map((row) => el("div", { class: "keys-row" }, ...row.map(key))));
    this.keyboard.hidden = false;
  }
}
