import { FAULTS, type FaultHelp } from '../test/simulator/fault.ts';

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
