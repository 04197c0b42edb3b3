// The writing field of one person in one chat: text, reply bar, reply keyboard, command menu.

import { authorOf, summary } from "./bubbles.js";
import { button, el, icon } from "./dom.js";
import { CommandMenu } from "./menu.js";
import { say } from "./words.js";

const TALLEST = 140;

export class Composer {
  /** @param name of who writes; @param on {send(text, idOfTheMessageReplied or null), up()}:
   *  send says whether it could be sent, up goes to the messages. */
  constructor(name, on) {
    this.name = name;
    this.on = on;
    this.replyTo = null;
    this.build();
  }

  build() {
    const typed = { oninput: () => this.changed(), onkeydown: (event) => this.key(event) };
    this.field = el("textarea", { rows: "1", enterkeyhint: "send", ...typed });
    this.menu = new CommandMenu(this.field, { send: (text) => this.send(text, null), fill: (text) => this.fill(text) });
    this.replyBar = el("div", { class: "reply-bar", hidden: true });
    this.keyboard = el("div", { class: "reply-keyboard", role: "group", hidden: true });
    this.menuLabel = el("span", {});
    this.menuButton = button({ class: "menu-button", onclick: () => this.menu.toggle() }, icon("menu"), this.menuLabel);
    this.keyboardButton = button({ class: "round", hidden: true, onclick: () => this.toggleKeyboard() }, icon("keyboard"));
    this.sendButton = el("button", { class: "round send" }, icon("send"));
    const parts = [this.menuButton, this.field, this.keyboardButton, this.sendButton];
    const form = el("form", { class: "line", onsubmit: (event) => this.submit(event) }, ...parts);
    this.element = el("footer", { class: "composer" }, this.menu.element, this.replyBar, form, this.keyboard);
  }

  /** Speak a language, and offer the commands that come with it. */
  load(commands, language) {
    this.language = language;
    this.menu.load(commands, language);
    this.menuButton.hidden = commands.length === 0;
    this.menuLabel.textContent = say(language, "menu");
    this.field.setAttribute("aria-label", say(language, "messageAs", { name: this.name }));
    this.keyboard.setAttribute("aria-label", say(language, "keyboard"));
    label(this.menuButton, say(language, "commands"));
    label(this.keyboardButton, say(language, "keyboard"));
    label(this.sendButton, say(language, "send"));
    this.reply(this.replyTo, this.placeholder);
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
    if (text) this.send(text, this.replyTo?.message_id ?? null);
  }

  send(text, replyTo) {
    if (!this.on.send(text, replyTo)) return;
    this.fill("");
    this.reply(null);
  }

  changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
    this.menu.typed();
  }

  key(event) {
    if (event.isComposing || (this.menu.open && this.menu.key(event))) return;
    if (event.key === "Escape") this.reply(null);
    else if (event.key === "Enter" && !event.shiftKey) this.submit(event);
    else if (event.key === "ArrowUp" && this.field.value === "") this.goUp(event);
  }

  goUp(event) {
    event.preventDefault();
    this.on.up();
  }

  /** Answer a message with the next text; null stops that. */
  reply(message, placeholder) {
    this.replyTo = message;
    this.placeholder = message === null ? undefined : placeholder;
    this.field.placeholder = this.placeholder || say(this.language, "write");
    this.replyBar.hidden = message === null;
    if (message === null) return;
    const name = say(this.language, "replyTo", { name: authorOf(message) });
    const said = el("div", {}, el("b", {}, name), el("span", {}, summary(message, this.language)));
    const stop = button({ class: "round", onclick: () => this.reply(null) }, icon("close"));
    label(stop, say(this.language, "noReply"));
    this.replyBar.replaceChildren(icon("reply"), said, stop);
  }

  /** Obey the reply markup of a new message of the bot. */
  obey(message) {
    const markup = message.reply_markup ?? {};
    if (markup.force_reply) this.reply(message, markup.input_field_placeholder);
    if (markup.keyboard) this.showKeyboard(markup);
    if (markup.remove_keyboard) this.removeKeyboard();
  }

  showKeyboard(markup) {
    const press = (text) => {
      if (this.on.send(text, null) && markup.one_time_keyboard) this.keyboard.hidden = true;
    };
    const key = ({ text }) => button({ onclick: () => press(text) }, text);
    this.keyboard.replaceChildren(...markup.keyboard.map((row) => el("div", { class: "keys-row" }, ...row.map(key))));
    this.keyboard.hidden = false;
    this.keyboardButton.hidden = false;
  }

  removeKeyboard() {
    this.keyboard.hidden = true;
    this.keyboardButton.hidden = true;
  }

  toggleKeyboard() {
    this.keyboard.hidden = !this.keyboard.hidden;
  }
}

function label(element, text) {
  element.title = text;
  element.setAttribute("aria-label", text);
}
