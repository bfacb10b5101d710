// The top bar: where you are, what time it is here, and the ways to move that time on.
import { post } from "./api.js";
import { avatar, h, icon, ICONS } from "./dom.js";
import { clockFace } from "./time.js";

export class Bar {
  constructor(parent, { openRail, toggleTraffic }) {
    this.title = h("div", { class: "title" });
    this.face = h("div", { class: "clock", data: { testid: "clock" }, title: "The workspace's own time 工作区时间" });
    const step = (order, testid, ...label) => h("button", { type: "button", class: testid === "next-morning" ? "button morning" : "button", data: { testid }, on: { click: (event) => this.step(event.currentTarget, order) } }, ...label);
    parent.replaceChildren(
      h("button", { type: "button", class: "ghost burger", "aria-label": "Menu", data: { testid: "menu" }, on: { click: openRail } }, icon(ICONS.menu)),
      this.title,
      h("div", { class: "time" }, this.face,
        step({ minutes: 60 }, "plus-hour", "+1 h"),
        step({ to: "next_morning" }, "next-morning", icon(ICONS.sun), h("span", { class: "wide" }, "Next morning "), h("span", {}, "次日早晨"))),
      h("button", { type: "button", class: "ghost", "aria-label": "Raw traffic", title: "Raw traffic 原始报文", data: { testid: "traffic" }, on: { click: toggleTraffic } }, icon(ICONS.traffic)));
    setInterval(() => this.tick(), 1000);
  }

  async step(button, order) {
    button.disabled = true;
    await post("clock", order);
    button.disabled = false;
  }

  show(state, room) {
    this.ahead = new Date(state.now) - Date.now();
    this.tz = state.tz;
    this.tick();
    const mark = JSON.stringify([room?.id ?? "home", state.me]);
    if (this.title.mark === mark) return;
    this.title.mark = mark;
    const bot = !room || room.kind === "im";
    this.title.replaceChildren(
      bot ? avatar(state.team.bot, state.team.bot_name, true) : icon(ICONS.hash),
      h("strong", {}, room ? room.name : state.team.bot_name),
      h("small", {}, room ? (room.external ? "shared with another organisation 外部共享频道" : "") : "Home 首页"));
  }

  tick() {
    if (this.ahead === undefined) return;
    const { date, weekday, time } = clockFace(new Date(Date.now() + this.ahead), this.tz);
    this.face.replaceChildren(h("span", {}, h("span", { class: "wide" }, `${date.slice(0, 5)}`), `${date.slice(5)} `, h("span", { class: "wide" }, `${weekday.en} `), weekday.zh), h("strong", {}, time));
  }
}
