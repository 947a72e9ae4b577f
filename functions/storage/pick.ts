type Picked<Of, Key extends keyof Of> = {
  [Name in keyof Pick<Of, Key>]: Exclude<Of[Name], undefined>;
};

/** These parts of a record, in the order in which they are named; what it does not have is left out. */
export function pick<Of extends object, Key extends keyof Of & string>(
  record: Of,
  keys: readonly Key[],
): Picked<Of, Key>;
export function pick(record: Readonly<Record<string, unknown>>, keys: readonly string[]): object {
  return Object.fromEntries(
    keys.flatMap((key) => (record[key] === undefined ? [] : [[key, record[key]] as const])),
  );
}
