/** Whether this is a whole https address. */
export const isHttps = (href: string): boolean => URL.canParse(href) && new URL(href).protocol === "https:";
