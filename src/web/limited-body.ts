/**
 * The same request with its body read, as long as it has at most `most` bytes; null where it has more, whatever its
 * `Content-Length` says. Hono's own limit needs node-server's replacement of the global `Request`, which we leave alone.
 */
export const limitedBody = async (request: Request, most: number): Promise<Request | null> => {
  if (Number(request.headers.get("content-length") ?? 0) > most) return null;
  if (request.body === null) return request;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > most) return null;
    chunks.push(chunk);
  }
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: Buffer.concat(chunks) });
};
