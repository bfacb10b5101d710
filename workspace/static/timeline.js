// One conversation: day separators, messages, threads beneath their roots.
import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { avatar, h, icon, ICONS, reconcile } from "./dom.js";
import { emoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { names } from "./names.js";
import { clockTime, day } from "./time.js";

const openThreads = new Set();

export function showTimeline(parent, room, state, redraw) {
  const last = room.messages.at(-1)?.ts;
  const grown = parent.lastSeen !== `${room.id}/${last}`;
  const moved = parent.room !== `${state.me}/${room.id}`;
  if (moved) parent.replaceChildren();
  reconcile(parent, items(room, state, redraw));
  if (moved || (grown && parent.following)) toNewest(parent);
  else if (grown) parent.newer.hidden = false;
  parent.lastSeen = `${room.id}/${last}`;
  parent.room = `${state.me}/${room.id}`;
}

// A reader at the newest message wants to stay with what comes; so does whoever just sent something.
// Anyone reading further up is told instead, and goes there with one press.
export function follow(parent) {
  parent.following = true;
  parent.newer = h("button", { type: "button", class: "newer", hidden: true, data: { testid: "newer" }, on: { click: () => toNewest(parent) } }, "New message 新消息 ↓");
  parent.after(parent.newer);
  parent.addEventListener("scroll", () => {
    const atEnd = parent.scrollHeight - parent.scrollTop - parent.clientHeight < 160;
    parent.following = atEnd || parent.scrollTop === parent.rested;
    if (parent.following) parent.newer.hidden = true;
  });
  new ResizeObserver(() => parent.following && toNewest(parent)).observe(parent);
}

// The newest message in full, or from its beginning when it is taller than the window.
export function toNewest(parent) {
  const newest = [...parent.querySelectorAll(".message")].at(-1);
  if (!newest) return;
  const top = newest.offsetTop - parent.offsetTop - 12;
  parent.scrollTop = Math.min(parent.scrollHeight - parent.clientHeight, top);
  parent.rested = parent.scrollTop;
  parent.following = true;
  parent.newer.hidden = true;
}

function items(room, state, redraw) {
  const made = [];
  const inThread = new Map();
  const roots = [];
  const known = new Set(room.messages.map((message) => message.ts));
  for (const message of room.messages) {
    const root = message.thread_ts;
    if (root && root !== message.ts && known.has(root)) inThread.set(root, [...(inThread.get(root) ?? []), message]);
    else roots.push(message);
  }
  if (!roots.length) made.push(welcome(room, state));
  let today = "", before = null;
  for (const root of roots) {
    const label = day(root.ts, state.tz, state.now);
    if (label !== today) made.push({ key: `day-${label}`, mark: label, build: () => h("div", { class: "day" }, h("span", {}, label)) });
    const joined = label === today && before?.user === root.user && !inThread.has(before.ts) && !before.ephemeral === !root.ephemeral && root.ts - before.ts < 300;
    today = label;
    before = root;
    made.push(item(root, room, state, { joined, redraw }));
    made.push(...thread(root, inThread.get(root.ts) ?? [], room, state, redraw));
  }
  for (const status of room.statuses) {
    if (!known.has(status.thread_ts)) made.push(typing(status, state, "status"));
  }
  return made;
}

function thread(root, replies, room, state, redraw) {
  const made = replies.map((reply, n) => item(reply, room, state, { reply: true, joined: n > 0 && replies[n - 1].user === reply.user, redraw }));
  const status = room.statuses.find((one) => one.thread_ts === root.ts);
  if (status) made.push(typing(status, state, `status-${root.ts}`));
  const open = openThreads.has(root.ts);
  if ((replies.length && !status) || open) {
    made.push({ key: `reply-${root.ts}`, mark: `${state.me}${open}`, build: () => replyBox(root, room, state, redraw, open) });
  }
  return made;
}

function item(message, room, state, { joined = false, reply = false, redraw }) {
  const { ts } = message;
  const mark = JSON.stringify([message, joined, reply, state.me]);
  return { key: `${ts}`, mark, build: () => build(message, room, state, { joined, reply, redraw }) };
}

function build(message, room, state, { joined, reply, redraw }) {
  const bot = message.user === names.bot || message.user === "USLACKBOT";
  const who = names.person(message.user);
  const send = (order) => post("press", { user: state.me, channel: room.id, ts: message.ts, ...order });
  const node = h("article", { class: ["message", joined ? "joined" : "", reply ? "reply" : "", message.ephemeral ? "ephemeral" : ""].join(" "), data: { testid: "message", ts: message.ts, user: message.user, surface: "message" } });
  const time = clockTime(message.ts, state.tz);
  node.append(
    joined ? h("span", { class: "gutter" }, time) : avatar(message.user, who, bot),
    h("div", { class: "content" },
      message.ephemeral ? h("div", { class: "only-you" }, icon(ICONS.eye), "Only visible to you · 仅你可见") : null,
      joined ? null : h("div", { class: "by" }, h("strong", {}, who), bot ? h("span", { class: "app-tag" }, "APP") : null, h("time", {}, time), message.edited ? h("span", { class: "edited" }, "(edited)") : null),
      message.blocks?.length ? blocks(message.blocks, send) : h("div", { class: "plain" }, mrkdwn(message.text)),
      message.reactions ? h("div", { class: "reactions" }, message.reactions.map((one) => h("span", {}, emoji(one.name), " ", String(one.count)))) : null));
  if (!reply && !message.ephemeral) {
    const open = () => {
      openThreads.add(message.ts);
      redraw();
      document.querySelector(`[data-key="reply-${message.ts}"] textarea`)?.focus();
    };
    node.append(h("button", { type: "button", class: "hover-reply", title: "Reply in thread 在话题中回复", "aria-label": "Reply in thread", on: { click: open } }, icon(ICONS.reply)));
  }
  return node;
}

function replyBox(root, room, state, redraw, open) {
  if (!open) {
    const click = () => {
      openThreads.add(root.ts);
      redraw();
      document.querySelector(`[data-key="reply-${root.ts}"] textarea`)?.focus();
    };
    return h("div", { class: "reply-box" }, h("button", { type: "button", class: "reply-link", data: { testid: "reply" }, on: { click } }, "Reply… 回复"));
  }
  const box = h("textarea", { rows: 1, placeholder: "Reply in thread… 在话题中回复", "aria-label": "Reply in thread", data: { testid: "thread-composer" } });
  box.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") {
      openThreads.delete(root.ts);
      redraw();
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    const said = box.value;
    if (!said.trim()) return;
    box.value = "";
    await post("say", { user: state.me, channel: room.id, text: said, thread_ts: root.ts });
  });
  return h("div", { class: "reply-box open" }, box);
}

function typing(status, state, key) {
  const phrase = status.loading_messages[0] ?? status.status;
  return { key, mark: phrase, build: () => h("div", { class: "typing", data: { testid: "status" } }, h("span", { class: "dots" }, h("i"), h("i"), h("i")), `${state.team.bot_name} ${phrase}`) };
}

function welcome(room, state) {
  const own = room.kind === "im";
  return { key: "welcome", mark: room.id + state.me, build: () => h("div", { class: "welcome" },
    own ? avatar(state.team.bot, state.team.bot_name, true) : h("span", { class: "avatar hash" }, "#"),
    h("h2", {}, own ? state.team.bot_name : `#${room.name}`),
    h("p", {}, own ? "Ask a question, or type / to see what it can do. 直接提问，或输入 / 查看命令。" : `Mention @${state.team.bot_name} to ask it here. 提及 @${state.team.bot_name} 即可提问。`)) };
}
