// Communes by criteria as a table of coloured cells: server-formatted text, groups, search, click to choose.
const bare = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();

const node = (tag, text, className) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
};

function header(data) {
  const head = document.createElement("thead");
  const row = head.insertRow();
  data.heads.forEach(([text, title]) => {
    const th = node("th", text);
    th.scope = "col";
    if (title) th.title = title;
    row.append(th);
  });
  return head;
}

function line(row, data, choose) {
  const tr = document.createElement("tr");
  tr.className = row.c === data.selected ? "row selected" : "row";
  const first = node("td", "");
  const mark = node("span", row.s, "mark");
  mark.style.color = data.marks[row.s] ?? "inherit";
  mark.title = row.w;
  const button = node("button", row.t, "name");
  button.type = "button";
  button.setAttribute("aria-pressed", String(row.c === data.selected));
  first.append(mark, button);
  tr.append(first);
  row.v.forEach((text, i) => {
    const td = node("td", text, "cell");
    const colour = data.colours[row.k[i]];
    if (colour) [td.style.background, td.style.color] = colour;
    tr.append(td);
  });
  row.e.forEach((text) => tr.append(node("td", text, "last")));
  tr.onclick = () => choose(row.c);
  return tr;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".heat");
  if (!root) {
    root = node("div", "", "heat");
    root.query = "";
    parentElement.append(root);
  }
  root.style.setProperty("--rows-height", `${data.height}px`);
  const search = root.querySelector("input") ?? document.createElement("input");
  search.type = "search";
  search.placeholder = data.search;
  search.setAttribute("aria-label", data.search);
  const frame = root.querySelector(".frame") ?? node("div", "", "frame");
  const body = document.createElement("tbody");
  const empty = node("p", data.empty, "empty");
  const choose = (place) => setTriggerValue("chosen", place);

  function fill() {
    const words = bare(root.query).split(/\s+/).filter(Boolean);
    const lines = [];
    data.groups.forEach((group) => {
      const rows = group.rows.filter((row) => words.every((word) => bare(`${row.t} ${group.t}`).includes(word)));
      if (!rows.length) return;
      const tr = document.createElement("tr");
      tr.className = "group";
      const th = node("th", group.t);
      th.scope = "rowgroup";
      th.colSpan = 1;
      th.append(node("small", group.s));
      tr.append(th);
      const rest = document.createElement("td");
      rest.colSpan = data.heads.length - 1;
      tr.append(rest);
      lines.push(tr, ...rows.map((row) => line(row, data, choose)));
    });
    body.replaceChildren(...lines);
    empty.hidden = lines.length > 0;
  }

  search.oninput = () => { root.query = search.value; fill(); };
  fill();
  const { scrollTop, scrollLeft } = frame;
  const table = document.createElement("table");
  table.append(header(data), body);
  frame.replaceChildren(table, empty);
  root.replaceChildren(search, frame);
  frame.scrollTop = scrollTop;
  frame.scrollLeft = scrollLeft;
  const chosen = body.querySelector(".selected");
  if (chosen && root.seen !== data.selected) frame.scrollTop = chosen.offsetTop - frame.clientHeight / 3;
  root.seen = data.selected;
}
