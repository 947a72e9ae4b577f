import { DurableExecutionAlreadyStartedException, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { toJsonText } from '../text/write-json.ts';
import type { Launcher } from './run-log.ts';

/** Starts executions of the workflow, by the ARN of its alias. */
export function openLambdaLauncher(aliasArn: string): Launcher {
  const lambda = new LambdaClient();
  return {
    async start(request) {
      const invoke = new InvokeCommand({
        FunctionName: aliasArn,
        InvocationType: 'Event',
        DurableExecutionName: request.run,
        Payload: Buffer.from(toJsonText(request)),
      });
      try {
        await lambda.send(invoke);
        return 'started';
      } catch (error) {
        if (error instanceof DurableExecutionAlreadyStartedException) return 'taken';
        throw error;
      }
    },
  };
}
