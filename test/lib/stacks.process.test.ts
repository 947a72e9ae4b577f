import { describe, expect, test } from 'vitest';
import { accountNames } from '../../lib/names.ts';
import { demo, deployment, everythingOff, everythingOn, fifty } from './deployments.ts';
import { ofType, synthesize, type Template, toText } from './synthesize.ts';

const { stacks, of } = await synthesize();

describe('a deployment', () => {
  test('has a stack for all and three for each account', () => {
    expect(Object.keys(stacks).toSorted()).toEqual(
      [
        ...['demo', 'demo-2'].flatMap((account) =>
          ['analytics', 'service', 'state'].map((kind) => `chat-report-${account}-${kind}`),
        ),
        'chat-report-shared',
      ].toSorted(),
    );
  });

  test('has no word of one account in the stacks of another, and none of any in what is shared', () => {
    for (const [name, template] of Object.entries(stacks)) {
      const words = JSON.stringify(template);
      const others =
        name === 'chat-report-shared'
          ? words
          : name.includes('demo-2')
            ? words.replaceAll(/demo[-_]?2/g, '')
            : (words.match(/demo[-_]?2/g) ?? []).join();
      expect(others.includes('demo'), name).toBe(false);
    }
  });

  test('changes nothing of an account, and nothing that is shared, when another comes or goes', async () => {
    const { stacks: alone } = await synthesize({ ...deployment, accounts: [demo] });
    for (const [name, template] of Object.entries(alone)) expect(template, name).toEqual(stacks[name]);
  });

  test('refers from one stack to another by outputs that are read at deployment, and exports nothing', () => {
    const words = JSON.stringify(stacks);
    expect(words).not.toMatch(/Fn::ImportValue|"Export"/);
    expect(words).toMatch(/Fn::GetStackOutput/);
  });

  test('stands beside another of another prefix, without a name in common', async () => {
    const { stacks: staging } = await synthesize({ ...deployment, prefix: 'staging' });
    const namesIn = (templates: typeof stacks): string[] =>
      Object.values(templates).flatMap(({ Resources }) =>
        Object.values(Resources).flatMap(({ Properties }) => findNames(Properties)),
      );
    const [ours, theirs] = [namesIn(stacks), namesIn(staging)];
    expect(ours.length).toBeGreaterThan(100);
    expect(ours.filter((name) => theirs.includes(name))).toEqual([]);
    expect(Object.keys(staging).filter((name) => Object.hasOwn(stacks, name))).toEqual([]);
  });

  test('has names that AWS takes, for the longest account too', async () => {
    const name = 'a'.repeat(30);
    const { stacks: longest } = await synthesize({ ...deployment, accounts: [{ ...demo, name }] });
    const limits: Readonly<Record<string, readonly [string, number]>> = {
      'AWS::Lambda::Function': ['FunctionName', 64],
      'AWS::Scheduler::Schedule': ['Name', 64],
      'AWS::Scheduler::ScheduleGroup': ['Name', 64],
      'AWS::SES::ConfigurationSet': ['Name', 64],
      'AWS::SQS::Queue': ['QueueName', 80],
      'AWS::CloudWatch::Alarm': ['AlarmName', 255],
      'AWS::SecretsManager::Secret': ['Name', 512],
      'AWS::Athena::WorkGroup': ['Name', 128],
      'AWS::Athena::NamedQuery': ['Name', 128],
      'AWS::IAM::ManagedPolicy': ['ManagedPolicyName', 128],
    };
    const resources = Object.values(longest).map(({ Resources }) => Resources);
    for (const [type, [property, most]] of Object.entries(limits)) {
      const names = resources.flatMap((of) =>
        ofType(of, type).map(([, { Properties }]) => toText(Properties[property])),
      );
      expect(names.length, type).toBeGreaterThan(0);
      for (const name of names) expect(name.length, name).toBeLessThanOrEqual(most);
    }
    const { lakeBucket, resultsBucket } = accountNames('chat-report', name);
    for (const bucket of [lakeBucket, resultsBucket]) {
      expect(bucket.replace('<AWS::AccountId>', '123456789012').length).toBeLessThanOrEqual(63);
    }
  });

  test.each([
    ['one account', deployment],
    ['everything on', everythingOn],
    ['everything off', everythingOff],
    ['fifty accounts', fifty],
  ])('fits into stacks by far, with %s', async (_title, of) => {
    const { stacks } = await synthesize(of, false);
    for (const [name, { Resources }] of Object.entries(stacks)) {
      expect(Object.keys(Resources).length, name).toBeLessThan(120);
      expect(JSON.stringify(Resources).length, name).toBeLessThan(250_000);
    }
  });

  test('has for each of fifty accounts what it has for one, so that the rules that one keeps hold for all', async () => {
    const { stacks } = await synthesize(fifty, false);
    const alike = (account: string, kind: string): unknown =>
      JSON.parse(
        JSON.stringify(stacks[`chat-report-${account}-${kind}`])
          .replaceAll(new RegExp(`${account.replaceAll('-', '[-_]?')}(?!\\d)`, 'g'), '<account>')
          // A version's name tells what the function is set to.
          .replaceAll(/(?<=CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, ''),
      );
    for (const kind of ['state', 'service', 'analytics']) {
      const first = alike('account-1', kind);
      expect(JSON.stringify(first)).toContain('<account>');
      for (const { name } of fifty.accounts) expect(alike(name, kind), name).toEqual(first);
    }
  });

  test('tells a deployer what there is', () => {
    const { outputs } = of('demo');
    const said = Object.keys(outputs).filter((id) => !id.startsWith('PublishOutput'));
    expect(said.toSorted()).toEqual([
      'ApiUrl',
      'LakeUri',
      'ReadersPolicyArn',
      'StartFunction',
      'TokenSecret',
      'ViewKeySecret',
      'WebhookKeySecret',
    ]);
    expect(outputs.StartFunction?.Value).toBe('chat-report-demo-start:live');
  });

  test('is tagged with the account that it is for, and as its deployer wants', async () => {
    const tagsIn = ({ Resources }: Template): string[] =>
      Object.values(Resources).flatMap(({ Properties }) => {
        const { Tags } = Properties ?? {};
        if (Tags === undefined) return [];
        const pairs = Array.isArray(Tags) ? Tags.map(({ Key, Value }) => [Key, Value]) : Object.entries(Tags);
        return [JSON.stringify(Object.fromEntries(pairs))];
      });
    for (const [name, template] of Object.entries(stacks)) {
      const account = /^chat-report-(.+)-(?:state|service|analytics)$/.exec(name)?.[1];
      const expected = { ...(account && { account }), application: 'chat-report' };
      expect(new Set(tagsIn(template)), name).toEqual(new Set([JSON.stringify(expected)]));
    }
    const { stacks: tagged } = await synthesize(everythingOn);
    const tags = { account: 'demo', application: 'chat-report', 'cost-centre': '42', team: 'demo' };
    expect(new Set(tagsIn(tagged['staging-demo-service'] as Template))).toEqual(
      new Set([JSON.stringify(tags)]),
    );
  });
});

const NAMING =
  /^(Name|FunctionName|QueueName|TopicName|BucketName|AlarmName|DashboardName|LogGroupName|ManagedPolicyName)$/;

/** What the properties of a resource call it, where the prefix is in it. What is in a database or a workgroup has another. */
function findNames(properties: Readonly<Record<string, unknown>> = {}): string[] {
  const { DatabaseInput } = properties;
  const named = [...Object.entries(properties), ...Object.entries(DatabaseInput ?? {})];
  return named
    .filter(([name, value]) => NAMING.test(name) && /chat-report|chat_report/.test(toText(value)))
    .map(([, value]) => toText(value));
}
