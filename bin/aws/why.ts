import { addDays, type Day, startOfDay } from '../../functions/calendar/day.ts';
import { openZone } from '../../functions/calendar/time-zone.ts';
import { type RunRecord, readRun } from '../../functions/pipeline/run-log.ts';
import type { StatusInput } from '../status/days.ts';
import { type DayDetails, gatherDay } from '../status/one-day.ts';
import { type AccountOnAws, isThere } from './account-on-aws.ts';
import { explainUnasked } from './asking.ts';
import { openStatus } from './doctor-runs.ts';
import { type ExecutionStatus, findExecutions } from './executions.ts';

/** All that is known on AWS of the report of one day. It only reads, and it knows no terminal. */

export interface DayOnAws {
  readonly day: Day;
  /** The newest first. */
  readonly executions: readonly ExecutionStatus[];
  /** What the lake holds of the day; null where the lake cannot be read. */
  readonly lake: DayDetails | null;
  /** The records of its newest runs, the newest first. */
  readonly records: readonly Pick<RunRecord, 'id' | 'steps'>[];
  /** The address of the lake; null where it is not known. */
  readonly lakeUri: string | null;
  /** What could not be asked, and why, in sentences. */
  readonly unasked: readonly string[];
  /** What to do: commands of the program without its name, in this order. Empty where there is nothing to do. */
  readonly next: readonly string[];
}

export async function gatherDayOnAws(day: Day, onAws: AccountOnAws): Promise<DayOnAws> {
  const { account, stacks } = onAws;
  const lakeUri = stacks.state.outputs.LakeUri ?? null;
  const unasked: string[] = [];
  const unless = async <Result>(what: string, action: string, ask: () => Promise<Result>) => {
    try {
      return await ask();
    } catch (error) {
      unasked.push(`${what} cannot be read: ${explainUnasked(error, action).says}.`);
      return null;
    }
  };
  // A day can be reported once it is over.
  const { epochSeconds } = openZone(account.timeZone).fromWall(startOfDay(addDays(day, 1)));
  const search = { startedAfter: epochSeconds * 1_000, day };
  const [executions, lake] = await Promise.all([
    isThere(stacks.service)
      ? unless('The executions', 'lambda:ListDurableExecutionsByFunction', () =>
          findExecutions(account.names.function('workflow'), search),
        )
      : null,
    lakeUri === null
      ? null
      : unless('The lake', `s3:GetObject and s3:ListBucket on ${lakeUri}`, async () =>
          readLake(day, await openStatus(lakeUri, onAws)),
        ),
  ]);
  const found = { day, executions: executions ?? [], lake: lake?.details ?? null };
  const records = lake?.records ?? [];
  return { ...found, records, lakeUri, unasked, next: nextOf(found, account.name) };
}

/** The records of so many runs are shown. */
const MOST_RECORDS = 2;

async function readLake(day: Day, input: StatusInput) {
  const details = await gatherDay(day, input);
  const newest = details.runs.slice(-MOST_RECORDS).toReversed();
  const records = await Promise.all(newest.map(({ id }) => readRun(input.lake, id)));
  return {
    details,
    records: records.flatMap((record) => (record === null ? [] : [{ id: record.id, steps: record.steps }])),
  };
}

/** Of a run that was killed, the lake says that it is at work. Lambda knows better. */
function nextOf(
  { day, executions, lake }: Pick<DayOnAws, 'day' | 'executions' | 'lake'>,
  account: string,
): string[] {
  if (executions.some(({ status }) => status === 'RUNNING')) return [];
  const state = lake?.state ?? 'missing';
  const refresh = lake?.command?.includes('--refresh') === true ? ' --refresh' : '';
  const report = `aws ${account} report --day ${day}${refresh}`;
  switch (state) {
    case 'newer':
      return [];
    case 'damaged':
      return [`rebuild --day ${day} --account ${account}`];
    case 'proven':
      return (lake?.mail?.failed ?? 0) > 0 ? [report] : [];
    default:
      return executions.length === 0 ? [`aws ${account} doctor`, report] : [report];
  }
}
