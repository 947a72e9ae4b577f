import {
  GetDurableExecutionCommand,
  LambdaClient,
  paginateListDurableExecutionsByFunction,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import pLimit from 'p-limit';
import { readRunName } from '../../functions/pipeline/run-log.ts';
import { CLIENT } from './asking.ts';

/** Executions of the workflow, as Lambda has them. It keeps them for two weeks after their end. */

export interface ExecutionStatus {
  /** The name of the run. */
  readonly run: string;
  /** The day that it reports; null where its name tells none. */
  readonly day: string | null;
  /** The version of the workflow. */
  readonly version: string;
  /** As Lambda spells it: RUNNING, SUCCEEDED, FAILED, TIMED_OUT or STOPPED. */
  readonly status: string;
  readonly startedAt: string | null;
  /** Null where it has not ended. */
  readonly endedAt: string | null;
  /** Why it failed, in one line; null where it did not, or where Lambda does not say. */
  readonly problem: string | null;
  readonly arn: string;
}

const AT_ONCE = 4;
/** The reasons of so many failed executions are asked for, the newest first. */
const MOST_PROBLEMS = 5;

export interface ExecutionSearch {
  /** In milliseconds since 1970. */
  readonly startedAfter: number;
  /** The day that they report; null for all days. */
  readonly day: string | null;
}

/**
 * The executions of all versions, the newest first. Each deployment makes a version, and an execution stays with its own.
 *
 * @throws the SDK's error where Lambda cannot be asked
 */
export async function findExecutions(
  workflow: string,
  { startedAfter, day }: ExecutionSearch,
): Promise<ExecutionStatus[]> {
  const client = new LambdaClient(CLIENT);
  const versions: string[] = [];
  for await (const page of paginateListVersionsByFunction({ client }, { FunctionName: workflow })) {
    versions.push(...(page.Versions ?? []).flatMap(({ Version: version }) => version ?? []));
  }
  const of = async (version: string): Promise<ExecutionStatus[]> => {
    const asked = { FunctionName: workflow, Qualifier: version, StartedAfter: new Date(startedAfter) };
    const found: ExecutionStatus[] = [];
    for await (const page of paginateListDurableExecutionsByFunction({ client }, asked)) {
      for (const one of page.DurableExecutions ?? []) {
        const run = one.DurableExecutionName ?? '';
        found.push({
          run,
          day: readRunName(run)?.day ?? null,
          version,
          status: one.Status ?? '',
          startedAt: one.StartTimestamp?.toISOString() ?? null,
          endedAt: one.EndTimestamp?.toISOString() ?? null,
          problem: null,
          arn: one.DurableExecutionArn ?? '',
        });
      }
    }
    return found;
  };
  const all = (await pLimit(AT_ONCE).map(versions, of)).flat();
  // A version may be asked for by two names.
  const each = [...new Map(all.map((one) => [one.arn, one])).values()];
  const wanted = each
    .filter((one) => day === null || one.day === day)
    .toSorted((one, other) => (other.startedAt ?? '').localeCompare(one.startedAt ?? ''));
  const failed = wanted.filter(hasFailed).slice(0, MOST_PROBLEMS);
  const problems = new Map(
    await Promise.all(failed.map(async ({ arn }) => [arn, await readProblem(client, arn)] as const)),
  );
  return wanted.map((one) => ({ ...one, problem: problems.get(one.arn) ?? null }));
}

export function hasFailed({ status }: Pick<ExecutionStatus, 'status'>): boolean {
  return ['FAILED', 'TIMED_OUT', 'STOPPED'].includes(status);
}

/** What Lambda cannot tell is no reason to tell nothing. */
async function readProblem(client: LambdaClient, arn: string): Promise<string | null> {
  try {
    const { Error: error } = await client.send(new GetDurableExecutionCommand({ DurableExecutionArn: arn }));
    const { ErrorType: type, ErrorMessage: message } = error ?? {};
    return [type, message].filter(Boolean).join(': ').split('\n')[0] || null;
  } catch {
    return null;
  }
}
