import type { Template } from './template.ts';

/** [Quotas](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html) of CloudFormation. */
const MOST_RESOURCES = 500;
const MOST_OUTPUTS = 200;
/** 1 MB of a template that is read from a bucket. */
const MOST_BYTES = 1_000_000;
/** PutMetricAlarm: AlarmDescription. */
const LONGEST_ALARM_TEXT = 1_024;
/** CreatePolicy: the characters of a policy, blanks not counted. */
const LONGEST_POLICY = 6_144;

const measured = new WeakMap<Template, readonly string[]>();

/** What a template has too much of, a sentence each. */
export function beyondLimits(template: Template): readonly string[] {
  const problems = measured.get(template) ?? measure(template);
  measured.set(template, problems);
  return problems;
}

function measure(template: Template): string[] {
  const resources = Object.entries(template.Resources);
  const bounds: [what: string, most: number, has: number][] = [
    ['resources', MOST_RESOURCES, resources.length],
    ['outputs', MOST_OUTPUTS, Object.keys(template.Outputs ?? {}).length],
    ['bytes', MOST_BYTES, bytesOf(template)],
    ...resources.flatMap(([id, { Type, Properties }]): [string, number, number][] => {
      const text = Properties?.AlarmDescription;
      if (typeof text === 'string')
        return [[`characters in the text of ${id}`, LONGEST_ALARM_TEXT, text.length]];
      const policy =
        Type === 'AWS::IAM::ManagedPolicy' ? JSON.stringify(Properties?.PolicyDocument) : undefined;
      return policy === undefined ? [] : [[`characters in the policy ${id}`, LONGEST_POLICY, policy.length]];
    }),
  ];
  return bounds
    .filter(([, most, has]) => has > most)
    .map(([what, most, has]) => `The template has ${has} ${what}; CloudFormation takes ${most}.`);
}

/** The size of a template as CDK writes it. */
export function bytesOf(template: Template): number {
  return Buffer.byteLength(JSON.stringify(template, null, 1));
}
