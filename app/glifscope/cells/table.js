// A table that is sorted by its heads and walked through by the arrow keys; the row under the focus
// is the chosen one. All rows of a level are kept, and those that are shown are put in order here,
// so a filter sends their numbers only.
export function render({ model, el }) {
  const table = document.createElement("table");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", "Cells that pass the filters");
  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  const scroll = document.createElement("div");
  scroll.className = "scroll";
  scroll.append(table);

  let content = { heads: [], names: [], rows: [] };
  let rows = [];
  let sorted = { by: 0, up: true };
  const readOrder = () => {
    const up = !model.sort.startsWith("-");
    const by = model.columns.indexOf(up ? model.sort : model.sort.slice(1));
    sorted = { by: Math.min(by, content.heads.length - 1), up }; // both axes may hold one quantity
  };

  const isNumber = (value) => typeof value === "number";
  const text = (value) => (isNumber(value) ? String(+value.toPrecision(4)).replace("-", "−") : value ?? "–");
  const numeric = (i) => content.rows.some((values) => isNumber(values[i]));

  function makeHead() {
    head.replaceChildren(...content.heads.map((title, i) => {
      const cell = document.createElement("th");
      const button = document.createElement("button");
      button.textContent = title;
      button.addEventListener("click", () => {
        const up = sorted.by === i ? !sorted.up : true;
        model.sort = (up ? "" : "-") + model.columns[i];
      });
      cell.append(button);
      if (numeric(i)) cell.className = "number";
      return cell;
    }));
  }

  function makeRows() {
    rows = content.rows.map((values, index) => {
      const row = document.createElement("tr");
      values.forEach((value, i) => {
        const cell = row.insertCell();
        cell.textContent = text(value);
        if (isNumber(value)) cell.className = "number";
      });
      row.dataset.index = index;
      return row;
    });
  }

  function compare(a, b) {
    const [x, y] = [content.rows[a][sorted.by], content.rows[b][sorted.by]];
    if (x === null || y === null) return (x === null) - (y === null); // what is not known, last
    const difference = isNumber(x) ? x - y : x.localeCompare(y, "en", { numeric: true });
    return (sorted.up ? difference : -difference) || a - b;
  }

  function arrange() {
    [...head.cells].forEach((cell, i) => {
      const direction = sorted.up ? "ascending" : "descending";
      cell.setAttribute("aria-sort", i === sorted.by ? direction : "none");
    });
    body.replaceChildren(...[...model.shown].sort(compare).map((index) => rows[index]));
    mark(false);
  }

  const nameOf = (row) => content.names[row.dataset.index];

  function mark(bring = true) {
    let reached = null;
    for (const row of body.rows) {
      const chosen = nameOf(row) === model.chosen;
      row.setAttribute("aria-selected", chosen);
      row.tabIndex = -1;
      row.classList.toggle("marked", nameOf(row) === model.marked);
      if (chosen) reached = row;
    }
    const entrance = reached ?? body.rows[0];
    if (entrance) entrance.tabIndex = 0;
    if (reached && bring) reveal(reached);
  }

  function reveal(row) {
    const top = row.offsetTop - head.offsetHeight;
    const bottom = row.offsetTop + row.offsetHeight - scroll.clientHeight;
    if (scroll.scrollTop > top || scroll.scrollTop < bottom) {
      scroll.scrollTop = top - (scroll.clientHeight - head.offsetHeight) / 2;
    }
  }

  function choose(row) {
    row.focus({ preventScroll: true });
    model.chosen = nameOf(row);
    mark(false);
  }

  body.addEventListener("click", (event) => choose(event.target.closest("tr")));
  body.addEventListener("keydown", (event) => {
    const at = [...body.rows].indexOf(event.target.closest("tr"));
    const last = body.rows.length - 1;
    const page = Math.max(1, Math.floor(scroll.clientHeight / event.target.offsetHeight) - 2);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page };
    const to = { ...steps, Home: 0, End: last, Enter: at, " ": at }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const row = body.rows[Math.min(last, Math.max(0, to))];
    choose(row);
    row.scrollIntoView({ block: "nearest" });
  });

  const rebuild = () => {
    content = JSON.parse(model.content);
    readOrder();
    makeHead();
    makeRows();
    arrange();
    mark();
  };
  model.on("content", rebuild);
  model.on("sort", () => { readOrder(); arrange(); });
  model.on("shown", () => { arrange(); mark(); });
  model.on("chosen", () => mark());
  model.on("marked", () => mark(false));
  rebuild();
  return scroll;
}
