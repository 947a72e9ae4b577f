import type { RunRequest } from './run-request.ts';

/** Begins runs. A name is for one run for ever. */
export interface Starter {
  /**
   * Resolves once the run is sure to come, not when it has ended. Asked for the same run again it begins none.
   *
   * @returns `taken` when the name belongs to another request, so that this one begins nothing
   */
  start(request: RunRequest): Promise<'started' | 'taken'>;
}
