import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionPart } from '../../functions/config/account.ts';
import type { Deployment } from '../../lib/deployment.ts';
import { SERVICE_STACK } from '../../lib/names.ts';
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

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
};

/** What CloudFormation would call the alias that it makes. */
export const ALIAS_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:chat-report-demo-workflow:live';

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
  const resources = readResources(templates);
  const bundled = readResources(out);
  const assets = json(join(out, `${SERVICE_STACK}.assets.json`)) as {
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

function readResources(assembly: string): readonly Resource[] {
  const template = json(join(assembly, `${SERVICE_STACK}.template.json`));
  return Object.values((template as { Resources: Record<string, Resource> }).Resources);
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

/** As CloudFormation would. */
function resolve(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = ['', null]] = Object.entries(value as Record<string, unknown>);
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(resolve).join(separator);
  }
  const reference = String(argument);
  if (reference.includes('Alias')) return ALIAS_ARN;
  const known = PSEUDO_PARAMETERS[reference];
  if (name !== 'Ref' || known === undefined) throw new Error(`not resolved: ${JSON.stringify(value)}`);
  return known;
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
