import type { RowReading } from '../capture/slice.ts';

type ClockName = RowReading['clock'];

/** Something that tells which clock CareSoft writes times by. */
export interface Clue {
  readonly clock: ClockName;
  /**
   * A proof leaves no other reading. Where nothing speaks against it, a strong hint is as good, and so are two faint
   * ones that agree.
   */
  readonly weight: 'proof' | 'strong' | 'faint';
  /** What was seen, as half a sentence. */
  readonly says: string;
}

export interface ClockVerdict {
  /** Null: could not be told. */
  readonly clock: ClockName | null;
  readonly isSure: boolean;
}

export function weigh(clues: readonly Clue[]): ClockVerdict {
  const proofs = clues.filter(({ weight }) => weight === 'proof');
  const counted = proofs.length > 0 ? proofs : clues;
  const [first] = counted;
  if (first === undefined || counted.some(({ clock }) => clock !== first.clock)) {
    return { clock: null, isSure: false };
  }
  return { clock: first.clock, isSure: counted.length > 1 || first.weight !== 'faint' };
}
