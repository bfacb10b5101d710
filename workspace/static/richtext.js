// rich_text blocks as DOM nodes.
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, mention } from "./mrkdwn.js";
import { names } from "./names.js";

export function richText(block) {
  return h("div", { class: "rich" }, block.elements.map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section":
      return h("div", { class: "rich-section" }, element.elements.map(leaf));
    case "rich_text_list":
      return list(element);
    case "rich_text_quote":
      return h("blockquote", {}, element.elements.map(leaf));
    case "rich_text_preformatted":
      return h("pre", {}, element.elements.map((item) => item.text ?? item.url ?? ""));
    default:
      return h("span", { class: "unknown" }, `Unknown rich text: ${element.type}`);
  }
}

function list(element) {
  const ordered = element.style === "ordered";
  const node = h(ordered ? "ol" : "ul", { start: ordered && element.offset ? element.offset + 1 : null }, element.elements.map((item) => h("li", {}, item.elements.map(leaf))));
  node.classList.add(`indent-${Math.min(element.indent ?? 0, 4)}`);
  return node;
}

function leaf(item) {
  switch (item.type) {
    case "text":
      return dressed(broken(item.text), item.style);
    case "link":
      return dressed([link(item.url, item.text || item.url)], item.style);
    case "user":
      return mention(item.user_id);
    case "channel":
      return h("span", { class: "mention" }, `#${names.channel(item.channel_id)}`);
    case "broadcast":
      return h("span", { class: "mention me" }, `@${item.range}`);
    case "emoji":
      return emoji(item.name);
    case "date":
      return h("span", {}, item.fallback ?? new Date(item.timestamp * 1000).toLocaleString());
    default:
      return h("span", { class: "unknown" }, `Unknown rich text: ${item.type}`);
  }
}

function broken(content) {
  return content.split("\n").flatMap((line, n) => (n ? [h("br"), line] : [line]));
}

function dressed(nodes, style = {}) {
  for (const [name, tag] of [["code", "code"], ["strike", "s"], ["underline", "u"], ["italic", "em"], ["bold", "strong"]]) {
    if (style[name]) nodes = [h(tag, {}, nodes)];
  }
  return nodes;
}
