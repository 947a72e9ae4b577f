import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from '../../lib/deployment.ts';
import { APPLICATION, accountNames, sharedNames } from '../../lib/names.ts';
import { askFor } from '../setup/assembly-asked.ts';
import { deployment } from './deployments.ts';

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation takes templates of any shape
  readonly Properties: any;
}
export type Resources = Readonly<Record<string, Resource>>;

type Outputs = Readonly<Record<string, { readonly Value: unknown }>>;

export interface Template {
  readonly Resources: Resources;
  readonly Outputs?: Outputs;
}

/** The stacks of an account. */
interface AccountTemplates {
  readonly state: Resources;
  readonly service: Resources;
  readonly analytics: Resources;
  /** Of all three. */
  readonly outputs: Outputs;
}

export interface Synthesized {
  /** The templates by their stacks' names. */
  readonly stacks: Readonly<Record<string, Template>>;
  readonly shared: Resources;
  of(account: string): AccountTemplates;
}

/** An AWS account and a Region. */
export interface Env {
  readonly account: string;
  readonly region: string;
}

const synthesized = new Map<string, Promise<Synthesized>>();

/**
 * What is in the templates, which are made once in a run and read once in a worker.
 *
 * @param isValidated whether CDK looks at them by its own rules, which takes a second for a large deployment
 * @param env where they are deployed; by default CDK does not know
 */
export function synthesize(of: Deployment = deployment, isValidated = true, env?: Env): Promise<Synthesized> {
  const key = JSON.stringify([of, isValidated, env]);
  const reading = synthesized.get(key) ?? read(of, isValidated, env);
  synthesized.set(key, reading);
  return reading;
}

async function read(deployment: Deployment, isValidated: boolean, env?: Env): Promise<Synthesized> {
  const folder = await askFor({ of: 'templates', deployment, isValidated, ...(env && { env }) });
  const files = globSync('*.template.json', { cwd: folder });
  const read = files.map(async (file) => [
    file.replace('.template.json', ''),
    await readTemplate(join(folder, file)),
  ]);
  const stacks: Readonly<Record<string, Template>> = Object.fromEntries(await Promise.all(read));
  const prefix = deployment.prefix ?? APPLICATION;
  const find = (name: string): Template => {
    const template = stacks[name];
    if (template === undefined) throw new Error(`no stack ${name} among ${Object.keys(stacks).join(', ')}`);
    return template;
  };
  return {
    stacks,
    shared: find(sharedNames(prefix).stack).Resources,
    of(account) {
      const names = accountNames(prefix, account);
      const [state, service, analytics] = (['state', 'service', 'analytics'] as const).map((kind) =>
        find(names.stack(kind)),
      ) as [Template, Template, Template];
      return {
        state: state.Resources,
        service: service.Resources,
        analytics: analytics.Resources,
        outputs: { ...state.Outputs, ...service.Outputs, ...analytics.Outputs },
      };
    },
  };
}

/** Frozen: suites share it, and one that changed it would change what the next one sees. */
async function readTemplate(file: string): Promise<Template> {
  return JSON.parse(await readFile(file, 'utf8'), (_name, value) => Object.freeze(value));
}

/** Of a type, by their logical ids. */
export function ofType(resources: Resources, type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/** An intrinsic function as text: `<Logical>` for what stands for another resource, and what it is joined with. */
export function toText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', null]] = Object.entries(value);
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(toText).join(separator);
  }
  if (name === 'Ref') return `<${argument}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as string[])[0]}>`;
  if (name === 'Fn::Select')
    return `<${toText((argument as [number, unknown])[1])}[${(argument as [number])[0]}]>`;
  if (name === 'Fn::Split') return toText((argument as [string, unknown])[1]);
  if (name === 'Fn::GetStackOutput') return `<${(argument as { OutputName: string }).OutputName}>`;
  return JSON.stringify(value);
}

/** In CloudFormation one thing may stand where a list may. */
export function toList<Item>(value: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(value) ? value : [value as Item];
}
