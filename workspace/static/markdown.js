// The markdown block: a CommonMark subset as DOM nodes.
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, mention } from "./mrkdwn.js";
import { names } from "./names.js";

const PUNCTUATION = /[\p{P}\p{S}]/u;
const STARTS = /^(#{1,6} |```|~~~|>|\s*([-*+]|\d{1,9}[.)]) |\s*([-*_] *){3,}$)/;

export function markdown(source) {
  return blocks(source.replace(/\r/g, "").split("\n"));
}

function blocks(lines) {
  const out = [];
  for (let at = 0; at < lines.length; ) {
    const [node, next] = block(lines, at);
    if (node) out.push(node);
    at = next;
  }
  return out;
}

function block(lines, at) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  const heading = /^(#{1,6}) +(.*?)\s*#*$/.exec(line);
  if (heading) return [h(`h${Math.min(heading[1].length + 2, 6)}`, {}, inline(heading[2])), at + 1];
  if (/^ {0,3}(```|~~~)/.test(line)) return fence(lines, at);
  if (/^ {0,3}([-*_] *){3,}$/.test(line)) return [h("hr"), at + 1];
  if (line.startsWith(">")) return quote(lines, at);
  if (/^\s*([-*+]|\d{1,9}[.)]) /.test(line)) return list(lines, at);
  if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at + 1] ?? "")) return table(lines, at);
  return paragraph(lines, at);
}

function paragraph(lines, at) {
  const taken = [];
  do taken.push(lines[at++].trim());
  while (at < lines.length && lines[at].trim() && !STARTS.test(lines[at]));
  return [h("p", {}, taken.flatMap((line, n) => (n ? [h("br"), ...inline(line)] : inline(line)))), at];
}

function fence(lines, at) {
  const mark = lines[at].trim().slice(0, 3);
  const taken = [];
  for (at++; at < lines.length && !lines[at].trim().startsWith(mark); at++) taken.push(lines[at]);
  return [h("pre", {}, taken.join("\n")), at + 1];
}

function quote(lines, at) {
  const taken = [];
  for (; at < lines.length && lines[at].startsWith(">"); at++) taken.push(lines[at].replace(/^> ?/, ""));
  return [h("blockquote", {}, blocks(taken)), at];
}

function list(lines, at) {
  const first = /^(\s*)([-*+]|(\d+)[.)]) /.exec(lines[at]);
  const indent = first[1].length;
  const items = [];
  for (; at < lines.length; at++) {
    const line = lines[at];
    const found = /^(\s*)([-*+]|\d+[.)]) +(.*)$/.exec(line);
    if (found && found[1].length <= indent && found[1].length >= indent - 1) items.push([found[3]]);
    else if (!line.trim() ? /^\s+\S/.test(lines[at + 1] ?? "") : /^\s/.test(line)) items.at(-1).push(line.replace(/^ {1,4}/, ""));
    else break;
  }
  const made = items.map((inner) => h("li", {}, loosened(blocks(inner))));
  return [first[3] ? h("ol", { start: first[3] }, made) : h("ul", {}, made), at];
}

function loosened(nodes) {
  return nodes.flatMap((node) => (node.tagName === "P" ? [...node.childNodes] : [node]));
}

function table(lines, at) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
  const align = cells(lines[at + 1]).map((cell) => (/^:-+:$/.test(cell) ? "center" : cell.endsWith(":") ? "right" : "left"));
  const row = (line, tag) => h("tr", {}, cells(line).map((cell, n) => h(tag, { class: `to-${align[n] ?? "left"}` }, inline(cell))));
  const head = row(lines[at], "th");
  const body = [];
  for (at += 2; at < lines.length && lines[at].includes("|") && lines[at].trim(); at++) body.push(row(lines[at], "td"));
  return [h("div", { class: "scroll" }, h("table", {}, h("thead", {}, head), h("tbody", {}, body))), at];
}

export function inline(source) {
  const out = [];
  let words = "";
  const flush = () => {
    if (words) out.push(words);
    words = "";
  };
  for (let at = 0; at < source.length; ) {
    const found = span(source, at);
    if (found) {
      flush();
      out.push(found[0]);
      at = found[1];
    } else {
      words += source[at++];
    }
  }
  flush();
  return out;
}

function span(source, at) {
  const rest = source.slice(at);
  let found;
  if (rest[0] === "\\" && PUNCTUATION.test(rest[1] ?? "")) return [rest[1], at + 2];
  if ((found = /^(`+)([^`]|[^`].*?[^`])\1(?!`)/.exec(rest))) return [h("code", {}, found[2]), at + found[0].length];
  if ((found = /^\[((?:[^[\]]|\[[^\]]*\])*)\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/.exec(rest))) return [link(found[2], inline(found[1])), at + found[0].length];
  if ((found = /^<@(\w+)>/.exec(rest))) return [mention(found[1]), at + found[0].length];
  if ((found = /^<#(\w+)(?:\|[^>]*)?>/.exec(rest))) return [h("span", { class: "mention" }, `#${names.channel(found[1])}`), at + found[0].length];
  if ((found = /^<(https?:[^>\s]+)>/.exec(rest) ?? /^(https?:\/\/[^\s<>()\u3000-\uffff]+[^\s<>().,;:!?\u3000-\uffff])/.exec(rest))) return [link(found[1], found[1]), at + found[0].length];
  if ((found = /^:([a-z0-9_+-]+):/.exec(rest))) return [emoji(found[1]), at + found[0].length];
  if ("*_~".includes(rest[0])) return emphasis(source, at);
  return null;
}

// CommonMark's flanking rules, Unicode punctuation included: `**结论：**见` stays as written.
function flanks(source, at, size) {
  const before = at ? [...source.slice(0, at)].at(-1) : " ";
  const after = at + size < source.length ? [...source.slice(at + size)][0] : " ";
  const [spaceBefore, spaceAfter] = [/\s/.test(before), /\s/.test(after)];
  const [markBefore, markAfter] = [PUNCTUATION.test(before), PUNCTUATION.test(after)];
  const left = !spaceAfter && (!markAfter || spaceBefore || markBefore);
  const right = !spaceBefore && (!markBefore || spaceAfter || markAfter);
  const word = source[at] === "_";
  return { opens: left && (!word || !right || markBefore), closes: right && (!word || !left || markAfter) };
}

function run(source, at) {
  let size = 1;
  while (source[at + size] === source[at]) size++;
  return size;
}

function emphasis(source, at) {
  const size = Math.min(run(source, at), 3);
  const mark = source[at];
  if ((mark === "~" && size !== 2) || !flanks(source, at, size).opens) return [mark.repeat(size), at + size];
  for (let end = at + size; end < source.length; ) {
    if (source[end] === "`") {
      const skip = /^(`+).*?\1/.exec(source.slice(end));
      end += skip ? skip[0].length : 1;
    } else if (source[end] === mark) {
      const there = run(source, end);
      if (there === size && flanks(source, end, there).closes) {
        const inner = inline(source.slice(at + size, end));
        const node = mark === "~" ? h("s", {}, inner) : size === 1 ? h("em", {}, inner) : size === 2 ? h("strong", {}, inner) : h("strong", {}, h("em", {}, inner));
        return [node, end + size];
      }
      end += there;
    } else {
      end++;
    }
  }
  return [mark.repeat(size), at + size];
}
