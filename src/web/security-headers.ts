/** Everything from here, nothing from elsewhere, no inline style or script; `chuanda` is the script's one way to make markup. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types chuanda",
].join("; ");

const UNUSED = [
  "accelerometer",
  "autoplay",
  "camera",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "publickey-credentials-get",
  "screen-wake-lock",
  "usb",
  "xr-spatial-tracking",
];

/** A year: long enough to count, short enough to leave HTTPS again. */
const HSTS_SECONDS = 365 * 24 * 60 * 60;

/** What every answer carries, whatever it is. `secure` where people reach the service over HTTPS. */
export const securityHeaders = (secure: boolean): Readonly<Record<string, string>> => ({
  "content-security-policy": POLICY,
  // Under "no-referrer" a form that posts without script would send "Origin: null".
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": UNUSED.map((feature) => `${feature}=()`).join(", "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  ...(secure && { "strict-transport-security": `max-age=${HSTS_SECONDS}` }),
});
