import { expect, test } from 'vitest';
import { bytesOf } from './limits.ts';
import { deploy, describeRules, template, topic } from './rules.ts';

const A = topic();
const many = <Item>(count: number, item: Item): Readonly<Record<string, Item>> =>
  Object.fromEntries(Array.from({ length: count }, (_none, place) => [`N${place}`, item]));
const alarm = (length: number) =>
  template({ A: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmDescription: 'x'.repeat(length) } } });
const policy = (length: number) =>
  template({
    A: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: 'x'.repeat(length - '""'.length) } },
  });

describeRules('a stack', [
  {
    says: 'holds 500 resources',
    breaks: [deploy(template(many(501, A)))],
    words: /501 resources; CloudFormation takes 500/,
    keeps: [deploy(template(many(500, A)))],
  },
  {
    says: 'has 200 outputs',
    breaks: [deploy(template({ A }, many(201, { Value: 'x' })))],
    words: /201 outputs/,
    keeps: [deploy(template({ A }, many(200, { Value: 'x' })))],
  },
  {
    says: 'has a template of one megabyte',
    breaks: [deploy(template({ A: topic({ TopicName: 'x'.repeat(1_000_000) }) }))],
    words: /bytes; CloudFormation takes 1000000/,
    keeps: [deploy(template({ A: topic({ TopicName: 'x'.repeat(999_000) }) }))],
  },
  {
    says: 'has alarms with 1,024 characters',
    breaks: [deploy(alarm(1_025))],
    words: /1025 characters in the text of A/,
    keeps: [deploy(alarm(1_024))],
  },
  {
    says: 'has managed policies with 6,144 characters',
    breaks: [deploy(policy(6_145))],
    words: /6145 characters in the policy A/,
    keeps: [deploy(policy(6_144))],
  },
]);

test('the size of a template is that of the file', () => {
  expect(bytesOf(template({}))).toBe('{\n "Resources": {},\n "Outputs": {}\n}'.length);
});
