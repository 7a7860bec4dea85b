// The lines, and what is marked of a chosen node.

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
