import type { Hono } from 'hono';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import { openApp, openShareApi } from './api/app.ts';
import { composeApi } from './app/compose-api.lambda.ts';
import { addPages } from './web/app.ts';

/** The route whose requests API Gateway has found a valid signature on. */
const SIGNED = '$default';

/**
 * Answers events of API Gateway. What was let pass without a signature never comes near anything else than it was let pass
 * for, whatever its path says: API Gateway takes `/view/..` for a token, and an URL takes it for `/`.
 */
export function behindGateway(signed: Hono, unsigned: Hono): (event: LambdaEvent) => Promise<unknown> {
  const [answerSigned, answerUnsigned] = [handle(signed), handle(unsigned)];
  return async (event) => {
    const isSigned = 'routeKey' in event && event.routeKey === SIGNED;
    return isSigned ? await answerSigned(event) : await answerUnsigned(event);
  };
}

let answer: ReturnType<typeof open> | null = null;

/** The API and the pages behind API Gateway. They are put together at the first request: what is wrong then is in the log. */
export async function handler(event: LambdaEvent): Promise<unknown> {
  answer ??= open();
  return await answer(event);
}

function open(): ReturnType<typeof behindGateway> {
  const ports = composeApi();
  const app = openApp(ports);
  addPages(app, ports);
  return behindGateway(app, openShareApi(ports));
}
