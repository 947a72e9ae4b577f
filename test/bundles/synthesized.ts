import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deployment as committed } from '../../bin/accounts.ts';
import type { FunctionPart } from '../../functions/config/account.ts';
import type { Deployment } from '../../lib/deployment.ts';
import { APPLICATION, accountNames } from '../../lib/names.ts';

import { askFor } from '../setup/assembly-asked.ts';
import { type LakeRight, readLakeRights } from './lake-rights.ts';

/** A function as it would be deployed: the folder that is its code, and its environment. */
export interface SynthesizedFunction {
  readonly folder: string;
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What its role may do in the lake. */
  readonly rights: readonly LakeRight[];
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** The end of the secrets' names: it is of the stack's life. */
export const STACK_LIFE = '0a1b2c3d';

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::StackId': `arn:aws:cloudformation:eu-west-1:123456789012:stack/a-stack/${STACK_LIFE}-1111-2222-3333-444455556666`,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
};

/** What CloudFormation would call the alias that it makes. */
export const ALIAS_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:chat-report-demo-workflow:live';

/** The address of the API. */
export const API_URL = 'https://abcde12345.execute-api.eu-west-1.amazonaws.com';

/** What would run of a deployment: its bundles as `cdk deploy` makes them, and what its templates say of each. */
export async function synthesize(deployment: Deployment): Promise<{
  functions: Readonly<Record<FunctionPart, SynthesizedFunction>>;
  inputs: Readonly<Record<string, unknown>>;
}> {
  const [templates, { ended, out }] = await Promise.all([
    askFor({ of: 'templates', deployment, isValidated: false }),
    // The bundles of the app as it is committed: a deployment says what is in the environment, not what is in the code.
    askFor({ of: 'command-line' }),
  ]);
  if (ended.code !== 0) throw new Error(ended.stderr);
  const { service, state } = stacksOf(deployment);
  const resources = Object.values(readTemplate(templates, service).Resources);
  const lasting = readTemplate(templates, state);
  const resolve = (value: unknown): string => resolveIn(lasting, value);
  const withCode = stacksOf(committed).service;
  const bundled = Object.values(readTemplate(out, withCode).Resources);
  const assets = json(join(out, `${withCode}.assets.json`)) as {
    files: Record<string, { source: { path: string } }>;
  };
  const folderOf = (part: FunctionPart): string => {
    const { Properties } = found(bundled, 'AWS::Lambda::Function', 'FunctionName', `-${part}`);
    const { S3Key } = Properties.Code as { S3Key: string };
    return join(out, assets.files[S3Key.replace('.zip', '')]?.source.path ?? '');
  };
  const find = (part: FunctionPart): SynthesizedFunction => {
    const { Properties } = found(resources, 'AWS::Lambda::Function', 'FunctionName', `-${part}`);
    const folder = folderOf(part);
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    const environment = Object.entries(Variables).map(([name, value]) => [name, resolve(value)]);
    return {
      folder,
      bundle: pathToFileURL(join(folder, 'index.mjs')).href,
      environment: Object.fromEntries(environment),
      rights: policiesOf(resources, Properties.Role).flatMap((policy) => readLakeRights(policy, resolve)),
    };
  };
  const inputOf = (name: string): unknown => {
    const { Properties } = found(resources, 'AWS::Scheduler::Schedule', 'Name', name);
    return (Properties.Target as { Input: string }).Input;
  };
  return {
    functions: {
      workflow: find('workflow'),
      start: find('start'),
      deadline: find('deadline'),
      api: find('api'),
    },
    inputs: { start: inputOf('-start'), deadline: inputOf('-deadline') },
  };
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The stacks of the first account. */
function stacksOf({ prefix = APPLICATION, accounts }: Deployment): { service: string; state: string } {
  const names = accountNames(prefix, accounts[0]?.name ?? '');
  return { service: names.stack('service'), state: names.stack('state') };
}

function readTemplate(assembly: string, stack: string): Template {
  return json(join(assembly, `${stack}.template.json`)) as Template;
}

function found(resources: readonly Resource[], type: string, property: string, ending: string): Resource {
  const resource = resources.find(
    ({ Type, Properties }) => Type === type && String(Properties[property]).endsWith(ending),
  );
  if (!resource) throw new Error(`the template has no ${type} whose ${property} ends with ${ending}`);
  return resource;
}

/** The documents of the policies that a role has. */
function policiesOf(resources: readonly Resource[], role: unknown): unknown[] {
  const [id] = (role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'];
  return resources
    .filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && isOf(Properties.Roles, id))
    .map(({ Properties }) => Properties.PolicyDocument);
}

function isOf(roles: unknown, id: string): boolean {
  return (roles as { Ref: string }[]).some(({ Ref }) => Ref === id);
}

/** As CloudFormation would. @param lasting the stack whose outputs are read */
function resolveIn(lasting: Template, value: unknown): string {
  if (typeof value === 'string') return value;
  const resolve = (inner: unknown): string => resolveIn(lasting, inner);
  const [[name, argument] = ['', null]] = Object.entries(value as Record<string, unknown>);
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(resolve).join(separator);
  }
  if (name === 'Fn::Select') {
    const [place, { 'Fn::Split': split }] = argument as [number, { 'Fn::Split': [string, unknown] }];
    return resolve(split[1]).split(split[0])[place] ?? '';
  }
  if (name === 'Fn::GetStackOutput') {
    return resolve(lasting.Outputs?.[(argument as { OutputName: string }).OutputName]?.Value);
  }
  const [reference = ''] = [argument].flat().map(String);
  if (reference.includes('Alias')) return ALIAS_ARN;
  if (reference.startsWith('HttpApi')) return API_URL;
  // Secrets Manager takes the name where an ARN goes.
  const secret = lasting.Resources[reference];
  if (secret?.Type === 'AWS::SecretsManager::Secret') return resolve(secret.Properties.Name);
  const known = PSEUDO_PARAMETERS[reference];
  if (name !== 'Ref' || known === undefined) throw new Error(`not resolved: ${JSON.stringify(value)}`);
  return known;
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
