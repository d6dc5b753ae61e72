import { type Locale, localeOf } from "../domain/language.ts";

/** The language of ours that a browser asks for first (RFC 9110 §12.5.4), for pages whose reader is not known. */
export const acceptedLocale = (header: string | null, fallback: Locale): Locale => {
  const wishes = (header ?? "")
    .split(",")
    .map((part) => {
      const [tag, ...parameters] = part.trim().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { locale: localeOf(tag), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter((wish) => wish.quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return wishes.find((wish) => wish.locale !== null)?.locale ?? fallback;
};
