import { FAULTS, type FaultHelp } from '../functions/sources/caresoft/simulator/fault.ts';

const WIDEST = 40;

/** The faults there are, for the help text of `simulate`. */
export function describeFaults(): string {
  const honest = FAULTS.filter((fault) => fault.honest);
  const others = FAULTS.filter((fault) => !fault.honest);
  return [
    'Faults that an honest server has too: its day has to be proven all the same',
    ...honest.map(describe),
    '',
    'Faults of servers that go wrong or move while they are read: a day is proven, or said not to be',
    ...others.map(describe),
  ].join('\n');
}

/** What goes on between one run and the next, for the help text of `simulate`. */
export function describeNights(): string {
  return [
    'With --nights, drawn from the seed',
    '  at each midnight, on days of the last eight: chats arrive late, missed ones become answered and back, with or',
    '  without a count that tells, chats that were open end, and a few vanish',
    '  a channel may be dead, until soon after the morning or for up to three days, for all that is asked or for one',
    '  day: refused in words, HTTP 500, counts that disagree with the rows, bodies that end half way',
    '  the account may be locked out over a morning, from 05:00 on',
  ].join('\n');
}

function describe({ forms, meaning }: FaultHelp): string {
  const lines: string[] = [];
  for (const form of forms) {
    const longer = lines.length > 0 ? `${lines.at(-1)} | ${form}` : form;
    if (longer.length <= WIDEST) lines.splice(-1, 1, longer);
    else lines.push(form);
  }
  const last = `  ${(lines.pop() ?? '').padEnd(WIDEST)}  ${meaning}`;
  return [...lines.map((line) => `  ${line} |`), last].join('\n');
}
