// Where a person types: messages, slash commands, mentions.
import { post } from "./api.js";
import { h, icon, ICONS } from "./dom.js";

const MAX_HEIGHT = 180;

export class Composer {
  constructor(parent, onSend) {
    this.onSend = onSend;
    this.chips = h("div", { class: "chips" });
    this.list = h("div", { class: "suggestions", role: "listbox", hidden: true });
    this.trouble = h("div", { class: "foot-trouble", role: "alert" });
    this.box = h("textarea", { rows: 1, data: { testid: "composer" }, "aria-label": "Message", autocomplete: "off" });
    this.button = h("button", { type: "button", class: "send", data: { testid: "send" }, "aria-label": "Send", on: { click: () => this.send() } }, icon(ICONS.send));
    this.box.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    parent.replaceChildren(this.chips, this.list, h("div", { class: "composer" }, this.box, this.button), this.trouble);
    this.offers = [];
    this.at = 0;
    this.drafts = new Map();
  }

  show(room, state) {
    const key = `${state.me}/${room.id}`;
    if (this.place !== key) {
      if (this.place) this.drafts.set(this.place, this.box.value);
      this.place = key;
      this.box.value = this.drafts.get(key) ?? "";
      this.typed();
      this.trouble.textContent = "";
    }
    this.room = room;
    this.state = state;
    const narrow = matchMedia("(max-width: 720px)").matches;
    if (narrow) this.box.placeholder = "Message 发消息";
    else this.box.placeholder = room.kind === "im" ? `Message ${room.name} · 发消息，或输入 / 使用命令` : `Message #${room.name} · 发消息，@${state.team.bot_name} 提问`;
    const mark = JSON.stringify([room.prompts, state.me]);
    if (this.chips.mark === mark) return;
    this.chips.mark = mark;
    const prompts = room.prompts?.prompts ?? [];
    this.chips.replaceChildren(...(room.prompts?.title && prompts.length ? [h("span", { class: "chips-title" }, room.prompts.title)] : []),
      ...prompts.map((one) => h("button", { type: "button", class: "chip", data: { testid: "prompt" }, on: { click: () => this.deliver(one.message) } }, one.title)));
  }

  typed() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, MAX_HEIGHT)}px`;
    this.button.classList.toggle("ready", Boolean(this.box.value.trim()));
    this.offer();
  }

  offer() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    const command = /^\/(\S*)$/.exec(before);
    const mention = /(?:^|\s)@([^\s@]*)$/.exec(before);
    const starts = (name, typed) => name.toLowerCase().startsWith(typed.toLowerCase());
    if (command) this.offers = this.state.commands.filter((one) => starts(one.name.slice(1), command[1])).map((one) => ({ insert: `${one.name} `, name: one.name, hint: one.hint, cut: before.length }));
    else if (mention) this.offers = [{ name: this.state.team.bot_name, title: "app" }, ...this.state.people].filter((one) => starts(one.name, mention[1])).slice(0, 7).map((one) => ({ insert: `@${one.name} `, name: `@${one.name}`, hint: one.title, cut: mention[1].length + 1 }));
    else this.offers = [];
    this.at = 0;
    this.drawOffers();
  }

  drawOffers() {
    this.list.hidden = !this.offers.length;
    this.list.replaceChildren(...this.offers.map((one, n) => h("button", { type: "button", role: "option", "aria-selected": String(n === this.at), data: { testid: "suggestion" }, on: { mousedown: (event) => event.preventDefault(), click: () => this.take(one) } }, h("strong", {}, one.name), h("span", {}, one.hint ?? ""))));
  }

  take(one) {
    const end = this.box.selectionStart;
    this.box.setRangeText(one.insert, end - one.cut, end, "end");
    this.box.focus();
    this.typed();
    this.offers = [];
    this.drawOffers();
  }

  key(event) {
    if (event.isComposing) return;
    if (this.offers.length) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        this.at = (this.at + step + this.offers.length) % this.offers.length;
        return this.drawOffers();
      }
      const exact = this.offers[this.at].insert.trim() === this.box.value.trim();
      if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !exact)) {
        event.preventDefault();
        return this.take(this.offers[this.at]);
      }
      if (event.key === "Escape") {
        this.offers = [];
        return this.drawOffers();
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  send() {
    const said = this.box.value;
    if (!said.trim()) return;
    this.box.value = "";
    this.typed();
    this.deliver(said);
  }

  async deliver(said) {
    const place = { user: this.state.me, channel: this.room.id };
    const command = /^(\/\S+)\s*([^]*)$/.exec(said);
    this.trouble.textContent = "";
    this.onSend();
    const answer = command ? await post("command", { ...place, command: command[1], text: command[2] }) : await post("say", { ...place, text: said });
    if (!answer.ok && answer.error === "workspace_unreachable") this.trouble.textContent = "The workspace does not answer. 工作区没有响应。";
  }
}
