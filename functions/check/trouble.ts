import type { Finding } from './finding.ts';

/** A failure of CareSoft, told for a person. */
export interface Trouble {
  readonly finding: Finding & { readonly do: string };
  /** No further request can do better: it fails alike, or makes things worse. */
  readonly isFinal: boolean;
  /** CareSoft itself answered, even if with a no. */
  readonly wasReached: boolean;
}
