import { openLake } from '../../functions/app/compose.local.ts';
import { addDays, dayAt } from '../../functions/calendar/day.ts';
import { toZonedIso } from '../../functions/calendar/time-zone.ts';
import { settingsSchema } from '../../functions/config/settings.ts';
import { readVariables } from '../../functions/config/variables.ts';
import { type Finding, fail, note, ok } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import type { DayStatus, StatusInput } from '../status/days.ts';
import { gatherDay } from '../status/one-day.ts';
import { counted, STATES } from '../status/words.ts';
import { type AccountOnAws, isNew, isThere, TWO_DAYS_MS } from './account-on-aws.ts';
import { examineOne } from './asking.ts';
import { toTime } from './doctor-deployment.ts';
import { findExecutions, hasFailed } from './executions.ts';

/** Whether runs begin and end, and whether yesterday is reported. */
export async function examineRuns(onAws: AccountOnAws): Promise<Finding[]> {
  const { LakeUri } = onAws.stacks.state.outputs;
  const asked = [
    ...(isThere(onAws.stacks.service)
      ? [
          examineOne(
            'executions',
            'lambda:ListVersionsByFunction and lambda:ListDurableExecutionsByFunction',
            () => examineExecutions(onAws),
          ),
        ]
      : []),
    ...(LakeUri === undefined
      ? []
      : [
          examineOne('report', `s3:GetObject and s3:ListBucket on ${LakeUri}`, () =>
            examineReport(LakeUri, onAws),
          ),
        ]),
  ];
  return (await Promise.all(asked)).flat();
}

async function examineExecutions({ account, now, stacks, toCommand }: AccountOnAws): Promise<Finding[]> {
  const id = 'executions';
  const search = { startedAfter: now - TWO_DAYS_MS, day: null };
  const found = await findExecutions(account.names.function('workflow'), search);
  if (found.length === 0) {
    const says = 'No execution began in the last two days.';
    const todo = toCommand(`report --day ${addDays(dayAt(now, account.timeZone), -1)}`);
    return isNew({ stacks, now }) ? [note(id, says, todo)] : [fail(id, says, todo)];
  }
  const failed = found.filter(hasFailed);
  const atWork = found.filter(({ status }) => status === 'RUNNING').length;
  const says = `${counted(found.length, 'execution', 'executions')} began in the last two days: ${found.length - failed.length - atWork} done, ${atWork} at work, ${failed.length} failed.`;
  if (failed.length === 0) return [ok(id, says)];
  const days = [...new Set(failed.flatMap(({ day }) => day ?? []))];
  return [note(id, says, days.map((day) => toCommand(`why --day ${day}`)).join('\n'))];
}

async function examineReport(lakeUri: string, onAws: AccountOnAws): Promise<Finding[]> {
  const { account, now, toCommand } = onAws;
  const id = 'report';
  const input = await openStatus(lakeUri, onAws);
  const today = dayAt(now, account.timeZone);
  const { day, state, mail } = await gatherDay(addDays(today, -1), input);
  const why = toCommand(`why --day ${day}`);
  const mailed = describeMailed(mail);
  if (state === 'proven' || state === 'partial') {
    const says = `The report of ${day} is there (${STATES[state]}${mailed}).`;
    return [state === 'proven' && (mail?.failed ?? 0) === 0 ? ok(id, says) : note(id, says, why)];
  }
  const isDue = toZonedIso(now / 1_000, account.timeZone).slice(11, 16) >= toTime(account.reportBy);
  const says = `There is no report of ${day} (${STATES[state]}${mailed}).`;
  if (state === 'missing' && isNew(onAws)) {
    return [note(id, `${says} The account is new.`, toCommand(`report --day ${day}`))];
  }
  return [isDue ? fail(id, says, why) : note(id, `${says} It is not due yet.`, why)];
}

function describeMailed(mail: DayStatus['mail']): string {
  return mail === null ? '' : `; ${mail.sent} of ${mail.recipients} recipients have a mail`;
}

const placeSchema = settingsSchema.pick({ LAKE_URI: true, LOOK_BACK: true });

/** The lake of the account, as `status` looks at it. */
export async function openStatus(
  lakeUri: string,
  { account, now }: Pick<AccountOnAws, 'account' | 'now'>,
): Promise<StatusInput> {
  const read = readVariables(placeSchema, { ...account.variables, LAKE_URI: lakeUri });
  if ('problems' in read) throw new RangeError(`the output LakeUri is "${lakeUri}", which is no lake`);
  const { LAKE_URI: place, LOOK_BACK: lookBack } = read.values;
  const { timeZone, mail } = account;
  return { lake: await openLake(place), lookBack, recipients: mail.to, now, timeZone };
}
