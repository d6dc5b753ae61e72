import type { Phrase } from "../dialogue/phrase.ts";
import { at, onWeekday, phrase } from "../dialogue/phrase.ts";
import type { Coverage, CoverageBranch } from "../domain/coverage.ts";
import { shortNumber } from "../domain/notice.ts";
import type { CoverageParts } from "../html/coverage-bar.ts";
import { coverageBar, coverageKey } from "../html/coverage-bar.ts";
import type { Html } from "../html/html.ts";
import { html } from "../html/html.ts";
import type { Say } from "../html/say.ts";
import type { Happening } from "../ports/store/demo-store.ts";

/** Where both notices stand, for the live column of the page. */
export interface Picture {
  readonly now: Date;
  readonly units: Coverage;
  readonly workers: Coverage;
  readonly towns: readonly CoverageBranch[];
  readonly more: { readonly towns: number; readonly open: number };
  readonly recent: readonly Happening[];
}

const LEGEND: readonly (readonly [
  keyof CoverageParts,
  "demo.key.done" | "demo.key.proxy" | "demo.key.late" | "demo.key.open",
])[] = [
  ["done", "demo.key.done"],
  ["proxy", "demo.key.proxy"],
  ["late", "demo.key.late"],
  ["open", "demo.key.open"],
];

const shares = (of: { fulfilled: number; byProxy: number; overdue: number; open: number }): CoverageParts => ({
  done: of.fulfilled - of.byProxy,
  proxy: of.byProxy,
  late: of.overdue,
  open: of.open,
  unreachable: 0,
});

const spoken = (name: string, of: { fulfilled: number; total: number }, say: Say): string =>
  say(phrase("demo.bar", { name, fulfilled: of.fulfilled, total: of.total }));

const town = (branch: CoverageBranch, say: Say): Html =>
  html`<li class="town"><b>${branch.name}</b>${coverageBar(shares(branch), spoken(branch.name, branch, say))}<span class="num">${branch.fulfilled} / ${branch.total}</span></li>`;

/** The one number, its bar, and the towns. */
export const summary = ({ units, workers, towns, more }: Picture, say: Say): Html => {
  const parts = shares({ ...units.units, byProxy: units.byProxy });
  return html`<h2>${say(phrase("demo.now"))}</h2>
<p class="figure"><b class="n1">${units.units.fulfilled}</b> <span class="m">${say(phrase("demo.of", { total: units.units.total }))}</span></p>
${coverageBar(parts, spoken(units.title, units.units, say), "wide")}
<p class="legend">${LEGEND.filter(([part]) => parts[part] > 0 || part !== "late").map(([part, key]) => html`<span>${coverageKey(part)}${say(phrase(key))} <b>${parts[part]}</b></span>`)}</p>
<ul class="towns">${towns.map((branch) => town(branch, say))}</ul>
${more.towns > 0 && html`<p class="s q">${say(phrase("demo.more-towns", { count: more.towns, open: more.open }))}</p>`}
<p class="s m">${say(phrase("demo.workers", { number: shortNumber(workers.number), done: workers.acknowledged, total: workers.recipients }))}</p>`;
};

const line = (event: Happening): Phrase => {
  if (event.ack === "read")
    return phrase("demo.feed.read", { unit: event.unitName, number: shortNumber(event.number) });
  const values = { unit: event.unitName, above: event.above, left: event.left };
  return event.how === "tap" ? phrase("demo.feed.undertaken", values) : phrase("demo.feed.proxy", values);
};

/** What happened last, newest first. */
export const feed = ({ recent }: Picture, say: Say): Html =>
  html`<h2>${say(phrase("demo.just-now"))}</h2><ol class="feed">${recent.map(
    (event) =>
      html`<li><time datetime="${event.at.toISOString()}">${say(phrase("web.when", { at: at(event.at) }))}</time><span>${say(line(event))}</span></li>`,
  )}</ol>${recent.length === 0 && html`<p class="m">${say(phrase("demo.feed.empty"))}</p>`}`;

export const clockFace = ({ now }: Picture, say: Say): Html =>
  html`<small class="q">${say(phrase("demo.clock"))}</small><b><time datetime="${now.toISOString()}">${say(phrase("web.when", { at: onWeekday(now) }))}</time></b>`;

/** The same in one sentence, for those who cannot see the picture change. */
export const sentence = ({ units }: Picture, say: Say): Html => html`${spoken(units.title, units.units, say)}`;
