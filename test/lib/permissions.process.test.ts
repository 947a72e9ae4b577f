import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { everythingOff, everythingOn } from './deployments.ts';
import { ofType, type Resources, synthesize, toList, toText } from './synthesize.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
const [, table = ''] = guide.split('## What each part may do');

/** The actions that the table names in the rows of these parts, each as `service:Action`. */
function told(...who: readonly string[]): string[] {
  const rows = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const cells = rows.flatMap(([, of = '', may = '']) =>
    of.split(', ').some((part) => who.includes(part)) ? [may] : [],
  );
  return sorted(cells.flatMap((may) => [...may.matchAll(/`(\w+:\w+)`/g)].map(([, action = '']) => action)));
}

const sorted = (actions: readonly string[]): string[] => [...new Set(actions)].toSorted();

interface Statement {
  readonly Action: string | readonly string[];
}

const PARTS = ['workflow', 'start', 'deadline', 'api'] as const;

/** What each role of a stack may do. */
function readRoles(service: Resources) {
  const policies = ofType(service, 'AWS::IAM::Policy').map(([, { Properties }]) => Properties);
  const roles = ofType(service, 'AWS::IAM::Role');
  /** Of the role with this id: what is attached to it, and what is in it. */
  const allowed = (role: string): string[] => {
    const attached = policies.filter(({ Roles }) => Roles.some((of: unknown) => toText(of) === `<${role}>`));
    const own = roles
      .filter(([id]) => id === role)
      .flatMap(([, { Properties }]) => Properties.Policies ?? []);
    const statements = [...attached, ...own].flatMap(
      ({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => PolicyDocument.Statement,
    );
    return sorted(statements.flatMap(({ Action }) => toList(Action)));
  };
  const ofFunction = (name: string): string[] => {
    const functions = ofType(service, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    const role = functions.find(({ FunctionName }) => FunctionName === name)?.Role;
    return role === undefined ? [] : allowed(toText(role).slice(1, -1));
  };
  return { roles, allowed, ofFunction };
}

const { service } = (await synthesize(everythingOn)).of('demo');
const plain = (await synthesize()).of('demo').service;
const least = (await synthesize(everythingOff)).of('demo').service;
const { roles, allowed, ofFunction } = readRoles(service);

describe('what each part may do', () => {
  test.each(PARTS)('is what docs/deploy.md says, of %s with everything on', (part) => {
    expect(ofFunction(`staging-demo-${part}`).length).toBeGreaterThan(2);
    expect(ofFunction(`staging-demo-${part}`)).toEqual(told('every function', part));
  });

  test.each([
    ['an ordinary account', plain],
    ['everything off', least],
  ])('is no more than that with %s', (_title, resources) => {
    const { ofFunction } = readRoles(resources);
    const more = PARTS.flatMap((part) => {
      const known = told('every function', part);
      return ofFunction(`chat-report-demo-${part}`).filter((action) => !known.includes(action));
    });
    expect(more).toEqual([]);
    expect(ofFunction('chat-report-demo-workflow').join()).not.toContain('kms:');
  });

  test('is what docs/deploy.md says, of the schedules', () => {
    const targets = ofType(service, 'AWS::Scheduler::Schedule').map(
      ([, { Properties }]) => Properties.Target,
    );
    const actions = targets.map(({ RoleArn }) => allowed(toText(RoleArn).slice(1, -1)));
    expect(actions).toEqual(targets.map(() => told('schedules')));
    expect(told('schedules')).toHaveLength(2);
  });

  test('is told of each part that has a role, and of no other', () => {
    const functions = ofType(service, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    expect(functions.map(({ FunctionName }) => FunctionName).toSorted()).toEqual(
      PARTS.map((part) => `staging-demo-${part}`).toSorted(),
    );
    expect(roles).toHaveLength(functions.length + ofType(service, 'AWS::Scheduler::Schedule').length);
  });
});
