import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ACCOUNT, Cloud, type Member, type Physical, REGION, type Stack } from './cloud.ts';
import { wholeOf } from './kinds.ts';
import { beyondLimits } from './limits.ts';
import { type DeployOptions, deployStack } from './operation.ts';
import { referencesIn, type Template } from './template.ts';

/**
 * One AWS account in one Region, as CloudFormation and `cdk deploy` see it. It holds stacks, and resources that exist
 * whether a stack has them or not. Each rule stands beside a word of where AWS says so.
 *
 * Operations answer with the problems in words, and with an empty list where all went well.
 */
export class World extends Cloud {
  /** Another world that is as this one is now. What happens in one leaves the other alone. */
  copy(): World {
    const other = new World();
    const copies = new Map<Physical, Physical>();
    const copyOf = (physical: Physical): Physical => {
      const copy = copies.get(physical) ?? { ...physical, burdens: new Set(physical.burdens) };
      copies.set(physical, copy);
      return copy;
    };
    for (const [key, physical] of this.resources) other.resources.set(key, copyOf(physical));
    for (const [name, stack] of this.stacks) {
      const members = [...stack.members].map(
        ([logicalId, member]) => [logicalId, { ...member, physical: copyOf(member.physical) }] as const,
      );
      other.stacks.set(name, { ...stack, members: new Map(members) });
    }
    for (const key of this.elsewhere) other.elsewhere.add(key);
    other.left.push(...this.left);
    other.overwritten.push(...this.overwritten);
    other.drawn = this.drawn;
    return other;
  }

  /** As `cdk deploy` does: it makes the stack, or updates it. */
  deploy(name: string, template: Template, options: DeployOptions = {}): string[] {
    const problems = [...beyondLimits(template), ...this.clearTheWay(name)];
    if (problems.length > 0) return problems;
    const stack = this.stacks.get(name) ?? this.open(name);
    // cdk deploy: "no changes". The same template is not sent again.
    if (isDeepStrictEqual(stack.template, template) && options.revertDrift !== true) return [];
    stack.isProtected = options.isProtected ?? false;
    return deployStack(this, stack, template, options);
  }

  /**
   * What stands in the way of a deployment. A stack whose creation failed takes no update
   * (docs: "Stack status codes", ROLLBACK_COMPLETE). The CDK command line deletes it and begins again.
   */
  private clearTheWay(name: string): string[] {
    const status = this.statusOf(name);
    if (status === 'ROLLBACK_COMPLETE' || status === 'ROLLBACK_FAILED') return this.destroy(name);
    return status?.endsWith('_FAILED') ? [`${name} is in ${status} and can not be updated.`] : [];
  }

  /** As `cdk destroy` does. What is retained stays, and no stack has it any more. */
  destroy(name: string): string[] {
    const stack = this.stacks.get(name);
    if (stack === undefined) return [];
    // docs: "Protect CloudFormation stacks from being deleted".
    if (stack.isProtected) return [`${name} cannot be deleted while termination protection is enabled.`];
    const problems = this.usersOf(stack, [...stack.exports.keys()]).map(
      ([of, by]) => `Export ${of} cannot be deleted as it is in use by ${by}.`,
    );
    if (problems.length > 0) return problems;
    this.deleteMembers(stack, problems);
    stack.status = 'DELETE_FAILED';
    if (problems.length === 0) this.stacks.delete(name);
    return problems;
  }

  /** Members go from the last to the first. One that stays keeps those that it refers to. */
  private deleteMembers(stack: Stack, problems: string[]): void {
    const kept = new Map<string, Member>();
    const needed = new Set<string>();
    for (const [logicalId, member] of [...stack.members].toReversed()) {
      const problem = needed.has(logicalId) ? null : this.discard(member, member.resource.DeletionPolicy);
      if (problem === null && !needed.has(logicalId)) continue;
      if (problem !== null) problems.push(`${logicalId}: ${problem}`);
      kept.set(logicalId, member);
      for (const other of [
        member.resource.DependsOn ?? [],
        referencesIn(member.resource.Properties),
      ].flat()) {
        needed.add(other);
      }
    }
    stack.members = new Map([...kept].toReversed());
  }

  private open(name: string): Stack {
    this.drawn += 1;
    const hex = createHash('sha256').update(`${name} ${this.drawn}`).digest('hex');
    const id = [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20, 32),
    ].join('-');
    const stack: Stack = {
      name,
      id: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/${id}`,
      status: 'REVIEW_IN_PROGRESS',
      template: null,
      isProtected: false,
      members: new Map(),
      outputs: new Map(),
      exports: new Map(),
      imports: new Set(),
      reads: new Map(),
    };
    this.stacks.set(name, stack);
    return stack;
  }

  /** Resources that no stack has, as `type name`. */
  get orphans(): string[] {
    return [...this.resources.values()]
      .filter(({ stack }) => stack === null)
      .map(({ type, name }) => `${type} ${name}`);
  }

  statusOf(name: string): string | null {
    return this.stack(name)?.status ?? null;
  }

  /** Resources that are not as their stack's template says: an import changes nothing (docs: "Import AWS resources … automatically"). */
  get drifted(): string[] {
    return [...this.stacks.values()].flatMap(({ name, members }) =>
      [...members]
        .filter(([, { physical, properties }]) => !isDeepStrictEqual(physical.properties, properties))
        .map(([logicalId]) => `${name}/${logicalId}`),
    );
  }

  /** Stacks that know an output of another stack as it was (docs: "Fn::GetStackOutput", a weak reference). */
  get outdated(): string[] {
    return [...this.stacks.values()].flatMap(({ name, reads }) =>
      [...reads]
        .filter(([of, value]) => {
          const [stack = '', output = ''] = of.split('.');
          return this.stack(stack)?.outputs.get(output) !== value;
        })
        .map(([of]) => `${name} of ${of}`),
    );
  }

  /** Functions whose aliases call another code or configuration than the one that was deployed last. */
  get callsOfOldCode(): string[] {
    return this.all('AWS::Lambda::Alias').flatMap(({ type, properties }) => {
      const name = wholeOf(type, properties)?.name ?? '';
      const version = this.get('AWS::Lambda::Version', `${name}:${properties.FunctionVersion}`);
      return version.published?.content === this.contentOf(name) ? [] : [name];
    });
  }
}
