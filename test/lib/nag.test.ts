import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addStacks } from '../../lib/chat-report.ts';
import { checked, deployment, openApp } from './synthesize.ts';

/** Of the lake, each for the functions that write there or for those who read. */
const PLACES = ['raw/', 'cursors/', 'curated/', 'reports/', 'looks/', 'runs/', 'lease/', 'requests/'];

interface PluginReport {
  readonly pluginName: string;
  readonly violations: readonly { readonly ruleName: string }[];
}

/** What cdk-nag finds by the rules that AWS gives its own solutions. */
function analyse(change: (stacks: ReturnType<typeof addStacks>) => void = () => {}): string[] {
  const app = openApp();
  change(addStacks(app, checked(deployment)));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
  } catch {
    // It throws where there are findings; they are in the report.
  }
  const { pluginReports } = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  const violations = pluginReports
    .filter(({ pluginName }: PluginReport) => pluginName === 'AwsSolutions')
    .flatMap(({ violations }: PluginReport) => violations.map(({ ruleName }) => ruleName));
  return [...new Set<string>(violations)].toSorted();
}

afterEach(() => vi.restoreAllMocks());

describe('the rules of AWS Solutions', () => {
  test('find nothing that has no reason', () => {
    expect(analyse()).toEqual([]);
  });

  test('would find something', () => {
    expect(analyse(({ state }) => new Bucket(state, 'Careless'))).toEqual([
      'AwsSolutions-S1',
      'AwsSolutions-S10',
    ]);
  });

  test('are answered in these places alone', () => {
    vi.spyOn(Validations.prototype, 'acknowledge').mockReturnValue();
    const arn = (service: string, resource: string) =>
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}]`;
    const objects = (prefix: string, bucket = 'lake') =>
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::chat-report-${bucket}-<AWS::AccountId>-<AWS::Region>/${prefix}*]`;
    expect(analyse()).toEqual(
      [
        arn('lambda', 'function:chat-report-demo-workflow:*'),
        arn('lambda', 'function:chat-report-demo-2-workflow:*'),
        arn('ses', 'identity/*'),
        ...['', ...PLACES].flatMap((place) =>
          ['demo', 'demo-2'].map((account) => objects(`${account}/${place}`)),
        ),
        ...['demo', 'demo-2'].flatMap((account) => [
          objects(`${account}/`, 'results'),
          arn('glue', `table/chat_report_${account.replace('-', '_')}/*`),
        ]),
        'AwsSolutions-IAM5[Resource::*]',
        ...['demo', 'demo-2'].map((account) =>
          objects(`${account}/raw/chats/*/manifest.json`).replace('json*', 'json'),
        ),
        'AwsSolutions-APIG4',
        'AwsSolutions-SMG4',
      ].toSorted(),
    );
  });
});
