// What a reader does: choose, switch, search, print.

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
