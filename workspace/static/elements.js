// Interactive elements. Each node that holds a value carries its ids and a `raw()` of what is
// chosen in it; `send(order)` tells the server and resolves to its answer.
import { h, icon, ICONS } from "./dom.js";
import { plain, safeLink, text } from "./mrkdwn.js";

export function element(item, blockId, send, acts = true) {
  const make = MAKERS[item.type];
  if (!make) return h("span", { class: "unknown" }, `Unknown element: ${item.type}`);
  const node = make(item, acts ? (value, from) => press(item, blockId, send, value, from) : null);
  node.dataset.blockId = blockId;
  node.dataset.actionId = item.action_id ?? "";
  return node;
}

// block id → action id → raw value, of everything chosen inside `root`.
export function rawState(root) {
  const state = {};
  for (const node of root.querySelectorAll("[data-action-id]")) {
    if (node.raw) (state[node.dataset.blockId] ??= {})[node.dataset.actionId] = node.raw();
  }
  return state;
}

async function press(item, blockId, send, value, node) {
  if (item.confirm && !(await confirmed(item.confirm))) return false;
  const surface = node.closest("[data-surface]");
  const order = { block_id: blockId, action_id: item.action_id, state: rawState(surface) };
  if (value !== undefined) order.value = value;
  node.setAttribute("aria-busy", "true");
  const answer = await send(order);
  node.removeAttribute("aria-busy");
  surface.querySelectorAll(".trouble").forEach((old) => old.remove());
  if (!answer.ok && node.isConnected) {
    (node.closest(".block") ?? surface).append(h("div", { class: "trouble", role: "alert" }, `⚠ ${answer.error}`));
  }
  return answer.ok;
}

export function confirmed(dialog) {
  return new Promise((resolve) => {
    const box = h("dialog", { class: "confirm" });
    const end = (choice) => () => {
      box.close();
      box.remove();
      resolve(choice);
    };
    box.append(
      h("h3", {}, plain(dialog.title)),
      h("div", {}, text(dialog.text)),
      h("div", { class: "confirm-buttons" },
        h("button", { type: "button", class: "button", on: { click: end(false) } }, dialog.deny ? plain(dialog.deny) : "Cancel"),
        h("button", { type: "button", class: `button ${dialog.style === "danger" ? "danger" : "primary"}`, on: { click: end(true) } }, dialog.confirm ? plain(dialog.confirm) : "OK")),
    );
    box.addEventListener("cancel", end(false));
    document.body.append(box);
    box.showModal();
  });
}

function button(item, act) {
  const node = h("button", { type: "button", class: `button ${item.style ?? ""}` }, plain(item.text));
  node.addEventListener("click", () => {
    const url = item.url && safeLink(item.url);
    if (url) window.open(url, "_blank", "noopener");
    act?.(undefined, node);
  });
  return node;
}

function iconButton(item, act) {
  const node = h("button", { type: "button", class: "button quiet", title: plain(item.text) }, plain(item.text));
  node.addEventListener("click", () => act?.(undefined, node));
  return node;
}

function feedback(item, act) {
  const node = h("span", { class: "feedback" });
  for (const [half, path] of [[item.positive_button, ICONS.up], [item.negative_button, ICONS.down]]) {
    const label = plain(half.text);
    const one = h("button", { type: "button", class: "button quiet", title: half.accessibility_label ?? label, "aria-pressed": "false", data: { value: half.value } }, icon(path), /^(\p{Extended_Pictographic}|\ufe0f)+$/u.test(label) ? "" : label);
    one.addEventListener("click", async () => {
      if (!(await act?.(half.value, node))) return;
      for (const other of node.children) other.setAttribute("aria-pressed", String(other === one));
    });
    node.append(one);
  }
  return node;
}

function select(item, act) {
  const option = (one) => h("option", { value: one.value }, plain(one.text));
  const groups = item.option_groups?.map((group) => h("optgroup", { label: plain(group.label) }, group.options.map(option)));
  const node = h("select", { class: "select", "aria-label": plain(item.placeholder) || "Select" },
    h("option", { value: "" }, plain(item.placeholder) || "Select…"), groups ?? item.options.map(option));
  node.value = item.initial_option?.value ?? "";
  node.raw = () => node.value;
  node.addEventListener("change", () => node.value && act?.(node.value, node));
  return node;
}

function overflow(item, act) {
  const menu = h("span", { class: "menu", hidden: true });
  const opener = h("button", { type: "button", class: "button quiet", "aria-label": "More" }, "⋯");
  const node = h("span", { class: "overflow" }, opener, menu);
  opener.addEventListener("click", () => (menu.hidden = !menu.hidden));
  document.addEventListener("click", (event) => node.contains(event.target) || (menu.hidden = true));
  for (const one of item.options) {
    menu.append(h("button", { type: "button", data: { value: one.value }, on: { click: () => { menu.hidden = true; act?.(one.value, node); } } }, plain(one.text)));
  }
  return node;
}

let groups = 0;

function choices(kind, item, initial, act) {
  const name = `choice-${groups++}`;
  const node = h("fieldset", { class: "choices" });
  for (const one of item.options) {
    const input = h("input", { type: kind, name, value: one.value });
    input.checked = initial.includes(one.value);
    input.addEventListener("change", () => act?.(node.raw(), node));
    node.append(h("label", {}, input, h("span", {}, text(one.text), one.description ? h("small", {}, text(one.description)) : null)));
  }
  const chosen = () => [...node.querySelectorAll("input:checked")].map((input) => input.value);
  node.raw = kind === "radio" ? () => chosen()[0] ?? "" : chosen;
  return node;
}

function checkboxes(item, act) {
  return choices("checkbox", item, (item.initial_options ?? []).map((one) => one.value), act);
}

function radios(item, act) {
  return choices("radio", item, item.initial_option ? [item.initial_option.value] : [], act);
}

function datepicker(item, act) {
  const node = h("input", { type: "date", class: "field", value: item.initial_date ?? "", "aria-label": plain(item.placeholder) || "Date" });
  node.raw = () => node.value;
  node.addEventListener("change", () => act?.(node.value, node));
  return node;
}

function typed(item, act) {
  const node = h(item.multiline ? "textarea" : "input", { class: "field", rows: item.multiline ? 4 : null, placeholder: plain(item.placeholder), maxlength: item.max_length });
  node.value = item.initial_value ?? "";
  node.raw = () => node.value;
  node.addEventListener("keydown", (event) => event.key === "Enter" && !item.multiline && act?.(node.value, node));
  return node;
}

const MAKERS = {
  button, checkboxes, datepicker, overflow,
  feedback_buttons: feedback, icon_button: iconButton, plain_text_input: typed, radio_buttons: radios, static_select: select,
};
