// The data, who is tied to whom, and the columns. All parts are one function, see page.py.

const data = JSON.parse(document.getElementById("data").textContent);
const { nodes, views, words } = data;
const SVG = "http://www.w3.org/2000/svg";
const part = (id) => document.getElementById(id);
const canvas = part("canvas");
let view = views[0];
let when = data.when[data.when.length - 1];
let chosen = data.chosen;
let buttons = new Map(); // of the nodes that are drawn, by number
let lines = [];

// Whatever a catalog says is only ever set as text.
function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// ---- ties: who is joined to whom ----

const joined = nodes.map(() => new Set());
function join(first, second) {
  joined[first].add(second);
  joined[second].add(first);
}
for (const [module, competency] of data.teaches) join(module, competency);
for (const [occupation, competency] of data.needs) join(occupation, competency);
for (const [module, , others] of data.requisites) others.forEach((other) => join(module, other));

// All modules that must come before (or come after), step by step; order alone asks for nothing.
function chainOf(start, forward) {
  const found = new Set();
  const waiting = [start];
  while (waiting.length) {
    const here = waiting.pop();
    for (const [module, kind, others] of data.requisites) {
      if (kind === "order") continue;
      const next = forward ? (others.includes(here) ? [module] : []) : module === here ? others : [];
      for (const one of next) {
        if (!found.has(one) && one !== start) {
          found.add(one);
          waiting.push(one);
        }
      }
    }
  }
  return found;
}

// What is drawn: all nodes of the view, or those nearest to the chosen one.
function nearest(columns) {
  const all = columns.flat();
  const known = new Set(all);
  if (all.length <= data.most) return { shown: known, all: all.length };
  const centre = known.has(chosen) ? chosen : columns[columns.length - 1][0] ?? all[0];
  const shown = new Set([centre]);
  for (const here of shown) {
    for (const other of joined[here]) {
      if (known.has(other) && shown.size < data.most) shown.add(other);
    }
  }
  return { shown, all: all.length, centre };
}

// ---- the columns ----

function moduleOf(number) {
  return view.modules[number] ?? {};
}

function badgeOf(number) {
  const { today, decision } = moduleOf(number);
  if (when === "plan" && decision === "moved") return ["moved", say("moved", { term: today })];
  if (when === "plan" && decision === "added") return ["added", say("added")];
  if (when === "plan" && decision === "dropped") return ["dropped", say("dropped", { term: today })];
  if (view.terms.length && moduleOf(number)[when] === undefined) return ["candidate", say("candidate")];
  return ["", ""];
}

function levelWords(levels) {
  const asked = levels.asked ? levels.asked : "–";
  return data.when.length > 1
    ? say("levels_plan", { ...levels, asked })
    : say("levels_today", { ...levels, asked });
}

function drawNode(number) {
  const node = nodes[number];
  const button = element("button", `node ${node.kind}`);
  button.type = "button";
  button.dataset.node = number;
  button.title = node.name;
  button.setAttribute("aria-pressed", "false");
  button.append(element("span", "name", node.name));
  if (node.kind === "module") {
    const [kind, badge] = badgeOf(number);
    if (kind) button.classList.add(kind);
    if (badge) button.append(element("small", "badge", badge));
    if (node.facts[0]) button.append(element("small", "", node.facts[0]));
  } else if (node.kind === "competency" && view.levels[number]) {
    const levels = view.levels[number];
    button.append(element("small", "", levelWords(levels)));
    button.classList.toggle("unasked", !levels.asked);
    const lacking = levels.asked - levels[when];
    if (lacking > 0) button.append(element("small", "short", say("short", { lacking })));
  }
  button.addEventListener("click", () => choose(chosen === number ? null : number));
  return button;
}

function headsOf(state) {
  const of = (text, small) => [text, small];
  const middle = view.terms.map((semester, at) => {
    return of(say("term", { term: at + 1 }), `${semester} · ${say("credits", { credits: state.credits[at] })}`);
  });
  const rest = view.terms.length ? say(when === "plan" ? "not_in_plan" : "not_taught") : say("modules");
  return [of(say("competencies"), view.terms.length ? say("levels_head") : ""), ...middle, of(rest, ""),
    of(say("occupations"), "")];
}

// The modules that began in an earlier semester and still run in the one of a column.
function continued(at, column, shown) {
  if (at < 1 || at > view.terms.length) return [];
  return Object.entries(view.modules)
    .filter(([number, one]) => shown.has(Number(number)) && one[when] < at && one[when] + nodes[number].span > at)
    .map(([number]) => nodes[number].name);
}

function draw() {
  const state = view.states[when];
  const { shown, all, centre } = nearest(state.columns);
  buttons = new Map();
  canvas.replaceChildren(shape("svg", { "aria-hidden": "true" }));
  const heads = headsOf(state);
  state.columns.forEach((column, at) => {
    const box = element("section", "column");
    const head = element("header", "", heads[at][0]);
    if (heads[at][1]) head.append(element("small", "", heads[at][1]));
    box.append(head);
    for (const number of column) {
      if (!shown.has(number)) continue;
      const button = drawNode(number);
      buttons.set(number, button);
      box.append(button);
    }
    const goOn = continued(at, column, shown);
    if (goOn.length) box.append(element("p", "continued", say("continued", { names: goOn.join("; ") })));
    const drawn = box.querySelectorAll(".node").length;
    box.classList.toggle("many", drawn > 20);
    box.style.setProperty("--beside", Math.ceil(drawn / 20));
    if (box.childElementCount > 1 || view.terms.length) canvas.append(box);
  });
  const note = part("note");
  note.hidden = centre === undefined;
  if (centre !== undefined) note.textContent = say("limit", { shown: shown.size, all, name: nodes[centre].name });
  summary();
  mark();
}

function summary() {
  const said = [];
  const counts = { kept: 0, moved: 0, added: 0, dropped: 0 };
  for (const one of Object.values(view.modules)) if (one.decision) counts[one.decision] += 1;
  if (data.when.length > 1) said.push(say("counts", counts));
  const { today, plan } = view.states;
  if (today.closure !== null && plan) said.push(say("closure_plan", { today: today.closure, plan: plan.closure }));
  else if (today.closure !== null) said.push(say("closure_today", { today: today.closure }));
  part("says").textContent = said.join(" ");
}
