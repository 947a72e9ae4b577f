import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALARMS } from '../../lib/alarm-kinds.ts';
import { accountNames } from '../../lib/names.ts';
import { everythingOff, everythingOn } from './deployments.ts';
import { ofType, synthesize, toText } from './synthesize.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
/** The headings below each `##`, but for what stands before the first alarm. */
const entries = Object.fromEntries(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((entry) => [entry.split('\n')[0], [...entry.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)])
    .filter(([title]) => title !== 'What is used again and again'),
);

/** What the alarms of deployments are about, and where the text of each leads. */
const alarms = (
  await Promise.all(
    [synthesize(), synthesize(everythingOn), synthesize(everythingOff)].map(async (synthesizing) =>
      Object.values((await synthesizing).stacks).flatMap(({ Resources }) =>
        ofType(Resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => ({
          kind: String(Properties.AlarmName).split(' ')[2] ?? '',
          text: toText(Properties.AlarmDescription),
        })),
      ),
    ),
  )
).flat();

describe('the runbook', () => {
  test('has an entry for every alarm, and none for anything else', () => {
    const kinds = [...new Set(alarms.map(({ kind }) => kind))].toSorted();
    expect(Object.keys(entries).toSorted()).toEqual(kinds);
    expect(kinds).toEqual(Object.keys(ALARMS).toSorted());
  });

  test('is where an alarm leads, to its own entry', () => {
    const links = alarms.filter(({ text }) => text.includes('wiki.example.org'));
    expect(links.length).toBeGreaterThan(20);
    for (const { kind, text } of links) expect(text).toMatch(new RegExp(`/runbook#${kind}$`));
  });

  test('says of each what it means, where to look first, and how to mend it', () => {
    for (const [title, headings] of Object.entries(entries)) {
      expect(headings, title).toEqual(['Meaning', 'First look', 'Mending']);
    }
  });

  test('knows everything by its name', () => {
    const names = accountNames('chat-report', '<account>');
    const known = [
      names.base,
      ...(['workflow', 'start', 'deadline', 'api'] as const).map((part) => names.function(part)),
      ...(['runs', 'calls'] as const).map((of) => names.deadLetters(of)),
      ...(['state', 'service', 'analytics'] as const).map((kind) => names.stack(kind)),
      ...(['token', 'webhook-key', 'view-key'] as const).map((kind) => names.secret(kind)),
      `${names.base}-<function>`,
      names.accessLog.replace('/aws/vendedlogs/', ''),
    ];
    const used = [...runbook.matchAll(/chat-report[-/]<account>(?:[-/][a-z<>-]+)?/g)].map(([name]) => name);
    expect(used.length).toBeGreaterThan(5);
    expect([...new Set(used)].filter((name) => !known.includes(name))).toEqual([]);
  });
});
