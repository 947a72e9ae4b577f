import type { Counted } from './count-resources.ts';
import type { Measured, MeasuredDay } from './measured.ts';
import { PRICES, type Price, type Priced } from './prices.ts';

/** How the service is used, where no measurement tells it. */
export const ASSUMED = {
  days: 30,
  /** Processor of a function with 1 GB, as a share of that of the machine that measured: AWS gives one whole at 1,769 MB. */
  processorAtOneGigabyte: 1_024 / 1_769,
  /** Seconds that a function waits for an answer of S3. It asks for several things at once, so this is too much. */
  s3Seconds: 0.03,
  /** Seconds that a function takes to load, each time. */
  loadSeconds: 1,
  requestsPerSecond: 6,
  /** What Lambda itself writes of each invocation: its beginning, its end, its report. */
  platformLogBytes: 800,
  /** A line of API Gateway about a request. */
  apiLogBytes: 400,
  /** What S3 writes of each request. It bills no request for that. */
  accessLogBytes: 700,
  accessLogDays: 90,
  /** A metric has a value in the hour of the run, and sometimes in the next. */
  metricHours: 2,
  /** A workbook of more than 5 MB is not attached, and in a mail it is a third longer. */
  mostMailBytes: 7e6,
  apiRequests: 100,
  apiSeconds: 0.2,
  /** Alarms in a month, each a mail to one address. */
  alarmMails: 10,
  /** Past versions are kept so long, those of `lease` and `runs` for a day. */
  pastDays: 30,
  /** The default of `keepDays` where it is a number. Reports stay for ever: this is what there is after as long. */
  keptDays: 400,
  durableKeptDays: 14,
  /** AWS gives away only dashboards with so many metrics at most. */
  freeDashboardMetrics: 50,
} as const;

const GB = 1e9;
const CHURNING = ['lease', 'runs'];

export interface Scenario {
  readonly accounts: number;
  /** Of each account. */
  readonly chats: number;
}

/** A line of the bill: what is priced, how much of it there is in a month, and what it costs. */
export interface Line {
  readonly name: Group;
  readonly of: Priced;
  readonly amount: number;
  readonly dollars: number;
}

/** The rows of the table. */
export const GROUPS = [
  'alarms',
  'secrets',
  'dashboards',
  'metrics',
  'S3 requests',
  'S3 storage',
  'Lambda',
  'durable steps',
  'logs',
  'API',
  'mail, schedules, events',
] as const;
export type Group = (typeof GROUPS)[number];

/**
 * The bill of a month, after the lake has been filled for as long as it keeps days.
 *
 * @returns each line with its dollars by the list prices
 */
export function workOut(measured: Measured, counted: Counted, { accounts, chats }: Scenario): Line[] {
  const day = atChats(measured.days, chats);
  const line = (name: Group, of: Priced, each: number, shared = 0): Line => {
    const amount = accounts * each + shared;
    return { name, of, amount, dollars: amount * PRICES[of].dollars };
  };
  const monthly = (each: number): number => each * ASSUMED.days;
  const logBytes = monthly(logBytesOf(day, measured));
  const { writes, reads } = day.s3;
  return [
    line('alarms', 'alarm', counted.account.alarmMetrics),
    line('secrets', 'secret', counted.account.secrets),
    line('secrets', 'secretRead', monthly(day.secretReads)),
    line('dashboards', 'dashboard', 0, counted.shared.dashboards),
    line('metrics', 'metric', (day.metrics * ASSUMED.metricHours) / 24),
    line('S3 requests', 's3Write', monthly(writes)),
    line('S3 requests', 's3Read', monthly(reads + ASSUMED.apiRequests * measured.reading.s3Reads)),
    line('S3 storage', 's3Kept', storedBytes(day) / GB),
    line('Lambda', 'lambdaRequest', monthly(day.invocations + ASSUMED.apiRequests)),
    line('Lambda', 'lambdaSecond', monthly(lambdaSeconds(day))),
    line('durable steps', 'durableOperation', monthly(day.durable.operations)),
    line('durable steps', 'durableWritten', monthly(day.durable.bytes) / GB),
    line('durable steps', 'durableKept', (day.durable.bytes * ASSUMED.durableKeptDays) / GB),
    line('logs', 'logIn', logBytes / GB),
    line('logs', 'logKept', (logBytes * counted.account.logRetentionDays) / ASSUMED.days / GB),
    line('API', 'apiRequest', monthly(ASSUMED.apiRequests)),
    line('mail, schedules, events', 'mail', monthly(day.mails.count)),
    line('mail, schedules, events', 'mailed', monthly(day.mails.bytes) / GB),
    line('mail, schedules, events', 'scheduled', monthly(counted.account.schedules)),
    line('mail, schedules, events', 'event', monthly(day.events)),
    line('mail, schedules, events', 'alarmMail', ASSUMED.alarmMails),
  ];
}

/** What AWS never charges for, taken off the bill. @param accounts of the deployment */
export function freeOf(lines: readonly Line[], { shared }: Counted, accounts: number): number {
  const isOverviewFree = accounts * shared.overviewLines <= ASSUMED.freeDashboardMetrics;
  const saved = lines.map(({ of, amount }) => {
    const { dollars, free = 0 }: Price = PRICES[of];
    const given = of === 'dashboard' && !isOverviewFree ? 1 : free;
    return Math.min(amount, given) * dollars;
  });
  return saved.reduce((sum, dollars) => sum + dollars, 0);
}

export function sumOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

/** A measured day, or one between or beyond two: each number goes up with the chats as it does from one to the other. */
export function atChats(days: readonly MeasuredDay[], chats: number): MeasuredDay {
  const [low, high] = [days[0], days.at(-1)];
  if (low === undefined || high === undefined) throw new Error('no day was measured');
  const share = high === low ? 0 : (chats - low.chats) / (high.chats - low.chats);
  const between = (of: (day: MeasuredDay) => number): number => {
    const [from, to] = [of(low), of(high)];
    // What was counted less on the larger day by chance does not fall below nothing.
    return Math.max(0, from + Math.max(0, to - from) * share);
  };
  const places = [...new Set(days.flatMap(({ bytes }) => Object.keys(bytes)))];
  return {
    chats,
    s3: {
      writes: between(({ s3 }) => s3.writes),
      reads: between(({ s3 }) => s3.reads),
      deletes: between(({ s3 }) => s3.deletes),
    },
    bytes: Object.fromEntries(
      places.map((place) => [
        place,
        {
          added: between(({ bytes }) => Math.max(0, bytes[place]?.added ?? 0)),
          past: between(({ bytes }) => Math.max(0, bytes[place]?.past ?? 0)),
        },
      ]),
    ),
    invocations: between((day) => day.invocations),
    cpuMs: between((day) => day.cpuMs),
    sourceRequests: between((day) => day.sourceRequests),
    durable: {
      operations: between(({ durable }) => durable.operations),
      bytes: between(({ durable }) => durable.bytes),
    },
    logBytes: between((day) => day.logBytes),
    metrics: between((day) => day.metrics),
    secretReads: between((day) => day.secretReads),
    mails: {
      count: between(({ mails }) => mails.count),
      bytes: Math.min(
        between(({ mails }) => mails.bytes),
        between(({ mails }) => mails.count * ASSUMED.mostMailBytes),
      ),
    },
    events: between((day) => day.events),
  };
}

/** Of the lake and of the logs about it, once the oldest day is deleted for each that comes. */
export function storedBytes(day: MeasuredDay): number {
  const lake = Object.entries(day.bytes).map(([place, { added, past }]) => {
    const pastDays = CHURNING.includes(place) ? 1 : ASSUMED.pastDays;
    return added * ASSUMED.keptDays + past * pastDays;
  });
  const { writes, reads, deletes } = day.s3;
  const logged = (writes + reads + deletes) * ASSUMED.accessLogBytes * ASSUMED.accessLogDays;
  return lake.reduce((sum, bytes) => sum + bytes, logged);
}

/** Seconds with 1 GB that are paid for in a day, as if nothing ever went on at once. The small functions take less memory. */
export function lambdaSeconds(day: MeasuredDay): number {
  const { writes, reads, deletes } = day.s3;
  const working = day.cpuMs / 1_000 / ASSUMED.processorAtOneGigabyte;
  const asking = day.sourceRequests / ASSUMED.requestsPerSecond;
  const storing = (writes + reads + deletes) * ASSUMED.s3Seconds;
  const loading = day.invocations * ASSUMED.loadSeconds;
  return working + asking + storing + loading + ASSUMED.apiRequests * ASSUMED.apiSeconds;
}

function logBytesOf(day: MeasuredDay, { reading }: Measured): number {
  const ofFunctions = day.logBytes + day.invocations * ASSUMED.platformLogBytes;
  return (
    ofFunctions + ASSUMED.apiRequests * (reading.logBytes + ASSUMED.platformLogBytes + ASSUMED.apiLogBytes)
  );
}
