import { SETTING_ROWS } from '../../functions/config/settings.ts';
import type { Row } from '../../functions/config/variables.ts';
import { toColumns } from '../help.ts';

/** The table of settings in plain text. */

/** Every setting with its default, then what it is. */
export function listSettings(): string {
  return SETTING_ROWS.map(([name, row]) => {
    const otherwise = defaultOf(row);
    return `${name}${otherwise === null ? '' : ` (default: ${otherwise})`}\n  ${toPlainText(row.line)}`;
  }).join('\n');
}

/** Every setting in one clause, for help. */
export function describeSettings(): string {
  const rows = SETTING_ROWS.map(([name, row]) => [name, headOf(row)] as const);
  return `Settings (chat-report settings tells more of each):\n${toColumns(rows)}`;
}

/** What counts without the setting; null where nothing does. */
export function defaultOf({ default: text, unset = text }: Row): string | null {
  return unset === undefined ? null : toPlainText(unset);
}

/** What a setting is, in one clause. */
export function headOf({ line }: Row): string {
  return toPlainText(line).split(/[:.](?:\s|$)/u, 1)[0] ?? '';
}

/** AWS's own variables that let a program in. */
const SECRETS_OF_AWS = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Whether the value must stay hidden. The address of a webhook may be a secret too. */
export function isSecret(name: string): boolean {
  return (
    SECRETS_OF_AWS.includes(name) ||
    SETTING_ROWS.some(([known, row]) => known === name && row.isSecret === true)
  );
}

/** Markdown without its links and marks. */
function toPlainText(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '');
}
