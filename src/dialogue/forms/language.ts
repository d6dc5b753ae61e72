import { form } from "../form/form.ts";
import { choice } from "../form/question.ts";
import { phrase } from "../phrase.ts";

export const LANGUAGE = choice({ "zh-CN": phrase("language.zh"), en: phrase("language.en") });

/** For whoever says /language and not which one. */
export const language = form("language").ask("language", LANGUAGE, [phrase("enrol.ask.language")]);
