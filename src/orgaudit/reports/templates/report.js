"use strict";
// One page, no network: an audit in columns, and views of it that the address names (#/findings?verdict=fail).
const VERDICTS = ["error", "fail", "unknown", "pending", "pass", "not_applicable"];
const TRENDS = ["new", "escalated", "persisting"]; // against the audit before, where there is one
const SEVERITIES = ["critical", "major", "minor", "info"];
const PHONE = matchMedia("(max-width: 600px)");
const itemHeight = () => (PHONE.matches ? 84 : 58); // of a finding in the list, pixels
let data, F, lang, rows, haystack = {};

// ---- small words

const t = (label) => data.labels[lang][label] ?? label;
const inLang = (text) => (text && (text[lang] || text.zh || text.en)) || "";
const text = (number) => data.texts[number];
const count = (n) => n.toLocaleString(lang === "zh" ? "zh-CN" : "en-GB");
const orgOf = (i) => (i < 0 ? { key: "", name: t("no-organization"), color: "" } : data.organizations[i]);
const link = (view, query) => "#/" + view + (query ? "?" + new URLSearchParams(query) : "");

// An element: el("a.tag.fail", {href}, children…). Text is always text, never markup.
function el(what, attributes, ...children) {
  const [name, ...classes] = what.split(".");
  const node = document.createElement(name || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "width") node.style.width = value;
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== ""));
  return node;
}
const dot = (color) => el("span.dot." + color, { role: "img", title: t(color), "aria-label": t(color) });
const change = (i) => (F.trend[i] ? [tag("trend", F.trend[i]), " "] : []);
const tag = (kind, value) => el("span.tag." + value, null, t(kind + "." + value));

// ---- what is there

async function load() {
  const source = document.getElementById("data");
  if (source.type.endsWith("json")) return JSON.parse(source.textContent);
  const bytes = Uint8Array.from(atob(source.textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function searched(i) {
  const seen = (haystack[lang] ||= new Array(F.id.length));
  if (seen[i] === undefined) {
    const rule = data.rules[F.rule[i]], org = orgOf(F.org[i]);
    seen[i] = [rule.id, rule.clause, inLang(rule.title), org.name, org.key, text(F["subject " + lang][i]), text(F["message " + lang][i]), F.id[i]]
      .join(" ").toLowerCase();
  }
  return seen[i];
}

const ORDERS = {
  severity: (a, b) => VERDICTS.indexOf(F.verdict[a]) - VERDICTS.indexOf(F.verdict[b]) || SEVERITIES.indexOf(F.severity[a]) - SEVERITIES.indexOf(F.severity[b]) || a - b,
  organization: (a, b) => place(F.org[a]) - place(F.org[b]) || a - b,
  rule: (a, b) => F.rule[a] - F.rule[b] || a - b,
  due: (a, b) => (F.due[a] || "9").localeCompare(F.due[b] || "9") || a - b,
};
const byPinyin = new Intl.Collator("zh-CN", { numeric: true }); // also for who reads the rest in English
const compare = (a, b) => byPinyin.compare(counted(a), counted(b));
function counted(name) { // 第二 as 第2: after 第一, which pinyin would put behind it
  return name.replace(/(?<=第)[零〇一二两三四五六七八九十百]+/g, (text) => {
    let total = 0, digit = 0;
    for (const c of text) {
      const unit = { 十: 10, 百: 100 }[c];
      if (unit) [total, digit] = [total + (digit || 1) * unit, 0];
      else digit = digit * 10 + ("零一二三四五六七八九".indexOf(c.replace("〇", "零").replace("两", "二")));
    }
    return String(total + digit);
  });
}
let places = null;
function place(org) { // organizations in the reader's order of names
  if (!places) {
    const order = data.organizations.map((o, i) => i).sort((a, b) => compare(data.organizations[a].name, data.organizations[b].name));
    places = new Map(order.map((org, i) => [org, i]));
  }
  return places.get(org) ?? -1;
}

function chosen(query) {
  const words = (query.q || "").toLowerCase().split(/\s+/).filter(Boolean);
  const rule = query.rule === undefined ? -2 : data.rules.findIndex((r) => r.id === query.rule && (!query.standard || r.standard === query.standard));
  const org = query.org === undefined ? -2 : data.organizations.findIndex((o) => o.key === query.org);
  const found = [];
  for (let i = 0; i < F.id.length; i++) {
    if (query.verdict && F.verdict[i] !== query.verdict) continue;
    if (query.severity && F.severity[i] !== query.severity) continue;
    if (query.trend && F.trend[i] !== query.trend) continue;
    if (query.disposition && F.disposition[i] !== query.disposition) continue;
    if (rule !== -2 && F.rule[i] !== rule) continue;
    if (org !== -2 && F.org[i] !== org) continue;
    if (words.length && !words.every((w) => searched(i).includes(w))) continue;
    found.push(i);
  }
  return found.sort(ORDERS[query.sort] || ORDERS.severity);
}

// ---- pieces

function bars(items, most) {
  return el("ul.bars", null, items.map(([label, href, parts, shown]) => el("li", null, el("a", { href, title: label }, label),
    el("span.bar", { "aria-hidden": "true" }, parts.map(([kind, n]) => el("i." + kind, { width: (100 * n) / most + "%" }))), el("span.num", null, shown))));
}

function strip(months) {
  return el("div.strip", null, months.map(([label, what]) => el("span." + what, { role: "img", title: label + ": " + t(what.replace("_", "-")), "aria-label": label + ": " + t(what.replace("_", "-")) }, t(what.replace("_", "-") + "-mark"))));
}

function placesOf(i) {
  const files = new Map();
  for (const [file, row] of F.places[i]) files.set(file, [...(files.get(file) || []), row]);
  return el("ul.places.small", null, [...files].map(([file, rows]) => el("li", null, text(file), rows[0] ? el("span.soft", null, " · " + t("row") + " ") : "", [...new Set(rows)].filter(Boolean).join(", "))));
}

function when(i) { // the period, unless the message tells it, as that of a run does
  const period = text(F.period[i]);
  return text(F["message " + lang][i]).includes(period) ? "" : period;
}

function item(i, n, all, height) {
  const rule = data.rules[F.rule[i]], org = orgOf(F.org[i]), said = text(F["message " + lang][i]);
  const where = [org.name, text(F["subject " + lang][i]), when(i)].filter(Boolean).join(" · ");
  const node = el("div.slot", { role: "listitem", "aria-posinset": n + 1, "aria-setsize": all }, el("a.item", { href: link("finding/" + F.id[i]) },
    el("div", null, tag("verdict", F.verdict[i]), F.disposition[i] === "open" ? tag("severity", F.severity[i]) : tag("disposition", F.disposition[i]), ...change(i), el("b", null, rule.id), " " + rule.clause + " " + inLang(rule.title)),
    el("div.small.soft", null, where + " — " + said)));
  Object.assign(node.style, { top: n * height + "px", height: height + "px" });
  return node;
}

// Only what is in sight is in the page.
function list(found) {
  const space = el("div.space", { role: "list" }), box = el("div.list", { tabindex: 0, role: "region", "aria-label": t("findings") }, space);
  let drawn = "";
  const draw = () => {
    const height = itemHeight(), first = Math.max(0, Math.floor(box.scrollTop / height) - 6), last = Math.min(found.length, first + Math.ceil((box.clientHeight || 800) / height) + 12);
    if (drawn === [first, last, height].join()) return;
    drawn = [first, last, height].join();
    space.style.height = found.length * height + "px";
    const focused = document.activeElement && document.activeElement.getAttribute("href");
    space.replaceChildren(...found.slice(first, last).map((i, n) => item(i, first + n, found.length, height)));
    if (focused) for (const node of space.querySelectorAll("a")) if (node.getAttribute("href") === focused) node.focus({ preventScroll: true });
  };
  box.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  requestAnimationFrame(draw);
  new ResizeObserver(draw).observe(box);
  return found.length ? box : el("p.soft", null, t("none"));
}

function table(name, headings, lines) {
  return el("div.wide", { tabindex: 0, role: "region", "aria-label": name }, el("table", null, el("thead", null, el("tr", null, headings.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", null, lines.map((cells) => el("tr", null, cells.map((c) => el(typeof c === "string" && /^[\d,]*$/.test(c) ? "td.num" : "td", null, c)))))));
}

function select(name, label, options, query, view) {
  const none = name === "sort" ? [] : [["", t("all")]];
  const box = el("select", { onchange: (e) => go(view, { ...query, [name]: e.target.value || undefined }) },
    [...none, ...options].map(([value, shown]) => el("option", { value, selected: (query[name] || "") === value }, shown)));
  return el("label", null, label, box);
}

function go(view, query) {
  const clean = Object.fromEntries(Object.entries(query || {}).filter(([, v]) => v !== undefined && v !== ""));
  location.hash = link(view, Object.keys(clean).length ? clean : null);
}

// ---- views

function overview() {
  const orgs = data.organizations, colors = ["red", "yellow", "green"], verdicts = data.summary.verdicts;
  const total = Object.values(verdicts).reduce((a, b) => a + b, 0) || 1;
  const byRule = new Map();
  F.verdict.forEach((v, i) => { if (v === "fail") byRule.set(F.rule[i], (byRule.get(F.rule[i]) || 0) + 1); });
  const worst = [...byRule].sort((a, b) => b[1] - a[1]).slice(0, 10);
  const ranked = orgs.filter((o) => o.failures).sort((a, b) => b.points - a.points || b.failures - a.failures).slice(0, 10);
  return [
    el("h2", null, t("organizations")),
    el("div.tiles", null, colors.map((c) => el("a.tile." + c, { href: link("organizations", { color: c }) }, el("b", null, count(orgs.filter((o) => o.color === c).length)), t(c)))),
    el("p.small.soft", null, t("formula")),
    el("h2", null, count(total) + " " + t("checks")),
    el("div.stack", { role: "img", "aria-label": VERDICTS.map((v) => t("verdict." + v) + " " + verdicts[v]).join(", ") }, VERDICTS.map((v) => el("i." + v, { width: (100 * verdicts[v]) / total + "%" }))),
    el("div.tiles", null, VERDICTS.filter((v) => verdicts[v] || v === "fail").map((v) => {
      const inner = [el("b", null, count(verdicts[v])), t("verdict." + v)];
      return ["pass", "not_applicable"].includes(v) ? el("div.tile." + v, null, inner) : el("a.tile." + v, { href: link("findings", { verdict: v }) }, inner);
    })),
    ...trend(),
    el("div.columns", null,
      el("section", null, el("h2", null, t("worst-rules")), worst.length ? bars(worst.map(([r, n]) => [data.rules[r].id + " " + inLang(data.rules[r].title), link("findings", { rule: data.rules[r].id, verdict: "fail" }), [["fail", n]], count(n)]), worst[0][1]) : el("p.soft", null, t("none"))),
      el("section", null, el("h2", null, t("ranking")), ranked.length ? bars(ranked.map((o) => [o.name, link("organization/" + encodeURIComponent(o.key)), [[o.color, o.points]], o.points + " " + t("points")]), Math.max(1, ranked[0].points)) : el("p.soft", null, t("none")))),
    ...contrasts(),
    el("h2", null, t("standards")),
    el("ul", null, data.standards.map((s) => el("li", null, inLang(s.title) + " (" + s.id + ")"))),
  ];
}

function trend() { // what changed since the audit before
  if (!data.trend) return [];
  const tiles = TRENDS.map((what) => el("a.tile." + what, { href: link("findings", { trend: what }) }, el("b", null, count(F.trend.filter((x) => x === what).length)), t("trend." + what)));
  const settled = el("a.tile.settled", { href: link("settled") }, el("b", null, count(data.trend.settled.length)), t("settled"));
  return [el("h2", null, t("since") + " " + data.trend.as_of), el("div.tiles", null, tiles, settled)];
}

function settled() {
  const lines = data.trend ? data.trend.settled : [];
  return [el("h2", null, t("settled")), lines.length ? table(t("settled"), [t("organization"), t("rule"), t("subject"), t("found")], lines.slice(0, 3000).map(([r, org, aboutZh, aboutEn, zh, en]) => [org, data.rules[r].id + " " + inLang(data.rules[r].title), lang === "zh" ? aboutZh : aboutEn, lang === "zh" ? zh : en])) : el("p.soft", null, t("none"))];
}

function filters(view, query, shown) {
  let timer;
  return el("div.filters", { role: "search" },
    el("label", null, t("search"), el("input", { type: "search", value: query.q || "", id: "q", oninput: (e) => { clearTimeout(timer); const q = e.target.value; timer = setTimeout(() => { go(view, { ...query, q }); }, 250); } })),
    select("verdict", t("verdict"), VERDICTS.slice(0, 4).map((v) => [v, t("verdict." + v)]), query, view),
    select("severity", t("severity"), SEVERITIES.map((s) => [s, t("severity." + s)]), query, view),
    select("disposition", t("disposition"), ["open", "waived", "baselined", "advisory"].map((d) => [d, t("disposition." + d)]), query, view),
    data.trend ? select("trend", t("trend"), TRENDS.map((x) => [x, t("trend." + x)]), query, view) : "",
    select("rule", t("rule"), data.rules.map((r) => [r.id, r.id + " " + inLang(r.title)]), query, view),
    select("org", t("organization"), data.organizations.map((o, i) => i).sort((a, b) => place(a) - place(b)).map((i) => [data.organizations[i].key, data.organizations[i].name]), query, view),
    select("sort", t("sort"), [["severity", t("severity")], ["organization", t("organization")], ["rule", t("rule")], ["due", t("due-on")]], query, view),
    el("button", { onclick: () => go(view, {}) }, t("reset")),
    el("span.soft", { role: "status" }, count(shown) + " / " + count(F.id.length)));
}

function findings(query) {
  const found = chosen(query);
  return [el("h2", null, t("findings")), filters("findings", query, found.length), list(found)];
}

function finding(id) {
  const i = F.id.indexOf(id);
  if (i < 0) return [el("p", null, t("none"))];
  const rule = data.rules[F.rule[i]], org = orgOf(F.org[i]);
  const fact = (name, ...value) => (value.flat(3).filter(Boolean).length ? [el("dt", null, t(name)), el("dd", null, value.flat(3))] : []);
  const uses = rule.uses.filter((n) => data.parameters[n]).map((n) => n + " = " + data.parameters[n].map(([day, v]) => v + (data.parameters[n].length > 1 ? " (" + day + ")" : "")).join(", "));
  const readings = rule.uses.filter((n) => data.readings[n]).map((n) => el("div", null, n + " = " + data.readings[n].use, el("div.small.soft", null, data.readings[n].why || "")));
  const mine = data.strips.find((s) => s[0] === F.rule[i] && text(F["subject " + lang][i]).includes(s[3]));
  return [
    el("p.noprint", null, el("a", { href: "#/findings", onclick: (e) => { if (history.length > 1) { e.preventDefault(); history.back(); } } }, "← " + t("back"))),
    el("h2", null, rule.id + " " + inLang(rule.title)),
    el("p", null, tag("verdict", F.verdict[i]), " ", tag("severity", F.severity[i]), " ", tag("disposition", F.disposition[i]), " ", change(i)),
    el("dl.facts", null,
      fact("organization", F.org[i] < 0 ? org.name : el("a", { href: link("organization/" + encodeURIComponent(org.key)) }, org.name + " (" + org.key + ")")),
      fact("subject", text(F["subject " + lang][i])), fact("period", text(F.period[i])), fact("due-on", F.due[i]),
      fact("found", text(F["message " + lang][i])), fact("elsewhere", elsewhere(i)), mine ? fact("month", strip(mine[6])) : [],
      fact("settles", text(F["blanks " + lang][i])), fact("evidence", F.places[i].length ? placesOf(i) : ""),
      fact("clause", rule.clause), fact("quote", rule.quote && el("blockquote", { lang: rule.quoted }, rule.quote)), fact("rule", inLang(rule.sentence)),
      fact("remedy", inLang(rule.remedy)), fact("parameters", uses.map((u) => el("div", null, u))), fact("readings", readings),
      fact("link", el("code.small", null, "#/finding/" + id))),
  ];
}

function elsewhere(i) { // what rules of other standards say of the same subject
  return F.elsewhere[i].map(([zh, en, ids]) => el("div", null, text(lang === "zh" ? zh : en), ids.map((id) => [" ", el("a", { href: link("finding/" + id) }, t("its-finding"))]).flat()));
}

function contrasts() { // where two standards ask for different things
  const verdict = (v, id) => (id ? el("a", { href: link("finding/" + id) }, tag("verdict", v)) : tag("verdict", v));
  const parts = data.contrasts.map((pair) => el("details", null, el("summary", null, pair.text[lang]), el("p.small.soft", null, pair.tally[lang]),
    pair.cases.length ? table(pair.text[lang], [t("subject"), t("period"), ...pair.names], pair.cases.map(([zh, en, period, first, second, one, other]) => [lang === "zh" ? zh : en, period, verdict(first, one), verdict(second, other)])) : "",
    pair.more ? el("p.small.soft", null, "+ " + count(pair.more)) : ""));
  return parts.length ? [el("h2", null, t("contrasts")), el("div.contrasts", null, parts)] : [];
}

function tree() { // organizations in the order of a tree, each with its depth
  const children = new Map(), found = [];
  data.organizations.forEach((o, i) => { const up = o.parent >= 0 && o.parent !== i ? o.parent : -1; children.set(up, [...(children.get(up) || []), i]); });
  for (const below of children.values()) below.sort((a, b) => place(a) - place(b));
  const walk = (i, depth) => { found.push([i, depth, (children.get(i) || []).length]); for (const c of children.get(i) || []) if (depth < 20) walk(c, depth + 1); };
  for (const i of children.get(-1) || []) walk(i, 0);
  return found;
}
const folded = new Set();

function matrix() {
  const cell = new Map();
  for (const [r, o, v, n] of data.cells) { const key = r + ":" + o; if (!cell.has(key)) cell.set(key, {}); cell.get(key)[v] = n; }
  const used = data.rules.map((r, i) => i).filter((i) => data.cells.some((c) => c[0] === i));
  const order = tree().slice(0, 2000), lines = [];
  if (data.cells.some((c) => c[1] < 0)) order.push([-1, 0, 0]);
  let hidden = Infinity;
  for (const [o, depth, below] of order) {
    if (depth > hidden) continue;
    hidden = folded.has(o) ? depth : Infinity;
    const org = orgOf(o);
    const twist = el("button.twist" + (below ? "" : ".leaf"), { "aria-expanded": String(!folded.has(o)), "aria-label": t("expand") + " " + org.name, onclick: () => { folded.has(o) ? folded.delete(o) : folded.add(o); show(); } }, folded.has(o) ? "▸" : "▾");
    const head = el("th", { scope: "row", title: org.name }, twist, ...(o < 0 ? [org.name] : [dot(org.color), el("a", { href: link("organization/" + encodeURIComponent(org.key)) }, org.name)]));
    head.style.paddingLeft = 8 + depth * 14 + "px";
    lines.push(el("tr", null, head, used.map((r) => {
      const found = cell.get(r + ":" + o) || {}, worst = VERDICTS.find((v) => found[v]);
      if (!worst) return el("td");
      const shown = worst === "pass" ? "✓" : worst === "not_applicable" ? "–" : String(found[worst]);
      const title = VERDICTS.filter((v) => found[v]).map((v) => t("verdict." + v) + " " + found[v]).join(", ");
      return el("td", { title }, ["pass", "not_applicable"].includes(worst) ? el("span." + worst, null, shown) : el("a." + worst, { href: link("findings", { org: org.key, rule: data.rules[r].id }), "aria-label": org.name + ", " + data.rules[r].id + ": " + title }, shown));
    })));
  }
  return [el("h2", null, t("organizations") + " × " + t("rules")),
    el("p.legend.small", null, VERDICTS.slice(1).map((v) => el("span", null, tag("verdict", v)))),
    el("div.wide.matrix", { tabindex: 0, role: "region", "aria-label": t("matrix") }, el("table", null, el("thead", null, el("tr", null, el("th", { scope: "col" }, t("organization")), used.map((r) => el("th", { scope: "col", title: inLang(data.rules[r].title) }, data.rules[r].id)))), el("tbody", null, lines)))];
}

function ladder() {
  const kinds = ["counts", "ends", "excused", "passed_over", "may_count"];
  const groups = new Map();
  for (const s of data.strips) groups.set(s[0], [...(groups.get(s[0]) || []), s]);
  const parts = [el("h2", null, t("ladder")), el("p.legend.small", null, kinds.map((k) => el("span", null, el("span.strip", null, el("span." + k, null, t(k.replace("_", "-") + "-mark"))), t(k.replace("_", "-")))))];
  for (const [r, strips] of groups) {
    strips.sort((a, b) => place(a[1]) - place(b[1]) || compare(a[2], b[2]));
    const rule = data.rules[r], months = strips[0][6];
    parts.push(el("h3", null, rule.id + " " + inLang(rule.title)), el("p.small.soft", null, months.length ? months[0][0] + " – " + months[months.length - 1][0] : ""),
      table(rule.id + " " + inLang(rule.title), [t("organization"), t("subject"), t("level"), t("month")], strips.slice(0, 500).map((s) => [orgOf(s[1]).name, el("a", { href: link("findings", { rule: rule.id, q: s[3] }) }, s[2]), [tag("verdict", s[4]), " " + inLang(rule.levels[s[5]] || {})], strip(s[6])])));
  }
  return groups.size ? parts : [...parts, el("p.soft", null, t("none"))];
}

function due() {
  const found = chosen({ verdict: "pending", sort: "due" });
  return [el("h2", null, t("due")), found.length ? table(t("due"), [t("due-on"), t("organization"), t("rule"), t("subject"), t("found")], found.slice(0, 1000).map((i) => [F.due[i], orgOf(F.org[i]).name, el("a", { href: link("finding/" + F.id[i]) }, data.rules[F.rule[i]].id + " " + inLang(data.rules[F.rule[i]].title)), text(F["subject " + lang][i]), text(F["message " + lang][i])])) : el("p.soft", null, t("none"))];
}

function unknown() {
  const causes = new Map();
  F.verdict.forEach((v, i) => { if (v === "unknown") { const why = text(F["blanks " + lang][i]); causes.set(why, [...(causes.get(why) || []), i]); } });
  const ordered = [...causes].sort((a, b) => b[1].length - a[1].length).slice(0, 500);
  const label = (i) => [data.rules[F.rule[i]].id + " " + orgOf(F.org[i]).name, text(F["subject " + lang][i]), when(i)].filter(Boolean).join(" · ");
  const links = (found) => { // parts of one check would read alike: they say what they found
    const labels = found.map(label), alike = (l) => labels.indexOf(l) !== labels.lastIndexOf(l);
    return found.map((i, n) => el("div", null, el("a", { href: link("finding/" + F.id[i]) }, labels[n] + (alike(labels[n]) ? " · " + text(F["message " + lang][i]) : ""))));
  };
  return [el("h2", null, t("unknown")), ordered.length ? table(t("unknown"), [t("settles"), t("findings")], ordered.map(([why, found]) => [why, links(found.slice(0, 8)).concat(found.length > 8 ? [el("span.soft", null, "+ " + count(found.length - 8))] : [])])) : el("p.soft", null, t("none"))];
}

function organizations(query) {
  const order = data.organizations.map((o, i) => i).filter((i) => !query.color || data.organizations[i].color === query.color).sort((a, b) => place(a) - place(b));
  return [el("h2", null, t("organizations")),
    el("div.filters", null, select("color", t("color"), ["red", "yellow", "green"].map((c) => [c, t(c)]), query, "organizations"), el("button", { onclick: printAll }, t("print-all"))),
    table(t("organizations"), [t("organization"), t("points"), t("verdict.fail")], order.slice(0, 3000).map((i) => { const o = data.organizations[i]; return [[dot(o.color), el("a", { href: link("organization/" + encodeURIComponent(o.key)) }, o.name)], String(o.points), String(o.failures)]; }))];
}

function sheet(i) { // what an organization is handed
  const org = orgOf(i), found = chosen({ org: org.key });
  const cards = found.map((f) => {
    const rule = data.rules[F.rule[f]];
    return el("section.card", null, el("h3", null, tag("verdict", F.verdict[f]), " ", F.disposition[f] === "open" ? tag("severity", F.severity[f]) : tag("disposition", F.disposition[f]), " ", ...change(f), el("a", { href: link("finding/" + F.id[f]) }, rule.id + " " + inLang(rule.title))),
      el("div", null, [text(F["subject " + lang][f]), when(f), F.due[f] && t("due-on") + " " + F.due[f]].filter(Boolean).join(" · ")), el("div", null, text(F["message " + lang][f])), ...elsewhere(f),
      rule.quote && el("blockquote.small.soft", { lang: rule.quoted }, rule.clause + " " + rule.quote), inLang(rule.remedy) && el("div", null, "→ " + inLang(rule.remedy)), placesOf(f));
  });
  return [el("h2", null, dot(org.color), org.name + " (" + org.key + ")"), el("p.soft", null, t("as-of") + " " + data.as_of + " · " + (org.points || 0) + " " + t("points")), ...(cards.length ? cards : [el("p.soft", null, t("none"))])];
}

function organization(key) {
  const i = data.organizations.findIndex((o) => o.key === key);
  return i < 0 ? [el("p", null, t("none"))] : [...sheet(i), el("p.noprint", null, el("button", { onclick: () => window.print() }, t("print"))), el("p.sign", null, t("signature"))];
}

function printAll() {
  const paper = document.getElementById("paper"), order = data.organizations.map((o, i) => i).filter((i) => data.organizations[i].failures || F.org.includes(i)).sort((a, b) => place(a) - place(b));
  paper.replaceChildren(...order.slice(0, 500).map((i) => el("div.sheet", null, ...sheet(i), el("p.sign", null, t("signature")))));
  document.body.classList.add("paper");
  window.print();
}
window.addEventListener("afterprint", () => { document.body.classList.remove("paper"); document.getElementById("paper").replaceChildren(); });

function rules() {
  const n = data.rules.map(() => ({}));
  for (const [r, , v, c] of data.cells) n[r][v] = (n[r][v] || 0) + c;
  return [el("h2", null, t("rules")), table(t("rules"), [t("rule"), t("clause"), t("severity"), ...VERDICTS.slice(1).map((v) => t("verdict." + v))], data.rules.map((r, i) => [
    [el("a", { href: link("findings", { rule: r.id }) }, r.id + " " + inLang(r.title)), el("div.small.soft", null, inLang(r.sentence))], r.clause, tag("severity", r.severity), ...VERDICTS.slice(1).map((v) => (n[i][v] ? count(n[i][v]) : ""))]))];
}

function records() {
  const part = (name) => { const p = data.problems[name]; return [el("h2", null, t(name) + " (" + count(p.rows.length + p.more) + ")"), p.rows.length ? table(t(name), [t("file"), t("row"), t("message")], p.rows.map(([file, row, zh, en]) => [file, row ? String(row) : "", lang === "zh" ? zh : en])) : el("p.soft", null, t("none")), p.more ? el("p.soft", null, t("more").replace("{count}", count(p.more))) : ""]; };
  return [...part("problems"), ...part("notices")].filter(Boolean);
}

// ---- the frame

const VIEWS = { overview, matrix, ladder, findings, due, unknown, settled, organizations, rules, records };

function frame() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = t("title") + " · " + data.standards.map((s) => inLang(s.title)).join("、");
  document.getElementById("skip").textContent = t("skip");
  document.getElementById("nav").setAttribute("aria-label", t("views"));
  document.getElementById("top").replaceChildren(
    el("div", null, el("h1", null, data.standards.map((s) => inLang(s.title)).join("、") + " · " + t("title")), el("p", null, t("as-of") + " " + data.as_of + " · " + t("period") + " " + data.period.join(" – ") + " · " + data.records)),
    el("div.tools", null, el("button", { id: "language", lang: lang === "zh" ? "en" : "zh-CN", onclick: () => { lang = lang === "zh" ? "en" : "zh"; frame(); show(); } }, lang === "zh" ? "English" : "中文"), el("button", { id: "theme", "aria-label": t("theme"), title: t("theme"), onclick: theme }, "◐"), el("button", { onclick: () => window.print() }, t("print"))));
}

function theme() {
  const root = document.documentElement, dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}

let shownView = "";
function show() {
  const [path, search] = location.hash.replace(/^#\/?/, "").split("?");
  const [view, ...rest] = (path || "overview").split("/"), query = Object.fromEntries(new URLSearchParams(search || ""));
  const main = document.getElementById("main"), typing = document.activeElement && document.activeElement.id === "q" ? document.activeElement.selectionStart : null;
  const made = view === "finding" ? finding(rest[0]) : view === "organization" ? organization(decodeURIComponent(rest.join("/"))) : (VIEWS[view] || overview)(query);
  main.replaceChildren(...made);
  const n = { findings: F.id.length, due: data.summary.verdicts.pending, unknown: data.summary.verdicts.unknown, settled: data.trend ? data.trend.settled.length : 0, organizations: data.organizations.length, rules: data.rules.length };
  document.getElementById("nav").replaceChildren(...Object.keys(VIEWS).filter((v) => data.trend || v !== "settled").map((v) => el("a", { href: link(v), "aria-current": (v === view || (v === "findings" && view === "finding") || (v === "organizations" && view === "organization")) && "page" }, t(v), n[v] === undefined ? "" : el("span", null, " " + count(n[v])))));
  if (typing !== null) { const box = document.getElementById("q"); if (box) { box.focus(); box.setSelectionRange(typing, typing); } }
  else if (shownView && shownView !== path) { main.focus({ preventScroll: true }); window.scrollTo(0, 0); }
  shownView = path;
}

load().then((loaded) => {
  data = loaded;
  F = data.findings;
  lang = data.language;
  frame();
  show();
  window.addEventListener("hashchange", show);
  document.getElementById("skip").addEventListener("click", (e) => { e.preventDefault(); document.getElementById("main").focus(); });
  document.body.dataset.ready = "yes";
});
