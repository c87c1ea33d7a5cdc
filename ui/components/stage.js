// The present page: the list of slides, what begins the talk, and what keeps it over a reload.
const KEPT = "atlas.story";
const CACHE = "atlas-talk"; // worker.js answers from it
const MOST = 3; // talks kept, one for each tab
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

function kept(talk) {
  const link = new URLSearchParams(location.hash.slice(1)).get("story");
  if (link) return link;
  if (talk) return talk.code;
  try { return localStorage.getItem(KEPT); } catch { return null; }
}

// The talk as one page: the script, the letters and the slides, with nothing left to ask for.
const whole = (shell, data) =>
  shell.replace("null/*talk*/", () => JSON.stringify(data).replaceAll("<", "\\u003c"));

// Keep the talk in this browser while it lasts, so that a reload comes back to it with or without the server.
class Keeper {
  constructor(data) {
    this.shell = fetch(location.origin + data.shell).then((answer) => answer.text());
    this.shell.catch(() => {}); // asked for again where it is needed
    const { serviceWorker } = navigator; // there is none where the page came unencrypted from another computer
    this.able = Boolean(serviceWorker && window.caches);
    if (this.able) {
      serviceWorker.register(location.origin + data.worker, { scope: location.pathname }).catch(() => { this.able = false; });
    }
  }

  async keep(id, data) {
    if (!this.able) return;
    try {
      const page = new Response(whole(await this.shell, data), { headers: { "Content-Type": "text/html; charset=utf-8" } });
      const cache = await caches.open(CACHE);
      await cache.put(`/talk/${id}`, page);
      for (const old of (await cache.keys()).slice(0, -MOST)) await cache.delete(old);
      history.replaceState(history.state, "", `${location.pathname}${location.search}#talk=${id}`);
    } catch { this.able = false; }
  }

  drop(id) {
    if (location.hash.startsWith("#talk=")) history.replaceState(history.state, "", location.pathname + location.search);
    if (this.able) caches.open(CACHE).then((cache) => cache.delete(`/talk/${id}`));
  }
}

function strip(root, talk, data, send) {
  const { words } = data;
  const list = make("ol", "strip");
  const slides = data.talk.slides[data.talk.lang];
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
      thumb.onclick = () => talk.begin(shown);
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

// Take the talk away as one file that opens by double click.
async function carry(keeper, talk, name) {
  const page = new Blob([whole(await keeper.shell, talk)], { type: "text/html" });
  const link = make("a");
  link.href = URL.createObjectURL(page);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function paces(talk, said) {
  const choice = make("select", "paces");
  choice.setAttribute("aria-label", said.autoplay);
  const option = (value, text) => { const one = make("option", "", text); one.value = value; choice.append(one); };
  option(0, said.byhand);
  for (const seconds of talk.constructor.paces) option(seconds, said.playing.replace("{n}", seconds));
  choice.onchange = () => { talk.automatic = Number(choice.value); };
  choice.value = String(talk.automatic ?? 0);
  return choice;
}

function bar(root, data, send) {
  const { talk, keeper } = root;
  const { words } = data;
  const said = data.talk.said[data.talk.lang];
  const begin = button(`▶ ${words.present}`, words.present, () => talk.begin(0), "begin");
  const both = button(said.both, said.both, () => talk.begin(0, { presenter: true }));
  begin.disabled = both.disabled = data.talk.slides[data.talk.lang].length === 0;
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
  const take = button(words.carry, words.carry_hint, () => carry(keeper, root.sent, data.file).catch(() => { take.textContent = words.carry_failed; }));
  take.disabled = begin.disabled;
  root.address = make("input", "address");
  root.address.readOnly = true;
  root.address.hidden = true;
  root.address.setAttribute("aria-label", words.link);
  const hint = keeper.able ? [] : [make("span", "keys", words.unsafe)];
  root.bar.replaceChildren(begin, both, paces(talk, said), link, open, take, file, make("span", "keys", said.keys), ...hint, root.address);
}

export default async function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let root = parentElement.querySelector(".present");
  if (!root) {
    const [{ Talk, underway, unfold }, { Presenter }] = await Promise.all(data.scripts.map((one) => import(location.origin + one)));
    root = make("div", "present");
    root.unfold = unfold;
    parentElement.append(root);
    root.keeper = new Keeper(data);
    root.before = underway();
    root.talk = new Talk({
      Presenter,
      onbegin: (id) => setTimeout(() => root.keeper.keep(id, root.sent), 100),
      onend: (id) => root.keeper.drop(id),
    });
    root.bar = make("div", "bar");
    root.list = make("div");
    root.append(root.bar, root.list);
  }
  const { talk } = root;
  const send = (name, value) => setTriggerValue(name, value);
  root.sent = data.talk; // as it is kept and carried away
  data.talk = root.unfold(data.talk);
  talk.show(data.talk);
  bar(root, data, send);
  strip(root.list, talk, data, send);

  // A reload comes with a fresh session: the story is where the visitor left it, or in the link.
  if (data.fresh && !root.asked) {
    root.asked = true;
    const code = kept(root.before);
    if (code && code !== data.code) return void send("restored", code);
  }
  // A talk that was under way goes on, and the story it was of is here again.
  const { before } = root;
  root.before = null;
  if (before) talk.begin(before.at, { kept: before });
  if (!data.fresh) {
    keep(data.code);
    if (location.hash.startsWith("#story=")) history.replaceState(history.state, "", location.pathname + location.search);
  }
}

export function leave(place) {
  place.querySelector(".present")?.talk.leave();
}
