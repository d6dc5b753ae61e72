// Forms without a new page, where a stream brings what follows from them. Without it they post as forms do.
const live = globalThis.EventSource && document.querySelector("[data-live]");

/** What went wrong, in the server's words; nothing when all is well. */
const post = async (form, fields, offline) => {
  try {
    const headers = { accept: "application/json", "accept-language": document.documentElement.lang };
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers });
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
