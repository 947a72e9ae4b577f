import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from '../../lib/deployment.ts';
import { ANALYTICS_STACK, SERVICE_STACK, STATE_STACK } from '../../lib/names.ts';
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

interface Template {
  readonly Resources: Resources;
  readonly Outputs?: Synthesized['outputs'];
}

export interface Synthesized {
  readonly state: Resources;
  readonly service: Resources;
  readonly analytics: Resources;
  /** Of all stacks. */
  readonly all: Resources;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

const synthesized = new Map<string, Promise<Synthesized>>();

/**
 * What is in the templates, which are made once in a run and read once in a worker.
 *
 * @param isValidated whether CDK looks at them by its own rules, which takes a second for a large deployment
 */
export function synthesize(of: Deployment = deployment, isValidated = true): Promise<Synthesized> {
  const key = JSON.stringify([of, isValidated]);
  const reading = synthesized.get(key) ?? read(of, isValidated);
  synthesized.set(key, reading);
  return reading;
}

async function read(deployment: Deployment, isValidated: boolean): Promise<Synthesized> {
  const folder = await askFor({ of: 'templates', deployment, isValidated });
  const [state, service, analytics] = await Promise.all([
    readTemplate(folder, STATE_STACK),
    readTemplate(folder, SERVICE_STACK),
    readTemplate(folder, ANALYTICS_STACK),
  ]);
  return {
    state: state.Resources,
    service: service.Resources,
    analytics: analytics.Resources,
    all: { ...state.Resources, ...service.Resources, ...analytics.Resources },
    outputs: { ...state.Outputs, ...service.Outputs, ...analytics.Outputs },
  };
}

/** Frozen: suites share it, and one that changed it would change what the next one sees. */
async function readTemplate(folder: string, stack: string): Promise<Template> {
  const text = await readFile(join(folder, `${stack}.template.json`), 'utf8');
  return JSON.parse(text, (_name, value) => Object.freeze(value));
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
