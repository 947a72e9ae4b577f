import { describe, expect, test } from 'vitest';
import type { DeployOptions } from './operation.ts';
import type { Template, TemplateResource, Values } from './template.ts';
import { World } from './world.ts';

/** What happens in a world, one after the other. A rule looks at what the last step answers. */
export type Steps = readonly ((world: World) => unknown)[];

/** A rule of the model: what breaks it, the words that are said then, and what keeps it. */
export interface Rule {
  readonly says: string;
  readonly breaks: Steps;
  readonly words: RegExp;
  readonly keeps: Steps;
}

/** Tries each rule both ways: a rule that cannot fail is none. */
export function describeRules(title: string, rules: readonly Rule[]): void {
  describe(title, () => {
    test.each(rules)('$says', ({ breaks, words, keeps }) => {
      expect([play(breaks).answer].flat().join('\n')).toMatch(words);
      expect(play(keeps).answer).toEqual([]);
    });
  });
}

export function play(steps: Steps): { readonly world: World; readonly answer: unknown } {
  const world = new World();
  const answers = steps.map((step) => step(world));
  return { world, answer: answers.at(-1) };
}

export const deploy =
  (of: Template, options: DeployOptions = {}, name = 'one') =>
  (world: World): string[] =>
    world.deploy(name, of, options);

export const destroy =
  (name = 'one') =>
  (world: World): string[] =>
    world.destroy(name);

export const make = (type: string, properties: Values) => (world: World) => world.make(type, properties);

export const burden = (of: Parameters<World['burden']>) => (world: World) => world.burden(...of);
export const unburden = (of: Parameters<World['burden']>) => (world: World) => world.unburden(...of);

export function template(Resources: Template['Resources'], Outputs: Template['Outputs'] = {}): Template {
  return { Resources, Outputs };
}

export function bucket(DeletionPolicy: string, BucketName: unknown = 'lake'): TemplateResource {
  return { Type: 'AWS::S3::Bucket', DeletionPolicy, Properties: { BucketName } };
}

/** @param properties its name by default: AWS draws one */
export function topic(properties: Values = {}, DeletionPolicy = 'Delete'): TemplateResource {
  return { Type: 'AWS::SNS::Topic', DeletionPolicy, Properties: properties };
}

/** A function, what is published of it, and the alias that calls that. */
export function code(key: string, DeletionPolicy = 'Delete', more: Values = {}): Template {
  const FunctionName = { Ref: 'Run' };
  const FunctionVersion = { 'Fn::GetAtt': [`Version${key}`, 'Version'] };
  const properties = { FunctionName: 'run', Code: { S3Key: key }, ...more };
  return template({
    Run: { Type: 'AWS::Lambda::Function', Properties: properties },
    [`Version${key}`]: { Type: 'AWS::Lambda::Version', DeletionPolicy, Properties: { FunctionName } },
    Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName, FunctionVersion, Name: 'live' } },
  });
}
