/** A lake that remembers what was written over and deleted. */
export interface PastVersions {
  /** Forgets for good what is no longer there, of every key that begins so. @returns how many versions that were */
  forget(prefix: string): Promise<number>;
}
