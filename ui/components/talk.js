// The talk: one slide over everything, its keys, and what outlives a reload. It knows nothing of the page around
// it, so that the same script runs in the app and in a file opened by double click.
const KEPT = "atlas.talk";
const PACE = "atlas.pace";
const SWIPE = 40; // points a finger travels before it is a swipe
const TYPED = 4000; // milliseconds a typed number waits for Enter
const STILL = 2500; // milliseconds after which a resting pointer goes
const PACES = [5, 10, 15, 20, 30, 45, 60, 90, 120]; // seconds a slide stands when it moves on by itself

export const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

const remember = (kind, key, value) => {
  try { value == null ? kind().removeItem(key) : kind().setItem(key, JSON.stringify(value)); } catch { /* private */ }
};
const recall = (kind, key) => { try { return JSON.parse(kind().getItem(key)); } catch { return null; } };
const session = () => sessionStorage;
const always = () => localStorage;

/** The talk that was under way when this tab was last loaded, if it was never ended. */
export const underway = () => recall(session, KEPT);

/** The talk with every picture whole: the outlines that pictures share are sent once. */
export function unfold(talk) {
  const whole = (svg) => svg.replace(/(<path [^>]*?\bd=")~(\d+)"/g, (_, head, i) => `${head}${talk.shapes[i]}"`);
  const slides = Object.entries(talk.slides).map(([lang, all]) => [lang, all.map((one) => ({ ...one, svg: whole(one.svg) }))]);
  return { ...talk, slides: Object.fromEntries(slides) };
}

const KEYS = {
  Home: (talk) => talk.go(0),
  End: (talk) => talk.go(Infinity),
  b: (talk) => talk.cover("black"), ".": (talk) => talk.cover("black"),
  w: (talk) => talk.cover("white"), ",": (talk) => talk.cover("white"),
  g: (talk) => talk.overview(),
  p: (talk) => talk.point(),
  l: (talk) => talk.speak(talk.lang === "vi" ? "en" : "vi"),
  n: (talk) => talk.present(), s: (talk) => talk.present(),
  a: (talk) => talk.play(!talk.playing),
  "+": (talk) => talk.pace(1), "=": (talk) => talk.pace(1), "-": (talk) => talk.pace(-1),
  f: (talk) => talk.fill(), F5: (talk) => talk.fill(),
  Escape: (talk) => talk.close(),
};
for (const key of ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]) KEYS[key] = (talk) => talk.go(talk.at + 1);
for (const key of ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]) KEYS[key] = (talk) => talk.go(talk.at - 1);

export class Talk {
  static paces = PACES;

  /** `onbegin` and `onend` are told the talk's id. */
  constructor({ Presenter, onbegin = () => {}, onend = () => {} }) {
    this.onbegin = onbegin;
    this.onend = onend;
    this.seconds = recall(always, PACE) ?? 20;
    this.drawn = new Map();
    this.host = make("div", "atlas-talk");
    this.root = this.host.attachShadow({ mode: "open" });
    this.look = make("style");
    this.stage = make("div", "stage");
    this.stage.tabIndex = -1;
    this.stage.hidden = true;
    this.stage.setAttribute("role", "application");
    const part = (name) => { const node = make("div", name); this.stage.append(node); return node; };
    this.screen = part("screen");
    this.count = part("count");
    this.sheet = part("sheet");
    this.grid = part("grid");
    this.dot = part("dot");
    this.tip = part("tip");
    this.word = part("word");
    this.word.setAttribute("role", "status");
    for (const node of [this.sheet, this.grid, this.dot, this.tip, this.word]) node.hidden = true;
    this.root.append(this.look, this.stage);
    document.body.append(this.host);
    this.presenter = new Presenter(this);
    this.listen();
  }

  listen() {
    const { stage } = this;
    this.keys = (event) => this.key(event);
    stage.addEventListener("click", (event) => this.click(event));
    stage.addEventListener("pointerdown", (event) => { this.down = [event.clientX, event.clientY, event.pointerType]; });
    stage.addEventListener("pointerup", (event) => this.swipe(event));
    stage.addEventListener("pointermove", (event) => this.hover(event));
    stage.addEventListener("fullscreenchange", () => this.filled());
    // The browser leaves full screen when the page goes; that does not end the talk.
    addEventListener("beforeunload", () => { this.going = true; setTimeout(() => { this.going = false; }, 3000); });
  }

  get full() { return this.root.fullscreenElement === this.stage; }
  get open() { return !this.stage.hidden; }
  get said() { return this.data.said[this.lang]; }
  slides() { return this.data.slides[this.lang]; }

  /** Take what there is to show. A talk under way keeps its slides, whatever the server sends meanwhile. */
  show(data) { this.next = data; if (!this.open) this.take(); }

  take() {
    if (this.data !== this.next) { for (const node of this.drawn.values()) node.remove(); this.drawn.clear(); }
    this.data = this.next;
    this.lang = this.data.lang;
    this.look.textContent = this.data.style;
    this.stage.style.setProperty("--ground", this.data.ground);
    this.stage.style.setProperty("--ink", this.data.ink);
    if (this.slides().length) this.ready([0]); // so that pressing present has nothing to wait for
  }

  /** Begin at a slide, or go on where `kept` was; `presenter` opens the presenter's window as well. */
  begin(at, { kept = null, presenter = false } = {}) {
    if (this.open || !this.slides().length) return;
    this.id = kept?.id ?? Date.now().toString(36);
    this.began = kept?.began ?? Date.now();
    this.lang = kept?.lang ?? this.data.lang;
    this.at = at;
    this.playing = kept?.playing ?? this.automatic > 0;
    if (!kept && this.automatic) this.setPace(this.automatic);
    this.before = document.activeElement;
    this.aside = [...document.body.children].filter((node) => node !== this.host && !node.inert);
    for (const node of this.aside) node.inert = true;
    this.stage.hidden = false;
    addEventListener("keydown", this.keys, true);
    // A message of the page, as that its server is lost, makes everything beside it deaf: not the talk.
    this.waking = new MutationObserver(() => {
      for (const deaf of ["inert", "aria-hidden"]) if (this.host.hasAttribute(deaf)) this.host.removeAttribute(deaf);
    });
    this.waking.observe(this.host, { attributes: true });
    this.draw();
    this.stage.focus();
    if (presenter || kept?.presenter) this.present(Boolean(kept));
    // Only a key or a click may ask for full screen: after a reload the next one does, as after another window.
    this.wanted = Boolean(kept) || presenter;
    if (this.wanted) this.say(this.said.gesture);
    else requestAnimationFrame(() => requestAnimationFrame(() => this.fill())); // the slide first
    this.onbegin(this.id);
  }

  close() {
    if (!this.open) return;
    this.stage.hidden = true;
    removeEventListener("keydown", this.keys, true);
    clearTimeout(this.turning);
    this.playing = this.wanted = false;
    for (const node of [this.sheet, this.grid, this.dot, this.tip, this.word]) node.hidden = true;
    if (this.full) document.exitFullscreen();
    this.waking.disconnect();
    for (const node of this.aside) node.inert = false;
    this.presenter.close();
    remember(session, KEPT, null);
    const { id } = this;
    if (this.next !== this.data) this.take();
    else { this.lang = this.data.lang; this.ready([0]); }
    this.before?.focus?.();
    this.onend(id);
    if (this.left) this.host.remove();
  }

  /** The page that began it is gone: a talk under way stands until it is ended. */
  leave() {
    if (this.open) this.left = true;
    else this.host.remove();
  }

  /** Ask for the whole screen; a refusal is said, and the talk fills the window. */
  async fill() {
    this.wanted = false;
    if (!this.open || this.full) return;
    try {
      await this.stage.requestFullscreen({ navigationUI: "hide" });
      this.word.hidden = true;
    } catch {
      if (this.open) this.say(this.said.refused, 8000);
    }
  }

  filled() {
    if (this.full || !this.open || this.going) return;
    if (!this.opening) return void this.close();
    this.wanted = true; // our own second window took it
    this.say(this.said.gesture, 8000);
  }

  slide(i) {
    const name = `${this.lang} ${i}`;
    if (!this.drawn.has(name)) {
      const node = make("div", "slide");
      node.innerHTML = this.slides()[i].svg;
      // What a mark says is shown by us, at once and large, not by the browser after a while.
      for (const title of node.querySelectorAll("svg > * title")) { title.parentNode.dataset.tip = title.textContent; title.remove(); }
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
    this.stage.lang = this.lang;
    this.count.textContent = `${this.at + 1} / ${slides.length}`;
    this.tip.hidden = true;
    this.stage.setAttribute("aria-label", `${this.count.textContent}: ${shown.querySelector("svg > title")?.textContent ?? ""}`);
    this.ready([this.at, this.at + 1, this.at - 1]);
    this.keep();
    this.turn();
    this.presenter.update();
  }

  keep() {
    const { id, at, lang, began, playing } = this;
    remember(session, KEPT, { id, code: this.data.code, at, lang, began, playing, presenter: this.presenter.open });
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

  go(at) {
    this.at = at;
    this.sheet.hidden = this.grid.hidden = true;
    this.draw();
  }

  speak(lang) {
    this.lang = lang;
    if (!this.grid.hidden) this.fillGrid(this.grid);
    this.draw();
    this.presenter.build();
  }

  cover(colour) {
    this.sheet.hidden = !this.sheet.hidden && this.sheet.dataset.colour === colour;
    this.sheet.dataset.colour = colour;
    this.presenter.update();
  }

  overview() {
    this.grid.hidden = !this.grid.hidden;
    this.tip.hidden = true;
    if (this.grid.hidden) this.stage.focus();
    else this.fillGrid(this.grid);
  }

  fillGrid(place, done = () => {}) {
    place.replaceChildren(...this.slides().map((slide, i) => {
      const pick = make("button");
      pick.type = "button";
      pick.innerHTML = slide.svg;
      pick.append(make("span", "", String(i + 1)));
      pick.setAttribute("aria-current", String(i === this.at));
      pick.onclick = () => { this.go(i); this.stage.focus(); done(); };
      return pick;
    }));
    place.children[this.at].focus();
  }

  point() {
    this.pointing = !this.pointing;
    this.dot.hidden = !this.pointing;
    this.tip.hidden = true;
  }

  /** Open the presenter's window, or find the one that stayed open over a reload. */
  present(again = false) {
    this.opening = true; // a browser that opens a window leaves full screen
    setTimeout(() => { this.opening = false; }, 1500);
    if (!this.presenter.show(again) && !again) this.say(this.said.blocked, 8000);
    this.keep();
  }

  play(on) {
    this.playing = on;
    this.say(on ? this.said.playing.replace("{n}", this.seconds) : this.said.paused);
    this.turn();
    this.keep();
    this.presenter.update();
  }

  pace(step) {
    const place = Math.min(Math.max(PACES.indexOf(this.seconds) + step, 0), PACES.length - 1);
    this.setPace(PACES[place]);
    this.say(this.said.pace.replace("{n}", this.seconds));
  }

  setPace(seconds) {
    this.seconds = seconds;
    remember(always, PACE, seconds);
    this.turn();
    this.presenter.update();
  }

  turn() {
    clearTimeout(this.turning);
    const move = () => this.go(this.at + 1 < this.slides().length ? this.at + 1 : 0);
    if (this.playing && this.open) this.turning = setTimeout(move, this.seconds * 1000);
  }

  say(text, stay = 4000) {
    this.word.textContent = text;
    this.word.hidden = false;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { this.word.hidden = true; }, stay);
  }

  // The page behind never hears a key; the browser keeps its own, with Ctrl, Alt or the command key.
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopImmediatePropagation();
    const inside = !this.grid.hidden && event.view === window;
    if (inside && ["Tab", "Enter", " "].includes(event.key)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (inside && (this.walk(key) || key === "Escape")) {
      event.preventDefault();
      if (key === "Escape") this.overview();
      return;
    }
    const act = event.shiftKey && key === " " ? KEYS.ArrowLeft : KEYS[key];
    const number = this.type(key);
    if (act || number || key === "Tab") event.preventDefault();
    if (number) return;
    if (this.wanted && event.view === window && key !== "Escape") this.fill();
    if (act && !(event.repeat && "bwgplsnaf".includes(key))) act(this);
  }

  // Digits gather until Enter; returns whether the key was one of them, or the Enter that ends them.
  type(key) {
    clearTimeout(this.typing);
    const typed = this.typed ?? "";
    this.typed = "";
    if (/^\d$/.test(key)) {
      this.typed = (typed + key).slice(-3);
      this.say(`→ ${this.typed}`, TYPED);
      this.typing = setTimeout(() => { this.typed = ""; }, TYPED);
      return true;
    }
    if (typed) this.word.hidden = true;
    if (key !== "Enter" || !typed) return false;
    this.go(Number(typed) - 1);
    return true;
  }

  walk(key) {
    const tiles = [...this.grid.children];
    const [first] = tiles;
    const across = Math.max(1, tiles.filter((one) => one.offsetTop === first.offsetTop).length);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across, Home: -Infinity, End: Infinity }[key];
    if (step === undefined) return false;
    const now = Math.max(tiles.indexOf(this.root.activeElement), 0);
    tiles[Math.min(Math.max(now + step, 0), tiles.length - 1)].focus();
    return true;
  }

  click(event) {
    if (this.swiped || event.target.closest("button, .grid")) return void (this.swiped = false);
    if (this.wanted) return void this.fill(); // this click only gives the screen back
    this.go(this.at + 1);
  }

  swipe(event) {
    const [x, y, kind] = this.down ?? [];
    const across = event.clientX - x;
    const far = Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(event.clientY - y);
    this.swiped = kind !== "mouse" && far;
    if (!this.swiped || !this.grid.hidden) return;
    setTimeout(() => { this.swiped = false; }, 400); // not every browser lets a click follow
    if (this.wanted) this.fill();
    this.go(this.at + (across < 0 ? 1 : -1));
  }

  hover(event) {
    this.stage.classList.add("moving");
    clearTimeout(this.resting);
    this.resting = setTimeout(() => { this.stage.classList.remove("moving"); this.tip.hidden = true; }, STILL);
    const place = (node, dx, dy) => { node.style.left = `${event.clientX + dx}px`; node.style.top = `${event.clientY + dy}px`; };
    if (this.pointing) return place(this.dot, 0, 0);
    const said = event.target.closest?.("[data-tip]")?.dataset.tip;
    this.tip.hidden = !said;
    if (!said) return;
    this.tip.textContent = said;
    const { offsetWidth, offsetHeight } = this.tip;
    place(this.tip, event.clientX + offsetWidth + 30 > innerWidth ? -offsetWidth - 14 : 16, event.clientY > offsetHeight + 24 ? -offsetHeight - 12 : 20);
  }
}
