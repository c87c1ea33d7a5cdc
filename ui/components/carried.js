// The first page of a talk that is a file, or that this browser kept over a reload: begin, choose the language.
const { Talk, Presenter, make, underway, unfold } = globalThis.atlas;
const data = unfold(JSON.parse(document.getElementById("talk").textContent));
const kept = location.hash.startsWith("#talk="); // answered by the worker in place of the atlas
const front = document.querySelector("main");

const talk = new Talk({
  Presenter,
  onend(id) {
    if (kept) {
      history.replaceState(history.state, "", location.pathname + location.search);
      caches.open("atlas-talk").then((cache) => cache.delete(`/talk/${id}`));
    }
    draw();
  },
});

function button(text, act, className) {
  const node = make("button", className, text);
  node.type = "button";
  node.onclick = act;
  return node;
}

function draw() {
  const said = data.said[data.lang];
  const slides = data.slides[data.lang];
  document.documentElement.lang = data.lang;
  const title = make("h1");
  const list = make("ol");
  list.append(...slides.map((slide, i) => {
    const item = make("li");
    const pick = button("", () => talk.begin(i));
    pick.innerHTML = slide.svg;
    pick.setAttribute("aria-label", `${i + 1}: ${pick.querySelector("svg > title").textContent}`);
    item.append(pick);
    return item;
  }));
  title.textContent = document.title = list.querySelector("svg > title")?.textContent ?? "";
  const other = { vi: "en", en: "vi" }[data.lang];
  const bar = make("p", "bar");
  bar.append(
    button(`▶ ${said.begin}`, () => talk.begin(0), "begin"),
    button(said.both, () => talk.begin(0, { presenter: true })),
    button({ vi: "Tiếng Việt", en: "English" }[other], () => { data.lang = other; talk.show({ ...data }); draw(); }),
  );
  if (kept) bar.append(button(said.atlas, () => location.reload()));
  front.replaceChildren(title, bar, make("p", "keys", said.keys), list);
}

document.body.style.setProperty("--ground", data.ground);
document.body.style.setProperty("--ink", data.ink);
talk.show(data);
draw();
const before = underway();
if (before?.code === data.code) talk.begin(before.at, { kept: before });
