import type { Day } from '../../functions/calendar/day.ts';
import { toZonedWords } from '../../functions/calendar/time-zone.ts';
import {
  type ChannelCoverage,
  type Coverage,
  faultySettingOf,
  missingChannels,
} from '../../functions/capture/coverage.ts';
import type { Figures } from '../../functions/metrics/measures.ts';
import { addUp } from '../../functions/metrics/rates.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import type { Delivery } from '../../functions/pipeline/deliver-report.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import type { Mailbox, MessageKind } from '../../functions/report/mail-message.ts';
import { unknownLead } from '../../functions/report/sections/lead.ts';
import { explainCount, progressOf, reasonFor } from '../../functions/report/sections/missing.ts';
import { VENDOR, VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import { LakeRefusedError } from '../../functions/storage/object-store.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import { type TableRow, type TextColumn, toTable } from '../table.ts';
import { EXIT, type ExitCode, formatError } from '../terminal.ts';
import type { RangeOutcome } from './run-days.ts';

/** What `chat-report run` prints. The command line speaks English, also where the mails are Vietnamese. */
const ENGLISH = localeFormatterFor('en');

export interface EndedDay {
  readonly outcome: RangeOutcome;
  /** Null where the day was not reported. */
  readonly summary: Summary | null;
}

/** Whether there is a report, of all channels or of some. */
export function isReported({ state }: RangeOutcome): boolean {
  return state === 'reported' || state === 'partial';
}

/** Where reports and mails are, as the terminal names them. */
export interface Places {
  readonly reports: string;
  /** The page of a day's report. */
  report(day: Day): string;
  readonly recipients: readonly Mailbox[];
  /** Ends the sentence `The mails are …`. */
  readonly mails: string;
  mail(day: Day, to: Mailbox, kind: MessageKind): string;
  readonly timeZone: string;
}

/**
 * The outcome of a day in a few lines. Empty for a day that was not asked for.
 *
 * @param isOfRange whether it is one of several days: then places that are as usual are left out
 */
export function describeDay(
  { outcome, summary }: EndedDay,
  { report, recipients, mail, timeZone }: Places,
  isOfRange: boolean,
): string {
  const describeDelivery =
    (kind: MessageKind) =>
    ({ recipient, state, problem = '' }: Delivery): string[] => {
      const to = recipients[recipient];
      if (to === undefined) return [];
      if (state === 'failed') return [`  mail    NOT delivered to ${to.address}: ${problem}`];
      const before = state === 'already-sent' ? ' (sent before)' : '';
      return isOfRange ? [] : [`  mail    ${mail(outcome.day, to, kind)}${before}`];
    };
  const place = isOfRange ? [] : [`  report  ${report(outcome.day)}`];
  switch (outcome.state) {
    case 'reported':
      return toLines(
        `${outcome.day}  ${summary ? describeSummary(summary) : 'reported'}`,
        ...(summary ? describeCount(summary) : []),
        ...place,
        ...outcome.deliveries.flatMap(describeDelivery('report')),
      );
    case 'partial':
      return toLines(
        `${outcome.day}  PARTIAL, ${summary ? describeSummary(summary) : 'reported'}`,
        ...describeCoverage(outcome.completeness, timeZone),
        ...place,
        ...outcome.deliveries.flatMap(describeDelivery('partial')),
      );
    case 'unproven':
      return toLines(
        `${outcome.day}  NOT proven: no report, a notice in its place.`,
        ...describeCoverage(outcome.completeness, timeZone),
        ...outcome.deliveries.flatMap(describeDelivery('notice')),
      );
    case 'unasked':
      return '';
    case 'failed':
      return toLines(`${outcome.day}  FAILED: ${formatError(outcome.error)}`);
  }
}

/** What is printed once for all days. Empty for a single day that was asked for. */
export function describeRange(ended: readonly EndedDay[], { timeZone, reports, mails }: Places): string {
  const unasked = describeUnasked(ended, timeZone);
  if (ended.length === 1) return unasked;
  const table = toTable(COLUMNS, [...ended.map(toRow), toTotalRow(ended)]);
  return `${unasked}\n${table}\nThe reports are in ${reports}. The mails are ${mails}.\n`;
}

const COLUMNS = [
  { title: 'day' },
  { title: 'state' },
  { title: 'chats', align: 'right' },
  { title: 'missed', align: 'right' },
  { title: 'rate', align: 'right' },
  { title: 'to call', align: 'right' },
  { title: 'mails', align: 'right' },
] as const satisfies readonly TextColumn[];

const NO_FIGURES = ['–', '–', '–', '–'] as const;

function toRow({ outcome, summary }: EndedDay): TableRow {
  const figures =
    summary === null ? NO_FIGURES : [...toFigureCells(summary.totals), String(summary.callbacks.length)];
  const deliveries = 'deliveries' in outcome ? outcome.deliveries : [];
  const there = deliveries.filter(({ state }) => state !== 'failed').length;
  const mails = deliveries.length === 0 ? '–' : `${there} of ${deliveries.length}`;
  return { cells: [outcome.day, STATES[outcome.state], ...figures, mails] };
}

function toTotalRow(ended: readonly EndedDay[]): TableRow {
  const reported = ended.filter(({ outcome }) => outcome.state === 'reported').length;
  const totals = ended.flatMap(({ summary }) => (summary === null ? [] : [summary.totals]));
  const figures = totals.length === 0 ? NO_FIGURES : [...toFigureCells(addUp(totals)), ''];
  return { cells: [`${ended.length} days`, `${reported} ${STATES.reported}`, ...figures, ''] };
}

function toFigureCells({
  chats,
  missed,
  missedRate,
}: Pick<Figures, 'chats' | 'missed' | 'missedRate'>): string[] {
  return [String(chats), String(missed), missedRate === null ? '–' : toPercent(missedRate)];
}

/** The days as JSON: one document for one day, otherwise a list. */
export function toJsonOutput(ended: readonly EndedDay[]): string {
  const documents = ended.map(toJson);
  return `${toJsonText(documents.length === 1 ? documents[0] : documents, 2)}\n`;
}

export function toJson({ outcome, summary }: EndedDay): unknown {
  switch (outcome.state) {
    case 'reported':
    case 'partial':
      return summary;
    case 'unproven':
      return { day: outcome.day, completeness: outcome.completeness };
    case 'unasked': {
      const { reason, setting } = outcome.fault;
      const completeness = { verdict: 'unproven', channels: {} };
      return { day: outcome.day, completeness, notAsked: { reason, setting } };
    }
    case 'failed':
      return { day: outcome.day, error: formatError(outcome.error) };
  }
}

export function toExitCode({ outcome }: EndedDay): ExitCode {
  switch (outcome.state) {
    case 'reported':
      return outcome.deliveries.some(({ state }) => state === 'failed') ? EXIT.undelivered : EXIT.done;
    case 'partial':
    case 'unproven':
    case 'unasked':
      return EXIT.unproven;
    case 'failed':
      // Another account may have begun in this lake since it was checked.
      return outcome.error instanceof LakeRefusedError ? EXIT.wrongUsage : EXIT.unforeseen;
  }
}

function describeSummary(summary: Summary): string {
  const { only, completeness, totals, callbacks } = summary;
  const head = `${only ? `${only.join(', ')} only, ` : ''}${describeProven(completeness)}: `;
  const unknown = unknownLead(summary, '', ENGLISH);
  if (unknown !== null) return `${head}${unknown}`;
  const customers = callbacks.length === 1 ? '1 customer' : `${callbacks.length} customers`;
  return `${head}${describeMissed(totals)}, ${customers} to call back.`;
}

function describeMissed({
  chats,
  missed,
  missedRate,
}: Pick<Figures, 'chats' | 'missed' | 'missedRate'>): string {
  const rate = missedRate === null ? '' : ` (${toPercent(missedRate)})`;
  return `${chats} chats, ${missed} missed${rate}`;
}

/** The channels that the figures are of, where some are missing. */
function describeProven(completeness: Coverage): string {
  const missing = missingChannels(completeness);
  return missing.length === 0 ? 'proven' : `without ${missing.join(', ')}, the rest proven`;
}

/** Why the source's count differs from the number of chats, as the report explains it. */
function describeCount({ completeness }: Summary): string[] {
  const explained = explainCount(completeness, ENGLISH);
  return explained === null ? [] : [`  count   ${explained}`];
}

function describeCoverage({ channels }: Coverage, timeZone: string): string[] {
  return [
    ...Object.entries(channels).flatMap((of) => describeChannel(of, timeZone)),
    ...describeActions(Object.values(channels)),
  ];
}

function describeChannel([channel, found]: [string, ChannelCoverage], timeZone: string): string[] {
  const { verdict, reason, detail, notBefore, isWaitCut } = found;
  const why = [reason, detail].filter(Boolean).join(': ');
  const cut = isWaitCut ? ` (${VENDOR} asked for more, which is not believed; an earlier run asks once)` : '';
  const until = notBefore && toZonedWords(Date.parse(notBefore), timeZone);
  const when = until ? `; not to be asked before ${until}${cut}` : '';
  const name = `  ${channel}  `;
  const read = `${' '.repeat(name.length)}read: ${progressOf(found, ENGLISH)}`;
  return [`${name}${verdict}${why && `, ${why}`}${when}`, ...(verdict === 'proven' ? [] : [read])];
}

/** The next steps, each once for all channels that need it. */
function describeActions(channels: readonly ChannelCoverage[]): string[] {
  const unproven = channels.filter(({ verdict }) => verdict !== 'proven');
  const actions = new Set(unproven.map((found) => reasonFor(found, ENGLISH.messages).todo));
  return [...actions].map((todo) => `  next    ${todo}`);
}

/** One line for all days that were not asked for: why, and what must change first. */
function describeUnasked(ended: readonly EndedDay[], timeZone: string): string {
  const unasked = ended.flatMap(({ outcome }) => (outcome.state === 'unasked' ? [outcome] : []));
  const [first, last] = [unasked.at(0), unasked.at(-1)];
  if (first === undefined || last === undefined) return '';
  const which = first === last ? first.day : `${first.day} to ${last.day}`;
  const condition = describeCondition(first.fault, timeZone);
  return `${which}  NOT asked: no day can be read before ${condition}.\n`;
}

function describeCondition(fault: ChannelCoverage, timeZone: string): string {
  switch (faultySettingOf(fault)) {
    case VENDOR_SETTINGS.token:
      return `${VENDOR_SETTINGS.token} is a token that ${VENDOR} accepts`;
    case VENDOR_SETTINGS.tokenSecret:
      return `${VENDOR_SETTINGS.tokenSecret} names a secret that can be read and holds the token`;
    case VENDOR_SETTINGS.baseUrl:
      return `${VENDOR_SETTINGS.baseUrl} is the address of your account at ${VENDOR}`;
    case null: {
      if (fault.reason !== 'banned') return `${VENDOR} can be reached, and knows the account, again`;
      const until = fault.notBefore && `, at ${toZonedWords(Date.parse(fault.notBefore), timeZone)}`;
      return `the lockout of the account is over${until ?? ''}`;
    }
  }
}

const STATES = {
  reported: 'proven',
  partial: 'PARTIAL',
  unproven: 'NOT proven',
  unasked: 'NOT asked',
  failed: 'FAILED',
} as const;

function toPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function toLines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
