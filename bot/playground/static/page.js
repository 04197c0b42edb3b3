// The page: panes side by side (tabs on a phone), example lines, connection, alerts.

import { ChatPane } from "./chat.js";
import { Connection } from "./connection.js";
import { el } from "./dom.js";

const place = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.panes = [];
    this.active = 0;
    this.connection = new Connection((message) => this.handle(message), (status) => this.showStatus(status));
  }

  handle(message) {
    if (message.type === "state") this.load(message);
    else if (message.type === "event") this.event(message);
    else if (message.type === "problem") this.panes[this.active]?.toast(message.text);
  }

  load(state) {
    const botName = state.bot.first_name;
    const paneStates = state.panes.map((pane) => ({ ...pane, botName }));
    if (this.panes.length === paneStates.length) {
      this.panes.forEach((pane, index) => pane.load(paneStates[index]));
      return;
    }
    this.panes = paneStates.map((pane, index) => this.newPane(pane, index));
    place("panes").replaceChildren(...this.panes.map((pane) => pane.element));
    place("tabs").replaceChildren(...paneStates.map((pane, index) => this.tab(pane.title, index)));
    this.showHints(state.suggestions);
    this.activate(0);
  }

  newPane(state, index) {
    const act = (order) => this.connection.send(order);
    const pane = new ChatPane(index, state, act, (title, text) => this.alert(title, text));
    pane.element.addEventListener("focusin", () => this.activate(index));
    pane.element.addEventListener("pointerdown", () => this.activate(index));
    return pane;
  }

  event({ kind, chat_id: chatId, data }) {
    this.panes.forEach((pane, index) => {
      if (!pane.shows(chatId)) return;
      pane.handle(kind, data);
      if (kind === "message" && index !== this.active) this.tabs[index].classList.add("unread");
    });
  }

  get tabs() {
    return [...place("tabs").children];
  }

  tab(title, index) {
    return el("button", { type: "button", role: "tab", onclick: () => this.activate(index) }, title);
  }

  activate(index) {
    this.active = index;
    this.panes.forEach((pane, other) => pane.element.classList.toggle("active", other === index));
    this.tabs.forEach((tab, other) => tab.setAttribute("aria-selected", String(other === index)));
    this.tabs[index]?.classList.remove("unread");
  }

  showHints(lines) {
    const fill = (line) => this.panes[this.active].composer.fill(line);
    const hints = lines.map((line) => el("button", { type: "button", class: "hint", onclick: () => fill(line) }, line));
    place("hints").hidden = lines.length === 0;
    place("hints").replaceChildren(el("h2", {}, "Things to try"), ...hints);
  }

  showStatus(status) {
    place("connection").textContent = status === "connected" ? "live" : "connecting…";
    place("connection").className = `connection ${status}`;
  }

  alert(title, text) {
    place("alert-title").textContent = title;
    place("alert-text").textContent = text;
    if (!place("alert").open) place("alert").showModal();
  }
}

new Page();
