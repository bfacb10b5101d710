// Block Kit as DOM nodes. `send(order)` tells the server that an element was used.
import { chart } from "./charts.js";
import { h } from "./dom.js";
import { element } from "./elements.js";
import { markdown } from "./markdown.js";
import { plain, text } from "./mrkdwn.js";
import { richText } from "./richtext.js";

export function blocks(list, send) {
  return list.map((block) => h("div", { class: `block block-${block.type}`, data: { blockId: block.block_id } }, drawn(block, send)));
}

// One block that cannot be drawn must not take the page with it.
function drawn(block, send) {
  const make = Object.hasOwn(MAKERS, block.type) ? MAKERS[block.type] : null;
  if (!make) return trouble(`unknown type “${block.type}”`);
  try {
    return make(block, send);
  } catch (error) {
    return trouble(`${block.type}: ${error.message}`);
  }
}

function trouble(reason) {
  return h("div", { class: "unknown", role: "alert" }, `This block cannot be shown: ${reason}`);
}

function section(block, send) {
  return [
    h("div", { class: "section-body" },
      block.text ? h("div", { class: "section-text" }, text(block.text)) : null,
      block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, text(field)))) : null),
    block.accessory ? h("div", { class: "accessory" }, block.accessory.type === "image" ? picture(block.accessory) : element(block.accessory, block.block_id, send)) : null,
  ];
}

// Only pictures of this server are loaded; of any other, its words are shown.
function picture(image) {
  const own = /^(data:image\/|\/static\/)/.test(image.image_url ?? "");
  if (!own) return h("span", { class: "no-image" }, image.alt_text);
  const node = h("img", { src: image.image_url, alt: image.alt_text, title: image.alt_text });
  node.addEventListener("error", () => node.replaceWith(h("span", { class: "no-image" }, image.alt_text)));
  return node;
}

function image(block) {
  return h("figure", { class: "image" }, block.title ? h("figcaption", {}, plain(block.title)) : null, picture(block));
}

function context(block) {
  return block.elements.map((item) => (item.type === "image" ? picture(item) : h("span", {}, text(item))));
}

function actions(block, send) {
  return block.elements.map((item) => element(item, block.block_id, send));
}

function input(block, send) {
  const made = element(block.element, block.block_id, send, Boolean(block.dispatch_action));
  if (made.matches(".field, .select, .choices")) made.setAttribute("aria-label", plain(block.label));
  return h("div", { class: "input" },
    h("span", { class: "input-label" }, plain(block.label), block.optional ? h("small", {}, " (optional)") : null),
    made,
    block.hint ? h("span", { class: "hint" }, plain(block.hint)) : null,
    h("span", { class: "input-error", role: "alert", data: { errorFor: block.block_id } }));
}

function cell(item, tag, align, wrapped) {
  const inside = item.type === "rich_text" ? richText(item) : item.type === "raw_number" ? String(item.text ?? item.value ?? item.number ?? "") : item.text;
  return h(tag, { class: `to-${align ?? (item.type === "raw_number" ? "right" : "left")} ${wrapped ? "wrapped" : ""}` }, inside);
}

function table(block) {
  const settings = block.column_settings ?? [];
  const row = (cells, tag) => h("tr", {}, cells.map((item, n) => cell(item, tag, settings[n]?.align, settings[n]?.is_wrapped)));
  const [head, ...rest] = block.rows;
  return h("div", { class: "scroll" }, h("table", {}, h("thead", {}, row(head, "th")), h("tbody", {}, rest.map((cells) => row(cells, "td")))));
}

function card(block, send) {
  return h("div", { class: "card" },
    block.hero_image ? h("div", { class: "hero" }, picture(block.hero_image)) : null,
    h("div", { class: "card-head" },
      block.icon ? picture(block.icon) : null,
      h("div", {}, block.title ? h("strong", {}, text(block.title)) : null, block.subtitle ? h("div", { class: "subtitle" }, text(block.subtitle)) : null)),
    block.body ? h("div", { class: "card-body" }, text(block.body)) : null,
    block.actions ? h("div", { class: "card-actions" }, block.actions.map((item) => element(item, block.block_id, send))) : null);
}

const MARKS = { pending: "○", in_progress: "◐", complete: "●", error: "✕" };

function taskCard(block) {
  return h("div", { class: `task ${block.status}` }, h("span", { class: "task-mark" }, MARKS[block.status]), h("div", {}, block.title,
    block.details ? richText(block.details) : null, block.output ? richText(block.output) : null));
}

const MAKERS = {
  actions, card, context, image, input, section, table,
  alert: (block) => h("div", { class: `alert ${block.level ?? "default"}`, role: "note" }, text(block.text)),
  context_actions: actions,
  data_visualization: chart,
  divider: () => h("hr"),
  header: (block) => h("h2", {}, plain(block.text)),
  markdown: (block) => h("div", { class: "markdown" }, markdown(block.text)),
  plan: (block) => h("div", { class: "plan" }, h("strong", {}, block.title), (block.tasks ?? []).map(taskCard)),
  rich_text: richText,
  task_card: taskCard,
};
