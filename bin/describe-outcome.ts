import type { ChannelCompleteness } from '../functions/capture/completeness.ts';
import type { Delivery } from '../functions/workflow/daily-report.ts';
import type { RangeOutcome } from '../functions/workflow/report-days.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { inWords } from './terminal.ts';

/** What became of a day, in a few lines for whoever runs the command. */
export function describeOutcome(outcome: RangeOutcome, reportPath: string): string {
  switch (outcome.state) {
    case 'reported': {
      const { day, totals, callbacks, completeness } = outcome.summary;
      const rate = totals.missedRate === null ? '' : ` (${(totals.missedRate * 100).toFixed(1)} %)`;
      const rows = sum(Object.values(completeness.channels).map(({ unique }) => unique));
      return lines(
        `${day}  proven: ${rows} of ${rows} rows. ${totals.chats} chats, ${totals.missed} missed${rate}, ${callbacks.length} customers to call back.`,
        `  report  ${reportPath}`,
        ...outcome.deliveries.map(describeDelivery),
      );
    }
    case 'unproven':
      return lines(
        `${outcome.day}  NOT proven: no report, a notice in its place.`,
        ...Object.entries(outcome.completeness.channels).map(describeChannel),
        ...outcome.deliveries.map(describeDelivery),
      );
    case 'failed':
      return lines(`${outcome.day}  FAILED: ${inWords(outcome.error)}`);
  }
}

export function toJson(outcome: RangeOutcome): unknown {
  switch (outcome.state) {
    case 'reported':
      return outcome.summary;
    case 'unproven':
      return { day: outcome.day, completeness: outcome.completeness };
    case 'failed':
      return { day: outcome.day, error: inWords(outcome.error) };
  }
}

export function toExitCode(outcome: RangeOutcome): ExitCode {
  switch (outcome.state) {
    case 'reported':
      return outcome.deliveries.some(({ problem }) => problem !== undefined) ? EXIT.undelivered : EXIT.done;
    case 'unproven':
      return EXIT.unproven;
    case 'failed':
      return EXIT.unforeseen;
  }
}

function describeChannel([channel, found]: [string, ChannelCompleteness]): string {
  const { verdict, reason, detail, notBefore } = found;
  const why = [reason, detail].filter(Boolean).join(': ');
  const when = notBefore ? `; not to be asked before ${notBefore}` : '';
  return `  ${channel}  ${verdict}${why && `, ${why}`}${when}`;
}

function describeDelivery({ to, where, problem }: Delivery): string {
  return problem === undefined ? `  mail    ${where}` : `  mail    NOT delivered to ${to}: ${problem}`;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
