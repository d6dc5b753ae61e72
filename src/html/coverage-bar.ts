import { type Html, html } from "./html.ts";

/** What a coverage bar counts, in the order in which it is drawn. */
export interface CoverageParts {
  /** Answered in time by themselves. */
  readonly done: number;
  /** Answered by somebody for them, or on paper. */
  readonly proxy: number;
  /** Not answered, and the due time is past. */
  readonly late: number;
  /** Not answered, still in time. */
  readonly open: number;
  /** Cannot be reached. */
  readonly unreachable: number;
}

const ORDER = ["done", "proxy", "late", "open", "unreachable"] as const;
const PATTERNS = {
  done: null,
  proxy: "url(#proxy)",
  late: "url(#late)",
  open: null,
  unreachable: "url(#dash)",
} as const;

/** The narrowest width in pixels at which each size is shown; it turns the least 7 px into a share. */
const NARROWEST = { row: 120, wide: 260 } as const;
const LEAST_PIXELS = 7;

interface Segment {
  readonly part: keyof CoverageParts;
  readonly percent: number;
}

/** Shares of the whole in percent; none that counts anything falls below what the eye can find. */
export const segments = (parts: CoverageParts, size: keyof typeof NARROWEST): readonly Segment[] => {
  const shown = ORDER.filter((part) => parts[part] > 0);
  const least = (LEAST_PIXELS / NARROWEST[size]) * 100;
  const share = (widened: ReadonlySet<string>): readonly Segment[] => {
    const rest = shown.filter((part) => !widened.has(part));
    const total = rest.reduce((sum, part) => sum + parts[part], 0);
    const room = 100 - widened.size * least;
    const all = shown.map((part) => ({ part, percent: widened.has(part) ? least : (parts[part] / total) * room }));
    const slim = all.filter((segment) => segment.percent < least);
    return slim.length === 0 ? all : share(new Set([...widened, ...slim.map((segment) => segment.part)]));
  };
  return share(new Set());
};

const two = (percent: number): string => percent.toFixed(2);

/**
 * A bar of who has answered: done solid, proxy striped, late ticked, open hollow, unreachable dashed, so that it reads in
 * grey, in print and for colour-blind eyes; `label` says the same in numbers. Drawn in SVG, for a page's policy drops
 * widths that are written as inline style.
 */
export const coverageBar = (parts: CoverageParts, label: string, size: "row" | "wide" = "row"): Html => {
  let at = 0;
  const drawn = segments(parts, size).map(({ part, percent }) => {
    const pattern = PATTERNS[part];
    const left = at;
    at += percent;
    return html`<svg x="${two(left)}%" width="${two(percent)}%" height="100%"><rect class="${part}" width="100%" height="100%"${pattern && html` fill="${pattern}"`}/></svg>`;
  });
  return html`<svg class="bar ${size}" role="img" aria-label="${label}" focusable="false">${drawn}</svg>`;
};

/** The key to one kind of segment, to stand before its word in a legend. */
export const coverageKey = (part: keyof CoverageParts): Html => {
  const pattern = PATTERNS[part];
  return html`<svg class="bar key" aria-hidden="true" focusable="false"><rect class="${part}" width="100%" height="100%"${pattern && html` fill="${pattern}"`}/></svg>`;
};
