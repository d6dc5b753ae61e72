import { type Html, html } from "./html.ts";

/** The drawings that pages refer to, once a page: icons, and the patterns of the coverage bar. */
export const sprite: Html = html`<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<symbol id="logo" viewBox="0 0 28 28"><rect width="28" height="28" rx="7" fill="currentColor"/><path d="M8 7.5h0M8 7.5v8.2a2.3 2.3 0 0 0 2.3 2.3H20M8 12.2h7" stroke="var(--surface)" stroke-width="2.2" fill="none" stroke-linecap="round"/><circle cx="8" cy="7.5" r="2.4" fill="var(--surface)"/><circle cx="16.5" cy="12.2" r="2" fill="var(--surface)"/><path d="m17.5 15.2 2.9 2.8-2.9 2.8" stroke="var(--surface)" stroke-width="2.2" fill="none" stroke-linecap="round" stroke-linejoin="round"/></symbol>
<symbol id="settings" viewBox="0 0 24 24"><path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="2.6"/><circle cx="8" cy="17" r="2.6"/></symbol>
<symbol id="send" viewBox="0 0 24 24"><path d="M12 19.5V5M5.5 11.5 12 5l6.5 6.5"/></symbol>
<symbol id="check" viewBox="0 0 24 24"><rect x="3" y="3" width="18" height="18" rx="4.5"/><path d="m7.5 12.4 3.2 3.2 5.8-6.8"/></symbol>
<symbol id="clock" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2"/></symbol>
<symbol id="back" viewBox="0 0 24 24"><path d="M9 5 4.5 9.5 9 14M5 9.5h9.5a5 5 0 0 1 0 10H9"/></symbol>
<pattern id="proxy" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="soft" width="6" height="6"/><rect class="done" width="3" height="6"/></pattern>
<pattern id="late" width="7" height="8" patternUnits="userSpaceOnUse"><rect class="late" width="7" height="8"/><rect class="tick" x="5" width="2" height="8"/></pattern>
<pattern id="dash" width="6" height="8" patternUnits="userSpaceOnUse"><rect class="edge" width="3" height="8"/></pattern>
</defs></svg>`;

/** A drawing from the sprite. Words always stand beside it, so it is hidden from screen readers. */
export const icon = (name: "logo" | "settings" | "send"): Html =>
  html`<svg class="${name === "logo" ? "mark" : "i"}" viewBox="${name === "logo" ? "0 0 28 28" : "0 0 24 24"}" aria-hidden="true" focusable="false"><use href="#${name}"/></svg>`;
