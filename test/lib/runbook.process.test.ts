import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALARMS } from '../../lib/alarms.ts';
import {
  accessLogName,
  configurationSetName,
  deadLettersName,
  functionName,
  scheduleGroupName,
  tokenSecretName,
  webhookKeySecretName,
} from '../../lib/names.ts';
import { ofType, synthesize } from './synthesize.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
/** The headings below each `##`, but for what stands before the first alarm. */
const entries = Object.fromEntries(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((entry) => [entry.split('\n')[0], [...entry.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)])
    .filter(([title]) => title !== 'What is used again and again'),
);

const { service } = await synthesize();

describe('the runbook', () => {
  const alarms = ofType(service, 'AWS::CloudWatch::Alarm');

  test('has an entry for every alarm, and none for anything else', () => {
    const linked = alarms.map(([, { Properties }]) => /#([a-z-]+)$/.exec(Properties.AlarmDescription)?.[1]);
    expect(Object.keys(entries).toSorted()).toEqual([...new Set(linked)].toSorted());
    expect(Object.keys(entries).toSorted()).toEqual(Object.keys(ALARMS).toSorted());
    for (const [, { Properties }] of alarms) {
      const [, , entry] = Properties.AlarmName.split(' ');
      expect(Properties.AlarmDescription).toMatch(new RegExp(`#${entry}$`));
    }
  });

  test('says of each what it means, where to look first, and how to mend it', () => {
    for (const [title, headings] of Object.entries(entries)) {
      expect(headings, title).toEqual(['Meaning', 'First look', 'Mending']);
    }
  });

  test('knows everything by its name', () => {
    const account = '<account>';
    const known = [
      ...(['workflow', 'start', 'deadline', 'api'] as const).map((part) => functionName(account, part)),
      ...(['runs', 'calls'] as const).map((of) => deadLettersName(account, of)),
      scheduleGroupName(account),
      configurationSetName(account),
      tokenSecretName(account),
      webhookKeySecretName(account),
      functionName(account, 'start').replace('start', '<function>'),
      accessLogName(account).replace('/aws/vendedlogs/', ''),
    ];
    const used = [...runbook.matchAll(/chat-report[-/]<account>(?:[-/][a-z<>-]+)?/g)].map(([name]) => name);
    expect(used.length).toBeGreaterThan(10);
    expect([...new Set(used)].filter((name) => !known.includes(name))).toEqual([]);
  });
});
