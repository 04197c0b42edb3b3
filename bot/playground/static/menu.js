// The command menu of one writing field: opened by its button or by a slash, narrowed by typing.

import { el } from "./dom.js";
import { say } from "./words.js";

let menus = 0;

export class CommandMenu {
  /** @param field the textarea; @param on {send(text), fill(text)}: a command chosen, or only completed. */
  constructor(field, on) {
    this.field = field;
    this.on = on;
    this.commands = [];
    this.chosen = 0;
    this.id = `menu-${(menus += 1)}`;
    this.element = el("ul", { class: "menu", role: "listbox", id: this.id, hidden: true });
    const role = { "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": this.id };
    Object.entries(role).forEach(([name, value]) => field.setAttribute(name, value));
  }

  get open() {
    return !this.element.hidden;
  }

  /** Take the commands that this person sees in this chat. */
  load(commands, language) {
    this.commands = commands;
    this.element.setAttribute("aria-label", say(language, "commands"));
    if (document.activeElement === this.field) this.typed();
  }

  /** Follow what stands in the field. */
  typed() {
    const typed = this.field.value.match(/^\/([a-z0-9_]*)$/i);
    if (typed) this.show(typed[1].toLowerCase());
    else this.hide();
  }

  toggle() {
    if (this.open) this.hide();
    else this.show("");
    this.field.focus();
  }

  show(beginning) {
    const fitting = this.commands.filter(({ command }) => command.startsWith(beginning));
    this.element.replaceChildren(...fitting.map((command, index) => this.item(command, index)));
    this.element.hidden = fitting.length === 0;
    this.choose(0);
  }

  hide() {
    this.element.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  item({ command, description }, index) {
    const pick = () => this.pick(command);
    const names = { id: `${this.id}-${index}`, role: "option", dataset: { command } };
    return el("li", { ...names, onclick: pick, onpointermove: () => this.choose(index) }, el("b", {}, `/${command}`), el("span", {}, description));
  }

  pick(command) {
    this.hide();
    this.on.send(`/${command}`);
  }

  choose(index) {
    const items = [...this.element.children];
    if (items.length === 0) return;
    this.chosen = (index + items.length) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === this.chosen)));
    items[this.chosen].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", items[this.chosen].id);
  }

  /** Take a key while the menu is open; true when it was the menu's. */
  key(event) {
    const command = this.element.children[this.chosen]?.dataset.command;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) this.choose(this.chosen + moves[event.key]);
    else if (event.key === "Tab" && !event.shiftKey) this.on.fill(`/${command} `);
    else if (event.key === "Enter" && !event.shiftKey) this.pick(command);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    return true;
  }
}
