// Building the page: elements from plain values. Text only ever becomes text nodes.

export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, hear] of Object.entries(value)) node.addEventListener(event, hear);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Make `parent`'s children follow `items` ({key, mark, build}); nodes whose mark is the same stay,
// and with them what somebody is typing in them.
export function reconcile(parent, items) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let at = parent.firstElementChild;
  for (const { key, mark, build } of items) {
    let node = old.get(key);
    if (!node || node.mark !== mark) {
      const fresh = build();
      fresh.dataset.key = key;
      fresh.mark = mark;
      if (node) {
        if (node === at) at = fresh;
        node.replaceWith(fresh);
      }
      node = fresh;
    }
    old.delete(key);
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const node of old.values()) node.remove();
}

const HUES = [172, 205, 262, 18, 334, 42, 138, 228];

// A square with the last characters of a name: Chinese given names are at the end.
export function avatar(id, name, isBot = false) {
  if (isBot) return h("img", { class: "avatar", src: "/static/mark.svg", alt: "" });
  const ascii = /^[\x20-\x7e]+$/.test(name);
  const short = ascii ? name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase() : name.slice(-2);
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, short);
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  node.style.setProperty("--hue", HUES[sum % HUES.length]);
  return node;
}

export function icon(path) {
  return svg("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" }, svg("path", { d: path }));
}

export const ICONS = {
  home: "M3 9.5 10 4l7 5.500M5 8.500V16h4v-4h2v4h4V8.5",
  hash: "M7.5 3.5 6 16.500M14 3.500l-1.5 13M3.5 7.500h13M3 12.500h13",
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  send: "M3.5 10 16.5 4l-4 12.5-3-5zM9.5 11.500l7-7.5",
  traffic: "M6.5 4v11m0 0-3-3m3 3 3-3M13.5 16V5m0 0-3 3m3-3 3 3",
  close: "M5 5l10 10M15 5 5 15",
  sun: "M10 6.500a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.300l1.4 1.400M14.3 14.300l1.4 1.400M4.3 15.700l1.4-1.400M14.3 5.700l1.4-1.4",
  reply: "M8 5 3.5 9.5 8 14M4 9.500h7a5 5 0 0 1 5 5V16",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  up: "M6 9v7H3.500V9zM6 9l3-5.500c1.5 0 2 1 1.7 2.300L10.3 8H15a1.5 1.5 0 0 1 1.4 2l-1.5 5a1.5 1.5 0 0 1-1.4 1H6",
  down: "M6 11V4H3.500v7zM6 11l3 5.500c1.5 0 2-1 1.7-2.300L10.3 12H15a1.5 1.5 0 0 0 1.4-2l-1.5-5A1.5 1.5 0 0 0 13.5 4H6",
};
