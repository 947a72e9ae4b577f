import { isDeepStrictEqual } from 'node:util';
import type { Burden } from './kinds.ts';
import type { DeployOptions } from './operation.ts';
import type { StackTemplate } from './templates.ts';
import type { World } from './world.ts';

export type Stacks = readonly StackTemplate[];

/** As `cdk deploy --all` does: it stops at the first stack that fails. @returns the problems in words */
export function deployAll(world: World, stacks: Stacks, options: DeployOptions = {}): string[] {
  for (const { name, template, isProtected } of stacks) {
    const problems = world.deploy(name, template, { ...options, isProtected });
    if (problems.length > 0) return problems.map((problem) => `${name}: ${problem}`);
  }
  return [];
}

/** As `cdk destroy --all` does: the last stack goes first. */
export function destroyAll(world: World, stacks: Stacks): string[] {
  return stacks
    .toReversed()
    .flatMap(({ name }) => world.destroy(name).map((problem) => `${name}: ${problem}`));
}

/** What is not as the templates say, though every deployment succeeded. */
export function flawsOf(world: World): string[] {
  return [
    ...world.left.map((problem) => `left behind: ${problem}`),
    ...world.overwritten.map((name) => `written over: ${name}`),
    ...world.drifted.map((resource) => `not as the template says: ${resource}`),
    ...world.outdated.map((reference) => `outdated: ${reference}`),
    ...world.callsOfOldCode.map((name) => `the alias of ${name} calls an old version`),
  ];
}

/** Deploys one after the other. @returns the problems, and what is not as the templates say */
export function follow(world: World, steps: readonly Stacks[], options: DeployOptions = {}): string[] {
  return [...steps.flatMap((stacks) => deployAll(world, stacks, options)), ...flawsOf(world)];
}

/** A deployment fails at each resource in turn that it makes or changes, and is tried again. The world stays as it is. */
export function failAtEach(world: World, stacks: Stacks, options: DeployOptions = {}): string[] {
  const ready = world.copy();
  return stacks.flatMap((stack) => {
    const problems = touchedIn(ready, stack).flatMap((failAt) => {
      const trial = ready.copy();
      const { name, template, isProtected } = stack;
      const failed = trial.deploy(name, template, { ...options, failAt, isProtected });
      if (failed.length === 0) return [`${name} did not fail at ${failAt}`];
      return follow(trial, [stacks], options).map((problem) => `after a failure at ${failAt}: ${problem}`);
    });
    deployAll(ready, [stack], options);
    return problems;
  });
}

function touchedIn(world: World, { name, template }: StackTemplate): string[] {
  const former = world.stack(name)?.template?.Resources ?? {};
  return Object.entries(template.Resources)
    .filter(([logicalId, resource]) => !isDeepStrictEqual(resource, former[logicalId]))
    .map(([logicalId]) => logicalId);
}

/** Every resource of a type gets a burden, as in a deployment that has worked for some time. */
export function burdenAll(world: World, type: string, burden: Burden): void {
  for (const { name } of world.all(type)) world.burden(type, name, burden);
}

/** The same stacks with other code. As in CDK, each changed function has a version with another logical id. */
export function withCode(stacks: Stacks, code: string): Stacks {
  return stacks.map((stack) => {
    const versions = Object.entries(stack.template.Resources).flatMap(([logicalId, { Type }]) =>
      Type === 'AWS::Lambda::Version' ? [logicalId] : [],
    );
    const text = versions.reduce(
      (all, logicalId) => all.replaceAll(`"${logicalId}"`, `"${logicalId}${code}"`),
      JSON.stringify(stack.template),
    );
    const template = JSON.parse(text, (name, value) => (name === 'S3Key' ? `${code}.zip` : value));
    return { ...stack, template };
  });
}
