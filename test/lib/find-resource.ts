import { expect } from 'vitest';
import { ofType, type Resource, type Resources, toList, toText } from './synthesize.ts';

/** The one resource of a type whose properties hold all of these. */
export function find(resources: Resources, type: string, holds: object = {}): [string, Resource] {
  const found = ofType(resources, type).filter(([, { Properties }]) =>
    Object.entries(holds).every(([name, value]) => toText(Properties[name]) === value),
  );
  expect(found, `${type} ${JSON.stringify(holds)}`).toHaveLength(1);
  return found[0] as [string, Resource];
}

export const propertiesOf = (resources: Resources, type: string, holds: object = {}) =>
  find(resources, type, holds)[1].Properties;

export const functionNamed = (resources: Resources, name: string) =>
  propertiesOf(resources, 'AWS::Lambda::Function', { FunctionName: name });

/** What the role of a function may do, a line a statement. */
export function rightsOf(resources: Resources, name: string): string[] {
  const role = toText(functionNamed(resources, name).Role);
  const policies = ofType(resources, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
    Properties.Roles.some((of: unknown) => toText(of) === role),
  );
  return policies
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource, Condition }) =>
      [toList(Action).join(), toList(Resource).map(toText).join(' '), JSON.stringify(Condition ?? {})].join(
        ' ',
      ),
    );
}
