import { formScreen } from "../form/form-screen.ts";
import { type Phrase, phrase } from "../phrase.ts";
import type { Screen } from "../screen.ts";
import type { DeliveryView } from "../view.ts";
import { approvalScreen } from "./approval.ts";
import { digestScreen, reminderScreen, stuckScreen } from "./chase.ts";
import { proxyScreen, todoScreen } from "./list.ts";
import { noticeScreen } from "./notice.ts";
import { toldScreen } from "./over.ts";
import { replyScreen } from "./reply.ts";

/** What a message of the clock shows; null for others. */
const chased = (view: DeliveryView, now: Date): Screen<Phrase> | null => {
  if (view.kind === "reminder") return view.notice && reminderScreen(view, view.notice, now);
  if (view.kind === "deputy" || view.kind === "above" || view.kind === "task") return stuckScreen(view);
  return view.kind === "digest" ? digestScreen(view, now) : null;
};

/** What a message shows its reader now. */
export const screenOf = (view: DeliveryView, now: Date): Screen<Phrase> => {
  const ofClock = chased(view, now);
  if (ofClock) return ofClock;
  if (view.notice && view.kind === "notice") return noticeScreen(view, view.notice, now);
  if (view.notice) return toldScreen(view, view.notice);
  if (view.kind === "form")
    return view.form ? formScreen(view.form) : replyScreen({ ...view, phrase: phrase("form.over") });
  if (view.kind === "approval") return approvalScreen(view.approval);
  if (view.kind === "todo") return todoScreen(view);
  return view.kind === "proxy" ? proxyScreen(view) : replyScreen(view);
};
