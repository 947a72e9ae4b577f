import type { Counted } from './count-resources.ts';
import { reachLimits } from './limits.ts';
import type { Measured } from './measured.ts';
import { PRICES } from './prices.ts';
import {
  ASSUMED,
  atChats,
  freeOf,
  GROUPS,
  type Group,
  lambdaSeconds,
  type Scenario,
  storedBytes,
  sumOf,
  workOut,
} from './work-out.ts';

/** The columns of the table. */
const SCENARIOS: readonly Scenario[] = [
  { accounts: 1, chats: 1_000 },
  { accounts: 1, chats: 10_000 },
  { accounts: 1, chats: 1_000_000 },
  { accounts: 50, chats: 1_000 },
];

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** The costs in Markdown: the table, and what it is made of. */
export function describeCosts(measured: Measured, counted: Counted): string {
  const bills = SCENARIOS.map((scenario) => workOut(measured, counted, scenario));
  const row = (name: string, of: (bill: (typeof bills)[number], at: number) => number): string =>
    `| ${[name, ...bills.map((bill, at) => cents.format(of(bill, at)))].join(' | ')} |`;
  const labels = labelsOf(measured, counted);
  const head = SCENARIOS.map(({ accounts, chats }) =>
    accounts === 1
      ? `1 account, ${whole.format(chats)} chats a day`
      : `${accounts} with ${whole.format(chats)} each`,
  );
  return [
    `| | ${head.join(' | ')} |`,
    `| --- | ${SCENARIOS.map(() => '---:').join(' | ')} |`,
    ...GROUPS.map((group) => row(labels[group], (bill) => sumOf(bill.filter(({ name }) => name === group)))),
    row('**together**', sumOf),
    row('after what AWS always gives for free', (bill, at) => {
      return sumOf(bill) - freeOf(bill, counted, SCENARIOS[at]?.accounts ?? 1);
    }),
    '',
  ].join('\n');
}

/** What each row is made of. Numbers are those of an account and a day, at the three numbers of chats. */
function labelsOf(measured: Measured, { account, shared }: Counted): Readonly<Record<Group, string>> {
  const days = SCENARIOS.slice(0, 3).map(({ chats }) => atChats(measured.days, chats));
  const each = (of: (day: (typeof days)[number]) => number, format = whole): string =>
    days.map((day) => format.format(of(day))).join(' / ');
  const [day] = days;
  if (day === undefined) throw new Error('the table has no column');
  const priced = (price: keyof typeof PRICES): string => `$${PRICES[price].dollars.toFixed(2)}`;
  return {
    alarms: `${account.alarmMetrics} alarms at ${priced('alarm')}`,
    secrets: `${account.secrets} secrets at ${priced('secret')}, and reading them`,
    dashboards: `${shared.dashboards} dashboards for all at ${priced('dashboard')}`,
    metrics: `${whole.format(day.metrics)} metrics at ${priced('metric')}, for ${ASSUMED.metricHours} hours of 24`,
    'S3 requests': `S3: ${each(({ s3 }) => s3.writes)} writes and lists a day, ${each(({ s3 }) => s3.reads)} reads`,
    'S3 storage': `S3: ${each((one) => storedBytes(one) / 1e9, decimal)} GB in the end`,
    Lambda: `Lambda: ${each(lambdaSeconds)} s of 1 GB a day`,
    'durable steps': `${each(({ durable }) => durable.operations)} durable operations a day at $8 a million, and their results`,
    logs: `logs: ${each(({ logBytes }) => logBytes / 1_000)} KB a day and what AWS adds, kept for ${account.logRetentionDays} days`,
    API: `API: ${ASSUMED.apiRequests} requests a day at $1 a million`,
    'mail, schedules, events': `${whole.format(day.mails.count)} mails a day of ${each(({ mails }) => mails.bytes / mails.count / 1_000)} KB, schedules, events, SNS`,
  };
}

/** The limits in Markdown, the one that is reached first at the top. */
export function describeLimits(measured: Measured, counted: Counted): string {
  const rows = reachLimits(counted, measured).map(({ of, quota, takes, accounts, note }) => {
    return `| ${[of, whole.format(quota), decimal.format(takes), whole.format(accounts), note].join(' | ')} |`;
  });
  return [
    '| limit | AWS allows | an account takes | enough for accounts | |',
    '| --- | ---: | ---: | ---: | --- |',
    ...rows,
    '',
  ].join('\n');
}

const PARTS = { costs: describeCosts, limits: describeLimits } as const;

/** A page with each generated part written again between its two comments. @throws Error where the page lacks them */
export function renewCosts(page: string, measured: Measured, counted: Counted): string {
  return Object.entries(PARTS).reduce((text, [name, describe]) => {
    const part = new RegExp(`(?<=<!-- ${name} -->\n).*?(?=<!-- /${name} -->)`, 's');
    if (!part.test(text)) throw new Error(`the page has no place for ${name}`);
    return text.replace(part, () => `\n${describe(measured, counted)}\n`);
  }, page);
}
