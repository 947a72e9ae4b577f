import type { Day } from '../../functions/calendar/day.ts';
import { toZonedWords } from '../../functions/calendar/time-zone.ts';
import {
  type ChannelCoverage,
  type Coverage,
  missingChannels,
  faultySettingOf,
} from '../../functions/capture/coverage.ts';
import type { Figures } from '../../functions/metrics/measures.ts';
import { addUp } from '../../functions/metrics/rates.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import type { Delivery } from '../../functions/pipeline/deliver-report.ts';
import { unknownLead } from '../../functions/report/lead.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import type { Mailbox, MessageKind } from '../../functions/report/message.ts';
import { explainCount, reasonFor, whatWasRead } from '../../functions/report/missing.ts';
import { LakeRefusedError } from '../../functions/storage/object-store.ts';
import { EXIT, type ExitCode, formatError } from '../terminal.ts';
import type { RangeOutcome } from './run-days.ts';

/** The command line speaks English to engineers, also where the mails are in Vietnamese. */
const ENGLISH = localeFormatterFor('en');

/** A day as the command line knows it when it is over; the summary is there when the day was reported. */
export interface EndedDay {
  readonly outcome: RangeOutcome;
  readonly summary: Summary | null;
}

/** Whether there is a report, of all channels or of some. */
export function isReported({ state }: RangeOutcome): boolean {
  return state === 'reported' || state === 'partial';
}

/** What became of a day, in a few lines for whoever runs the command. */
export function describeDay(
  { outcome, summary }: EndedDay,
  reportPath: string,
  recipients: readonly Mailbox[],
  mailPath: (to: Mailbox, kind: MessageKind) => string,
  timeZone: string,
): string {
  const describeDelivery = (kind: MessageKind) => (delivery: Delivery) => {
    const { recipient, state, problem = '' } = delivery;
    const to = recipients[recipient];
    if (to === undefined) return '';
    return state === 'failed'
      ? `  mail    NOT delivered to ${to.address}: ${problem}`
      : `  mail    ${mailPath(to, kind)}${state === 'already-sent' ? ' (sent before)' : ''}`;
  };
  switch (outcome.state) {
    case 'reported':
      return lines(
        `${outcome.day}  ${summary ? describeSummary(summary) : 'reported'}`,
        ...(summary ? describeCount(summary) : []),
        `  report  ${reportPath}`,
        ...outcome.deliveries.map(describeDelivery('report')),
      );
    case 'partial':
      return lines(
        `${outcome.day}  PARTIAL, ${summary ? describeSummary(summary) : 'reported'}`,
        ...Object.entries(outcome.completeness.channels).flatMap((of) => describeChannel(of, timeZone)),
        ...describeActions(Object.values(outcome.completeness.channels)),
        `  report  ${reportPath}`,
        ...outcome.deliveries.map(describeDelivery('partial')),
      );
    case 'unproven':
      return lines(
        `${outcome.day}  NOT proven: no report, a notice in its place.`,
        ...Object.entries(outcome.completeness.channels).flatMap((of) => describeChannel(of, timeZone)),
        ...describeActions(Object.values(outcome.completeness.channels)),
        ...outcome.deliveries.map(describeDelivery('notice')),
      );
    case 'unasked':
      return '';
    case 'failed':
      return lines(`${outcome.day}  FAILED: ${formatError(outcome.error)}`);
  }
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
      // Another account began in the lake after it had been looked at.
      return outcome.error instanceof LakeRefusedError ? EXIT.wrongUsage : EXIT.unforeseen;
  }
}

function describeSummary(summary: Summary): string {
  const { only, completeness, totals, callbacks } = summary;
  const head = `${only ? `${only.join(', ')} only, ` : ''}${provenOf(completeness)}: `;
  const unknown = unknownLead(summary, '', ENGLISH);
  if (unknown !== null) return `${head}${unknown}`;
  const rate = totals.missedRate === null ? '' : ` (${(totals.missedRate * 100).toFixed(1)} %)`;
  const { chats, missed } = totals;
  return `${head}${chats} chats, ${missed} missed${rate}, ` + `${callbacks.length} customers to call back.`;
}

/** Which channels the figures are of, where they are not of all. */
function provenOf(completeness: Coverage): string {
  const missing = missingChannels(completeness);
  return missing.length === 0 ? 'proven' : `without ${missing.join(', ')}, the rest proven`;
}

/** Where CareSoft counts other many rows than there are chats, as the report explains it. */
function describeCount({ completeness }: Summary): string[] {
  const explained = explainCount(completeness, ENGLISH);
  return explained === null ? [] : [`  count   ${explained}`];
}

function describeChannel([channel, found]: [string, ChannelCoverage], timeZone: string): string[] {
  const { verdict, reason, detail, notBefore, isWaitCut } = found;
  const why = [reason, detail].filter(Boolean).join(': ');
  const cut = isWaitCut ? ' (CareSoft asked for more, which is not believed; an earlier run asks once)' : '';
  const until = notBefore && toZonedWords(Date.parse(notBefore), timeZone);
  const when = until ? `; not to be asked before ${until}${cut}` : '';
  const name = `  ${channel}  `;
  const read = `${' '.repeat(name.length)}read: ${whatWasRead(found, ENGLISH)}`;
  return [`${name}${verdict}${why && `, ${why}`}${when}`, ...(verdict === 'proven' ? [] : [read])];
}

/** Who does what next, once for all channels of which it is the same. */
function describeActions(channels: readonly ChannelCoverage[]): string[] {
  const unproven = channels.filter(({ verdict }) => verdict !== 'proven');
  const actions = new Set(unproven.map((found) => reasonFor(found, ENGLISH.messages).todo));
  return [...actions].map((todo) => `  next    ${todo}`);
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

/** The days that were not asked, in a line that says why and what has to be done first. */
export function describeUnasked(days: readonly Day[], fault: ChannelCoverage, timeZone: string): string {
  const [first, last] = [days.at(0), days.at(-1)];
  const which = first === last ? first : `${first} to ${last}`;
  return `${which}  NOT asked: no day can be read before ${whatHasToBe(fault, timeZone)}.\n`;
}

function whatHasToBe(fault: ChannelCoverage, timeZone: string): string {
  switch (faultySettingOf(fault)) {
    case 'CARESOFT_TOKEN':
      return 'CARESOFT_TOKEN is a token that CareSoft accepts';
    case 'CARESOFT_BASE_URL':
      return 'CARESOFT_BASE_URL is the address of your account at CareSoft';
    case null: {
      if (fault.reason !== 'banned') return 'CareSoft can be reached, and knows the account, again';
      const until = fault.notBefore && `, at ${toZonedWords(Date.parse(fault.notBefore), timeZone)}`;
      return `the lockout of the account is over${until ?? ''}`;
    }
  }
}

/** What the days of a range come to, in one line. */
export function describeTotals(ended: readonly EndedDay[]): string {
  const countOf = (state: EndedDay['outcome']['state']): number =>
    ended.filter(({ outcome }) => outcome.state === state).length;
  const states = [
    `${countOf('reported')} reported`,
    ...(['unproven', 'unasked', 'failed'] as const).flatMap((state) =>
      countOf(state) === 0 ? [] : [`${countOf(state)} ${STATES[state]}`],
    ),
  ];
  const totals = ended.flatMap(({ summary }) => (summary === null ? [] : [summary.totals]));
  const figures = totals.length === 0 ? '' : ` ${describeFigures(totals)}`;
  return `${ended.length} days: ${states.join(', ')}.${figures}\n`;
}

const STATES = { unproven: 'NOT proven', unasked: 'NOT asked', failed: 'FAILED' } as const;

function describeFigures(days: readonly Figures[]): string {
  const { chats, missed, missedRate } = addUp(days);
  const rate = missedRate === null ? '' : ` (${(missedRate * 100).toFixed(1)} %)`;
  return `${chats} chats, ${missed} missed${rate}.`;
}
