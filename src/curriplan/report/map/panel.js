// The panel: what the chosen node needs, gives and closes.

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
    line([module], say("from_to", { low, high }), data.sources[source])), view.terms.length ? "taught_by_none" : "");
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
