/** What an error says, in one line, and without what an address may carry before its "@". */
export const faultLine = (error: unknown): string => {
  const {
    message = "",
    code = "",
    errors = [],
  } = (error ?? {}) as {
    message?: string;
    code?: string;
    errors?: readonly unknown[];
  };
  if (message === "" && errors.length > 0) return faultLine(errors[0]);
  const line = (message || code || String(error)).split("\n")[0] as string;
  return line.replace(/\/\/[^@/\s]*@/g, "//").slice(0, 200);
};
