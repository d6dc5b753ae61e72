import { IntlMessageFormat } from "intl-messageformat";
import en from "../../locales/en.json" with { type: "json" };
import zhCN from "../../locales/zh-CN.json" with { type: "json" };
import type { Moment, Phrase, PhraseKey, Value } from "../dialogue/phrase.ts";
import type { Card, Screen } from "../dialogue/screen.ts";
import type { Locale } from "../domain/language.ts";
import { mapScreen } from "./map-screen.ts";
import { spokenMoment } from "./moment.ts";

const WORDS: Readonly<Record<Locale, Readonly<Record<PhraseKey, string>>>> = { en, "zh-CN": zhCN };

/** Says phrases, and whole screens, in a language. */
export interface Speaker {
  say(phrase: Phrase, locale: Locale): string;
  card(screen: Screen<Phrase>, locale: Locale): Card;
}

const isMoment = (value: object): value is Moment => "moment" in value;

/** `now` tells which day is today; `zone` is the IANA zone in which times are told. */
export const speaker = (now: () => Date, zone: string): Speaker => {
  const compiled = new Map<string, IntlMessageFormat>();
  const message = (key: PhraseKey, locale: Locale): IntlMessageFormat => {
    const name = `${locale} ${key}`;
    const known = compiled.get(name);
    if (known) return known;
    const fresh = new IntlMessageFormat(WORDS[locale][key], locale, undefined, { ignoreTag: true });
    compiled.set(name, fresh);
    return fresh;
  };

  const spoken = (value: Value, locale: Locale): string | number => {
    if (typeof value !== "object") return value;
    if (!isMoment(value)) return say(value, locale);
    const { key, ...parts } = spokenMoment(value, locale, now(), zone);
    return key ? say({ key, values: parts }, locale) : parts.time;
  };

  const say = ({ key, values }: Phrase, locale: Locale): string => {
    const said = Object.entries(values).map(([name, value]) => [name, spoken(value, locale)]);
    return String(message(key, locale).format(Object.fromEntries(said)));
  };

  return { say, card: (screen, locale) => ({ ...mapScreen(screen, (words) => say(words, locale)), locale }) };
};
