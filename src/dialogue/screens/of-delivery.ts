import { formScreen } from "../form/form-screen.ts";
import { type Phrase, phrase } from "../phrase.ts";
import type { Screen } from "../screen.ts";
import type { DeliveryView } from "../view.ts";
import { approvalScreen } from "./approval.ts";
import { proxyScreen, todoScreen } from "./list.ts";
import { noticeScreen } from "./notice.ts";
import { toldScreen } from "./over.ts";
import { replyScreen } from "./reply.ts";

/** What a message shows its reader now. */
export const screenOf = (view: DeliveryView, now: Date): Screen<Phrase> => {
  if (view.notice && view.kind === "notice") return noticeScreen(view, view.notice, now);
  if (view.notice) return toldScreen(view, view.notice);
  if (view.kind === "form")
    return view.form ? formScreen(view.form) : replyScreen({ ...view, phrase: phrase("form.over") });
  if (view.kind === "approval") return approvalScreen(view.approval);
  if (view.kind === "todo") return todoScreen(view);
  return view.kind === "proxy" ? proxyScreen(view) : replyScreen(view);
};
