import type { LambdaEvent } from 'hono/aws-lambda';
import { composeApi } from './compose.api.lambda.ts';
import { openApp, openViews } from './on-demand/app.ts';
import { behindGateway } from './on-demand/behind-gateway.lambda.ts';
import { addPages } from './on-demand/pages/add-pages.ts';

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
  return behindGateway(app, openViews(ports));
}
