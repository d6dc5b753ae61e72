// Live pages without a framework: the server sends ready HTML, this puts it where it belongs. Without it every page works.
//   <div data-live="/chat/events" data-after="17">   one stream for the page, from this change on
//   event "turn": [id of the log, message]           a message in its place; the one with the same id is replaced
//   event "part": [name, html]                       the new inside of [data-part="name"]
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
  const target = byId(focused) ?? fresh;
  if (target === fresh) fresh.tabIndex = -1;
  target.focus({ preventScroll: true });
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
  if (old) keeping(old, () => (old.replaceWith(turn), turn));
  else insert(log, turn);
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
  if (!line || line.hidden !== is) return;
  const time = document.querySelector("[data-as-of]")?.textContent ?? new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  line.textContent = is ? line.dataset.stale.replace("{at}", time) : "";
  line.hidden = !is;
};
let { after } = live?.dataset ?? {};
const connect = () => {
  const source = new EventSource(`${live.dataset.live}?after=${encodeURIComponent(after)}`);
  for (const [name, put] of [["turn", putTurn], ["part", putPart]])
    source.addEventListener(name, (event) => {
      after = event.lastEventId || after;
      put(...JSON.parse(event.data));
    });
  source.onopen = () => setStale(false);
  source.onerror = () => {
    setStale(true);
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 15_000);
  };
  addEventListener("pagehide", () => source.close(), { once: true });
};
if (live) {
  connect();
  addEventListener("pageshow", (event) => event.persisted && connect());
}

/** What went wrong, in the server's words; nothing when all is well. */
const post = async (form, fields, offline) => {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers: { accept: "application/json" } });
    return answer.ok ? "" : (await answer.json()).words;
  } catch {
    return offline;
  }
};

addEventListener("submit", async (event) => {
  const [form, button] = [event.target, event.submitter];
  if (!live || !form.matches("[data-post]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const problem = (form.closest("[data-chat]") ?? document).querySelector("[data-problem]");
  const words = await post(form, [...new FormData(form), ...(button?.name ? [[button.name, button.value]] : [])], problem.dataset.offline);
  form.removeAttribute("aria-busy");
  problem.textContent = words;
  if (words) return;
  form.reset();
  form.elements.nonce.value = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
});
// Theme and type size change at once; the form saves them. A new language needs a new page.
addEventListener("submit", async (event) => {
  const [form, chosen] = [event.target, event.submitter];
  if (!form.matches("[data-preview]") || !["theme", "size"].includes(chosen?.name)) return;
  event.preventDefault();
  document.documentElement.dataset[chosen.name] = chosen.value;
  for (const button of form.querySelectorAll(`[name="${chosen.name}"]`)) button.setAttribute("aria-pressed", String(button === chosen));
  await post(form, [[chosen.name, chosen.value]], "");
});
addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});
