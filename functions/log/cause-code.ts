import { errorCodeOf } from './error-code.ts';

/** The system's own code, such as ECONNREFUSED, which HTTP clients hide in the cause; else the error's name. */
export function causeCodeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = errorCodeOf(cause);
    if (code !== null) return code;
    // What the fetch standard keeps for others has no code.
    if (cause.message === 'bad port') return 'EBADPORT';
  }
  return error instanceof Error ? error.name : 'unknown';
}
