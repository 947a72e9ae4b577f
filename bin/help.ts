import { VENDOR } from '../functions/sources/vendor.ts';
import { wrap } from './table.ts';

/** What help says after the commands and options. */

const EXAMPLES = [
  ['chat-report demo', `a report of a simulated ${VENDOR}, without any settings`],
  ['chat-report init', 'write the settings of your account'],
  ['chat-report run', 'report yesterday'],
  ['chat-report run --from 2026-11-01 --to yesterday', 'report several days'],
  ['chat-report status', 'see how the last days stand'],
  ['chat-report serve', 'read the reports in a browser'],
] as const;

const EXIT_CODES = [
  ['0', 'done'],
  ['1', 'an error that was not foreseen'],
  ['2', 'wrong usage or settings: nothing was done'],
  ['3', 'a day is not proven, or something stands in the way of a report'],
  ['4', 'the report stands, but a mail was not delivered'],
  ['130, 143', 'interrupted'],
] as const;

export type Examples = readonly (readonly [command: string, does: string])[];

/** The end of the help of the program. */
export function describeProgram(): string {
  const settings =
    'Settings are variables of the environment, or lines of chat-report.env.\n' +
    'chat-report settings lists them. chat-report init writes the file.';
  return `\n${describeExamples(EXAMPLES)}\n\n${describeExitCodes()}\n\nSettings:\n${indent(settings)}`;
}

export function describeExamples(examples: Examples): string {
  return `Examples:\n${toColumns(examples)}`;
}

export function describeExitCodes(): string {
  return `Exit codes:\n${toColumns(EXIT_CODES)}`;
}

const WIDTH = 80;
/** With less room, the right column stands below the left one. */
const LEAST_ROOM = 26;

/** Two columns, as help has them. The right one goes on below itself. */
export function toColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  const isBeside = WIDTH - width - 4 >= LEAST_ROOM;
  const indent = ' '.repeat(isBeside ? width + 4 : 6);
  return rows
    .map(([left, right]) => {
      const text = wrap(right, WIDTH, indent);
      return isBeside ? `  ${left.padEnd(width)}  ${text.trimStart()}` : `  ${left}\n${text}`;
    })
    .join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gmu, '  ');
}
