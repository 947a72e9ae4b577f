import { type LocalServer, serveLocally } from './serve-locally.ts';

/** An execution of a durable function, by the name it was given. */
interface StartedExecution {
  readonly functionName: string;
  readonly name: string;
  readonly payload: string;
}

export interface Lambda extends LocalServer {
  /** Those that were begun; asking again for one begins none. */
  readonly executions: readonly StartedExecution[];
  /** How often it was asked. */
  readonly asked: () => number;
}

/** Lambda, as far as a durable function is invoked asynchronously: one name, one execution, one payload. */
export async function startLambda(): Promise<Lambda> {
  const executions: StartedExecution[] = [];
  let asked = 0;
  const server = await serveLocally(({ method, url, headers, body }, response) => {
    asked += 1;
    const functionName = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname)?.[1];
    const name = headers['x-amz-durable-execution-name'];
    const isEvent = headers['x-amz-invocation-type'] === 'Event';
    if (method !== 'POST' || !functionName || typeof name !== 'string' || !isEvent) {
      response.writeHead(400, { 'x-amzn-errortype': 'InvalidRequestContentException' }).end('{}');
      return;
    }
    const execution = { functionName: decodeURIComponent(functionName), name, payload: body.toString() };
    const known = executions.find((one) => one.name === name && one.functionName === execution.functionName);
    if (known && known.payload !== execution.payload) {
      response
        .writeHead(409, { 'x-amzn-errortype': 'DurableExecutionAlreadyStartedException' })
        .end(JSON.stringify({ Type: 'User', Message: `${name} has been started with another payload` }));
      return;
    }
    if (!known) executions.push(execution);
    const arn = `${execution.functionName}/durable-execution/${name}/1`;
    response.writeHead(202, { 'x-amz-durable-execution-arn': arn }).end();
  });
  return { ...server, executions, asked: () => asked };
}
