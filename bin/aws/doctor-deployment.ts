import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, paginateListSchedules, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../../functions/config/settings.ts';
import { type Finding, fail, note, ok } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { LIVE } from '../../lib/names.ts';
import { checkedAgainAt } from '../../lib/read-account.ts';
import { ACCOUNTS_FILE } from '../settings/account-file.ts';
import { toClock } from '../status/words.ts';
import { type AccountOnAws, isThere } from './account-on-aws.ts';
import { CLIENT, examineOne } from './asking.ts';
import { explainStack } from './stacks.ts';

/** Whether what is deployed is what `bin/accounts.ts` says: stacks, settings, schedules. */
export async function examineDeployment(onAws: AccountOnAws): Promise<Finding[]> {
  const stacks = examineStacks(onAws);
  if (!isThere(onAws.stacks.service)) return stacks;
  const [settings, schedules] = await Promise.all([
    examineOne('settings', 'lambda:GetFunctionConfiguration', () => examineSettings(onAws)),
    examineOne('schedules', 'scheduler:ListSchedules and scheduler:GetSchedule', () =>
      examineSchedules(onAws),
    ),
  ]);
  return [...stacks, ...settings, ...schedules];
}

function examineStacks({ stacks, account }: AccountOnAws): Finding[] {
  return Object.entries(stacks).map(([kind, stack]) => {
    const id = `stack-${kind}`;
    const wrong = explainStack(stack, account.name);
    if (wrong === null) {
      const at = stack.changedAt === null ? '' : ` since ${toClock(stack.changedAt, account)}`;
      return ok(id, `The stack ${stack.name} stands (${stack.status}${at}).`);
    }
    // Reports need no tables of analysts.
    return kind === 'analytics' ? note(id, wrong.says, wrong.do) : fail(id, wrong.says, wrong.do);
  });
}

/** The settings of the account itself: the stacks set the others. No value is told: some are secrets. */
async function examineSettings({ account }: AccountOnAws): Promise<Finding[]> {
  const lambda = new LambdaClient(CLIENT);
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({
      FunctionName: account.names.function('workflow'),
      Qualifier: LIVE,
    }),
  );
  const deployed = Environment?.Variables ?? {};
  const others = SETTING_NAMES.filter(
    (name) => isOwn(name, account.variables) && (deployed[name] ?? '') !== (account.variables[name] ?? ''),
  );
  if (others.length === 0) return [ok('settings', `The deployed settings are those of ${ACCOUNTS_FILE}.`)];
  const says = `${ACCOUNTS_FILE} has other values than what is deployed: ${others.join(', ')}.`;
  return [fail('settings', says, `npm run deploy -- ${account.name}`)];
}

/** The addresses that a deployment sets by itself where the account has none. */
const ADDRESSES: readonly SettingName[] = ['VIEW_URL', 'PAGES_URL'];

function isOwn(name: SettingName, variables: Readonly<Record<string, string>>): boolean {
  return ADDRESSES.includes(name) ? variables[name] !== undefined : !('wired' in SETTINGS[name]);
}

interface FoundSchedule {
  readonly name: string;
  /** The function that it calls. */
  readonly calls: string;
  readonly isOn: boolean;
  /** HH:MM, or the expression where it is of another form. */
  readonly at: string;
  readonly zone: string;
}

async function examineSchedules({ account }: AccountOnAws): Promise<Finding[]> {
  const found = await readSchedules(account.names.base);
  const { timeZone, reportAt, reportBy } = account;
  return (
    [
      ['start', 'begins the report', [toTime(reportAt)]],
      // Without the second look, a report that one more run does not make is missed by no one.
      ['deadline', 'looks for the report', [toTime(reportBy), toTime(checkedAgainAt(reportBy))]],
    ] as const
  ).flatMap(([part, does, times]): Finding[] => {
    const id = `schedule-${part}`;
    const all = found.filter(({ calls }) => calls === account.names.function(part));
    const deploy = `npm run deploy -- ${account.name}`;
    if (all.length === 0) return [fail(id, `No schedule ${does}.`, deploy)];
    const off = all.filter(({ isOn }) => !isOn).map(({ name }) => name);
    if (off.length > 0) {
      const says = `The schedule that ${does} is off (${off.join(', ')}).`;
      const console = `turn it on in the console: EventBridge, Schedules, group ${account.names.base}`;
      return [fail(id, says, console)];
    }
    const says = `The schedule that ${does} is on: ${all.map((one) => `${one.at} ${one.zone}`).join(', ')}.`;
    return times.every((at) => all.some((one) => one.at === at && one.zone === timeZone))
      ? [ok(id, says)]
      : [fail(id, `${says} ${ACCOUNTS_FILE} has ${times.join(', ')} ${timeZone}.`, deploy)];
  });
}

async function readSchedules(group: string): Promise<FoundSchedule[]> {
  const client = new SchedulerClient(CLIENT);
  const names: string[] = [];
  for await (const { Schedules = [] } of paginateListSchedules({ client }, { GroupName: group })) {
    names.push(...Schedules.flatMap(({ Name: name }) => name ?? []));
  }
  return await Promise.all(
    names.toSorted().map(async (name) => {
      const schedule = await client.send(new GetScheduleCommand({ GroupName: group, Name: name }));
      const expression = schedule.ScheduleExpression ?? '';
      return {
        name,
        calls: /:function:([^:]+)/.exec(schedule.Target?.Arn ?? '')?.[1] ?? '',
        isOn: schedule.State !== 'DISABLED',
        at: readDaily(expression) ?? expression,
        zone: schedule.ScheduleExpressionTimezone ?? 'UTC',
      };
    }),
  );
}

/** The time of a daily expression, HH:MM. Null for one of another form. */
function readDaily(expression: string): string | null {
  const [, minute, hour] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(expression) ?? [];
  return minute === undefined || hour === undefined
    ? null
    : toTime({ hour: Number(hour), minute: Number(minute) });
}

/** HH:MM */
export function toTime({ hour, minute }: { readonly hour: number; readonly minute: number }): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}
