import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headOf, listSettings } from '../../bin/settings/setting-table.ts';
import { SETTING_ROWS } from '../../functions/config/settings.ts';

const HOW_TO_WRITE = 'UPDATE=1 npx vitest run test/config/documents.test.ts';

/** The table in Markdown. */
function describeSettings(): string {
  const lines = SETTING_ROWS.map(
    ([name, { default: text = '', unset, line }]) =>
      `| \`${name}\` | ${unset ?? (text && `\`${text}\``)} | ${line} |`,
  );
  return ['| setting | default | what it is |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

test('the page of settings has the table that the settings make', () => {
  const path = join(import.meta.dirname, '../../docs/settings.md');
  const part = /(?<=<!-- settings -->\n).*?(?=<!-- \/settings -->)/s;
  const table = `\n${describeSettings()}\n`;
  const page = readFileSync(path, 'utf8');
  if (process.env.UPDATE)
    writeFileSync(
      path,
      page.replace(part, () => table),
    );
  expect(part.exec(readFileSync(path, 'utf8'))?.[0], `write it again: ${HOW_TO_WRITE}`).toBe(table);
});

test('the list of settings has plain text alone', () => {
  const text = listSettings();
  expect(text).toContain('LOCALE (default: vi)\n  the language of report and mail: vi or en');
  expect(text).toContain('CARESOFT_GROUPS (default: all)');
  expect(text).toContain('CARESOFT_BASE_URL\n');
  expect(text).not.toMatch(/`|\]\(/);
});

test.each(SETTING_ROWS)('%s is told in one short clause, before the rest', (_name, row) => {
  const head = headOf(row);
  expect(head).toMatch(/^[a-z]/);
  expect(head.split(' ').length).toBeGreaterThan(2);
  expect(head.length).toBeLessThanOrEqual(90);
});
