import type { Manifest } from '../storage/manifest.ts';
import type { RowCounts } from './row-tally.ts';
import type { WalkCounts } from './walk.ts';

type Verdict = Pick<Manifest, 'verdict' | 'reason' | 'detail'>;

/** What a walk found, as far as its proof goes. */
export interface WalkFindings extends WalkCounts {
  readonly counts: Pick<RowCounts, 'rows' | 'unique'>;
  readonly fingerprint: string;
  readonly rowsOnFirst: number;
}

/**
 * Whether a walk holds every row there is.
 *
 * It does when CareSoft counted the same before and after, and as many different rows came. Where an id stands on
 * several rows that can never be; then two successive walks prove it that return the same rows, as many as counted.
 */
export function judge(found: WalkFindings, previous: WalkFindings | null): Verdict {
  const { before, after, counts } = found;
  if (before !== after) {
    return unproven('count-changed', `CareSoft counted ${before} rows before the walk and ${after} after it`);
  }
  if (counts.unique === before) return { verdict: 'proven' };
  if (counts.rows === before && previous?.fingerprint === found.fingerprint) return { verdict: 'proven' };
  return unproven(
    counts.unique < before ? 'rows-missing' : 'rows-beyond-count',
    `CareSoft counted ${before} rows and gave ${counts.unique} different ones`,
  );
}

function unproven(reason: NonNullable<Verdict['reason']>, detail: string): Verdict {
  return { verdict: 'unproven', reason, detail };
}
