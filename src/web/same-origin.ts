const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

/**
 * Whether a request that changes something comes from a page of ours (OWASP ASVS 5.0, 3.5.1 and 3.5.8). Browsers say so in
 * `Sec-Fetch-Site`, older ones in `Origin`; one that says neither is refused. `publicHost` is ours behind a proxy that
 * rewrites `Host`.
 */
export const isSameOrigin = (headers: Headers, publicHost: string | null): boolean => {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = hostOf(headers.get("origin") ?? "");
  return origin !== null && (origin === headers.get("host") || origin === publicHost);
};
