import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ofType, synthesize, toList, toText } from './synthesize.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
const [, table = ''] = guide.split('## What each part may do');

/** The actions that the table names in the rows that begin so, each as `service:Action`. */
function told(...who: readonly string[]): string[] {
  const rows = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const cells = rows.flatMap(([, of = '', may = '']) => (who.includes(of) ? [may] : []));
  return sorted(cells.flatMap((may) => [...may.matchAll(/`(\w+:\w+)`/g)].map(([, action = '']) => action)));
}

const sorted = (actions: readonly string[]): string[] => [...new Set(actions)].toSorted();

interface Statement {
  readonly Action: string | readonly string[];
}

// The second account has everything that an account can have.
const { service } = (await synthesize()).of('demo-2');

describe('what each part may do', () => {
  const roles = ofType(service, 'AWS::IAM::Role');
  const policies = ofType(service, 'AWS::IAM::Policy').map(([, { Properties }]) => Properties);

  /** Of the role with this id: what is attached to it, and what is in it. */
  function allowed(role: string): string[] {
    const attached = policies.filter(({ Roles }) => Roles.some((of: unknown) => toText(of) === `<${role}>`));
    const own = roles
      .filter(([id]) => id === role)
      .flatMap(([, { Properties }]) => Properties.Policies ?? []);
    const statements = [...attached, ...own].flatMap(
      ({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => PolicyDocument.Statement,
    );
    return sorted(statements.flatMap(({ Action }) => toList(Action)));
  }

  test.each(['workflow', 'start', 'deadline', 'api'])('is what docs/deploy.md says, of %s', (part) => {
    const [[, { Properties }] = ['', { Properties: {} }]] = ofType(service, 'AWS::Lambda::Function').filter(
      ([, { Properties: of }]) => of.FunctionName === `chat-report-demo-2-${part}`,
    );
    const role = toText(Properties.Role).slice(1, -1);
    expect(allowed(role).length).toBeGreaterThan(3);
    expect(allowed(role)).toEqual(told('every function', part));
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
    const parts = ['workflow', 'start', 'deadline', 'api'].flatMap((part) => `chat-report-demo-2-${part}`);
    const functions = ofType(service, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    expect(functions.map(({ FunctionName }) => FunctionName).toSorted()).toEqual(parts.toSorted());
    expect(roles).toHaveLength(functions.length + ofType(service, 'AWS::Scheduler::Schedule').length);
  });
});
