import type { ServerResponse } from 'node:http';
import { toJson } from '../json.ts';

/** The number of rows that match a request, and the number of rows in the answer. */
export interface Said {
  readonly numFound: number;
  readonly rows: number;
}

/** The answer that is sent, or the way in which it fails. */
export type Answer =
  | {
      readonly kind: 'whole' | 'cut';
      readonly status: number;
      readonly type: 'application/json' | 'text/html' | 'text/plain';
      readonly body: string;
      readonly retryAfterSeconds?: number;
      /** The counts of an answer with chats, for the log. */
      readonly said?: Said;
    }
  | { readonly kind: 'stall' | 'drop' };

type WholeAnswer = Extract<Answer, { body: string }>;

/** CareSoft sends this text without quotes. It is no JSON. */
const TOO_MANY = '{code:"errors",message:"Too Many Attempts."}';

export function json(body: string, status = 200): WholeAnswer {
  return { kind: 'whole', status, type: 'application/json', body };
}

export function refusal(status: number, message: string): Answer {
  return json(toJson({ code: 'errors', message }), status);
}

export function html(status: number, title: string): Answer {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { kind: 'whole', status, type: 'text/html', body };
}

export function tooMany(retryAfterSeconds: number | null): Answer {
  const answer = { kind: 'whole', status: 429, type: 'application/json', body: TOO_MANY } as const;
  return retryAfterSeconds === null ? answer : { ...answer, retryAfterSeconds };
}

export function lockedOut(banMs: number): Answer {
  const minutes = Math.ceil(banMs / 60_000);
  return refusal(404, `Domain incorrect too many times , retry after ${minutes} minutes `);
}

/** @returns the status for the log; 0 if none is sent */
export function statusOf(answer: Answer): number {
  switch (answer.kind) {
    case 'whole':
    case 'cut':
      return answer.status;
    case 'stall':
      return 200;
    case 'drop':
      return 0;
  }
}

export function send(answer: Answer, response: ServerResponse): void {
  switch (answer.kind) {
    case 'whole':
    case 'cut':
      sendBody(answer, response);
      break;
    case 'stall':
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      break;
    case 'drop':
      response.socket?.destroy();
      break;
  }
}

function sendBody(answer: WholeAnswer, response: ServerResponse): void {
  const body = Buffer.from(answer.body, 'utf8');
  response.statusCode = answer.status;
  response.setHeader('content-type', answer.type);
  response.setHeader('content-length', body.length);
  if (answer.retryAfterSeconds !== undefined) response.setHeader('retry-after', answer.retryAfterSeconds);
  if (answer.kind === 'whole') response.end(body);
  else response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
}
