import { settingsSchema } from '../../functions/config/settings.ts';
import { readVariables } from '../../functions/config/variables.ts';
import { VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';

const schema = settingsSchema.pick({ [VENDOR_SETTINGS.token]: true });

/** What is wrong with a text as a token. Null for one that may be one. The message does not repeat it. */
export function explainToken(text: string): string | null {
  if (text.trim() === '') return 'is empty';
  const read = readVariables(schema, { [VENDOR_SETTINGS.token]: text });
  return 'problems' in read ? (read.problems[0]?.says ?? 'is no token') : null;
}
