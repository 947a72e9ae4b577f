import type { Hono } from 'hono';
import { handle, type LambdaEvent } from 'hono/aws-lambda';

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
