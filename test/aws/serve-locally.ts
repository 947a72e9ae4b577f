import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCodeOf } from '../../functions/observability/redact.ts';

/** A request, read to its end. */
export interface WholeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface LocalServer {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/**
 * Serves HTTP on a free port of 127.0.0.1. What answers is handed each request whole, and the response to write to or,
 * where a connection is to break, to destroy.
 */
export async function serveLocally(
  answer: (request: WholeRequest, response: ServerResponse) => Promise<void> | void,
): Promise<LocalServer> {
  const server = createServer((request, response) => {
    // Where the date of who asks is made up, the SDK would take its own clock for wrong, and ask for all that is not there four times.
    response.sendDate = false;
    respond(request, response).catch((error: unknown) => {
      // Whoever asked has gone, or what answers is broken: either shows on the other end as a connection that breaks.
      if (errorCodeOf(error) !== 'ECONNRESET') response.destroy(error instanceof Error ? error : undefined);
    });
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = 'GET', headers } = request;
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    await answer({ method, url, headers, body: Buffer.concat(chunks) }, response);
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
