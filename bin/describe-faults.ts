import { FAULTS } from '../test/simulator/fault.ts';

/** The faults there are, for the help text of `simulate`. */
export function describeFaults(): string {
  const forms = FAULTS.map(({ forms: written, meaning }) => ({ written: written.join(' | '), meaning }));
  const width = Math.max(...forms.map(({ written }) => written.length));
  return forms.map(({ written, meaning }) => `  ${written.padEnd(width)}  ${meaning}`).join('\n');
}
