import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type ErrorCode, errorAnswer, S3Error } from './answer.ts';

/** What goes wrong with one request. */
export type Fault =
  /** Refused with that error, and nothing is done. */
  | { readonly refusal: ErrorCode }
  /** Done, and yet answered with that error. */
  | { readonly refusalAfter: ErrorCode }
  /** Done at once, answered so much later. */
  | { readonly delayMs: number }
  /** The connection is reset; it is done so much later, when it may have been asked for again. */
  | { readonly lateMs: number }
  /** The connection is reset, and nothing is done. */
  | 'reset-before'
  /** Done; then the connection is reset before the answer. */
  | 'reset-after'
  /** Done, and never answered. */
  | 'no-answer'
  /** The connection ends after half of the answer's body. */
  | 'cut-body'
  /** Nothing comes after half of the answer's body. */
  | 'stalled-body'
  /** One byte of the answer's body is another than it was. */
  | 'altered-body';

/** Does what is asked and answers, but for the fault. */
export async function answerWith(
  fault: Fault | null,
  act: () => Answer,
  response: ServerResponse,
  isHead: boolean,
): Promise<void> {
  if (fault === 'reset-before') response.socket?.resetAndDestroy();
  else if (fault === null) send(act(), response, isHead);
  else if (typeof fault === 'string') sendBroken(fault, act(), response);
  else if ('refusal' in fault) send(errorAnswer(new S3Error(fault.refusal)), response, isHead);
  else if ('refusalAfter' in fault) {
    act();
    send(errorAnswer(new S3Error(fault.refusalAfter)), response, isHead);
  } else if ('lateMs' in fault) {
    response.socket?.resetAndDestroy();
    await delay(fault.lateMs);
    act();
  } else {
    const answer = act();
    await delay(fault.delayMs);
    send(answer, response, isHead);
  }
}

function sendBroken(
  fault: Exclude<Fault, object | 'reset-before'>,
  answer: Answer,
  response: ServerResponse,
): void {
  const { status, headers, body } = answer;
  const half = Math.floor(body.length / 2);
  if (fault === 'no-answer') return;
  if (fault === 'reset-after') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': body.length });
  if (fault === 'altered-body') {
    const altered = Buffer.from(body);
    altered.writeUInt8((altered.at(half) ?? 0) ^ 1, half);
    response.end(altered);
    return;
  }
  response.write(body.subarray(0, half), () => {
    if (fault === 'cut-body') response.socket?.end();
  });
}

function send({ status, headers, body }: Answer, response: ServerResponse, isHead: boolean): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(isHead ? undefined : body);
}
