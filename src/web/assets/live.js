// Live pages: the server sends ready HTML, this puts it where it belongs. Without it every page works.
//   <div data-live="/chat/events" data-after="17">   one stream for the page, from this change on
//   event "turn": [id of the log, message]           a message in its place; the one with the same id is replaced
//   event "part": [name, html]                       the new inside of [data-part="name"]
//   event "beat": []                                 the other end lives
import "./forms.js";

const QUIET_MS = 15 * 60_000;
const policy = globalThis.trustedTypes?.createPolicy("chuanda", { createHTML: (markup) => markup }) ?? { createHTML: (markup) => markup };
const byId = (id) => document.getElementById(id);
const parse = (markup) => {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(markup);
  return template.content;
};

/** Makes a change to `old`, and keeps what was open, typed and focused there. */
const keeping = (old, change) => {
  const open = [...old.querySelectorAll("details[open][id]")].map((details) => details.id);
  const typed = [...old.querySelectorAll("input[id]")].map((field) => [field.id, field.value]);
  const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
  const fresh = change();
  for (const id of open) byId(id)?.setAttribute("open", "");
  for (const [id, value] of typed) if (byId(id)) byId(id).value = value;
  if (focused === null) return;
  fresh.tabIndex = -1;
  (byId(focused) ?? fresh).focus({ preventScroll: true });
};
const number = (turn) => Number(turn.id.slice(2));
/** In the order in which messages were written. What is older than the page begins is not on it. */
const insert = (log, turn) => {
  const turns = [...log.querySelectorAll(":scope > .turn")];
  if (turns.length > 0 && number(turn) < number(turns[0])) return;
  log.querySelector(":scope > .empty")?.remove();
  const next = turns.find((other) => number(other) > number(turn)) ?? null;
  log.insertBefore(turn, next);
  if (turn.classList.contains("theirs")) log.parentElement.scrollTop = 0;
};

const putTurn = (logId, markup) => {
  const turn = parse(markup).firstElementChild;
  const log = byId(logId);
  if (!turn || !log) return;
  const old = byId(turn.id);
  old ? keeping(old, () => (old.replaceWith(turn), turn)) : insert(log, turn);
  const before = turn.previousElementSibling?.dataset.at; // A time stands above a message only after a silence.
  if (before && turn.dataset.at - before < QUIET_MS) turn.querySelector(":scope > .day")?.remove();
};
const putPart = (name, markup) => {
  const part = document.querySelector(`[data-part="${CSS.escape(name)}"]`);
  if (part) keeping(part, () => (part.replaceChildren(parse(markup)), part));
};

const live = globalThis.EventSource && document.querySelector("[data-live]");
const setStale = (is) => {
  const line = document.querySelector("[data-stale]");
  if (line?.hidden !== is) return;
  const time = document.querySelector("[data-as-of]")?.textContent ?? new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  line.textContent = is ? line.dataset.stale.replace("{at}", time) : "";
  line.hidden = !is;
};
let { after } = live?.dataset ?? {};
let [source, watch] = [null, 0];
const connectIn = (ms) => {
  clearTimeout(watch);
  watch = setTimeout(connect, ms);
};
/** Opens the stream; and again when nothing has come for two heartbeats, for a phone out of reach is not told. */
const connect = () => {
  if (source) setStale(true);
  source?.close();
  source = new EventSource(`${live.dataset.live}?after=${encodeURIComponent(after)}`);
  for (const [name, put] of Object.entries({ turn: putTurn, part: putPart, beat: () => {} }))
    source.addEventListener(name, (event) => {
      connectIn(40_000);
      after = event.lastEventId || after;
      put(...JSON.parse(event.data));
    });
  source.onopen = () => setStale(false);
  source.onerror = () => {
    setStale(true);
    if (source.readyState === EventSource.CLOSED) connectIn(15_000);
  };
  connectIn(40_000);
};
if (live) {
  connect();
  addEventListener("online", connect);
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && connect());
}
