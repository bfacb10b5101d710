// The topmost modal of the person looking.
import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { h, icon, ICONS } from "./dom.js";
import { rawState } from "./elements.js";
import { plain } from "./mrkdwn.js";

const root = document.getElementById("modal-root");
let shown = null;

export function showModal(stack, user) {
  const view = stack.at(-1);
  if (!view) {
    shown = null;
    root.replaceChildren();
    return;
  }
  if (shown?.id === view.id && shown.hash === view.hash && shown.user === user) return;
  const kept = shown?.id === view.id ? rawState(root) : {};
  shown = { id: view.id, hash: view.hash, user };
  root.replaceChildren(build(view, user));
  restore(kept);
  (root.querySelector(".field, select, .choices input") ?? root.querySelector("[data-testid=modal]")).focus();
}

export function closeModal() {
  root.querySelector("[data-testid=modal-close]")?.click();
}

// What was typed survives an update that keeps the block and action ids.
function restore(kept) {
  for (const node of root.querySelectorAll("[data-action-id]")) {
    const value = kept[node.dataset.blockId]?.[node.dataset.actionId];
    if (value === undefined || !node.raw) continue;
    if (!node.matches("fieldset")) node.value = value;
    else for (const input of node.querySelectorAll("input")) input.checked = [value].flat().includes(input.value);
  }
}

function build(view, user) {
  const send = (order) => post("press", { user, view_id: view.id, ...order });
  const close = () => post("close", { user, view_id: view.id });
  const form = h("form", { class: "modal", role: "dialog", "aria-modal": "true", "aria-label": plain(view.title), tabindex: "-1", data: { testid: "modal", surface: "view" } },
    h("header", {}, h("h2", {}, plain(view.title)), h("button", { type: "button", class: "ghost", "aria-label": "Close", on: { click: close } }, icon(ICONS.close))),
    h("div", { class: "modal-body" }, blocks(view.blocks, send), h("div", { class: "modal-trouble", role: "alert" })),
    h("footer", {},
      h("button", { type: "button", class: "button", data: { testid: "modal-close" }, on: { click: close } }, view.close ? plain(view.close) : "Close"),
      view.submit ? h("button", { type: "submit", class: "button primary", data: { testid: "modal-submit" } }, plain(view.submit)) : null));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, { user, view_id: view.id });
  });
  return h("div", { class: "veil", on: { mousedown: (event) => event.target.classList.contains("veil") && close() } }, form);
}

async function submit(form, order) {
  const button = form.querySelector("[data-testid=modal-submit]");
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  const answer = await post("submit", { ...order, state: rawState(form) });
  button.disabled = false;
  button.removeAttribute("aria-busy");
  for (const place of form.querySelectorAll("[data-error-for]")) place.textContent = answer.errors?.[place.dataset.errorFor] ?? "";
  const trouble = form.querySelector(".modal-trouble");
  trouble.textContent = answer.ok ? "" : `⚠ We had some trouble connecting. Try again? (${answer.error})`;
  form.querySelector(".input-error:not(:empty)")?.scrollIntoView({ block: "center" });
}
