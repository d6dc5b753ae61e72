import type { Theme } from "../../html/document.ts";

const DAY_SECONDS = 24 * 60 * 60;

/** What a link opens lasts ninety days from its last use (`contract.md`). */
export const SESSION_DAYS = 90;

/** "__Host-" ties a cookie to this host and HTTPS; a browser would not take it over plain HTTP. */
const sessionName = (secure: boolean): string => (secure ? "__Host-chuanda" : "chuanda");

const cookie = (name: string, value: string, days: number, secure: boolean): string =>
  `${name}=${value}; Path=/; Max-Age=${days * DAY_SECONDS}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;

const cookieIn = (headers: Headers, name: string): string | null => {
  const pair = (headers.get("cookie") ?? "").split(/;\s*/).find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) || null;
};

export const sessionIn = (headers: Headers, secure: boolean): string | null => cookieIn(headers, sessionName(secure));

export const sessionCookie = (token: string, secure: boolean): string =>
  cookie(sessionName(secure), token, SESSION_DAYS, secure);

export const endedSessionCookie = (secure: boolean): string => cookie(sessionName(secure), "", 0, secure);

/** Light or dark is the browser's own matter; null follows the device. */
export const themeIn = (headers: Headers): Theme | null => {
  const value = cookieIn(headers, "theme");
  return value === "light" || value === "dark" ? value : null;
};

export const themeCookie = (theme: Theme | null, secure: boolean): string =>
  cookie("theme", theme ?? "", theme ? 365 : 0, secure);
