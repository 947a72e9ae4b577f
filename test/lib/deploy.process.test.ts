import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toCdkArguments } from '../../bin/deploy.ts';
import { bareNode } from './bare-node.ts';
import { deployment } from './deployments.ts';

const ACME = ['chat-report-demo-state', 'chat-report-demo-service', 'chat-report-demo-analytics'];

describe('npm run deploy', () => {
  test.each([
    ['all', 'deploy', [], ['deploy', '--all', '--import-existing-resources']],
    [
      'one account, with what is shared, which its stacks depend on',
      'deploy',
      ['demo', '--require-approval', 'never'],
      [
        'deploy',
        ...ACME,
        '--context',
        'accounts=demo',
        '--import-existing-resources',
        '--output',
        'out/cdk/demo',
        '--require-approval',
        'never',
      ],
    ],
    ['the changes of all', 'diff', ['--strict'], ['diff', '--all', '--strict']],
    [
      'an account to take away, in a folder of yours',
      'destroy',
      ['demo', '--output', 'x'],
      ['destroy', ...ACME, '--context', 'accounts=demo', '--output', 'x'],
    ],
  ] as const)('asks cdk for %s', (_title, verb, args, cdk) => {
    expect(toCdkArguments(verb, args, deployment)).toEqual({ cdk });
  });

  test('takes nothing away that is not named', () => {
    expect(toCdkArguments('destroy', ['--force'], deployment)).toEqual({
      problems: ['destroy takes the names of accounts; it never takes all of them by itself'],
    });
  });

  test('says which accounts there are, and asks cdk nothing', async () => {
    const top = join(import.meta.dirname, '../..');
    const { code, stdout, stderr } = await bareNode(['bin/deploy.ts', 'deploy', 'demmo'], top, {});
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      'chat-report: demmo is no account of bin/accounts.ts; it has demo\n',
    ]);
  });
});
