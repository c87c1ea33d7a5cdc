// A plotly figure that is changed in place, so that a map keeps its ground, its zoom and its place.
const CONFIG = { displayModeBar: false, responsive: true };
const linked = new Map(); // name -> the maps that move together
const fetched = new Map(); // address -> its content
let plotly;

function library(address) {
  plotly ??= new Promise((done, fail) => {
    if (window.Plotly) return void done(window.Plotly);
    // The page asks for it at its start; where it did not, as after a restart, we do.
    let script = document.querySelector(`script[src="${address}"]`);
    if (!script) {
      script = document.createElement("script");
      script.src = location.origin + address;
      document.head.append(script);
    }
    script.addEventListener("load", () => done(window.Plotly));
    script.addEventListener("error", fail);
  });
  return plotly;
}

function content(address) {
  if (!fetched.has(address)) {
    fetched.set(address, fetch(location.origin + address).then((answer) => (answer.ok ? answer.json() : null)));
  }
  return fetched.get(address);
}

async function figureOf(told) {
  const figure = JSON.parse(told.figure);
  if (told.classes) {
    const [first] = figure.data;
    const shapes = await content(first.geojson);
    for (const trace of figure.data) trace.geojson = shapes;
    first.locations = shapes.features.map((one) => one.id);
    first.z = told.classes;
  }
  return figure;
}

// One map moved by hand moves the others of its name, at once and without a word to the server.
function follow(box, event, done) {
  if (event["map.zoom"] === undefined && event["map.center"] === undefined) return;
  box.view = { place: box.plot._fullLayout.uirevision, center: event["map.center"], zoom: event["map.zoom"] };
  box.tools.whole.hidden = false;
  for (const other of linked.get(box.told.linked) ?? []) {
    if (other === box || !other.plot._fullLayout?.map) continue;
    other.view = box.view;
    other.tools.whole.hidden = false;
    const at = { center: box.view.center, zoom: box.view.zoom };
    if (done) window.Plotly.relayout(other.plot, { "map.center": at.center, "map.zoom": at.zoom });
    else other.plot._fullLayout.map._subplot.map.jumpTo(at);
  }
}

// The names of areas, written where they fit at the zoom of the moment: first of the larger areas, then of those shown.
// Map libraries write text from files of glyphs, which few hold Vietnamese and none is at hand offline.
async function name(box, figure, layout) {
  const addresses = (layout.map.layers ?? []).map((one) => one.source);
  const shapes = figure.data.find((one) => one.type === "choroplethmap")?.geojson;
  if (!shapes) return;
  const [own, ...above] = await Promise.all([typeof shapes === "string" ? content(shapes) : shapes, ...addresses.map(content)]);
  const { bgcolor, font } = layout.hoverlabel;
  box.names = {
    colours: [font.color, bgcolor],
    sets: [
      { style: "600 13px", spill: 1.4, few: 0, labels: above.flatMap((one) => one?.features[0].properties.labels ?? []) },
      { style: "400 11px", spill: 1, few: 0.2, labels: (own?.features ?? []).map((one) => one.properties.l) },
    ],
  };
  const map = box.plot._fullLayout.map?._subplot?.map;
  if (!map) return;
  if (box.named !== map) { box.named = map; map.on("move", () => write(box, map)); map.on("resize", () => write(box, map)); }
  write(box, map);
}

function write(box, map) {
  const { canvas } = box;
  const frame = box.plot.getBoundingClientRect();
  const { width, height } = frame;
  const ratio = devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 3 });
  [pen.fillStyle, pen.strokeStyle] = box.names.colours;
  const taken = [...box.plot.querySelectorAll(".annotation")].map((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return [left - frame.left, right - frame.left, top - frame.top, bottom - frame.top];
  });
  const degree = (512 * 2 ** map.getZoom()) / 360; // pixels
  for (const { style, spill, few, labels } of box.names.sets) {
    pen.font = `${style} "Be Vietnam Pro", sans-serif`;
    const fitting = [];
    let seen = 0;
    for (const [text, east, north, wide] of labels) {
      const { x, y } = map.project([east, north]);
      if (x < 0 || y < 0 || x > width || y > height) continue;
      seen += 1;
      const half = pen.measureText(text).width / 2 + 2;
      const [left, right, top, bottom] = [x - half, x + half, y - 8, y + 8];
      if (wide * degree * spill < 2 * half || left < 0 || right > width) continue;
      if (taken.some((one) => one[0] < right && left < one[1] && one[2] < bottom && top < one[3])) continue;
      taken.push([left, right, top, bottom]);
      fitting.push([text, x, y]);
    }
    if (fitting.length < few * seen) continue; // a single name here and there would seem to mean something
    for (const at of fitting) {
      pen.strokeText(...at);
      pen.fillText(...at);
    }
  }
}

function listen(box) {
  const { plot } = box;
  plot.on("plotly_click", ({ points: [point] }) => {
    const code = point.properties?.c;
    if (box.told.chooses && code) box.choose(code);
  });
  plot.on("plotly_relayouting", (event) => follow(box, event, false));
  plot.on("plotly_relayout", (event) => { if (!box.moving) follow(box, event, true); });
  // What each of thousands of areas says is not worth waiting for: it comes when the pointer does.
  plot.addEventListener("pointerenter", () => words(box));
}

async function words(box) {
  const address = box.told.texts;
  if (!address || box.worded === address) return;
  box.worded = address;
  const texts = await content(address);
  if (texts && box.told.texts === address) await window.Plotly.restyle(box.plot, { text: [texts] }, [0]);
}

async function draw(box) {
  const { told } = box;
  const [Plotly, figure] = await Promise.all([library(told.library), figureOf(told)]);
  if (box.told !== told || !box.isConnected) return; // something newer is on its way
  const { layout } = figure;
  if (layout.map) {
    box.home = { center: layout.map.center, zoom: layout.map.zoom };
    if (box.view?.place === layout.uirevision) Object.assign(layout.map, { center: box.view.center, zoom: box.view.zoom });
    else { box.view = null; box.tools.whole.hidden = true; }
  }
  box.height = layout.height;
  if (document.fullscreenElement === box) layout.height = innerHeight - 32;
  await Plotly.react(box.plot, figure.data, layout, { ...CONFIG, scrollZoom: Boolean(layout.map) });
  if (layout.map) name(box, figure, layout);
  if (!box.listening) { box.listening = true; listen(box); }
  box.worded = null;
  if (box.plot.matches(":hover")) words(box);
}

function named(button, label) {
  button.title = label;
  button.setAttribute("aria-label", label);
}

function tool(box, sign, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = sign;
  button.onclick = act;
  box.tools.append(button);
  return button;
}

// A drawing pin, filled while the chart is among the slides.
const PIN = '<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path stroke="currentColor" ' +
  'stroke-width="1.4" stroke-linejoin="round" d="M5 1.5h6l-.8 5 2.3 2.5h-9l2.3-2.5zM8 9v5.5"/></svg>';

function pinTool({ told: { pin }, tools }) {
  tools.pin.hidden = !pin;
  if (!pin) return;
  named(tools.pin, pin.label);
  tools.pin.setAttribute("aria-pressed", String(pin.pressed));
}

function made() {
  const box = document.createElement("div");
  box.className = "atlas-plot";
  box.plot = document.createElement("div");
  box.plot.setAttribute("role", "img");
  box.tools = document.createElement("div");
  box.tools.className = "tools";
  box.canvas = document.createElement("canvas");
  box.canvas.setAttribute("aria-hidden", "true");
  box.append(box.plot, box.canvas, box.tools);
  box.tools.whole = tool(box, "⌂", () => {
    for (const one of linked.get(box.told.linked) ?? [box]) {
      one.view = null;
      one.tools.whole.hidden = true;
      one.moving = true;
      window.Plotly.relayout(one.plot, { "map.center": one.home.center, "map.zoom": one.home.zoom })
        .then(() => { one.moving = false; });
    }
  });
  box.tools.whole.hidden = true;
  box.tools.pin = tool(box, "", () => box.pin());
  box.tools.pin.innerHTML = PIN;
  box.tools.enlarge = tool(box, "⛶", () => document.fullscreenElement ? document.exitFullscreen() : box.requestFullscreen());
  box.addEventListener("fullscreenchange", () => {
    const height = document.fullscreenElement === box ? innerHeight - 32 : box.height;
    window.Plotly.relayout(box.plot, { height });
  });
  return box;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let box = parentElement.querySelector(".atlas-plot");
  if (!box) {
    box = made();
    parentElement.append(box);
  }
  box.choose = (code) => setTriggerValue("chosen", code);
  box.pin = () => setTriggerValue("pinned", true);
  const same = box.told?.figure === data.figure && String(box.told.classes) === String(data.classes);
  if (same) box.told.pin = data.pin;
  else box.told = data;
  pinTool(box);
  named(box.tools.whole, data.whole);
  named(box.tools.enlarge, data.enlarge);
  box.plot.setAttribute("aria-label", data.alt);
  if (same) return;
  box.style.minHeight = `${data.height}px`;
  if (data.linked) linked.set(data.linked, (linked.get(data.linked) ?? new Set()).add(box));
  draw(box);
}

export function leave(parentElement) {
  const box = parentElement.querySelector(".atlas-plot");
  if (!box) return;
  linked.get(box.told.linked)?.delete(box);
  if (box.listening) window.Plotly.purge(box.plot);
  box.remove();
}
