// Slack's own markup (mrkdwn) and plain_text objects, as DOM nodes.
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { names } from "./names.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const STYLES = { "*": "strong", _: "em", "~": "s" };
// A marker works only beside a space, ASCII punctuation or the line's end. Chinese characters and
// full-width punctuation are none of these, so Slack leaves the asterisks there; so do we.
const EDGE = /^$|[\s!-/:-@[-`{-~]/;

export function unescape(text) {
  return text.replace(/&(lt|gt|amp);/g, (entity) => ENTITIES[entity]);
}

export function plain(object) {
  return withEmoji(unescape(object?.text ?? ""));
}

export function text(object) {
  return object.type === "mrkdwn" ? mrkdwn(object.text) : lines(plain(object));
}

function lines(content) {
  return content.split("\n").flatMap((line, n) => (n ? [h("br"), line] : [line]));
}

export function safeLink(url) {
  return /^(https?:|mailto:|tel:)/i.test(url) ? url : null;
}

export function link(url, children) {
  const href = safeLink(url);
  return href ? h("a", { href, target: "_blank", rel: "noreferrer noopener" }, children) : h("span", {}, children);
}

export function mrkdwn(source) {
  const out = [];
  source.split(/```/).forEach((part, n, all) => {
    if (n % 2 && n < all.length - 1) out.push(h("pre", {}, unescape(part.replace(/^\n|\n$/g, ""))));
    else out.push(...quoted(n % 2 ? `\`\`\`${part}` : part));
  });
  return out;
}

function quoted(source) {
  const out = [];
  let quote = null;
  source.split("\n").forEach((line, n) => {
    const found = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (found) {
      if (quote) quote.append(h("br"));
      else out.push((quote = h("blockquote")));
      quote.append(...inline(found[1]));
    } else {
      if (n && !quote) out.push(h("br"));
      quote = null;
      out.push(...inline(line));
    }
  });
  return out;
}

function inline(line) {
  const out = [];
  const code = /`([^`]+)`/g;
  let from = 0;
  for (let found; (found = code.exec(line)); from = code.lastIndex) {
    out.push(...styled(line.slice(from, found.index)), h("code", {}, unescape(found[1])));
  }
  return [...out, ...styled(line.slice(from))];
}

function styled(line) {
  const out = [];
  let from = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "<") {
      const end = line.indexOf(">", at);
      if (end > 0) {
        out.push(words(line.slice(from, at)), angle(line.slice(at + 1, end)));
        at = end;
        from = end + 1;
        continue;
      }
    }
    const end = line[at] in STYLES ? closing(line, at) : -1;
    if (end > 0) {
      out.push(words(line.slice(from, at)), h(STYLES[line[at]], {}, styled(line.slice(at + 1, end))));
      at = end;
      from = end + 1;
    }
  }
  return [...out, words(line.slice(from))];
}

function closing(line, at) {
  if (!EDGE.test(at ? line[at - 1] : "") || /^$|\s/.test(line[at + 1] ?? "")) return -1;
  for (let end = at + 2; end < line.length; end++) {
    if (line[end] === line[at] && !/\s/.test(line[end - 1]) && EDGE.test(line[end + 1] ?? "")) return end;
  }
  return -1;
}

function words(part) {
  return withEmoji(unescape(part));
}

function angle(inside) {
  const bar = inside.indexOf("|");
  const [target, label] = bar < 0 ? [inside, ""] : [inside.slice(0, bar), inside.slice(bar + 1)];
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return h("span", { class: "mention" }, `#${label || names.channel(target.slice(1))}`);
  if (target.startsWith("!")) return special(target, label);
  return link(unescape(target), unescape(label || target));
}

export function mention(id, label = "") {
  return h("span", { class: names.me === id ? "mention me" : "mention" }, `@${label || names.person(id)}`);
}

function special(target, label) {
  const [kind, , format] = target.slice(1).split("^");
  if (kind === "date") return h("span", { class: "mention" }, label || format);
  return h("span", { class: "mention me" }, `@${label || kind}`);
}
