import { describe, expect, test } from 'vitest';
import { askFor } from '../setup/assembly-asked.ts';

/** Of the lake, each for the functions that write there or for those who read. */
const PLACES = [
  'raw/',
  'curated/',
  'reports/',
  'changes/',
  'looks/',
  'days/',
  'runs/',
  'lease/',
  'requests/',
];

const { asItIs, careless, unanswered } = await askFor({ of: 'nag' });

describe('the rules of AWS Solutions', () => {
  test('find nothing that has no reason', () => {
    expect(asItIs).toEqual([]);
  });

  test('would find something', () => {
    expect(careless).toEqual(['AwsSolutions-S1', 'AwsSolutions-S10']);
  });

  test('are answered in these places alone', () => {
    const arn = (service: string, resource: string) =>
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}]`;
    const objects = (prefix: string, bucket = 'lake') =>
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::chat-report-${prefix.split('/')[0]}-${bucket}-<AWS::AccountId>/${prefix}*]`;
    expect(unanswered).toEqual(
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
