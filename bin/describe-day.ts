import type { ChannelCompleteness } from '../functions/capture/completeness.ts';
import type { Summary } from '../functions/measure/summary.ts';
import type { Delivery } from '../functions/workflow/deliver-day.ts';
import type { RangeOutcome } from '../functions/workflow/report-days.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { inWords } from './terminal.ts';

/** A day as the command line knows it when it is over; the summary is there when the day was reported. */
export interface EndedDay {
  readonly outcome: RangeOutcome;
  readonly summary: Summary | null;
}

/** What became of a day, in a few lines for whoever runs the command. */
export function describeDay(
  { outcome, summary }: EndedDay,
  reportPath: string,
  recipients: readonly string[],
  mailPath: (to: string, kind: 'report' | 'notice') => string,
): string {
  const describeDelivery = (kind: 'report' | 'notice') => (delivery: Delivery) => {
    const { recipient, state, problem = '' } = delivery;
    const to = recipients[recipient] ?? '';
    return state === 'failed'
      ? `  mail    NOT delivered to ${to}: ${problem}`
      : `  mail    ${mailPath(to, kind)}${state === 'already-sent' ? ' (sent before)' : ''}`;
  };
  switch (outcome.state) {
    case 'reported':
      return lines(
        `${outcome.day}  ${summary ? describeSummary(summary) : 'reported'}`,
        `  report  ${reportPath}`,
        ...outcome.deliveries.map(describeDelivery('report')),
      );
    case 'unproven':
      return lines(
        `${outcome.day}  NOT proven: no report, a notice in its place.`,
        ...Object.entries(outcome.completeness.channels).map(describeChannel),
        ...outcome.deliveries.map(describeDelivery('notice')),
      );
    case 'unasked':
      return '';
    case 'failed':
      return lines(`${outcome.day}  FAILED: ${inWords(outcome.error)}`);
  }
}

export function toJson({ outcome, summary }: EndedDay): unknown {
  switch (outcome.state) {
    case 'reported':
      return summary;
    case 'unproven':
      return { day: outcome.day, completeness: outcome.completeness };
    case 'unasked': {
      const { reason, setting } = outcome.fault;
      const completeness = { verdict: 'unproven', channels: {} };
      return { day: outcome.day, completeness, notAsked: { reason, setting } };
    }
    case 'failed':
      return { day: outcome.day, error: inWords(outcome.error) };
  }
}

export function toExitCode({ outcome }: EndedDay): ExitCode {
  switch (outcome.state) {
    case 'reported':
      return outcome.deliveries.some(({ state }) => state === 'failed') ? EXIT.undelivered : EXIT.done;
    case 'unproven':
    case 'unasked':
      return EXIT.unproven;
    case 'failed':
      return EXIT.unforeseen;
  }
}

function describeSummary({ only, totals, callbacks, completeness }: Summary): string {
  const rate = totals.missedRate === null ? '' : ` (${(totals.missedRate * 100).toFixed(1)} %)`;
  const rows = sum(Object.values(completeness.channels).map(({ unique }) => unique));
  const counted = sum(Object.values(completeness.channels).map(({ numFoundAfter }) => numFoundAfter ?? 0));
  return (
    `${only ? `${only.join(', ')} only, ` : ''}proven: ${rows} of ${counted} rows. ${totals.chats} chats, ${totals.missed} missed${rate}, ` +
    `${callbacks.length} customers to call back.`
  );
}

function describeChannel([channel, found]: [string, ChannelCompleteness]): string {
  const { verdict, reason, detail, notBefore } = found;
  const why = [reason, detail].filter(Boolean).join(': ');
  const when = notBefore ? `; not to be asked before ${notBefore}` : '';
  return `  ${channel}  ${verdict}${why && `, ${why}`}${when}`;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
