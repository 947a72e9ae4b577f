import { describe, expect, test } from 'vitest';
import { KINDS } from './kinds.ts';
import {
  bucket,
  burden,
  code,
  deploy,
  describeRules,
  destroy,
  make,
  play,
  template,
  topic,
  unburden,
} from './rules.ts';
import { identifyingProperties } from './specification.ts';
import type { TemplateResource } from './template.ts';
import type { World } from './world.ts';

const A = topic();
const ALARMS = topic({ TopicName: 'alarms' });
const OTHERS = topic({ TopicName: 'others' });
const LAKE = bucket('Retain');
const KEPT = bucket('RetainExceptOnCreate');
const policy = (Bucket: unknown): TemplateResource => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: { Bucket },
});
const database = (CatalogId: string, Name: string, more = {}): TemplateResource => ({
  Type: 'AWS::Glue::Database',
  Properties: { CatalogId, DatabaseInput: { Name, ...more } },
});

describeRules('a name', [
  {
    says: 'belongs to one resource',
    breaks: [make('AWS::SNS::Topic', { TopicName: 'alarms' }), deploy(template({ ALARMS }))],
    words: /AWS::SNS::Topic alarms already exists/,
    keeps: [make('AWS::SNS::Topic', { TopicName: 'alarms' }), deploy(template({ A }))],
  },
  {
    says: 'of a bucket is that of no other AWS account',
    breaks: [(world) => world.ownElsewhere('AWS::S3::Bucket', 'lake'), deploy(template({ LAKE }))],
    words: /lake already exists/,
    keeps: [(world) => world.ownElsewhere('AWS::SNS::Topic', 'alarms'), deploy(template({ ALARMS }))],
  },
  {
    says: 'is free only when an update is over',
    breaks: [deploy(template({ Old: ALARMS })), deploy(template({ New: ALARMS }))],
    words: /New: AWS::SNS::Topic alarms already exists: one has it/,
    keeps: [deploy(template({ Old: ALARMS })), deploy(template({ New: OTHERS }))],
  },
  {
    says: 'is in the way of a replacement, which is made first',
    breaks: [
      deploy(template({ A: ALARMS })),
      deploy(template({ A: topic({ TopicName: 'alarms', FifoTopic: true }) })),
    ],
    words: /alarms already exists/,
    keeps: [
      deploy(template({ A: ALARMS })),
      deploy(template({ A: topic({ TopicName: 'others', FifoTopic: true }) })),
    ],
  },
  {
    says: 'may stand within a property',
    breaks: [
      deploy(template({ A: database('1', 'a') })),
      make('AWS::Glue::Database', { DatabaseInput: { Name: 'b' } }),
      deploy(template({ A: database('1', 'b') })),
    ],
    words: /AWS::Glue::Database b already exists/,
    keeps: [
      deploy(template({ A: database('1', 'a') })),
      deploy(template({ A: database('1', 'a', { Description: 'another' }) })),
    ],
  },
  {
    says: 'of a bucket names its one policy, too',
    breaks: [
      deploy(template({ LAKE, One: policy('lake') })),
      deploy(template({ Two: policy('lake') }), {}, 'two'),
    ],
    words: /BucketPolicy lake already exists/,
    keeps: [
      deploy(template({ LAKE, One: policy('lake') })),
      destroy(),
      deploy(template({ Two: policy('lake') }), {}, 'two'),
    ],
  },
  {
    says: 'of a whole is needed for its parts',
    breaks: [deploy(template({ One: policy('lake') }))],
    words: /AWS::S3::Bucket lake does not exist/,
    keeps: [deploy(template({ One: policy({ Ref: 'LAKE' }), LAKE }))],
  },
]);

describeRules('what failed', [
  {
    says: 'keeps what a creation is to retain',
    breaks: [deploy(template({ LAKE, A }), { failAt: 'A' }), deploy(template({ LAKE, A }))],
    words: /lake already exists/,
    keeps: [deploy(template({ KEPT, A }), { failAt: 'A' }), deploy(template({ KEPT, A }))],
  },
  {
    says: 'keeps what an update is to retain',
    breaks: [
      deploy(template({ A })),
      deploy(template({ LAKE, A, ALARMS }), { failAt: 'ALARMS' }),
      deploy(template({ LAKE, A, ALARMS })),
    ],
    words: /lake already exists/,
    keeps: [
      deploy(template({ A })),
      deploy(template({ KEPT, A, ALARMS }), { failAt: 'ALARMS' }),
      deploy(template({ KEPT, A, ALARMS })),
    ],
  },
  {
    says: 'as a creation has to be deleted, which protection forbids',
    breaks: [deploy(template({ A }), { failAt: 'A', isProtected: true }), deploy(template({ A }))],
    words: /cannot be deleted while termination protection is enabled/,
    keeps: [deploy(template({ A }), { failAt: 'A' }), deploy(template({ A }))],
  },
  {
    says: 'cannot be rolled back where something new is in use',
    breaks: [
      (world) => {
        const meanwhile = () => world.burden('AWS::S3::Bucket', 'lake', 'objects');
        return world.deploy('one', template({ KEPT, A }), { failAt: 'A', meanwhile });
      },
    ],
    words: /lake is not empty/,
    keeps: [deploy(template({ KEPT, A }), { failAt: 'A' }), destroy()],
  },
]);

describeRules('an update', [
  {
    says: 'retains what it takes out, and the next one meets it',
    breaks: [deploy(template({ A, KEPT })), deploy(template({ A })), deploy(template({ A, KEPT }))],
    words: /lake already exists: it is not to be imported/,
    keeps: [
      deploy(template({ A, LAKE: bucket('Delete') })),
      deploy(template({ A })),
      deploy(template({ A, LAKE: bucket('Delete') })),
    ],
  },
  {
    says: 'changes no type',
    breaks: [deploy(template({ A })), deploy(template({ A: LAKE }))],
    words: /type is not permitted/,
    keeps: [deploy(template({ A })), deploy(template({ LAKE }))],
  },
  {
    says: 'publishes a version once: one that a rollback retains is in the way',
    breaks: [deploy(code('a')), deploy(code('b', 'Retain'), { failAt: 'Live' }), deploy(code('b', 'Retain'))],
    words: /Versionb: A version for this Lambda function exists/,
    keeps: [
      deploy(code('a')),
      deploy(code('b', 'RetainExceptOnCreate'), { failAt: 'Live' }),
      deploy(code('b', 'RetainExceptOnCreate')),
    ],
  },
  {
    says: 'publishes a version of what is new, and tags are not',
    breaks: [deploy(code('a')), deploy(code('b', 'Delete', { Code: { S3Key: 'a' }, Tags: ['x'] }))],
    words: /Versionb: A version for this Lambda function exists/,
    keeps: [deploy(code('a')), deploy(code('b', 'Delete', { Code: { S3Key: 'a' }, Timeout: 3 }))],
  },
]);

const READERS = template({
  Readers: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'readers' } },
});
const ATTACHMENT = ['AWS::IAM::ManagedPolicy', 'readers', 'attachment'] as const;
const OBJECTS = ['AWS::S3::Bucket', 'lake', 'objects'] as const;
const QUERIES = ['AWS::Athena::WorkGroup', 'group', 'queries'] as const;
const workgroup = (RecursiveDeleteOption: boolean) =>
  template({ A: { Type: 'AWS::Athena::WorkGroup', Properties: { Name: 'group', RecursiveDeleteOption } } });
const beginExecution = (world: World): void =>
  world.burden('AWS::Lambda::Version', world.all('AWS::Lambda::Version')[0]?.name ?? '', 'executions');

describeRules('a deletion', [
  {
    says: 'of a bucket needs it to be empty',
    breaks: [deploy(template({ A: bucket('Delete') })), burden([...OBJECTS]), destroy()],
    words: /A: AWS::S3::Bucket lake is not empty/,
    keeps: [
      deploy(template({ A: bucket('Delete') })),
      burden([...OBJECTS]),
      unburden([...OBJECTS]),
      destroy(),
    ],
  },
  {
    says: 'of a policy needs it to be attached to nothing',
    breaks: [deploy(READERS), burden([...ATTACHMENT]), destroy()],
    words: /readers is attached/,
    keeps: [deploy(READERS), destroy()],
  },
  {
    says: 'of a workgroup with queries needs an option',
    breaks: [deploy(workgroup(false)), burden([...QUERIES]), destroy()],
    words: /group is not empty/,
    keeps: [deploy(workgroup(true)), burden([...QUERIES]), destroy()],
  },
  {
    says: 'of a function needs all executions to be over',
    breaks: [deploy(code('a', 'Retain')), beginExecution, destroy()],
    words: /Run: AWS::Lambda::Version run:\d+ has durable executions that run/,
    keeps: [deploy(code('a', 'Retain')), destroy()],
  },
  {
    says: 'that failed is in the way of a deployment',
    breaks: [deploy(READERS), burden([...ATTACHMENT]), destroy(), deploy(template({ A }))],
    words: /one is in DELETE_FAILED/,
    keeps: [
      ...[deploy(READERS), burden([...ATTACHMENT]), destroy()],
      ...[unburden([...ATTACHMENT]), destroy(), deploy(template({ A }))],
    ],
  },
]);

describe('after an operation', () => {
  test('that failed, an update has set everything back', () => {
    const { world } = play([deploy(code('a')), deploy(code('b'), { failAt: 'Live' })]);
    expect(world.statusOf('one')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.callsOfOldCode).toEqual([]);
    expect(world.all('AWS::Lambda::Version')).toHaveLength(1);
  });

  test('what cannot be cleaned up is left behind, and nothing fails', () => {
    const { world, answer } = play([
      deploy(template({ ...READERS.Resources, A })),
      burden([...ATTACHMENT]),
      deploy(template({ A })),
    ]);
    expect(answer).toEqual([]);
    expect(world.left).toEqual([expect.stringMatching(/readers is attached/)]);
    expect(world.orphans).toEqual(['AWS::IAM::ManagedPolicy readers']);
  });

  test('what a deletion could not take keeps what it needs', () => {
    const needy = template({
      ...READERS.Resources,
      Name: topic(),
      Mine: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { ManagedPolicyName: 'mine', PolicyDocument: { Ref: 'Name' } },
      },
    });
    const { world } = play([
      deploy(needy),
      burden(['AWS::IAM::ManagedPolicy', 'mine', 'attachment']),
      destroy(),
    ]);
    expect([...(world.stack('one')?.members.keys() ?? [])]).toEqual(['Name', 'Mine']);
  });

  test('a function takes its retained versions along', () => {
    const { world } = play([deploy(code('a', 'Retain')), deploy(code('b', 'Retain')), destroy()]);
    expect(world.orphans).toEqual([]);
  });

  test('a secret is written over where its text changes, and not where its key does', () => {
    const secret = (KmsKeyId: string, SecretString: string) =>
      template({
        Token: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'token', KmsKeyId, SecretString } },
      });
    const { world } = play([deploy(secret('a', 'x')), deploy(secret('b', 'x'))]);
    expect(world.overwritten).toEqual([]);
    deploy(secret('b', 'y'))(world);
    expect(world.overwritten).toEqual(['token']);
  });

  test('an alias that calls what was published before is found', () => {
    const { world } = play([deploy(code('a')), deploy(code('a', 'Delete', { Timeout: 9 }))]);
    expect(world.callsOfOldCode).toEqual(['run']);
  });
});

test('the table of names agrees with AWS’s specification', () => {
  const differing = Object.entries(KINDS).filter(([type, { name }]) => {
    // Glue has another property for a name that is not set.
    const identifying = identifyingProperties(type).map((property) =>
      property === 'DatabaseName' ? 'DatabaseInput.Name' : property,
    );
    return !identifying.every((property) => name.includes(property));
  });
  expect(differing).toEqual([]);
});
