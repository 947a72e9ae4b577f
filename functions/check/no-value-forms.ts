import { isRecord } from '../chat/exact-json.ts';

/** How a field that holds nothing may be written; a value is never looked at beyond this. */
const FORMS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [null, 'null'],
  ['', '""'],
  [0, '0'],
  ['0', '"0"'],
  ['00:00:00', '"00:00:00"'],
  ['0000-00-00 00:00:00', '"0000-00-00 00:00:00"'],
]);

/** What a chat that nobody took may lack. None of these tells who wrote. */
const FIELDS = [
  ...['ring_time', 'meet_time', 'end_time', 'waitTime', 'answer_time', 'chat_duration'],
  ...['agent_email', 'agent_name', 'group_name'],
];

export interface FieldForms {
  readonly field: string;
  /** The forms in which it held nothing. */
  readonly forms: readonly string[];
  /** On some rows it held something. */
  readonly isEverSet: boolean;
}

/** How the rows write that a field has no value; a field that always has one is left out. */
export function noValueForms(rows: readonly unknown[]): FieldForms[] {
  return FIELDS.flatMap((field) => {
    const forms = rows.filter(isRecord).map((row) => formOf(row, field));
    const written = [...new Set(forms)].filter((form) => form !== null).sort();
    return written.length === 0 ? [] : [{ field, forms: written, isEverSet: forms.includes(null) }];
  });
}

/** @returns null for a value. */
function formOf(row: Readonly<Record<string, unknown>>, field: string): string | null {
  if (!Object.hasOwn(row, field)) return 'absent';
  const value = row[field];
  return FORMS.get(typeof value === 'string' ? value.trim() : value) ?? null;
}
