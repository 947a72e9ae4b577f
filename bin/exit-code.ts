/** What the command line ends with. Over several days the gravest counts: 1, then 2, 3 and 4. */
export const EXIT = {
  done: 0,
  unforeseen: 1,
  wrongUsage: 2,
  unproven: 3,
  undelivered: 4,
  // As a shell counts them: 128 and the signal's number.
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const GRAVEST_FIRST: readonly ExitCode[] = [
  EXIT.unforeseen,
  EXIT.wrongUsage,
  EXIT.unproven,
  EXIT.undelivered,
];

export function gravest(codes: readonly ExitCode[]): ExitCode {
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? EXIT.done;
}
