import type * as z from 'zod';
import { explainText } from './setting-text.ts';
import type { SettingProblem } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Those variables alone that the schema names. */
export function readVariables<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): { values: z.output<Schema> } | { problems: SettingProblem[] } {
  const set = dropUnset(environment);
  const unfit = schema.keyof().options.flatMap((of) => {
    const says = explainText(set[of] ?? '');
    return says === null ? [] : [{ of, says }];
  });
  const read = schema.safeParse(set);
  if (read.success && unfit.length === 0) return { values: read.data };
  // What is said of the text as a whole is why it cannot be read.
  const unreadable = (read.error?.issues ?? []).map(({ path, message }) => ({
    of: String(path[0]),
    says: message,
  }));
  return { problems: [...unfit, ...unreadable.filter(({ of }) => unfit.every((one) => one.of !== of))] };
}

export function dropUnset(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value = '']) => {
      const trimmed = value.trim();
      return trimmed === '' ? [] : [[name, trimmed]];
    }),
  );
}
