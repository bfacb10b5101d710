// The left rail: workspace, persona, conversations.
import { avatar, h, icon, ICONS, reconcile } from "./dom.js";

// Drawn piece by piece: what did not change stays, and with it the press, or the open list of names,
// that a reader was in the middle of when news came.
export function showRail(parent, state, place, { choose, become }) {
  const me = state.people.find((one) => one.id === state.me);
  reconcile(parent, [
    { key: "team", mark: JSON.stringify([state.team, state.connections]), build: () => team(state) },
    { key: "persona", mark: JSON.stringify([me, state.people]), build: () => persona(state, me, become) },
    { key: "rows", mark: "", build: () => h("div", { class: "rows" }) },
    { key: "note", mark: "", build: () => h("p", { class: "rail-note" }, "A local stand-in for Slack. Nothing leaves this machine. 本机演示，数据不出本机。") },
  ]);
  const own = state.conversations.filter((room) => room.kind === "im");
  const channels = state.conversations.filter((room) => room.kind === "channel");
  const shown = [
    { id: "home", label: "Home 首页", lead: () => icon(ICONS.home), testid: "home" },
    ...own.map((room) => ({ id: room.id, label: room.name, lead: () => avatar(state.team.bot, room.name, true), testid: "dm", unread: unread(room, state, place) })),
    ...channels.map((room) => ({ id: room.id, label: room.name, lead: () => icon(ICONS.hash), testid: `channel-${room.name}`, unread: unread(room, state, place), external: room.external })),
  ];
  const rows = parent.querySelector(".rows");
  const made = shown.map((one) => ({ key: one.id, mark: one.testid, build: () => row(one, choose) }));
  reconcile(rows, [heading("Apps · 应用"), ...made.slice(0, 1 + own.length), heading("Channels · 频道"), ...made.slice(1 + own.length)]);
  for (const one of shown) label(rows.querySelector(`[data-key="${CSS.escape(one.id)}"]`), one, place);
}

function team(state) {
  return h("div", { class: "team" }, h("strong", {}, state.team.name), h("span", { class: state.connections ? "live" : "live off", title: `${state.connections} open connections` }, state.connections ? "app connected" : "app offline 未连接"));
}

function persona(state, me, become) {
  const select = h("select", { data: { testid: "persona" }, "aria-label": "You are", on: { change: (event) => become(event.target.value) } },
    state.people.map((one) => h("option", { value: one.id }, one.title ? `${one.name} · ${one.title}` : one.name)));
  select.value = state.me;
  return h("label", { class: "persona" }, avatar(me.id, me.name), h("span", { class: "persona-text" }, h("strong", {}, me.name), h("small", {}, me.title)), icon("M6 8l4-4 4 4M6 12l4 4 4-4"), select);
}

function heading(text) {
  return { key: text, mark: "", build: () => h("h3", {}, text) };
}

function row({ id, testid }, choose) {
  return h("button", { type: "button", data: { testid }, on: { click: () => choose(id) } });
}

function label(node, { id, label: name, lead, unread: count = 0, external = false }, place) {
  const here = place === id;
  const mark = JSON.stringify([name, count, external, here]);
  if (node.label === mark) return;
  node.label = mark;
  node.className = ["row", here ? "here" : "", count ? "unread" : ""].join(" ");
  if (here) node.setAttribute("aria-current", "page");
  else node.removeAttribute("aria-current");
  node.replaceChildren(lead(), h("span", { class: "row-name" }, name), ...(external ? [h("span", { class: "tag" }, "外部")] : []), ...(count ? [h("span", { class: "badge" }, String(count))] : []));
}

const seen = new Map();

// Messages that came since this person last had the conversation open.
function unread(room, state, place) {
  const key = `${state.me}/${room.id}`;
  const last = room.messages.at(-1)?.ts ?? "0";
  if (place === room.id || !seen.has(key)) seen.set(key, place === room.id ? last : "0");
  return room.messages.filter((message) => message.user !== state.me && message.ts > seen.get(key)).length;
}
