import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Day } from '../../functions/calendar/day.ts';
import { isRecord, parseExactJson } from '../../functions/text/json.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import { LIVE } from '../../lib/names.ts';
import type { AccountOnAws } from './account-on-aws.ts';
import { CLIENT } from './asking.ts';

export interface ReportToStart {
  readonly day: Day;
  readonly refresh: boolean;
  readonly resend: boolean;
}

/**
 * Calls the function that starts runs.
 *
 * @returns the name of the run; or why the function refuses, in its own words
 * @throws the SDK's error where the function cannot be called
 */
export async function startReport(
  { day, refresh, resend }: ReportToStart,
  { account, stacks }: Pick<AccountOnAws, 'account' | 'stacks'>,
): Promise<{ readonly run: string } | { readonly refusal: string }> {
  const start = stacks.service.outputs.StartFunction ?? `${account.names.function('start')}:${LIVE}`;
  const payload = { day, ...(refresh && { refresh }), ...(resend && { resend }) };
  const { FunctionError: failed, Payload: answered } = await new LambdaClient(CLIENT).send(
    new InvokeCommand({ FunctionName: start, Payload: Buffer.from(toJsonText(payload)) }),
  );
  const answer = parseExactJson(Buffer.from(answered ?? []).toString('utf8') || 'null');
  if (failed === undefined && isRecord(answer) && typeof answer.run === 'string') return { run: answer.run };
  if (!isRecord(answer)) return { refusal: `${start} answered without the name of a run` };
  const { errorType = failed, errorMessage } = answer;
  return { refusal: [errorType, errorMessage].filter((part) => typeof part === 'string').join(': ') };
}
