// The panel of raw traffic between the app and the workspace.
import { get } from "./api.js";
import { h, icon, ICONS } from "./dom.js";

export class Traffic {
  constructor(parent, onClose) {
    this.parent = parent;
    this.last = 0;
    this.list = h("div", { class: "exchanges" });
    parent.replaceChildren(
      h("header", {}, h("strong", {}, "Raw traffic 原始报文"), h("button", { type: "button", class: "ghost", "aria-label": "Close", on: { click: onClose } }, icon(ICONS.close))),
      this.list);
  }

  show(open) {
    this.parent.hidden = !open;
    if (open) this.load();
  }

  async load(tz = this.tz) {
    this.tz = tz;
    if (this.parent.hidden) return;
    const { entries } = await get(`traffic?after=${this.last}`);
    for (const entry of entries) {
      if (entry.n <= this.last) continue;
      this.last = entry.n;
      this.list.prepend(exchange(entry, this.tz));
    }
  }
}

function exchange(entry, tz) {
  const failed = entry.answer && entry.answer.ok === false;
  const details = h("details", { class: failed ? "failed" : "" },
    h("summary", {}, h("span", { class: `way from-${entry.way}` }, entry.way === "app" ? "app →" : "→ app"), h("span", { class: "exchange-name" }, entry.name), h("time", {}, new Intl.DateTimeFormat("en-GB", { timeZone: tz, timeStyle: "medium" }).format(new Date(entry.at)))));
  details.addEventListener("toggle", () => {
    if (details.childElementCount > 1) return;
    details.append(h("pre", {}, JSON.stringify(entry.body, null, 2)));
    if (entry.answer) details.append(h("pre", { class: "answer" }, JSON.stringify(entry.answer, null, 2)));
  });
  return details;
}
