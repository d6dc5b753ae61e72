import { expect } from "vitest";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types chuanda";

/** What every answer must carry, whatever it is (security: pages). */
export const expectSafe = (answer: Response, secure = false): void => {
  const value = (name: string) => answer.headers.get(name);
  const where = `${answer.status} ${new URL(answer.url).pathname}`;
  expect(value("content-security-policy"), where).toBe(POLICY);
  expect(value("referrer-policy"), where).toBe("same-origin");
  expect(value("cross-origin-opener-policy"), where).toBe("same-origin");
  expect(value("cross-origin-resource-policy"), where).toBe("same-origin");
  expect(value("permissions-policy"), where).toMatch(/camera=\(\).*geolocation=\(\).*microphone=\(\)/);
  expect(value("x-content-type-options"), where).toBe("nosniff");
  expect(value("strict-transport-security"), where).toBe(secure ? "max-age=31536000" : null);
  expect(value("cache-control"), where).toMatch(/^(no-store(, no-transform)?|public, max-age=31536000, immutable)$/);
  for (const cookie of answer.headers.getSetCookie()) {
    expect(cookie, where).toMatch(/; HttpOnly; SameSite=Lax/);
    expect(cookie.includes("; Secure"), where).toBe(secure);
  }
};
