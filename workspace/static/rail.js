// The left rail: workspace, persona, conversations.
import { avatar, h, icon, ICONS } from "./dom.js";

export function showRail(parent, state, place, { choose, become }) {
  const mark = JSON.stringify([state.me, state.people, place, state.connections > 0, state.conversations.map((room) => [room.id, room.messages.at(-1)?.ts])]);
  if (parent.mark === mark) return;
  parent.mark = mark;
  const me = state.people.find((one) => one.id === state.me);
  parent.replaceChildren(
    h("div", { class: "team" }, h("strong", {}, state.team.name), h("span", { class: state.connections ? "live" : "live off", title: `${state.connections} open connections` }, state.connections ? "app connected" : "app offline 未连接")),
    persona(state, me, become),
    h("div", { class: "rows" },
      h("h3", {}, "Apps · 应用"),
      row({ id: "home", label: "Home 首页", lead: icon(ICONS.home), testid: "home" }, place, choose),
      state.conversations.filter((room) => room.kind === "im").map((room) =>
        row({ id: room.id, label: room.name, lead: avatar(state.team.bot, room.name, true), testid: "dm", unread: unread(room, state, place) }, place, choose)),
      h("h3", {}, "Channels · 频道"),
      state.conversations.filter((room) => room.kind === "channel").map((room) =>
        row({ id: room.id, label: room.name, lead: icon(ICONS.hash), testid: `channel-${room.name}`, unread: unread(room, state, place), external: room.external }, place, choose))),
    h("p", { class: "rail-note" }, "A local stand-in for Slack. Nothing leaves this machine. 本机演示，数据不出本机。"));
}

function persona(state, me, become) {
  const select = h("select", { data: { testid: "persona" }, "aria-label": "You are", on: { change: (event) => become(event.target.value) } },
    state.people.map((one) => h("option", { value: one.id }, one.title ? `${one.name} · ${one.title}` : one.name)));
  select.value = state.me;
  return h("label", { class: "persona" }, avatar(me.id, me.name), h("span", { class: "persona-text" }, h("strong", {}, me.name), h("small", {}, me.title)), icon("M6 8l4-4 4 4M6 12l4 4 4-4"), select);
}

function row({ id, label, lead, testid, unread: count = 0, external = false }, place, choose) {
  return h("button", { type: "button", class: ["row", place === id ? "here" : "", count ? "unread" : ""].join(" "), data: { testid }, "aria-current": place === id ? "page" : null, on: { click: () => choose(id) } },
    lead, h("span", { class: "row-name" }, label), external ? h("span", { class: "tag" }, "外部") : null, count ? h("span", { class: "badge" }, String(count)) : null);
}

const seen = new Map();

// Messages that came since this person last had the conversation open.
function unread(room, state, place) {
  const key = `${state.me}/${room.id}`;
  const last = room.messages.at(-1)?.ts ?? "0";
  if (place === room.id || !seen.has(key)) seen.set(key, place === room.id ? last : "0");
  return room.messages.filter((message) => message.user !== state.me && message.ts > seen.get(key)).length;
}
