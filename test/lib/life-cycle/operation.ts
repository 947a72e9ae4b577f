import { isDeepStrictEqual } from 'node:util';
import { ACCOUNT, type Cloud, type Member, type Physical, REGION, type Stack } from './cloud.ts';
import { nameOf } from './kinds.ts';
import { identifyingProperties, replacingChanges } from './specification.ts';
import {
  Refusal,
  referencesIn,
  resolve,
  resolveProperties,
  type Sources,
  type Template,
  type TemplateResource,
  type Values,
} from './template.ts';

export interface DeployOptions {
  /** The logical id of a resource that AWS refuses this time. All that does not need it is made before. */
  readonly failAt?: string;
  /** What others do to what is made already, in the moment before AWS refuses. */
  readonly meanwhile?: () => void;
  /** `--import-existing-resources` */
  readonly importExisting?: boolean;
  /** `--revert-drift`: resources that are not as the template says are changed, too. */
  readonly revertDrift?: boolean;
  /** The stack has termination protection. */
  readonly isProtected?: boolean;
}

/** Makes or updates a stack. What fails is rolled back. @returns the problems in words */
export function deployStack(
  cloud: Cloud,
  stack: Stack,
  template: Template,
  options: DeployOptions,
): string[] {
  return new Operation(cloud, stack, template, options).run();
}

class Operation {
  private readonly cloud: Cloud;
  private readonly stack: Stack;
  private readonly template: Template;
  private readonly options: DeployOptions;
  private readonly isUpdate: boolean;
  private readonly members = new Map<string, Member>();
  private readonly imports = new Set<string>();
  private readonly reads = new Map<string, unknown>();
  /** For a rollback: what was made, what was imported, and how each changed resource was before. */
  private readonly made: Member[] = [];
  private readonly adopted: Member[] = [];
  private readonly changed: { readonly physical: Physical; readonly before: Values }[] = [];
  /** For the end: what another resource has taken the place of. */
  private readonly replaced: Member[] = [];

  constructor(cloud: Cloud, stack: Stack, template: Template, options: DeployOptions) {
    this.cloud = cloud;
    this.stack = stack;
    this.template = template;
    this.options = options;
    this.isUpdate = stack.template !== null;
  }

  run(): string[] {
    try {
      for (const logicalId of this.order()) this.take(logicalId);
      this.finish();
      return [];
    } catch (error: unknown) {
      if (!(error instanceof Refusal)) throw error;
      return [error.message, ...this.rollBack()];
    }
  }

  /** Each resource after those that it refers to; the one that fails, and what needs it, at the end. */
  private order(): string[] {
    const needs = needsOf(this.template);
    const { failAt } = this.options;
    const late = new Set(failAt === undefined ? [] : [failAt]);
    for (const [logicalId, others] of needs) {
      if (others.some((other) => late.has(other))) late.add(logicalId);
    }
    return [...[...needs.keys()].filter((logicalId) => !late.has(logicalId)), ...late];
  }

  private take(logicalId: string): void {
    if (logicalId === this.options.failAt) {
      this.options.meanwhile?.();
      throw new Refusal(`${logicalId}: AWS refuses it this time.`);
    }
    const resource = this.template.Resources[logicalId] as TemplateResource;
    try {
      const properties = resolveProperties(resource.Properties, this.sources);
      const before = this.stack.members.get(logicalId);
      const member = before === undefined ? this.add(logicalId, resource, properties) : null;
      this.members.set(logicalId, member ?? this.update(logicalId, before as Member, resource, properties));
    } catch (error: unknown) {
      if (error instanceof Refusal) throw new Refusal(`${logicalId}: ${error.message}`, { cause: error });
      throw error;
    }
  }

  private add(logicalId: string, resource: TemplateResource, properties: Values): Member {
    const name = nameOf(resource.Type, properties);
    const existing = name === null ? null : this.cloud.find(resource.Type, name);
    if (existing !== null) {
      const obstacle = this.obstacleToImport(existing, resource);
      if (obstacle !== null)
        throw new Refusal(`${existing.type} ${existing.name} already exists: ${obstacle}.`);
      const member = { physical: existing, resource, properties };
      existing.stack = this.stack.name;
      this.adopted.push(member);
      return member;
    }
    const physical = this.cloud.make(resource.Type, properties, this.stack.name, logicalId);
    const member = { physical, resource, properties };
    this.made.push(member);
    return member;
  }

  /** docs: "Import AWS resources into a CloudFormation stack automatically", the requirements. */
  private obstacleToImport(
    existing: Physical,
    { Type, Properties, DeletionPolicy = 'Delete' }: TemplateResource,
  ) {
    if (existing.stack !== null) return `${existing.stack} has it`;
    if (this.options.importExisting !== true) return 'it is not to be imported';
    const identifying = identifyingProperties(Type);
    if (identifying.length === 0) return 'AWS draws its primary identifier, so it cannot be imported';
    if (!identifying.every((property) => typeof Properties?.[property] === 'string')) {
      return 'its name is not static, so it cannot be imported';
    }
    const isKept = DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate';
    return isKept ? null : `its deletion policy is ${DeletionPolicy}, so it cannot be imported`;
  }

  private update(logicalId: string, before: Member, resource: TemplateResource, properties: Values): Member {
    const { physical } = before;
    if (physical.type !== resource.Type) throw new Refusal('Update of resource type is not permitted.');
    const { revertDrift = false } = this.options;
    const isAsAsked = [before.properties, ...(revertDrift ? [physical.properties] : [])].every((one) =>
      isDeepStrictEqual(one, properties),
    );
    if (isAsAsked) return { physical, resource, properties };
    // docs: "Update behaviors of stack resources", replacement: the new one is made before the old one is deleted.
    if (replacingChanges(resource.Type, before.properties, properties).length > 0) {
      const member = this.add(logicalId, resource, properties);
      this.replaced.push(before);
      return member;
    }
    this.changed.push({ physical, before: physical.properties });
    physical.properties = properties;
    if (rewritesSecret(before.properties, properties)) this.cloud.overwritten.push(physical.name);
    return { physical, resource, properties };
  }

  private finish(): void {
    const outputs = Object.entries(this.template.Outputs ?? {});
    const values = outputs.map(([name, { Value }]) => [name, resolve(Value, this.sources)] as const);
    const exports = new Map(
      outputs.flatMap(([, { Value, Export }]) =>
        Export === undefined
          ? []
          : [[String(resolve(Export.Name, this.sources)), resolve(Value, this.sources)] as const],
      ),
    );
    this.checkExports(exports);
    const former = this.stack.members;
    this.stack.template = this.template;
    this.stack.members = this.members;
    this.stack.outputs = new Map(values);
    this.stack.exports = exports;
    this.stack.imports = this.imports;
    this.stack.reads = this.reads;
    this.stack.status = this.isUpdate ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE';
    this.cleanUp(former);
  }

  /** docs: "Get exported outputs from a deployed CloudFormation stack". */
  private checkExports(exports: ReadonlyMap<string, unknown>): void {
    const other = [...exports.keys()].find(
      (name) => (this.cloud.exporterOf(name) ?? this.stack) !== this.stack,
    );
    if (other !== undefined) throw new Refusal(`Export ${other} is already exported by another stack.`);
    const altered = [...this.stack.exports].filter(
      ([name, value]) => !isDeepStrictEqual(exports.get(name), value),
    );
    const [[of, by] = []] = this.cloud.usersOf(
      this.stack,
      altered.map(([name]) => name),
    );
    if (of !== undefined) throw new Refusal(`Export ${of} cannot be changed as it is in use by ${by}.`);
  }

  /** What is over goes last. A failure here fails nothing: CloudFormation leaves the resource behind (docs: UPDATE_COMPLETE_CLEANUP_IN_PROGRESS). */
  private cleanUp(former: ReadonlyMap<string, Member>): void {
    const removed = [...former]
      .filter(([logicalId]) => !this.members.has(logicalId))
      .map(([, member]) => member);
    for (const member of this.replaced.toReversed()) this.drop(member, member.resource.UpdateReplacePolicy);
    for (const member of removed.toReversed()) this.drop(member, member.resource.DeletionPolicy);
  }

  private drop(member: Member, policy: string | undefined): void {
    const problem = this.cloud.discard(member, policy);
    if (problem === null) return;
    member.physical.stack = null;
    this.cloud.left.push(problem);
  }

  /**
   * Changed resources are set back, then new ones are deleted, but for those with `Retain`. `RetainExceptOnCreate` does not
   * keep what this operation made (docs: "DeletionPolicy attribute"). What was imported is free again.
   */
  private rollBack(): string[] {
    for (const { physical, before } of this.changed.toReversed()) physical.properties = before;
    for (const { physical } of this.adopted) physical.stack = null;
    const kept: [string, Member][] = [];
    const problems: string[] = [];
    for (const member of this.made.toReversed()) {
      const isKept = member.resource.DeletionPolicy === 'Retain';
      const problem = this.cloud.discard(member, isKept ? 'Retain' : 'Delete');
      if (problem === null) continue;
      problems.push(problem);
      if (this.isUpdate) member.physical.stack = null;
      else kept.push([member.physical.name, member]);
    }
    if (this.isUpdate) {
      this.cloud.left.push(...problems);
      this.stack.status = 'UPDATE_ROLLBACK_COMPLETE';
      return [];
    }
    this.stack.members = new Map(kept);
    this.stack.status = problems.length === 0 ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED';
    return problems;
  }

  private readonly sources: Sources = {
    ref: (name) => {
      if (name in PSEUDO) return PSEUDO[name];
      if (name === 'AWS::StackId') return this.stack.id;
      if (name === 'AWS::StackName') return this.stack.name;
      return toRef(this.memberNamed(name).physical);
    },
    attribute: (logicalId, name) => toAttribute(this.memberNamed(logicalId).physical, name),
    // docs: "Fn::GetStackOutput": resolved when the stack is made or updated.
    output: (stack, name) => {
      const value = this.cloud.stack(stack)?.outputs.get(name);
      if (value === undefined) throw new Refusal(`Output ${name} of stack ${stack} does not exist.`);
      this.reads.set(`${stack}.${name}`, value);
      return value;
    },
    // docs: "Fn::ImportValue".
    imported: (name) => {
      this.imports.add(name);
      const exporter = this.cloud.exporterOf(name);
      if (exporter === null) throw new Refusal(`No export named ${name} found.`);
      return exporter.exports.get(name);
    },
  };

  private memberNamed(logicalId: string): Member {
    const member = this.members.get(logicalId);
    if (member === undefined) throw new Refusal(`Unresolved resource dependency: ${logicalId}.`);
    return member;
  }
}

/** docs: "AWS::SecretsManager::Secret": a new version is made where one of these changes, and not for other properties. */
function rewritesSecret(before: Values, after: Values): boolean {
  return ['SecretString', 'GenerateSecretString'].some(
    (property) => !isDeepStrictEqual(before[property], after[property]),
  );
}

const PSEUDO: Readonly<Record<string, string | undefined>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::NoValue': undefined,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** A name, but for versions and aliases, whose ARNs are taken apart. */
function toRef({ type, name }: Physical): string {
  const [ofFunction = '', qualifier = ''] = name.split(/[ :]/);
  return /Lambda::(Alias|Version)$/.test(type) ? `${arnOfFunction(ofFunction)}:${qualifier}` : name;
}

function toAttribute({ type, name, published }: Physical, attribute: string): string {
  if (published !== null && attribute === 'Version') return String(published.number);
  if (type === 'AWS::Lambda::Function' && attribute === 'Arn') return arnOfFunction(name);
  return `${name}.${attribute}`;
}

function arnOfFunction(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

const sorted = new WeakMap<Template, ReadonlyMap<string, readonly string[]>>();

/** What each resource refers to, in an order in which they can be made. */
function needsOf(template: Template): ReadonlyMap<string, readonly string[]> {
  const known = sorted.get(template);
  if (known !== undefined) return known;
  const { Resources } = template;
  const needs = new Map<string, readonly string[]>();
  const visit = (logicalId: string): void => {
    if (needs.has(logicalId)) return;
    const { DependsOn = [], Properties } = Resources[logicalId] as TemplateResource;
    const others = [DependsOn, referencesIn(Properties)].flat().filter((name) => name in Resources);
    for (const other of others) visit(other);
    needs.set(logicalId, others);
  };
  for (const logicalId of Object.keys(Resources)) visit(logicalId);
  sorted.set(template, needs);
  return needs;
}
