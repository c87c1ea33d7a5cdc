// The presenter's window: this slide and the next, notes, clock, timer, overview. It is a blank page that the talk
// writes, so it needs no server; after a reload the talk finds it by its name and writes it anew.
const NAME = "atlas-presenter";
const LETTERS = "atlas.letters";

const clock = (milliseconds) => {
  const seconds = Math.max(Math.floor(milliseconds / 1000), 0);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((one) => String(one).padStart(2, "0"));
  return seconds < 3600 ? parts.join(":") : `${Math.floor(seconds / 3600)}:${parts.join(":")}`;
};

// The letters of the page: a blank page has none of its own.
const faces = () =>
  [...document.styleSheets].flatMap((sheet) => {
    try { return [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule).map((rule) => rule.cssText); } catch { return []; }
  }).join("\n");

export class Presenter {
  constructor(talk) { this.talk = talk; }

  get open() { return Boolean(this.win && !this.win.closed); }

  show(again) {
    if (this.open) { this.win.focus(); return true; }
    this.win = window.open("", NAME, "popup,width=1180,height=720");
    if (!this.win) return false;
    this.build();
    if (!again) this.win.focus();
    return true;
  }

  close() {
    clearInterval(this.ticking);
    const { win } = this;
    if (this.open) setTimeout(() => win.close()); // the key that ended the talk may have been pressed in it
    this.win = null;
  }

  build() {
    if (!this.open) return;
    const { document: page } = this.win;
    const { talk } = this;
    const { said, data } = talk;
    page.documentElement.lang = talk.lang;
    page.title = said.window;
    const style = page.createElement("style");
    style.textContent = faces() + data.style;
    page.head.replaceChildren(style);
    const make = (tag, className, text) => {
      const node = page.createElement(tag);
      if (className) node.className = className;
      if (text !== undefined) node.textContent = text;
      return node;
    };
    this.make = make;
    page.body.className = "presenter";
    page.body.style.setProperty("--ground", data.ground);
    page.body.style.setProperty("--ink", data.ink);
    this.count = make("strong", "place");
    this.time = make("time", "clock");
    this.time.title = said.clock;
    this.spent = make("time", "spent");
    this.spent.title = said.timer;
    this.now = make("div", "now");
    this.after = make("div", "after");
    this.notes = make("div", "notes");
    this.notes.tabIndex = 0;
    this.grid = make("div", "grid");
    this.grid.hidden = true;
    const head = make("header");
    head.append(this.count, this.time, this.spent, ...this.tools());
    const beside = make("section", "beside");
    const words = make("h2", "", said.notes);
    const letters = make("span", "letters");
    letters.append(this.button("A−", said.smaller, () => this.letters(-2)), this.button("A+", said.larger, () => this.letters(2)));
    words.append(letters);
    beside.append(make("h2", "", said.next), this.after, words, this.notes);
    const main = make("main");
    main.append(this.now, beside, this.grid);
    page.body.replaceChildren(head, main);
    this.letters(0);
    this.win.onkeydown = (event) => this.key(event);
    clearInterval(this.ticking);
    this.ticking = setInterval(() => this.tick(), 500);
    this.update();
  }

  tools() {
    const { talk } = this;
    const { said } = talk;
    this.pausing = this.button("", said.pause, () => this.pause());
    this.blacking = this.button(said.black, `${said.black} (B)`, () => talk.cover("black"));
    this.whiting = this.button(said.white, `${said.white} (W)`, () => talk.cover("white"));
    this.paces = this.make("select");
    this.paces.setAttribute("aria-label", said.autoplay);
    this.paces.onchange = () => {
      const seconds = Number(this.paces.value);
      if (seconds) talk.setPace(seconds);
      talk.play(seconds > 0);
    };
    return [
      this.pausing,
      this.button("0:00", said.reset, () => { talk.began = Date.now(); this.stopped = null; talk.keep(); this.tick(); }),
      this.button("◀", said.previous, () => talk.go(talk.at - 1)),
      this.button("▶", said.following, () => talk.go(talk.at + 1), "wide"),
      this.button("▦", `${said.overview} (G)`, () => this.overview()),
      this.blacking,
      this.whiting,
      this.button(talk.lang === "vi" ? "EN" : "VI", `${said.language} (L)`, () => talk.speak(talk.lang === "vi" ? "en" : "vi")),
      this.paces,
      this.button("✕", `${said.end} (Esc)`, () => talk.close()),
    ];
  }

  button(text, label, act, className) {
    const node = this.make("button", className, text);
    node.type = "button";
    node.title = label;
    node.setAttribute("aria-label", label);
    node.onclick = (event) => { act(); if (event.detail) node.blur(); };
    return node;
  }

  update() {
    if (!this.open || !this.now) return;
    const { talk } = this;
    const slides = talk.slides();
    const { said } = talk;
    const [now, after] = [slides[talk.at], slides[talk.at + 1]];
    this.count.textContent = `${talk.at + 1} / ${slides.length}`;
    this.now.innerHTML = now.svg;
    if (after) this.after.innerHTML = after.svg;
    else this.after.textContent = said.last;
    this.notes.textContent = now.notes || said.none;
    this.notes.scrollTop = 0;
    this.grid.hidden = true;
    const covered = talk.sheet.hidden ? "" : talk.sheet.dataset.colour;
    this.now.dataset.covered = covered;
    this.blacking.setAttribute("aria-pressed", String(covered === "black"));
    this.whiting.setAttribute("aria-pressed", String(covered === "white"));
    const option = (value, text) => { const one = this.make("option", "", text); one.value = value; return one; };
    const paces = talk.constructor.paces.map((n) => option(n, said.seconds.replace("{n}", n)));
    this.paces.replaceChildren(option(0, said.byhand), ...paces);
    this.paces.value = String(talk.playing ? talk.seconds : 0);
    this.tick();
  }

  tick() {
    if (!this.open) return void clearInterval(this.ticking);
    const { talk } = this;
    const pad = (n) => String(n).padStart(2, "0");
    const now = new Date();
    this.time.textContent = `${pad(now.getHours())}:${pad(now.getMinutes())}`;
    this.spent.textContent = clock((this.stopped ?? Date.now()) - talk.began);
    this.pausing.textContent = this.stopped ? "▶" : "II";
    this.pausing.setAttribute("aria-label", this.stopped ? talk.said.resume : talk.said.pause);
    this.pausing.title = this.pausing.getAttribute("aria-label");
  }

  pause() {
    if (this.stopped) { this.talk.began += Date.now() - this.stopped; this.stopped = null; this.talk.keep(); }
    else this.stopped = Date.now();
    this.tick();
  }

  letters(step) {
    let size = 20;
    try { size = Number(localStorage.getItem(LETTERS)) || size; } catch { /* private */ }
    size = Math.min(Math.max(size + step, 14), 40);
    this.notes.style.fontSize = `${size}px`;
    try { localStorage.setItem(LETTERS, size); } catch { /* private */ }
  }

  overview() {
    this.grid.hidden = !this.grid.hidden;
    if (this.grid.hidden) return;
    this.talk.fillGrid(this.grid, () => { this.grid.hidden = true; });
  }

  key(event) {
    const { key } = event;
    if (event.target.closest("select") || key === "Tab") return;
    if (event.target.closest("button") && (key === "Enter" || key === " ")) return;
    const alone = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (alone && (key === "g" || key === "G")) return void this.overview();
    if (alone && key === "Escape" && !this.grid.hidden) return void this.overview();
    this.talk.key(event);
  }
}
