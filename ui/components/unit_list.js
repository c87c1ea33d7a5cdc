// A list or table of units: server-formatted text, a bar for the value, search, sort by column, click to choose.
const bare = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();

const cell = (tag, text, className) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
};

function bar(row, data) {
  const track = document.createElement("span");
  track.className = "track";
  const [low, high] = data.range;
  if (row.v !== null && high > low) {
    const zero = Math.min(Math.max(0, low), high);
    const at = (x) => (100 * (x - low)) / (high - low);
    const fill = document.createElement("span");
    fill.className = "fill";
    fill.style.left = `${Math.min(at(zero), at(row.v))}%`;
    fill.style.width = `${Math.max(Math.abs(at(row.v) - at(zero)), 0.6)}%`;
    fill.style.background = data.colours[row.k] ?? "transparent";
    track.append(fill);
  }
  return track;
}

function compare(column, sign) {
  return (a, b) => {
    const [x, y] = [a.s[column], b.s[column]];
    if (x === null || y === null) return (x === null) - (y === null); // missing stays last either way
    return sign * (x < y ? -1 : x > y ? 1 : 0);
  };
}

export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  let root = parentElement.querySelector(".units");
  if (!root) {
    root = document.createElement("div");
    root.className = "units";
    root.state = { query: "", column: null, sign: 1 };
    parentElement.append(root);
  }
  const state = root.state;
  // The server cannot see the window; a map fits a phone only if it is told of one.
  const narrow = innerWidth < 640;
  if (narrow !== data.narrow) setStateValue("narrow", narrow);
  root.style.setProperty("--rows-height", `${data.height}px`);

  const search = root.querySelector("input") ?? document.createElement("input");
  search.type = "search";
  search.placeholder = data.search;
  search.setAttribute("aria-label", data.search);
  // A list too long to be sent is searched and sorted by the server, once the reader pauses.
  const ask = () => {
    clearTimeout(root.pause);
    const { query, column, sign } = state;
    root.pause = setTimeout(() => setStateValue("asked", { query, column, sign }), 350);
  };
  search.oninput = () => { state.query = search.value; data.served ? ask() : fill(); };

  const frame = root.querySelector(".frame") ?? cell("div", "", "frame");
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  data.columns.forEach((column, i) => {
    const th = cell("th", "", column.number ? "num" : "");
    th.scope = "col";
    const button = cell("button", column.name);
    button.type = "button";
    button.title = data.sort;
    button.onclick = () => {
      state.sign = state.column === i ? -state.sign : column.number ? -1 : 1;
      state.column = i;
      data.served ? ask() : fill();
    };
    th.append(button);
    head.append(th);
  });
  const units = data.codes.map((c, i) => ({
    c,
    t: data.texts.map((texts) => texts[i]),
    s: data.order.map((order) => order[i]),
    n: data.notes[data.note[i]],
    v: data.values?.[i] ?? null,
    k: data.classes?.[i],
  }));
  const body = table.createTBody();
  const empty = cell("p", data.empty, "empty");

  function fill() {
    const words = data.served ? [] : bare(state.query).split(/\s+/).filter(Boolean);
    const rows = units.filter((row) => words.every((word) => bare(row.t.join(" ")).includes(word)));
    if (state.column !== null && !data.served) rows.sort(compare(state.column, state.sign));
    head.querySelectorAll("th").forEach((th, i) => {
      th.setAttribute("aria-sort", i !== state.column ? "none" : state.sign > 0 ? "ascending" : "descending");
    });
    body.replaceChildren(...rows.map((row) => {
      const tr = document.createElement("tr");
      tr.dataset.code = row.c;
      if (row.c === data.selected) tr.className = "selected";
      row.t.forEach((text, i) => {
        const td = cell("td", "", data.columns[i].number ? "num" : "");
        if (i === 0) {
          const button = cell("button", text, "name");
          button.type = "button";
          button.setAttribute("aria-pressed", String(row.c === data.selected));
          td.append(button);
          if (row.n) td.append(cell("small", row.n));
          if (data.range) td.append(bar(row, data));
        } else td.textContent = text;
        tr.append(td);
      });
      tr.onclick = () => setTriggerValue("chosen", row.c);
      return tr;
    }));
    empty.hidden = rows.length > 0;
  }

  fill();
  const scrolled = frame.scrollTop;
  const more = cell("p", data.more, "more");
  more.hidden = !data.more;
  frame.replaceChildren(table, empty, more);
  if (frame.parentElement !== root) root.replaceChildren(search, frame); // moved, the box would lose the focus
  frame.scrollTop = scrolled;
  const chosen = body.querySelector(".selected");
  if (chosen && state.seen !== data.selected) {
    // Scroll the frame alone: scrollIntoView would move the page under the reader.
    frame.scrollTop = chosen.offsetTop - frame.clientHeight / 3;
  }
  state.seen = data.selected;
}
