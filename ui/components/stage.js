// Present mode: every slide is here as SVG in both languages, so keys move without asking the server.
const NEXT = new Set(["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]);
const BACK = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]);
const KEPT = "atlas.story";
const LARGEST = 200000; // bytes of a story file

const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

function button(text, label, act, className) {
  const node = make("button", className, text);
  node.type = "button";
  node.title = label;
  node.setAttribute("aria-label", label);
  node.onclick = act;
  return node;
}

function keep(code) {
  try { localStorage.setItem(KEPT, code); } catch { /* a private window keeps nothing */ }
}

function kept() {
  const link = new URLSearchParams(location.hash.slice(1)).get("story");
  if (link) return link;
  try { return localStorage.getItem(KEPT); } catch { return null; }
}

class Stage {
  constructor(root) {
    this.root = root;
    this.at = 0;
    this.drawn = new Map();
    this.dialog = make("dialog", "stage");
    this.dialog.tabIndex = -1;
    this.screen = make("div", "screen");
    this.notes = make("div", "notes");
    this.notes.hidden = true;
    this.dialog.append(this.screen, this.notes);
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", () => this.go(this.at + 1));
    this.dialog.addEventListener("close", () => this.left());
    document.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement && this.dialog.open && this.full) this.dialog.close();
      this.full = document.fullscreenElement === this.dialog;
    });
    root.append(this.dialog);
  }

  slides() { return this.data.slides[this.lang]; }

  show(data) {
    const same = this.data && this.data.code === data.code && this.data.mode === data.mode;
    this.data = data;
    if (!same || !this.dialog.open) this.lang = data.lang;
    this.dialog.style.background = data.ground;
    this.dialog.style.color = data.ink;
    if (this.dialog.open) this.draw();
    else if (this.slides().length) this.ready([0]); // so that pressing present has nothing to wait for
  }

  open(at) {
    if (!this.slides().length) return;
    this.lang = this.data.lang;
    this.at = at;
    this.dialog.showModal();
    this.draw();
    this.dialog.focus();
    // After the slide is on the screen; some browsers refuse, and the dialog covers the window anyway.
    const whole = () => this.dialog.open && this.dialog.requestFullscreen?.().catch(() => {});
    requestAnimationFrame(() => requestAnimationFrame(whole));
  }

  slide(i) {
    const name = `${this.data.code} ${this.data.mode} ${this.lang} ${i}`;
    if (!this.drawn.has(name)) {
      const node = make("div", "slide");
      node.innerHTML = this.slides()[i].svg;
      this.drawn.set(name, node);
      this.screen.append(node);
    }
    return this.drawn.get(name);
  }

  // The slide shown at once; then, once it is on the screen, its neighbours behind it.
  draw() {
    const slides = this.slides();
    this.at = Math.min(Math.max(this.at, 0), slides.length - 1);
    const shown = this.slide(this.at);
    for (const node of this.drawn.values()) {
      node.classList.toggle("shown", node === shown);
      node.setAttribute("aria-hidden", String(node !== shown));
    }
    this.notes.textContent = `${this.at + 1} / ${slides.length}\n${slides[this.at].notes}`;
    this.ready([this.at, this.at + 1, this.at - 1]);
  }

  // Keep the slides at these places drawn, and no others.
  ready(places) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const count = this.slides().length;
      const kept = new Set(places.filter((i) => i >= 0 && i < count).map((i) => this.slide(i)));
      for (const [name, node] of this.drawn) if (!kept.has(node)) { node.remove(); this.drawn.delete(name); }
    }, 60);
  }

  go(at) { this.at = at; this.screen.hidden = false; this.draw(); }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (NEXT.has(key)) this.go(this.at + 1);
    else if (BACK.has(key)) this.go(this.at - 1);
    else if (key === "Home") this.go(0);
    else if (key === "End") this.go(this.slides().length - 1);
    else if (key === "l" || key === "L") { this.lang = this.lang === "vi" ? "en" : "vi"; this.draw(); }
    else if (key === "n" || key === "N") this.notes.hidden = !this.notes.hidden;
    else if (key === "b" || key === "B" || key === ".") this.screen.hidden = !this.screen.hidden;
    else if (key === "Escape") this.dialog.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  left() {
    this.screen.hidden = false;
    this.ready([0]);
    if (document.fullscreenElement) document.exitFullscreen();
  }
}

function strip(root, stage, data, send) {
  const { words } = data;
  const list = make("ol", "strip");
  const slides = data.slides[data.lang];
  const rows = data.rows.map((row) => ({ ...row }));
  const changed = () => send("edited", { rows: rows.map(({ at, title, note }) => ({ at, title, note })) });
  rows.forEach((row, i) => {
    const item = make("li");
    const shown = slides.findIndex((slide) => slide.at === row.at);
    const thumb = make("button", "thumb");
    thumb.type = "button";
    thumb.setAttribute("aria-label", `${words.present}: ${row.label}`);
    if (shown >= 0) {
      thumb.innerHTML = slides[shown].svg;
      thumb.onclick = () => stage.open(shown);
    } else {
      thumb.append(make("span", "", row.missing ?? ""));
      thumb.disabled = true;
    }
    const side = make("div", "side");
    side.append(make("strong", "", `${i + 1}. ${row.label}`), make("small", "", row.place));
    for (const [field, hint, tag] of [["title", words.title, "input"], ["note", words.note, "textarea"]]) {
      const box = make(tag);
      box.value = row[field] ?? "";
      box.placeholder = hint;
      box.setAttribute("aria-label", hint);
      box.maxLength = field === "title" ? 300 : 4000;
      if (tag === "textarea") box.rows = 1;
      box.onchange = () => { row[field] = box.value.trim() || null; changed(); };
      side.append(box);
    }
    const tools = make("div", "tools");
    const move = (to) => { rows.splice(to, 0, ...rows.splice(i, 1)); changed(); };
    const up = button("↑", words.up, () => move(i - 1));
    const down = button("↓", words.down, () => move(i + 1));
    const out = button("✕", words.remove, () => { rows.splice(i, 1); changed(); });
    up.disabled = i === 0;
    down.disabled = i === rows.length - 1;
    out.disabled = rows.length === 1;
    tools.append(up, down, out);
    item.append(thumb, side, tools);
    list.append(item);
  });
  root.replaceChildren(list);
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let root = parentElement.querySelector(".present");
  if (!root) {
    root = make("div", "present");
    parentElement.append(root);
    root.stage = new Stage(root);
    root.bar = make("div", "bar");
    root.list = make("div");
    root.append(root.bar, root.list);
  }
  const { stage } = root;
  const { words } = data;
  const send = (name, value) => setTriggerValue(name, value);
  stage.show(data);

  const begin = button(`▶ ${words.present}`, words.present, () => stage.open(0), "begin");
  begin.disabled = data.slides[data.lang].length === 0;
  const link = button(words.link, words.link, async () => {
    const address = `${location.origin}${location.pathname}${location.search}#story=${data.code}`;
    try {
      await navigator.clipboard.writeText(address);
      link.textContent = words.copied;
    } catch {
      root.address.value = address;
      root.address.hidden = false;
      root.address.select();
    }
  });
  const file = make("input");
  file.type = "file";
  file.accept = ".json,application/json";
  file.hidden = true;
  file.onchange = async () => {
    const [chosen] = file.files;
    if (chosen) send("opened", chosen.size > LARGEST ? "" : await chosen.text());
  };
  const open = button(words.open, words.open, () => file.click());
  root.address = make("input", "address");
  root.address.readOnly = true;
  root.address.hidden = true;
  root.address.setAttribute("aria-label", words.link);
  root.bar.replaceChildren(begin, link, open, file, make("span", "keys", words.keys), root.address);
  strip(root.list, stage, data, send);

  // A reload comes with a fresh session: the story is where the visitor left it, or in the link.
  if (data.fresh && !root.asked) {
    root.asked = true;
    const code = kept();
    if (code && code !== data.code) return void send("restored", code);
  }
  if (!data.fresh) {
    keep(data.code);
    if (location.hash.startsWith("#story=")) history.replaceState(history.state, "", location.pathname + location.search);
  }
}
