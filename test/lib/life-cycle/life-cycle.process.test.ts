import { describe, expect, test } from 'vitest';
import type { Deployment } from '../../../lib/deployment.ts';
import { APPLICATION } from '../../../lib/names.ts';
import { demo, deployment, everythingOff, everythingOn } from '../deployments.ts';
import type { Physical } from './cloud.ts';
import { kindOf, nameOf } from './kinds.ts';
import { bytesOf } from './limits.ts';
import { replacingProperties } from './specification.ts';
import type { Template } from './template.ts';
import { templatesOf } from './templates.ts';
import {
  burdenAll,
  deployAll,
  destroyAll,
  failAtEach,
  flawsOf,
  follow,
  type Stacks,
  withCode,
} from './transitions.ts';
import { World } from './world.ts';

/** What is changed as it stands: who sends, when, from where and to whom, and for how long it is kept. */
const ofOtherValues: Deployment = {
  alarmAddresses: ['other@example.com'],
  logRetentionDays: 30,
  keepDays: { raw: 90, reports: 30 },
  eventBus: 'company',
  runbookUrl: 'https://wiki.example.org/runbook',
  accounts: [
    {
      ...demo,
      settings: {
        ...demo.settings,
        MAIL_FROM: 'report@other.example.org',
        MAIL_TO: 'other@example.org',
        TIME_ZONE: 'Europe/Berlin',
        VIEW_URL: 'https://reports.example.org',
        WEBHOOK_URLS: 'https://hooks.example.org/report',
      },
      reportAt: '05:00',
      reportBy: '06:30',
    },
  ],
};

const [two, otherValues, everything, nothing, beside] = await Promise.all([
  templatesOf(deployment),
  templatesOf(ofOtherValues),
  templatesOf({ ...everythingOn, prefix: APPLICATION }),
  templatesOf(everythingOff),
  templatesOf(everythingOn),
]);
const ofSecond = two.filter(({ name }) => name.startsWith('chat-report-demo-2-'));
const plain = two.filter((stack) => !ofSecond.includes(stack));
const otherCode = withCode(plain, 'other');

/** As `npm run deploy` does. */
const DEPLOY = { importExisting: true };
const WORKFLOW = 'chat-report-demo-workflow';
const LAKE = ['AWS::S3::Bucket', 'chat-report-demo-lake-123456789012'] as const;

/** The other deployment, a bucket of the company, and then what is given. */
function worldWith(...steps: readonly Stacks[]): World {
  const world = new World();
  world.make('AWS::S3::Bucket', { BucketName: 'company-data' });
  for (const stacks of [beside, ...steps]) expect(deployAll(world, stacks, DEPLOY)).toEqual([]);
  return world;
}

/** It has reported for a month: the buckets are full, analysts have asked, and their queries are saved. */
function lived(...steps: readonly Stacks[]): World {
  const world = worldWith(...steps);
  burdenAll(world, 'AWS::S3::Bucket', 'objects');
  burdenAll(world, 'AWS::Athena::WorkGroup', 'queries');
  return world;
}

function destroyed(...steps: readonly Stacks[]): World {
  const world = lived(...steps);
  expect(destroyAll(world, plain)).toEqual([]);
  return world;
}

/** A run begins. @returns what is published of the workflow, the newest first */
function beginExecution(world: World): Physical[] {
  const versions = world.all('AWS::Lambda::Version').filter(({ name }) => name.startsWith(`${WORKFLOW}:`));
  versions.at(-1)?.burdens.add('executions');
  return versions.toReversed();
}

describe('a first deployment', () => {
  test.each([
    ['with every default', plain],
    ['with everything', everything],
  ])('%s can fail at any resource, and is tried again', (_title, stacks) => {
    expect(failAtEach(worldWith(), stacks, DEPLOY)).toEqual([]);
  });

  test('leaves nothing behind where it failed', () => {
    const world = worldWith();
    const before = world.orphans;
    for (const { name, template } of plain) {
      const failAt = Object.keys(template.Resources).at(-1) ?? '';
      expect(world.deploy(name, template, { failAt })).toHaveLength(1);
      expect(world.orphans).toEqual(before);
      expect(world.deploy(name, template)).toEqual([]);
    }
  });
});

const PAIRS: readonly [title: string, one: Stacks, other: Stacks][] = [
  ['other values', plain, otherValues],
  ['everything on', plain, everything],
  ['everything off', plain, nothing],
  ['everything off after everything was on', everything, nothing],
  ['other code', plain, otherCode],
];

describe.each(PAIRS)('an update to %s', (_title, one, other) => {
  test('goes to and fro', () => {
    expect(follow(lived(), [one, other, one, other, one], DEPLOY)).toEqual([]);
  });

  test('can fail at any resource, and is tried again', () => {
    expect(failAtEach(lived(one), other, DEPLOY)).toEqual([]);
  });

  test('can fail at any resource on the way back, and is tried again', () => {
    expect(failAtEach(lived(other), one, DEPLOY)).toEqual([]);
  });
});

test('executions go on with the version that they began on', () => {
  const world = lived(plain);
  const [version] = beginExecution(world);
  expect(follow(world, [otherCode, plain], DEPLOY)).toEqual([]);
  expect(world.all('AWS::Lambda::Version')).toContain(version);
});

describe('a deployment that was destroyed', () => {
  test('leaves the lake, Athena’s answers, the log of access and the secrets', () => {
    const world = destroyed(plain);
    expect(world.orphans.filter((one) => one !== 'AWS::S3::Bucket company-data')).toEqual([
      'AWS::S3::Bucket chat-report-demo-access-123456789012',
      'AWS::S3::Bucket chat-report-demo-lake-123456789012',
      'AWS::S3::Bucket chat-report-demo-results-123456789012',
      ...['caresoft-token', 'webhook-key', 'view-key'].map((kind) =>
        expect.stringMatching(
          new RegExp(`^AWS::SecretsManager::Secret chat-report/demo/${kind}-[0-9a-f]{8}$`),
        ),
      ),
    ]);
  });

  test('is deployed again, with the same lake and other secrets, as often as you like', () => {
    const world = destroyed(plain);
    const lake = world.get(...LAKE);
    for (const _time of [1, 2]) {
      expect(follow(world, [plain], DEPLOY)).toEqual([]);
      expect(destroyAll(world, plain)).toEqual([]);
    }
    expect(follow(world, [plain], DEPLOY)).toEqual([]);
    expect(world.get(...LAKE)).toBe(lake);
    expect(world.all('AWS::SecretsManager::Secret').filter(({ stack }) => stack === null)).toHaveLength(
      3 * 3,
    );
  });

  test('can fail at any resource when it is deployed again, and the lake stays', () => {
    expect(failAtEach(destroyed(plain), plain, DEPLOY)).toEqual([]);
  });

  test('is refused without --import-existing-resources, and deployed with it', () => {
    const world = destroyed(plain);
    expect(deployAll(world, plain)).toEqual([
      expect.stringMatching(/chat-report-demo-access-123456789012 already exists: it is not to be imported/),
    ]);
    expect(follow(world, [plain], DEPLOY)).toEqual([]);
  });
});

describe('an account', () => {
  test('comes and goes without a change to another', () => {
    const world = lived(two);
    const before = world.copy();
    expect(destroyAll(world, ofSecond)).toEqual([]);
    expect(follow(world, [two], DEPLOY)).toEqual([]);
    expect(plain.map(({ name }) => world.stack(name))).toEqual(plain.map(({ name }) => before.stack(name)));
  });

  test('changes nothing that all share', () => {
    expect(nothing[0]?.name).toBe('chat-report-shared');
    expect(two[0]).toEqual(nothing[0]);
  });
});

describe('what no template can make safe', () => {
  test('is an execution that runs when its function is destroyed: it has to end first', () => {
    const world = lived(plain);
    const [version] = beginExecution(world);
    expect(world.destroy('chat-report-demo-service')).toEqual([
      expect.stringMatching(/chat-report-demo-workflow:\d+ has durable executions that run/),
    ]);
    version?.burdens.clear();
    expect(destroyAll(world, plain)).toEqual([]);
  });

  test('is a policy that was attached to a reader: it has to be detached first', () => {
    const world = lived(plain);
    burdenAll(world, 'AWS::IAM::ManagedPolicy', 'attachment');
    const problem =
      'AWS::IAM::ManagedPolicy chat-report-demo-readers is attached to a user, a group or a role.';
    expect(destroyAll(world, plain)).toEqual([expect.stringMatching(problem)]);
    world.unburden('AWS::IAM::ManagedPolicy', 'chat-report-demo-readers', 'attachment');
    expect(destroyAll(world, plain)).toEqual([]);
    expect(follow(world, [plain], DEPLOY)).toEqual([]);
  });

  test('is an execution that begins in an update that fails: its version has to be deleted by hand', () => {
    const world = lived(plain);
    const name = 'chat-report-demo-service';
    const template = otherCode.find((stack) => stack.name === name)?.template ?? { Resources: {} };
    const [failAt = ''] = ofType(template, 'AWS::CloudWatch::Alarm');
    expect(world.deploy(name, template, { failAt, meanwhile: () => beginExecution(world) })).toHaveLength(1);
    expect(world.deploy(name, template)).toEqual([
      expect.stringMatching(/A version for this Lambda function exists/),
    ]);

    const [version] = beginExecution(world);
    version?.burdens.clear();
    if (version !== undefined) world.remove(version);
    expect(world.deploy(name, template)).toEqual([]);
  });

  test('is a stack of state that goes alone: what runs has to go with it', () => {
    const world = lived(plain);
    expect(world.destroy('chat-report-demo-state')).toEqual([]);
    expect(deployAll(world, plain, DEPLOY)).toEqual([]);
    expect(flawsOf(world)).toContainEqual(
      expect.stringMatching(/^outdated: chat-report-demo-service of chat-report-demo-state\./),
    );
    expect(world.destroy('chat-report-demo-service')).toEqual([]);
    expect(follow(world, [plain], DEPLOY)).toEqual([]);
  });

  test('is a change of settings while the lake has no stack: it is made with --revert-drift', () => {
    const world = destroyed(plain);
    expect(follow(world, [otherValues], DEPLOY)).toEqual([
      expect.stringMatching(/^not as the template says: chat-report-demo-state\/Lake/),
    ]);
    expect(follow(world, [otherValues], { ...DEPLOY, revertDrift: true })).toEqual([]);
  });
});

describe('a template', () => {
  const stacks = [...plain, ...otherValues, ...everything, ...nothing, ...beside, ...ofSecond];
  const resources = stacks.flatMap(({ template }) => Object.values(template.Resources));

  test('has a fixed name only where no text that is edited makes another resource', () => {
    const others = resources.flatMap(({ Type, Properties = {} }) => {
      const { name } = kindOf(Type);
      const isNamed = name.length > 0 && nameOf(Type, Properties) !== null;
      const replacing = replacingProperties(Type).filter(
        (path) => path in Properties && !name.includes(path),
      );
      return isNamed ? replacing.map((path) => `${Type} ${path} ${JSON.stringify(Properties[path])}`) : [];
    });
    expect([...new Set(others)]).toEqual([
      'AWS::Glue::Database CatalogId {"Ref":"AWS::AccountId"}',
      'AWS::Glue::Table CatalogId {"Ref":"AWS::AccountId"}',
      'AWS::IAM::ManagedPolicy Path "/"',
      'AWS::IAM::ManagedPolicy Description ""',
    ]);
  });

  test('is far from CloudFormation’s limits', () => {
    const sizes = stacks.map(({ template }) => [Object.keys(template.Resources).length, bytesOf(template)]);
    expect(Math.max(...sizes.map(([count = 0]) => count))).toBeLessThan(100);
    expect(Math.max(...sizes.map(([, bytes = 0]) => bytes))).toBeLessThan(200_000);
  });
});

function ofType({ Resources }: Template, type: string): string[] {
  return Object.keys(Resources).filter((logicalId) => Resources[logicalId]?.Type === type);
}
