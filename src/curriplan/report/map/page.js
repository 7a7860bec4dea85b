
"use strict";
(() => {
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

  // ---- the lines ----

  function place(button) {
    const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = button;
    return { left, right: left + width, middle: top + height / 2 };
  }

  // From one box to another: to the right where it can, else out and back on the same side.
  function curve(from, to) {
    const [a, b] = [place(from), place(to)];
    if (a.right <= b.left) {
      const bend = Math.max(18, (b.left - a.right) / 2);
      return `M${a.right},${a.middle} C${a.right + bend},${a.middle} ${b.left - bend},${b.middle} ${b.left},${b.middle}`;
    }
    if (b.right <= a.left) {
      const bend = Math.max(18, (a.left - b.right) / 2);
      return `M${a.left},${a.middle} C${a.left - bend},${a.middle} ${b.right + bend},${b.middle} ${b.right},${b.middle}`;
    }
    return `M${a.right},${a.middle} C${a.right + 26},${a.middle} ${b.right + 26},${b.middle} ${b.right},${b.middle}`;
  }

  function drawLines() {
    const svg = canvas.firstElementChild;
    const arrow = shape("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7,
      markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto" });
    arrow.append(shape("path", { d: "M0,0 L8,4 L0,8 z" }));
    svg.replaceChildren(arrow);
    svg.setAttribute("width", canvas.offsetWidth);
    svg.setAttribute("height", canvas.offsetHeight);
    for (const { from, to, name, arrowed } of lines) {
      const ends = [buttons.get(from), buttons.get(to)];
      if (!ends[0] || !ends[1]) continue;
      const path = shape("path", { d: curve(...ends), class: name, "data-from": from, "data-to": to });
      if (arrowed) path.setAttribute("marker-end", "url(#arrow)");
      svg.append(path);
    }
  }

  // Mark the chosen node and what it is tied to; requisites are always drawn, the rest for the chosen node.
  function mark() {
    const isDrawn = buttons.has(chosen);
    canvas.classList.toggle("chosen", isDrawn);
    const chain = isDrawn ? new Set([...chainOf(chosen, true), ...chainOf(chosen, false)]) : new Set();
    for (const [number, button] of buttons) {
      button.setAttribute("aria-pressed", String(number === chosen));
      button.classList.toggle("near", isDrawn && joined[chosen].has(number));
      button.classList.toggle("chain", chain.has(number));
    }
    lines = [];
    for (const [module, kind, others] of data.requisites) {
      for (const other of others) {
        const isNear = module === chosen || other === chosen;
        const isChain = [module, other].every((one) => one === chosen || chain.has(one));
        const how = !isDrawn ? "" : isNear ? "near" : isChain && kind !== "order" ? "chain" : "far";
        lines.push({ from: other, to: module, name: `${kind} ${how}`, arrowed: true });
      }
    }
    if (isDrawn) {
      for (const [module, occupation] of services()) {
        lines.push({ from: module, to: occupation, name: "needs" });
        for (const one of [module, occupation]) buttons.get(one)?.classList.add("near");
      }
      for (const [module, competency] of data.teaches) {
        if (module === chosen || competency === chosen) lines.push({ from: module, to: competency, name: "teaches" });
      }
      for (const [occupation, competency] of data.needs) {
        // Beside the terms, an occupation is joined to the modules that serve it, not to the far column.
        if (competency === chosen || (occupation === chosen && !view.terms.length)) {
          lines.push({ from: competency, to: occupation, name: "needs" });
        }
      }
    }
    drawLines();
    fillPanel();
  }

  // The occupations of the programme that ask for a step which a module closes.
  function served(module) {
    const levels = new Map((view.closes[module] ?? []).map(([competency, low]) => [competency, low]));
    const targets = new Set(view.states[when].columns.at(-1));
    const asking = data.needs.filter(([occupation, competency, level]) =>
      targets.has(occupation) && levels.has(competency) && level > levels.get(competency));
    return [...new Set(asking.map(([occupation]) => occupation))].sort((first, second) => first - second);
  }

  // Of a chosen module the occupations that it serves, of a chosen occupation the modules that serve it now.
  function services() {
    if (nodes[chosen].kind === "module") return served(chosen).map((occupation) => [chosen, occupation]);
    if (nodes[chosen].kind !== "occupation") return [];
    const taken = Object.keys(view.modules).map(Number).filter((module) => moduleOf(module)[when] !== undefined);
    return taken.filter((module) => served(module).includes(chosen)).map((module) => [module, chosen]);
  }

  // ---- the panel: what the chosen node needs, gives and closes ----

  function whereOf(number) {
    if (nodes[number].kind !== "module" || !view.terms.length) return "";
    const term = moduleOf(number)[when];
    return term === undefined ? say(when === "plan" ? "where_not_in_plan" : "where_not_taught") : say("where", { term });
  }

  function link(number) {
    const button = element("button", "", nodes[number].name);
    button.type = "button";
    button.dataset.link = number;
    button.addEventListener("click", () => choose(number));
    return button;
  }

  // One line of a list: names of nodes, joined by "or" where one suffices, and what is said of them.
  function line(numbers, said, small) {
    const item = element("li");
    numbers.forEach((number, at) => {
      if (at) item.append(` ${say("or")} `);
      item.append(link(number));
      const where = whereOf(number);
      if (where) item.append(element("small", "", ` (${where})`));
    });
    if (said) item.append(element("span", "", ` – ${said}`));
    if (small) item.append(element("small", "", ` · ${small}`));
    return item;
  }

  function list(panel, name, items, none) {
    if (!items.length && !none) return;
    panel.append(element("h3", "", say(name)));
    if (!items.length) {
      panel.append(element("p", "", say(none)));
      return;
    }
    const box = element("ul", "");
    box.dataset.list = name;
    box.append(...items);
    panel.append(box);
  }

  function modulePanel(panel) {
    const mine = (row) => row[0] === chosen;
    const needs = data.requisites.filter(mine).map(([, kind, others]) => line(others, data.kinds[kind]));
    const entries = (view.entries[chosen] ?? []).map(([one, level]) => line([one], say("at_level", { level })));
    list(panel, "needs", [...needs, ...entries], "needs_nothing");
    const after = data.requisites.filter(([, , others]) => others.includes(chosen));
    list(panel, "needed_by", after.map(([module, kind]) => line([module], data.kinds[kind])));
    const gives = data.teaches.filter(mine).map(([, one, low, high, source, carried]) =>
      line([one], say("from_to", { low, high }), data.sources[source] + (carried ? ` · ${say("carried")}` : "")));
    list(panel, "gives", gives, "gives_nothing");
    if (!view.terms.length) return;
    const closes = view.closes[chosen] ?? [];
    list(panel, "closes", closes.map(([one, low, high]) =>
      line([one], say("of_asked", { low, high, asked: view.levels[one].asked }))), "closes_nothing");
    list(panel, "serves", served(chosen).map((one) => line([one])));
  }

  function competencyPanel(panel) {
    const levels = view.levels[chosen];
    if (levels) {
      const said = ["asked", "brought", ...data.when];
      const items = said.map((name) => element("li", "", say(`level_${name}`, { level: levels[name] })));
      list(panel, "levels", items);
    }
    const known = new Set(view.states[when].columns.flat());
    const ties = (rows) => rows.filter((row) => row[1] === chosen && known.has(row[0]));
    list(panel, "taught_by", ties(data.teaches).map(([module, , low, high, source]) =>
      line([module], say("from_to", { low, high }), data.sources[source])), "taught_by_none");
    list(panel, "asked_by", ties(data.needs).map(([occupation, , level, essential, source]) =>
      line([occupation], say(essential ? "essential_level" : "at_level", { level }), data.sources[source])));
  }

  function occupationPanel(panel) {
    list(panel, "served_by", services().map(([module]) => line([module])));
    const rows = data.needs.filter(([occupation]) => occupation === chosen);
    list(panel, "asks", rows.map(([, competency, level, essential, source]) => {
      const levels = view.levels[competency];
      const asked = say(essential ? "essential_level" : "at_level", { level });
      const held = levels ? `; ${say(levels[when] >= level ? "met" : "not_met", { level: levels[when] })}` : "";
      return line([competency], asked + held, data.sources[source]);
    }));
  }

  function fillPanel() {
    const panel = part("panel");
    panel.replaceChildren();
    panel.classList.toggle("idle", chosen === null);
    if (chosen === null) {
      panel.append(element("p", "", say("choose")));
      return;
    }
    const node = nodes[chosen];
    const clear = element("button", "", say("clear"));
    clear.type = "button";
    clear.id = "clear";
    clear.addEventListener("click", () => choose(null));
    panel.append(clear, element("h2", "", node.name), element("p", "", `${say(node.kind)} · ${node.id}`));
    if (node.facts.length) panel.append(element("p", "", node.facts.join(" · ")));
    if (!buttons.has(chosen)) panel.append(element("p", "", say("elsewhere")));
    if (node.kind === "module" && view.terms.length) {
      for (const time of data.when) {
        const term = moduleOf(chosen)[time];
        const said = term === undefined ? say(`${time}_none`) : say(`${time}_term`, { term, semester: view.terms[term - 1] });
        panel.append(element("p", "", said));
      }
    }
    ({ module: modulePanel, competency: competencyPanel, occupation: occupationPanel })[node.kind](panel);
  }

  // ---- what the reader does ----

  function choose(number) {
    const last = chosen;
    chosen = number;
    if (number !== null && !holds(view, number)) {
      const other = views.find((one) => holds(one, number));
      if (other) view = other;
      part("programme").value = String(views.indexOf(view));
      draw();
    } else if (view.states[when].columns.flat().length > data.most && number !== null) draw();
    else mark();
    const button = buttons.get(number ?? last);
    if (button) {
      button.focus({ preventScroll: true });
      button.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  function holds(one, number) {
    return one.states[when].columns.some((column) => column.includes(number));
  }

  function show(time) {
    when = time;
    for (const button of part("switch").children) {
      button.setAttribute("aria-pressed", String(button.dataset.when === when));
    }
    draw();
  }

  const sought = nodes.map((node) => [node.name, node.id, ...node.also].join(" ").toLowerCase());
  function find(text) {
    const pieces = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!pieces.length) return [];
    const fits = sought.flatMap((words, number) => (pieces.every((piece) => words.includes(piece)) ? [number] : []));
    const rank = (number) => (holds(view, number) ? 0 : 2) + (sought[number].startsWith(pieces[0]) ? 0 : 1);
    return fits.sort((first, second) => rank(first) - rank(second) || first - second);
  }

  function showFound() {
    const text = part("search").value;
    const numbers = find(text);
    const box = part("found");
    box.replaceChildren();
    box.hidden = !text.trim();
    for (const number of numbers.slice(0, 12)) {
      const button = link(number);
      button.append(element("small", "", ` · ${say(nodes[number].kind)} · ${nodes[number].id}`));
      button.addEventListener("click", endSearch);
      const item = element("li");
      item.append(button);
      box.append(item);
    }
    if (!numbers.length) box.append(element("li", "", say("found_none")));
    if (numbers.length > 12) box.append(element("li", "", say("found_more", { count: numbers.length - 12 })));
  }

  function endSearch() {
    part("search").value = "";
    part("found").hidden = true;
  }

  function start() {
    document.title = `${say("title")} – ${data.title}`;
    part("title").textContent = document.title;
    part("banner").hidden = data.banner === null;
    part("banner").textContent = data.banner;
    part("programme-word").textContent = say("programme");
    part("search-word").textContent = say("search");
    part("map").setAttribute("aria-label", say("title"));
    views.forEach((one, at) => {
      const option = element("option", "", one.name);
      option.value = String(at);
      part("programme").append(option);
    });
    part("programme").parentElement.hidden = !views[0].terms.length;
    part("switch").hidden = data.when.length < 2;
    part("switch").setAttribute("aria-label", say("switch"));
    for (const button of part("switch").children) {
      button.textContent = say(button.dataset.when);
      button.addEventListener("click", () => show(button.dataset.when));
    }
    part("programme").addEventListener("change", (event) => {
      view = views[Number(event.target.value)];
      if (chosen !== null && !holds(view, chosen)) chosen = null;
      draw();
    });
    part("search").addEventListener("input", showFound);
    part("search").addEventListener("keydown", (event) => {
      const found = event.key === "Enter" ? find(part("search").value)[0] : undefined;
      if (found !== undefined) {
        event.preventDefault(); // else the key would go on to the box that is chosen, and take the choice back
        endSearch();
        choose(found);
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (!part("found").hidden) endSearch();
      else if (chosen !== null) choose(null);
    });
    new ResizeObserver(drawLines).observe(canvas);
    window.addEventListener("beforeprint", () => forPaper(true));
    window.addEventListener("afterprint", () => forPaper(false));
    legend();
    const out = data.unplanned.length ? [say("unplanned", { names: data.unplanned.join("; ") })] : [];
    for (const text of [data.made, ...data.attribution, ...out]) part("footer").append(element("p", "", text));
    if (chosen !== null && !holds(view, chosen)) view = views.find((one) => holds(one, chosen)) ?? view;
    part("programme").value = String(views.indexOf(view));
    show(when);
    buttons.get(chosen)?.scrollIntoView({ block: "center", inline: "center" });
    window.scrollTo(0, 0);
  }

  // Lines are drawn for the boxes as paper has them: as wide as a page, long columns side by side.
  function forPaper(isPrinting) {
    const root = document.documentElement;
    root.classList.toggle("printing", isPrinting);
    root.style.setProperty("--print", 1);
    if (isPrinting) root.style.setProperty("--print", Math.min(1, 1490 / canvas.offsetWidth));
    drawLines();
  }

  function legend() {
    const plan = data.when.length > 1 ? ["moved", "added", "dropped"] : [];
    const boxes = ["module", ...(view.terms.length ? ["candidate"] : []), ...plan, "competency", "occupation"];
    const add = (sample, text) => {
      const item = element("li");
      item.append(element("span", sample), text);
      part("legend").append(item);
    };
    for (const name of boxes) add(`sample node ${plan.includes(name) ? "module " : ""}${name}`, say(`legend_${name}`));
    add("line", say("legend_requisite"));
    add("line order", say("legend_order"));
    add("line teaches", say("legend_teaches"));
    add("line needs", say("legend_needs"));
  }

  start();
})();
