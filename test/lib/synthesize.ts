import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { afterAll } from 'vitest';
import cdk from '../../cdk.json' with { type: 'json' };
import { addStacks } from '../../lib/chat-report.ts';
import {
  type AccountDeployment,
  type CheckedDeployment,
  type Deployment,
  readDeployment,
} from '../../lib/deployment.ts';

export const demo: AccountDeployment = {
  name: 'demo',
  settings: {
    CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo',
    MAIL_FROM: 'report@example.com',
    MAIL_TO: 'manager@example.com',
  },
  reportAt: '06:00',
  reportBy: '07:00',
};

/** Another account, with everything that can be otherwise, and a name that begins like the first one's. */
export const second: AccountDeployment = {
  name: 'demo-2',
  settings: {
    CARESOFT_BASE_URL: 'https://api.caresoft.vn/other',
    MAIL_FROM: 'report@example.org',
    MAIL_TO: 'boss@example.org',
    TIME_ZONE: 'Europe/Berlin',
    WEBHOOK_URLS: 'https://hooks.example.org/report',
    VIEW_URL: 'https://reports.example.org',
  },
  reportAt: '05:30',
  reportBy: '08:15',
  senderIdentity: 'address',
};

export const deployment: Deployment = {
  alarmAddresses: ['oncall@example.com'],
  logRetentionDays: 90,
  accounts: [demo, second],
};

export function checked(deployment: Deployment): CheckedDeployment {
  const read = readDeployment(deployment);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.deployment;
}

const top = mkdtempSync(join(tmpdir(), 'chat-report-synth-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** An app as `cdk` would run it, without bundling, into a folder that is gone when the file's tests are. */
export function openApp(): App {
  const outdir = mkdtempSync(join(top, 'app-'));
  return new App({ outdir, context: { ...cdk.context, 'aws:cdk:bundling-stacks': [] } });
}

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes
  readonly Properties: any;
}
export type Resources = Readonly<Record<string, Resource>>;

export interface Synthesized {
  readonly state: Resources;
  readonly service: Resources;
  readonly analytics: Resources;
  /** Of all stacks. */
  readonly all: Resources;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

export function synthesize(of: Deployment = deployment): Synthesized {
  const app = openApp();
  const stacks = addStacks(app, checked(of));
  const assembly = app.synth();
  const templateOf = ({ artifactId }: Stack) => assembly.getStackArtifact(artifactId).template;
  const state = templateOf(stacks.state);
  const service = templateOf(stacks.service);
  const analytics = templateOf(stacks.analytics);
  return {
    state: state.Resources,
    service: service.Resources,
    analytics: analytics.Resources,
    all: { ...state.Resources, ...service.Resources, ...analytics.Resources },
    outputs: { ...state.Outputs, ...service.Outputs, ...analytics.Outputs },
  };
}

/** Of a type, by their logical ids. */
export function ofType(resources: Resources, type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/** An intrinsic function as text: `<Logical>` for what stands for another resource, and what it is joined with. */
export function toText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', null]] = Object.entries(value);
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(toText).join('');
  if (name === 'Ref') return `<${argument}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as string[])[0]}>`;
  if (name === 'Fn::GetStackOutput') return `<${(argument as { OutputName: string }).OutputName}>`;
  return JSON.stringify(value);
}

/** In CloudFormation one thing may stand where a list may. */
export function toList<Item>(value: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(value) ? value : [value as Item];
}
